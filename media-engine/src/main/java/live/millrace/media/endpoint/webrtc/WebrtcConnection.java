// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.webrtc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import live.millrace.media.bytes.Releasing;
import live.millrace.media.protocol.dtls.DtlsAssociation;
import live.millrace.media.protocol.dtls.DtlsIdentity;
import live.millrace.media.protocol.dtls.DtlsKeys;
import live.millrace.media.protocol.rtp.rtcp.RtcpCompound;
import live.millrace.media.protocol.rtp.rtcp.RtcpPacket;
import live.millrace.media.protocol.srtp.SrtpReceiver;
import live.millrace.media.protocol.srtp.SrtpSender;
import live.millrace.media.protocol.stun.StunAnswer;
import live.millrace.media.protocol.stun.StunError;
import live.millrace.media.protocol.stun.StunMessage;
import live.millrace.media.protocol.stun.StunUsername;
import live.millrace.media.protocol.webrtc.IceCredentials;
import live.millrace.media.protocol.webrtc.Offer;
import org.jspecify.annotations.Nullable;

/**
 * One peer, from its offer to its end: where it is, whether it is still there, and the keys of its media.
 *
 * <pre>
 * waiting for a check → handshake → established → over
 * </pre>
 *
 * <p>Confined to the event loop of the port.
 */
final class WebrtcConnection implements Playout.Way {
    /** Why it is over. */
    enum End {
        /** No authentic check came. */
        NO_CHECKS,
        /** There was no handshake in time, or it failed. */
        NO_HANDSHAKE,
        /** It was established, and nothing came for a while. */
        SILENT,
        /** The peer said so. */
        GOODBYE
    }

    /** What the peer is here for. Called on the event loop. */
    interface Role {
        /** The peer gave a sign of life. */
        void heard();

        /** For some seconds none of the checks came that there should have been. */
        void unheard();

        /** Media may come and go from here on. */
        void established();

        /** Nothing authentic came for so long: it is gone. Media counts as checks do, since FFmpeg checks once, and never again. */
        long patienceNanos();

        /** @param packet of RTP, authentic, in clear; borrowed */
        void rtp(ByteBuf packet, long nowNanos);

        /** @param packet of RTCP, authentic, in clear; borrowed */
        void rtcp(ByteBuf packet, long nowNanos);

        /** Some time has passed: {@code WebrtcPort} says how much. Only while it is established. */
        void tick(long nowNanos);

        /** The connection is over; not told when {@link #close} was called. */
        void gone(End end);

        /** Something failed here, in a turn of this connection. */
        void failed(Throwable cause);
    }

    /** A key frame of a good picture, with its sound. */
    private static final int MAX_EARLY = 256;

    /** In bytes, behind a packet of media. */
    private static final int MAX_TAG = 16;

    /** Bytes of an answer to a check, at most. */
    private static final int ANSWER = 128;

    /** Paths that one peer has at a time: Wi-Fi, mobile, both families of addresses, some tunnels. */
    private static final int MAX_ADDRESSES = 16;

    /** A check comes within a second where it comes at all. */
    private static final long TOLD_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** Encoders give up after 5 s (FFmpeg) to 15 s (browsers). */
    private static final long CHECKS_NANOS = TimeUnit.SECONDS.toNanos(15);

    private static final long HANDSHAKE_NANOS = TimeUnit.SECONDS.toNanos(15);

    /** Browsers check each path every few seconds. */
    private static final long LEFT_NANOS = TimeUnit.SECONDS.toNanos(6);

    /** Whoever else has a path of it may be gone by now. */
    private static final long PATH_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final WebrtcPort port;
    private final IceCredentials ours = IceCredentials.random();
    private final byte[] password = ours.password().getBytes(StandardCharsets.UTF_8);
    private final StunUsername user;
    private final DtlsAssociation dtls;
    private final Role role;
    private final long since = System.nanoTime();

    /** Where authentic checks came from, and when the last did. */
    private final Map<SocketAddress, Long> addresses = new LinkedHashMap<>();

    /** Media that came before its keys. */
    private final List<ByteBuf> early = new ArrayList<>();

    private @Nullable SocketAddress selected;
    private boolean nominated;
    private boolean handshaking;
    private @Nullable InetAddress turn;
    private long heardAt;
    private @Nullable SrtpReceiver receiver;
    private @Nullable SrtpSender sender;
    private boolean told;
    private boolean over;

    WebrtcConnection(WebrtcPort port, Offer offer, DtlsIdentity identity, Executor handshakes, Role role) {
        this.port = port;
        this.user = new StunUsername(ours.fragment(), offer.ice().fragment());
        this.role = role;
        this.dtls = new DtlsAssociation(identity, offer.side(), offer.fingerprints(), handshakes, new Handshake());
    }

