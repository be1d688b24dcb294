// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.webrtc;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import live.millrace.media.protocol.stun.MalformedStunException;
import live.millrace.media.protocol.stun.StunMessage;
import live.millrace.media.socket.Periodic;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one socket of WebRTC, and the connections that take its place where UDP is blocked. Who a datagram is of, its address says once a check from there was authentic (RFC 8445 §7.3); before that nothing
 * is kept of an address, and nothing is answered. What it is, its first byte says (RFC 7983 §7). Confined to the socket's event loop, but for
 * what says otherwise.
 */
final class WebrtcPort extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(WebrtcPort.class);

    private static final long TICK_MILLIS = 10;
    private static final int LAST_OF_STUN = 3;
    private static final int FIRST_OF_DTLS = 20;
    private static final int LAST_OF_DTLS = 63;
    private static final int FIRST_OF_RTP = 128;
    private static final int LAST_OF_RTP = 191;

    private final WebrtcTallies tallies;
    private final HandshakeTurns turns = new HandshakeTurns();
    private final Map<String, WebrtcConnection> byFragment = new HashMap<>();
    private final Map<SocketAddress, WebrtcConnection> byAddress = new HashMap<>();

    private @Nullable Channel socket;
    private @Nullable ScheduledFuture<?> ticking;
    private boolean dirty;

    /** Connections that were written to since the last flush. */
    private final List<TcpPath> written = new ArrayList<>();

    private volatile int open;
    private volatile int tcpPort;

    WebrtcPort(WebrtcTallies tallies) {
        this.tallies = tallies;
    }

    Channel socket() {
        return Objects.requireNonNull(socket);
    }

    int udpPort() {
        return ((InetSocketAddress) socket().localAddress()).getPort();
    }

    /** Where connections are waited for; 0 where none are. */
    int tcpPort() {
        return tcpPort;
    }

    /** Connections are waited for, too. Before the first offer, from any thread. */
    void waitsAt(int port) {
        tcpPort = port;
    }

    WebrtcTallies tallies() {
        return tallies;
    }

    HandshakeTurns turns() {
        return turns;
    }

    /** From any thread. */
    int open() {
        return open;
    }

    List<WebrtcConnection> connections() {
        return List.copyOf(byFragment.values());
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        socket = ctx.channel();
    }

    // ---- connections ------------------------------------------------------------------------------------------

    /** Its checks may come. */
    void add(WebrtcConnection connection) {
        byFragment.put(connection.ours().fragment(), connection);
        open = byFragment.size();
        if (ticking == null) {
            ticking = Periodic.of(socket(), this::tick, TICK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** An address, or a connection, has proven to be its peer's. */
    void found(WebrtcConnection connection, SocketAddress address) {
        byAddress.put(address, connection);
    }

    /** It is no longer heard at an address. */
    void lost(WebrtcConnection connection, SocketAddress address) {
        if (byAddress.remove(address, connection) && address instanceof TcpPath path) {
            path.close();
        }
    }

    /** Whether a connection is somebody's. */
    boolean knows(TcpPath path) {
        return byAddress.containsKey(path);
    }

    /** A connection has ended. */
    void gone(TcpPath path) {
        WebrtcConnection connection = byAddress.remove(path);
        if (connection != null) {
            connection.guarded(() -> connection.left(path));
        }
    }

    /** It is over. */
    void remove(WebrtcConnection connection) {
        byFragment.remove(connection.ours().fragment(), connection);
        open = byFragment.size();
    }

    private void tick() {
        ScheduledFuture<?> timer = ticking;
        if (byFragment.isEmpty() && timer != null) {
            timer.cancel(false);
            ticking = null;
            return;
        }
        long now = System.nanoTime();
        for (WebrtcConnection connection : connections()) {
            connection.guarded(() -> connection.tick(now));
        }
        flush();
    }

    // ---- datagrams --------------------------------------------------------------------------------------------

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof DatagramPacket datagram)) {
            ctx.fireChannelRead(message);
            return;
        }
        try {
            take(datagram.content(), datagram.sender());
        } finally {
            datagram.release();
        }
    }

    /** @param packet borrowed */
    void take(ByteBuf packet, SocketAddress sender) {
        tallies.received().add(packet.readableBytes());
        if (!packet.isReadable()) {
            return;
        }
        int first = packet.getUnsignedByte(packet.readerIndex());
        if (first <= LAST_OF_STUN) {
            check(packet, sender);
            return;
        }
        WebrtcConnection connection = byAddress.get(sender);
        if (connection == null) {
            tallies.packets().count(WebrtcTallies.Packet.FOREIGN);
        } else if (first >= FIRST_OF_DTLS && first <= LAST_OF_DTLS) {
            connection.guarded(() -> connection.handshake(packet));
        } else if (first >= FIRST_OF_RTP && first <= LAST_OF_RTP) {
            connection.guarded(() -> connection.media(packet, System.nanoTime()));
        }
    }

    private void check(ByteBuf packet, SocketAddress sender) {
        StunMessage message;
        try {
            message = StunMessage.parse(packet);
        } catch (MalformedStunException e) {
            tallies.packets().count(WebrtcTallies.Packet.MALFORMED);
            return;
        }
        WebrtcConnection connection =
                message.username().map(user -> byFragment.get(user.local())).orElse(null);
        if (connection == null || !message.isBindingRequest()) {
            tallies.packets().count(WebrtcTallies.Packet.FOREIGN);
            return;
        }
        long now = System.nanoTime();
        WebrtcConnection owner = byAddress.get(sender);
        if (owner != null && owner != connection && owner.holds(sender, now)) {
            tallies.packets().count(WebrtcTallies.Packet.FOREIGN);
            return;
        }
        connection.guarded(() -> connection.check(message, sender, now));
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        flush();
    }

    /** Whether so much may be sent to somebody now; counts a packet that does not go out. */
    boolean isWritable(SocketAddress to) {
        boolean writable = to instanceof TcpPath path ? path.isWritable() : socket().isWritable();
        if (!writable) {
            tallies.packets().count(WebrtcTallies.Packet.UNSENT);
        }
        return writable;
    }

    /** Sends a packet, taken over, with the next flush. What a socket that is full does not take is lost, as on the way. */
    void send(ByteBuf packet, SocketAddress to) {
        if (!isWritable(to)) {
            packet.release();
            return;
        }
        tallies.sent().add(packet.readableBytes());
        if (to instanceof TcpPath path) {
            path.send(packet);
            if (!path.written()) {
                written.add(path);
            }
            return;
        }
        dirty = true;
        Channel out = socket();
        out.write(new DatagramPacket(packet, (InetSocketAddress) to), out.voidPromise());
    }

    /** Sends what was written. */
    void flush() {
        if (dirty) {
            dirty = false;
            socket().flush();
        }
        if (!written.isEmpty()) {
            List<TcpPath> paths = List.copyOf(written);
            written.clear();
            paths.forEach(TcpPath::flush);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) { // an answer of the network to what was sent, mostly
            LOG.debug("The socket of WebRTC goes on: {}", cause.getMessage());
        } else {
            LOG.warn("A packet of WebRTC failed; the socket goes on", cause);
        }
    }
}
