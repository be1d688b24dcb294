// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.srt;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import live.millrace.media.endpoint.Endpoint;
import live.millrace.media.endpoint.EndpointContext;
import live.millrace.media.endpoint.Meters;
import live.millrace.media.socket.ListeningSockets;
import org.jspecify.annotations.Nullable;

/** SRT: callers publish and play transport streams. One socket on one event loop, where all of them are. */
public final class SrtEndpoint implements Endpoint {
    /** The scheme of its addresses. */
    public static final String SCHEME = "srt";

    /** A key frame of a good picture comes in one go; the kernel grants less where it is told to. */
    private static final int SOCKET_BUFFER = 4 * 1024 * 1024;

    /** What waits for a socket that is full. */
    private static final int UNSENT = 16 * 1024 * 1024;

    private static final int DATAGRAM = 2_048;
    private static final int DATAGRAMS_PER_TURN = 128;
    private static final int WAITING_FOR_KEYS = 256;
    private static final long CLOSE_SECONDS = 2;

    private final SrtConfig config;
    private final EndpointContext engine;
    private final SrtTallies tallies = SrtTallies.fresh();
    private final SrtListener listener;
    private final ListeningSockets sockets = new ListeningSockets();

    /** PBKDF2 takes a millisecond or two, which is too much for a loop. */
    private final ThreadPoolExecutor keyWork = new ThreadPoolExecutor(
            1,
            1,
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING_FOR_KEYS),
            task -> Thread.ofPlatform().name("srt-keys").daemon().unstarted(task));

    private volatile @Nullable Channel socket;

    /** Nothing listens yet. */
    public SrtEndpoint(SrtConfig config, EndpointContext engine) {
        this.config = config;
        this.engine = engine;
        this.listener = new SrtListener(config, engine, tallies, keyWork);
        keyWork.allowCoreThreadTimeOut(true);
    }

    @Override
    public String name() {
        return SCHEME;
    }

    @Override
    public void start() {
        Bootstrap bootstrap = engine.listening()
                .datagrams()
                .option(ChannelOption.SO_RCVBUF, SOCKET_BUFFER)
                .option(ChannelOption.SO_SNDBUF, SOCKET_BUFFER)
                .option(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new FixedRecvByteBufAllocator(DATAGRAM).maxMessagesPerRead(DATAGRAMS_PER_TURN))
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(UNSENT / 2, UNSENT))
                .handler(listener);
        sockets.open(SCHEME, bootstrap, config.host(), config.port());
        socket = listener.socket();
    }

    @Override
    public Map<String, Integer> ports() {
        return sockets.ports();
    }

    @Override
    public int connections() {
        return listener.open();
    }

    /** What was counted since the start. */
    public SrtTallies tallies() {
        return tallies;
    }

    @Override
    public void meters(Meters meters) {
        meters.gauge("millrace.srt.connections.open", "connections of SRT", listener, SrtListener::open);
        meters.tally("millrace.srt.handshakes", "outcome", "what became of handshakes of SRT", tallies.handshakes());
        meters.tally("millrace.srt.packets", "what", "what became of packets of SRT", tallies.packets());
        meters.bytes("millrace.srt.received", "received over SRT", tallies.received());
        listener.links().meters(meters);
    }

    /** {@inheritDoc} SRT has no word for coming back later: callers do so when they are shut down. */
    @Override
    public CompletionStage<Void> drain() {
        stopAccepting();
        return onLoop(() -> CompletableFuture.allOf(listener.connections().stream()
                .map(connection -> connection.askedToLeave().toCompletableFuture())
                .toArray(CompletableFuture[]::new)));
    }

    private CompletionStage<Void> onLoop(Supplier<CompletionStage<Void>> what) {
        Channel bound = socket;
        if (bound == null) {
            return CompletableFuture.completedStage(null);
        }
        try {
            return CompletableFuture.supplyAsync(what, bound.eventLoop()).thenCompose(Function.identity());
        } catch (RejectedExecutionException stopped) {
            return CompletableFuture.completedStage(null);
        }
    }

    @Override
    public void stopAccepting() {
        listener.stopAccepting();
    }

    @Override
    public void disconnect() {
        onLoop(() -> {
                    listener.connections().forEach(SrtConnection::close);
                    listener.flush();
                    return CompletableFuture.completedStage(null);
                })
                .toCompletableFuture()
                .completeOnTimeout(null, CLOSE_SECONDS, TimeUnit.SECONDS)
                .join();
        sockets.close();
    }

    @Override
    public void close() {
        keyWork.shutdownNow();
    }
}