    /** What the peer's checks are known and protected by. */
    IceCredentials ours() {
        return ours;
    }

    boolean over() {
        return over;
    }

    /** A turn of this connection: what fails in it ends this one, and the others go on. */
    void guarded(Runnable turn) {
        try {
            turn.run();
        } catch (RuntimeException | Error e) {
            role.failed(e);
            close();
        }
    }

    // ---- ICE --------------------------------------------------------------------------------------------------

    /** Answers a check (RFC 8445 §7.3), if it is authentic. */
    void check(StunMessage check, SocketAddress from, long now) {
        if (over || check.username().filter(user::equals).isEmpty() || !check.isAuthentic(password)) {
            port.tallies().packets().count(WebrtcTallies.Packet.FOREIGN);
            return;
        }
        if (!check.unknownRequired().isEmpty()) {
            refuse(check, StunError.UNKNOWN_ATTRIBUTE, from);
            return;
        }
        if (check.controlled().isPresent()) {
            refuse(check, StunError.ROLE_CONFLICT, from); // one that is ICE-lite never decides
            return;
        }
        if (!addresses.containsKey(from) && addresses.size() >= MAX_ADDRESSES) {
            leaveOldest();
        }
        port.found(this, from);
        addresses.put(from, now);
        heardAt = now;
        role.heard();
        // Until the peer says which path it takes, the last that works: media does not wait for its word. One that was
        // left without a word, as Wi-Fi is on the way out of the house, is no path any more.
        SocketAddress path = selected;
        boolean left = path != null && now - addresses.getOrDefault(path, since) > LEFT_NANOS;
        if (check.useCandidate() || !nominated || left) {
            nominated |= check.useCandidate();
            selected = from;
        }
        ByteBuf answer = port.socket().alloc().buffer(ANSWER);
        StunAnswer.success(check, seen(from), password, answer);
        port.send(answer, from);
        shakeHands();
    }

    private static InetSocketAddress seen(SocketAddress from) {
        return from instanceof TcpPath path ? path.remote() : (InetSocketAddress) from;
    }

    /** One of its connections has ended: until a check says otherwise, the path that was heard last of the others. */
    void left(TcpPath path) {
        addresses.remove(path);
        if (path.equals(selected)) {
            nominated = false;
            selected = addresses.entrySet().stream()
                    .max(Map.Entry.comparingByValue())
                    .map(Map.Entry::getKey)
                    .orElse(null);
        }
    }

    /** Begins the handshake; where there is no thread for it, or not its turn, with a later tick: not every peer asks again. */
    private void shakeHands() {
        SocketAddress to = selected;
        if (!handshaking && to != null) {
            InetAddress peer = seen(to).getAddress();
            handshaking = port.turns().begin(peer, dtls::start);
            turn = handshaking ? peer : null;
        }
    }

    private void endTurn() {
        InetAddress taken = turn;
        turn = null;
        if (taken != null) {
            port.turns().giveBack(taken);
        }
    }

