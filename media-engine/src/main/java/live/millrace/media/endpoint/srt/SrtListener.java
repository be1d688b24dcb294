// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.srt;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import live.millrace.media.admission.AddressLimits;
import live.millrace.media.endpoint.EndpointContext;
import live.millrace.media.endpoint.srt.SrtRefusals.Caller;
import live.millrace.media.peer.PeerAddress;
import live.millrace.media.protocol.srt.MalformedSrtException;
import live.millrace.media.protocol.srt.SrtConversation;
import live.millrace.media.protocol.srt.SrtCookies;
import live.millrace.media.protocol.srt.SrtHandshake;
import live.millrace.media.protocol.srt.SrtPacket;
import live.millrace.media.protocol.srt.SrtReject;
import live.millrace.media.socket.Periodic;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one socket of SRT: answers first handshakes without memory of them, makes a connection for whoever comes back with its cookie, and gives
 * each packet to the connection that it is for. Confined to the socket's event loop, but for what says otherwise.
 */
final class SrtListener extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(SrtListener.class);

    /** Longer datagrams are not looked at. */
    private static final int MAX_DATAGRAM = 1_500;

    /** Connections of one network that have no answer: beyond, its handshakes are not looked at. */
    private static final int MAX_HALF_OPEN = 50;

    /** The same of all networks together. */
    private static final int MAX_HALF_OPEN_OF_ALL = 2_000;

    private final SrtConfig config;
    private final EndpointContext engine;
    private final SrtTallies tallies;
    private final SrtLinks links = new SrtLinks();
    private final Executor keyWork;
    private final SrtCookies cookies = new SrtCookies();
    private final Map<Integer, SrtConnection> bySocket = new HashMap<>();
    private final Map<Caller, SrtConnection> byCaller = new HashMap<>();
    private final SrtRefusals refusals = new SrtRefusals();
    private final Map<String, Integer> halfOpen = new HashMap<>();
    private int halfOpenOfAll;

    private @Nullable Channel socket;
    private @Nullable ScheduledFuture<?> ticking;
    private boolean dirty;
    private boolean inTurn;
    private volatile boolean accepting = true;
    private volatile int open;

    /** @param keyWork unwraps keys, which takes milliseconds */
    SrtListener(SrtConfig config, EndpointContext engine, SrtTallies tallies, Executor keyWork) {
        this.config = config;
        this.engine = engine;
        this.tallies = tallies;
        this.keyWork = keyWork;
    }

    SrtConfig config() {
        return config;
    }

    Executor keyWork() {
        return keyWork;
    }

    EndpointContext engine() {
        return engine;
    }

    SrtTallies tallies() {
        return tallies;
    }

    /** How the lines are. Thread-safe. */
    SrtLinks links() {
        return links;
    }

    Channel socket() {
        return Objects.requireNonNull(socket);
    }

    /** Microseconds of a clock that never goes back. */
    long now() {
        return System.nanoTime() / 1_000;
    }

    /** From any thread. */
    int open() {
        return open;
    }

    /** Nobody comes in any more. From any thread. */
    void stopAccepting() {
        accepting = false;
    }

    List<SrtConnection> connections() {
        return List.copyOf(bySocket.values());
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        socket = ctx.channel();
    }

    // ---- datagrams --------------------------------------------------------------------------------------------

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof DatagramPacket datagram)) {
            ctx.fireChannelRead(message);
            return;
        }
        inTurn = true;
        try {
            ByteBuf packet = datagram.content();
            tallies.received().add(packet.readableBytes());
            if (packet.readableBytes() > MAX_DATAGRAM || !SrtPacket.isPacket(packet)) {
                return;
            }
            if (SrtPacket.isHandshake(packet)) {
                handshake(packet, datagram.sender());
                return;
            }
            SrtConnection connection = bySocket.get(SrtPacket.destination(packet));
            if (connection != null && connection.remote().equals(datagram.sender())) {
                try {
                    connection.take(packet, now());
                } catch (RuntimeException e) {
                    connection.channel().pipeline().fireExceptionCaught(e); // the others go on
                }
            }
        } finally {
            datagram.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        inTurn = false;
        flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) { // an answer of the network to what was sent, mostly
            LOG.debug("The socket of SRT goes on: {}", cause.getMessage());
        } else {
            LOG.warn("A packet of SRT failed; the socket goes on", cause);
        }
    }

    /** Sends a packet, taken over, with the next flush. What a socket that is full does not take is lost, as on the way. */
    void send(ByteBuf packet, InetSocketAddress to) {
        Channel out = socket();
        if (!out.isWritable()) {
            packet.release();
            return;
        }
        dirty = true;
        out.write(new DatagramPacket(packet, to), out.voidPromise());
    }

    /** Sends what was written. */
    void flush() {
        if (dirty) {
            dirty = false;
            socket().flush();
        }
    }

    /** The same at the end of the turn. */
    void flushLater() {
        if (!inTurn) {
            inTurn = true;
            socket().eventLoop().execute(() -> {
                inTurn = false;
                flush();
            });
        }
    }

    // ---- handshakes -------------------------------------------------------------------------------------------

    private void handshake(ByteBuf packet, InetSocketAddress sender) {
        long now = now();
        int timestamp = SrtPacket.timestamp(packet);
        SrtHandshake handshake;
        try {
            handshake = SrtHandshake.read(packet);
        } catch (MalformedSrtException e) {
            tallies.handshakes().count(SrtTallies.Handshake.MALFORMED);
            return;
        }
        if (handshake.type() == SrtHandshake.INDUCTION && accepting) {
            send(
                    handshake
                            .induction(cookies.bake(sender, now), 0)
                            .packet(
                                    socket().alloc(),
                                    0,
                                    handshake.socket(),
                                    sender.getAddress().getAddress(),
                                    Unpooled.EMPTY_BUFFER),
                    sender);
        } else if (handshake.type() == SrtHandshake.CONCLUSION) {
            conclusion(handshake, packet, timestamp, sender, now);
        }
    }

    private void conclusion(
            SrtHandshake handshake, ByteBuf extensions, int timestamp, InetSocketAddress sender, long now) {
        // Its destination is 0 with every libsrt: it is known by where it comes from.
        Caller caller = new Caller(sender, handshake.socket());
        SrtConnection before = byCaller.get(caller);
        if (before != null) {
            before.answer(now);
            return;
        }
        if (!cookies.isGood(handshake.cookie(), sender, now)) {
            tallies.handshakes().count(SrtTallies.Handshake.BAD_COOKIE);
            return;
        }
        Optional<SrtReject> told = refusals.find(caller, now);
        if (told.isPresent()) {
            refuse(handshake, told.get(), sender);
            return;
        }
        if (!accepting) {
            return;
        }
        if (handshake.version() != SrtHandshake.VERSION) {
            tallies.handshakes().count(SrtTallies.Handshake.MALFORMED);
            refuse(handshake, SrtReject.VERSION, sender);
            return;
        }
        String network = PeerAddress.client(sender.getAddress());
        if (halfOpen.getOrDefault(network, 0) >= MAX_HALF_OPEN
                || halfOpenOfAll >= MAX_HALF_OPEN_OF_ALL
                || !enter(sender.getAddress())) {
            tallies.handshakes().count(SrtTallies.Handshake.TOO_MANY);
            return;
        }
        SrtConnection connection = new SrtConnection(this, sender, freeSocket(), handshake, timestamp, now);
        bySocket.put(connection.socketId(), connection);
        byCaller.put(caller, connection);
        halfOpen.merge(network, 1, Integer::sum);
        halfOpenOfAll++;
        open = bySocket.size();
        connection.channel().pipeline().addLast("connection", connection);
        socket().eventLoop().register(connection.channel());
        tickWhileSomebodyIsThere();
        try {
            connection.start(extensions);
        } catch (RuntimeException e) {
            connection.channel().pipeline().fireExceptionCaught(e); // so that it does not stay half open
        }
    }

    /** Says no, for which nobody has to be remembered. */
    private void refuse(SrtHandshake conclusion, SrtReject why, InetSocketAddress to) {
        send(
                conclusion
                        .refused(why)
                        .packet(
                                socket().alloc(),
                                0,
                                conclusion.socket(),
                                to.getAddress().getAddress(),
                                Unpooled.EMPTY_BUFFER),
                to);
    }

    /** Says no to one that was asked about, and again when it asks again. The connection is closed. */
    void refuse(SrtConnection connection, SrtReject why) {
        refusals.add(new Caller(connection.remote(), connection.conclusion().socket()), why, now());
        refuse(connection.conclusion(), why, connection.remote());
        flush();
    }

    private boolean enter(InetAddress address) {
        return engine.publishing().limits().enter(address) == AddressLimits.Entry.WELCOME;
    }

    private int freeSocket() {
        int id;
        do {
            id = ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE);
        } while (bySocket.containsKey(id));
        return id;
    }

    /** It has its yes. */
    void established(SrtConnection connection) {
        leaveHalfOpen(connection);
    }

    private void leaveHalfOpen(SrtConnection connection) {
        halfOpen.computeIfPresent(
                PeerAddress.client(connection.remote().getAddress()), (_, count) -> count == 1 ? null : count - 1);
        halfOpenOfAll--;
    }

    /** It is over. */
    void forget(SrtConnection connection) {
        if (bySocket.remove(connection.socketId(), connection)) {
            byCaller.remove(
                    new Caller(connection.remote(), connection.conclusion().socket()), connection);
            if (connection.halfOpen()) {
                leaveHalfOpen(connection);
            }
            engine.publishing().limits().leave(connection.remote().getAddress());
            open = bySocket.size();
            flushLater();
        }
    }

    // ---- time -------------------------------------------------------------------------------------------------

    private void tickWhileSomebodyIsThere() {
        if (ticking == null) {
            ticking = Periodic.of(socket(), this::tick, SrtConversation.TICK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void tick() {
        ScheduledFuture<?> timer = ticking;
        if (bySocket.isEmpty() && timer != null) {
            timer.cancel(false);
            ticking = null;
            return;
        }
        long now = now();
        for (SrtConnection connection : connections()) {
            try {
                connection.tick(now);
            } catch (RuntimeException e) {
                connection.channel().pipeline().fireExceptionCaught(e);
            }
        }
        flush();
    }
}
