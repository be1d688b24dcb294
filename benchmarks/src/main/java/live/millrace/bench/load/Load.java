// SPDX-License-Identifier: Apache-2.0
package live.millrace.bench.load;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** The load of one row, on one event loop: publishers that keep their time, and players. */
final class Load implements AutoCloseable {
    private static final long TICK_MILLIS = 1;
    private static final int AT_ONCE = 50;
    private static final long READY_SECONDS = 30;

    private final MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final EventLoop loop = loops.next();
    private final List<Sender> publishers = new ArrayList<>();
    private final List<Channel> channels = new ArrayList<>();
    private final AtomicInteger lost = new AtomicInteger();
    private boolean closing;

    /** Publishes so many streams over RTMP, named {@code bench0} and so on. */
    void publish(int count, int bitrate) throws InterruptedException {
        publish(count, Server.RTMP, name -> new PublishClient("live", name, bitrate));
    }

    /** The same over RTSP. */
    void publishRtsp(int count, int bitrate) throws InterruptedException {
        publish(count, Server.RTSP, name -> new RtspPublishClient(name, bitrate));
    }

    /** The same over SRT. */
    void publishSrt(int count, int bitrate) throws InterruptedException {
        publish(count, Server.SRT, name -> new SrtPublishClient(name, bitrate));
    }

    /** The same over WebRTC. */
    void publishWhip(int count, int bitrate) throws InterruptedException {
        publish(count, Server.HTTP, name -> new WhipPublishClient(name, bitrate));
    }

    private void publish(int count, int port, Function<String, Sender> senders) throws InterruptedException {
        List<CompletableFuture<Channel>> starting = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Sender sender = senders.apply("bench" + i);
            publishers.add(sender);
            starting.add(sender.start(loops, port));
            if (i % AT_ONCE == AT_ONCE - 1) {
                await(starting);
            }
        }
        List<Channel> own = await(starting);
        long now = System.nanoTime();
        for (int i = 0; i < count; i++) {
            publishers.get(i).begin(now + 40_000_000L * i / count);
        }
        var _ = loop.scheduleAtFixedRate(
                () -> {
                    long at = System.nanoTime();
                    for (int i = 0; i < own.size(); i++) {
                        publishers.get(i).tick(own.get(i), at);
                    }
                },
                0,
                TICK_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    /** Adds RTMP players, one after the other over the streams. */
    void play(int count, int streams, Watched watched) throws InterruptedException {
        List<CompletableFuture<Channel>> starting = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            starting.add(new PlayClient("live", "bench" + i % streams, watched).start(loops, Server.RTMP));
            if (i % AT_ONCE == AT_ONCE - 1) {
                await(starting);
            }
        }
        await(starting);
    }

    /** Adds RTSP players of the first stream. */
    void playRtsp(int count, Watched watched) throws InterruptedException {
        List<CompletableFuture<Channel>> starting = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            starting.add(new RtspPlayClient("bench0", watched).start(loops, Server.RTSP));
            if (i % AT_ONCE == AT_ONCE - 1) {
                await(starting);
            }
        }
        await(starting);
    }

    /** Adds viewers of the first stream over WebRTC. */
    void playWhep(int count, Watched watched) throws InterruptedException {
        List<CompletableFuture<Channel>> starting = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            starting.add(new WhepPlayClient("bench0", watched).start(loops, Server.HTTP));
            if (i % AT_ONCE == AT_ONCE - 1) {
                await(starting);
            }
        }
        await(starting);
    }

    /** Adds HTTP-FLV players of the first stream. */
    void flv(int count, Watched watched) throws InterruptedException {
        List<CompletableFuture<Channel>> starting = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            starting.add(new FlvClient("/live/bench0.flv", watched).start(loops, Server.HTTP));
            if (i % AT_ONCE == AT_ONCE - 1) {
                await(starting);
            }
        }
        await(starting);
    }

    private List<Channel> await(List<CompletableFuture<Channel>> starting) throws InterruptedException {
        List<Channel> ready = new ArrayList<>();
        for (Future<Channel> each : starting) {
            try {
                ready.add(each.get(READY_SECONDS, TimeUnit.SECONDS));
            } catch (ExecutionException | TimeoutException e) {
                throw new IllegalStateException("a client could not start", e);
            }
        }
        for (Channel channel : ready) {
            if (!channels.contains(channel)) {
                channels.add(channel);
                channel.closeFuture().addListener(_ -> {
                    if (!closing) {
                        lost.incrementAndGet();
                    }
                });
            }
        }
        return ready;
    }

    /** Messages of media that were published. */
    long sent() {
        return publishers.stream().mapToLong(Sender::sent).sum();
    }

    /** Clients that the server dropped. */
    int lost() {
        return lost.get();
    }

    @Override
    public void close() {
        closing = true;
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