    private void leaveOldest() {
        addresses.entrySet().stream()
                .filter(each -> !each.getKey().equals(selected))
                .min(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .ifPresent(oldest -> {
                    addresses.remove(oldest);
                    port.lost(this, oldest);
                });
    }

    /** Whether an address is its peer's, who was heard a moment ago: nobody else's check takes it away. */
    boolean holds(SocketAddress address, long now) {
        return !over && addresses.containsKey(address) && now - heardAt < LEFT_NANOS;
    }

    private void refuse(StunMessage check, StunError error, SocketAddress to) {
        ByteBuf answer = port.socket().alloc().buffer(ANSWER);
        if (StunAnswer.error(check, error, password, answer)) {
            port.send(answer, to);
        } else {
            answer.release();
        }
    }

    // ---- DTLS -------------------------------------------------------------------------------------------------

    /** @param record borrowed */
    void handshake(ByteBuf record) {
        if (!over) {
            dtls.take(record);
        }
    }

    /** On the handshake's thread. */
    private final class Handshake implements DtlsAssociation.Listener {
        @Override
        public void send(byte[] datagram) {
            later(() -> {
                SocketAddress to = selected;
                if (to != null) {
                    port.send(Unpooled.wrappedBuffer(datagram), to);
                    port.flush();
                }
            });
        }

        @Override
        public void established(DtlsKeys keys) {
            later(() -> {
                endTurn();
                if (!over && receiver == null) {
                    receiver = new SrtpReceiver(keys.theirs());
                    sender = new SrtpSender(keys.ours());
                    port.tallies().connections().count(WebrtcTallies.Connection.ESTABLISHED);
                    role.established();
                    Releasing.handOver(
                            takeEarly(),
                            packet -> {
                                try {
                                    media(packet, System.nanoTime());
                                } finally {
                                    packet.release();
                                }
                            },
                            ByteBuf::release);
                }
            });
        }

        @Override
        public void ended(String why) {
            later(() -> end(receiver == null ? End.NO_HANDSHAKE : End.GOODBYE));
        }

        private void later(Runnable turn) {
            port.socket().eventLoop().execute(() -> guarded(turn));
        }
    }

    // ---- media ------------------------------------------------------------------------------------------------

    /** Takes a protected packet; borrowed. */
    void media(ByteBuf packet, long now) {
        SrtpReceiver keys = receiver;
        if (over) {
            return;
        }
        if (keys == null) {
            // The handshake is complete there and not here yet. A key frame may be among it that nobody sends again,
            // and who misses the turn of the sequence numbers opens nothing behind it (RFC 3711 §3.3.1).
            if (early.size() < MAX_EARLY) {
                early.add(packet.retain());
            }
            return;
        }
        if (RtcpCompound.isRtcp(packet)) {
            if (keys.unprotectControl(packet)) {
                heardAt = now;
                role.rtcp(packet, now);
                return;
            }
        } else if (keys.unprotect(packet)) {
            heardAt = now;
            role.rtp(packet, now);
            return;
        }
        port.tallies().packets().count(WebrtcTallies.Packet.FOREIGN);
    }

    private List<ByteBuf> takeEarly() {
        List<ByteBuf> taken = List.copyOf(early);
        early.clear();
        return taken;
    }

    /** Sends feedback, with the next flush. */
    @Override
    public void send(List<RtcpPacket> packets) {
        SrtpSender keys = sender;
        SocketAddress to = selected;
        if (over || keys == null || to == null) {
            return;
        }
        ByteBuf plain = port.socket().alloc().buffer();
        ByteBuf out = port.socket().alloc().buffer();
        try {
            RtcpCompound.write(packets, plain);
            if (keys.protectControl(plain, out)) {
                port.send(out.retain(), to);
            }
        } finally {
            plain.release();
            out.release();
        }
    }

    @Override
    public boolean send(ByteBuf head, ByteBuf rest) {
        SrtpSender keys = sender;
        SocketAddress to = selected;
        if (over || keys == null || to == null || !port.isWritable(to)) {
            return false;
        }
        ByteBuf out = port.socket().alloc().directBuffer(head.readableBytes() + rest.readableBytes() + MAX_TAG);
        if (!keys.protect(head, rest, out)) {
            out.release();
            return false;
        }
        port.send(out, to);
        return true;
    }

    // ---- time and end -----------------------------------------------------------------------------------------

    void tick(long now) {
        if (over) {
            return;
        }
        if (receiver == null) {
            shakeHands();
            if (addresses.isEmpty() && !told && now - since > TOLD_NANOS) {
                told = true;
                role.unheard();
            }
            if (addresses.isEmpty() && now - since > CHECKS_NANOS) {
                end(End.NO_CHECKS);
            } else if (!addresses.isEmpty() && now - since > CHECKS_NANOS + HANDSHAKE_NANOS) {
                end(End.NO_HANDSHAKE);
            }
            return;
        }
        if (now - heardAt > role.patienceNanos()) {
            end(End.SILENT);
            return;
        }
        addresses.entrySet().removeIf(each -> {
            boolean old = now - each.getValue() > PATH_NANOS && !each.getKey().equals(selected);
            if (old) {
                port.lost(this, each.getKey());
            }
            return old;
        });
        role.tick(now);
    }

    private void end(End end) {
        if (!over) {
            if (end == End.SILENT) {
                port.tallies().connections().count(WebrtcTallies.Connection.SILENT);
            }
            close();
            role.gone(end);
        }
    }

    /** Ends it, and says so to the peer. Idempotent. */
    void close() {
        if (over) {
            return;
        }
        over = true;
        endTurn();
        if (receiver == null) { // whoever ends it: the watch over silence may be sooner
            port.tallies()
                    .connections()
                    .count(heardAt == 0 ? WebrtcTallies.Connection.NO_CHECKS : WebrtcTallies.Connection.NO_HANDSHAKE);
        }
        dtls.close();
        Releasing.all(takeEarly());
        port.remove(this);
        addresses.keySet().forEach(each -> port.lost(this, each));
        addresses.clear();
        port.flush();
    }
}
