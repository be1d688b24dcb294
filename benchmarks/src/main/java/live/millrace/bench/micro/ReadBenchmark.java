// SPDX-License-Identifier: Apache-2.0
package live.millrace.bench.micro;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import live.millrace.media.codec.h264.LengthPrefixed;
import live.millrace.media.container.mpegts.TsDemuxer;
import live.millrace.media.container.mpegts.TsMuxer;
import live.millrace.media.frame.FrameSink;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.protocol.rtmp.RtmpMessageType;
import live.millrace.media.protocol.rtmp.chunk.ChunkDecoder;
import live.millrace.media.protocol.rtmp.chunk.ChunkLimits;
import live.millrace.media.protocol.rtmp.chunk.ChunkWriter;
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

/** What a publisher's bytes cost before they are frames. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {LoopThreads.CUSTOM, LoopThreads.CLASS})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ReadBenchmark {
    private static final int VIDEO = RtmpMessageType.VIDEO.id();
    private static final int CHUNK = 4_096;
    private static final int OBS_CHUNK_SIZE_MESSAGE = 1;

    private final EmbeddedChannel channel;
    private final ByteBuf wire = Unpooled.directBuffer();
    private final ByteBuf picture;
    private final ByteBuf transport = Unpooled.directBuffer();
    private final Counted counted = new Counted();

    public ReadBenchmark() {
        ChunkDecoder decoder = new ChunkDecoder();
        decoder.limits(ChunkLimits.PUBLISHER);
        channel = new EmbeddedChannel(decoder);
        ByteBuf size = Unpooled.buffer();
        ChunkWriter.message(2, 0, OBS_CHUNK_SIZE_MESSAGE, 0, Unpooled.buffer().writeInt(CHUNK), CHUNK, size);
        channel.writeInbound(size);
        ByteBuf largest = Unpooled.EMPTY_BUFFER;
        for (MediaFrame frame : Frames.twoSeconds()) {
            if (frame.track().isVideo()) {
                ChunkWriter.message(
                        4, frame.decodeTime() / 90, VIDEO, 1, frame.payload().duplicate(), CHUNK, wire);
                largest = frame.payload();
            }
        }
        picture = largest;
        TsMuxer muxer = new TsMuxer(PooledByteBufAllocator.DEFAULT);
        muxer.tracks(Frames.TRACKS);
        muxer.startSegment(false, transport);
        Random bytes = new Random(1);
        for (MediaFrame frame : Frames.twoSeconds()) {
            ByteBuf payload = frame.payload();
            // Nothing that looks like a start code: no encoder writes one.
            for (int i = payload.readerIndex() + (frame.track().isVideo() ? 5 : 0); i < payload.writerIndex(); i++) {
                payload.setByte(i, 1 + bytes.nextInt(255));
            }
            muxer.write(frame, transport);
        }
    }

    /** Counts what a demuxer finds. */
    private static final class Counted implements FrameSink {
        private int frames;

        @Override
        public void track(Track track) {
            // known
        }

        @Override
        public void frame(MediaFrame frame) {
            frames++;
        }
    }

    @TearDown
    public void finish() {
        channel.finishAndReleaseAll();
    }

    /** 50 pictures of 4,600 bytes, each in two chunks, in one read. */
    @Benchmark
    public int chunks() {
        channel.writeInbound(PooledByteBufAllocator.DEFAULT
                .directBuffer(wire.readableBytes())
                .writeBytes(wire, 0, wire.readableBytes()));
        int messages = 0;
        for (Object message = channel.readInbound(); message != null; message = channel.readInbound()) {
            ReferenceCountUtil.release(message);
            messages++;
        }
        return messages;
    }

    /** The walk over the NAL units of one picture. */
    @Benchmark
    public boolean nalUnits() {
        return LengthPrefixed.inspect(picture, 4).idr();
    }

    /** 50 pictures of 4,600 bytes and their sound, in datagrams of seven packets, from the start of a stream. */
    @Benchmark
    public int transportStream() {
        TsDemuxer demuxer = new TsDemuxer(counted);
        ByteBuf in = transport.duplicate();
        while (in.isReadable()) {
            demuxer.take(in.readSlice(Math.min(in.readableBytes(), 7 * 188)));
        }
        demuxer.end();
        return counted.frames;
    }
}
