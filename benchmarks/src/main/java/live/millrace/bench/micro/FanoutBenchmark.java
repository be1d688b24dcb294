// SPDX-License-Identifier: Apache-2.0
package live.millrace.bench.micro;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import live.millrace.media.container.flv.FlvMuxer;
import live.millrace.media.fanout.FanoutConfig;
import live.millrace.media.fanout.FeedEncoder;
import live.millrace.media.fanout.Feeds;
import live.millrace.media.fanout.Viewer;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.hub.HubConfig;
import live.millrace.media.hub.Latency;
import live.millrace.media.hub.LiveStream;
import live.millrace.media.hub.PublishRequest;
import live.millrace.media.hub.PublishResult;
import live.millrace.media.hub.Publisher;
import live.millrace.media.hub.PublisherInfo;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.hub.StreamRegistry;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One frame to 1,000 viewers, from the publisher's demuxer to the sockets, whose system calls are left out. Divide what {@code -prof
 * gc} shows by 1,000 for the bytes of each viewer and frame.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {LoopThreads.CUSTOM, LoopThreads.CLASS})
@Warmup(iterations = 8, time = 1)
@Measurement(iterations = 5, time = 1)
public class FanoutBenchmark {
    private static final int VIEWERS = 1_000;

    /** The end of a socket's pipeline: takes what is written and is done with it. */
    private static final class Socket extends ChannelOutboundHandlerAdapter {
        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            ReferenceCountUtil.release(message);
        }
    }

    /** Tags without anything around them. */
    private static final class Tags implements FeedEncoder {
        @Override
        public void tracks(List<Track> tracks) {}

        @Override
        public void header(ByteBuf out) {}

        @Override
        public void configuration(ByteBuf out) {}

        @Override
        public void frame(MediaFrame frame, ByteBuf out) {
            FlvMuxer.frame(frame, out);
        }
    }

    private final List<EmbeddedChannel> channels = new ArrayList<>();
    private final EmbeddedChannel owner = new EmbeddedChannel();
    private final List<MediaFrame> frames = Frames.twoSeconds();
    private Publisher publisher;
    private int next;
    private long lap;

    public FanoutBenchmark() {
        StreamRegistry registry = new StreamRegistry(HubConfig.defaults(), List.of(), InstantSource.system());
        PublisherInfo info = new PublisherInfo(
                UUID.randomUUID(),
                "key",
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
                "",
                "rtmp",
                Instant.EPOCH);
        PublishRequest request =
                new PublishRequest(StreamPath.live("bench"), info, owner.eventLoop(), _ -> {}, Latency.REALTIME);
        PublishResult result = registry.publish(request).toCompletableFuture().join();
        publisher = ((PublishResult.Accepted) result).publisher();
    }

    @Setup
    public void join() {
        Feeds feeds = new Feeds(FanoutConfig.defaults().with(Latency.REALTIME));
        LiveStream stream = publisher.stream();
        for (int i = 0; i < VIEWERS; i++) {
            EmbeddedChannel channel = new EmbeddedChannel(new Socket(), new ChannelOutboundHandlerAdapter());
            channels.add(channel);
            feeds.watch(
                    stream,
                    new Feeds.Format("bench", false),
                    Tags::new,
                    new Viewer(channel.pipeline().lastContext(), null, () -> {}));
        }
        Frames.TRACKS.forEach(publisher::track);
        for (int i = 0; i < frames.size(); i++) {
            frame();
        }
        settle();
    }

    private void settle() {
        owner.runPendingTasks();
        channels.forEach(EmbeddedChannel::runPendingTasks);
    }

    @TearDown
    public void close() {
        channels.forEach(EmbeddedChannel::close);
    }

    private void frame() {
        if (next == frames.size()) {
            next = 0;
            lap++;
        }
        MediaFrame frame = frames.get(next++);
        publisher.frame(frame.at(frame.decodeTime() + 2 * lap * frame.track().timescale()));
    }

    @Benchmark
    public int toAThousandViewers() {
        frame();
        settle();
        return next;
    }
}
