// SPDX-License-Identifier: Apache-2.0
package live.millrace.bench.micro;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import live.millrace.media.container.flv.FlvMuxer;
import live.millrace.media.container.mp4.FragmentWriter;
import live.millrace.media.container.mp4.Sample;
import live.millrace.media.container.mpegts.TsMuxer;
import live.millrace.media.frame.MediaFrame;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Two seconds of media into each container, once for everybody who watches. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {LoopThreads.CUSTOM, LoopThreads.CLASS})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class MuxBenchmark {
    private final List<MediaFrame> frames = Frames.twoSeconds();
    private final ByteBuf out = PooledByteBufAllocator.DEFAULT.directBuffer(1 << 20);
    private final TsMuxer ts = new TsMuxer(PooledByteBufAllocator.DEFAULT);
    private final List<Sample> samples = new ArrayList<>();

    public MuxBenchmark() {
        ts.tracks(Frames.TRACKS);
        for (MediaFrame frame : frames) {
            if (frame.track().isVideo()) {
                samples.add(Sample.of(frame, 3_600));
            }
        }
    }

    @TearDown
    public void release() {
        out.release();
    }

    @Benchmark
    public int transportStream() {
        out.clear();
        ts.startSegment(false, out);
        for (MediaFrame frame : frames) {
            ts.write(frame, out);
        }
        return out.readableBytes();
    }

    /** The pictures alone, as one fragment. */
    @Benchmark
    public int movieFragment() {
        out.clear();
        FragmentWriter.write(1, Frames.VIDEO, 0, samples, out);
        return out.readableBytes();
    }

    @Benchmark
    public int flv() {
        out.clear();
        for (MediaFrame frame : frames) {
            FlvMuxer.frame(frame, out);
        }
        return out.readableBytes();
    }
}
