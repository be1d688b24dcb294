// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.source;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import live.millrace.media.container.mpegps.PsDemuxer;
import live.millrace.media.frame.Repair;
import live.millrace.media.hub.BroadcastIdentity;
import live.millrace.media.hub.Latency;
import live.millrace.media.hub.PublishRequest;
import live.millrace.media.hub.PublisherHandle;
import live.millrace.media.hub.PublisherInfo;
import live.millrace.media.hub.PublisherOrigin;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.hub.StreamRegistry;
import live.millrace.media.protocol.rtp.packet.MalformedRtpException;
import live.millrace.media.protocol.rtp.packet.ReorderWindow;
import live.millrace.media.protocol.rtp.packet.RtpPacket;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What comes to one port: the packets of one sender at a time, in order, as a program stream. A sender is an address and a source; another
 * is heard when the one before has been silent. Confined to its event loop, but for {@link #live}.
 */
final class RtpReception implements PublisherHandle {
    private static final Logger LOG = LoggerFactory.getLogger(RtpReception.class);

    /** Whoever sends nothing for so long has left, as far as others are concerned. */
    private static final long YIELDS_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** And for so long: the broadcast waits for another. */
    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** One that the hub did not want, or sent away, is tried again after so long. */
    private static final long BACK_OFF_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final int FIRST_REPORT = 192;
    private static final int LAST_REPORT = 223;

    private final StreamRegistry registry;
    private final StreamPath path;
    private final Optional<Integer> only;
    private final EventLoop loop;
    private final InstantSource clock;

    private @Nullable InetSocketAddress sender;
    private int ssrc;
    private long lastNanos;
    private @Nullable ReorderWindow window;
    private @Nullable PsDemuxer demuxer;
    private @Nullable FetchedBroadcast broadcast;

    /** The hub wants nothing of this sender for the moment. */
    private boolean unwanted;

    private long unwantedSince;

    private boolean closed;
    private volatile boolean live;

    RtpReception(
            StreamRegistry registry, StreamPath path, Optional<Integer> only, EventLoop loop, InstantSource clock) {
        this.registry = registry;
        this.path = path;
        this.only = only;
        this.loop = loop;
        this.clock = clock;
    }

    /** Whether the second byte of a packet is one of RTCP (RFC 5761 §4): senders may begin with a report. */
    static boolean isReport(int second) {
        return second >= FIRST_REPORT && second <= LAST_REPORT;
    }

    /** Somebody sends. From any thread. */
    boolean live() {
        return live;
    }

    /** Takes a datagram, which is borrowed. */
    void datagram(InetSocketAddress from, ByteBuf packet) {
        take(from, packet, true);
    }

    /** Takes a packet of a connection, which is borrowed. */
    void framed(InetSocketAddress from, ByteBuf packet) {
        take(from, packet, false);
    }

    private void take(InetSocketAddress from, ByteBuf bytes, boolean datagram) {
        if (closed
                || bytes.readableBytes() < RtpPacket.HEADER
                || isReport(bytes.getUnsignedByte(bytes.readerIndex() + 1))) {
            return;
        }
        try {
            RtpPacket packet = RtpPacket.parse(bytes);
            if (only.isPresent() && only.get() != packet.ssrc()) {
                return;
            }
            long now = System.nanoTime();
            if (!from.equals(sender)) {
                if (sender != null && now - lastNanos < YIELDS_NANOS) {
                    return; // one at a time
                }
                begin(from, packet.ssrc(), datagram);
            } else if (unwanted && now - unwantedSince > BACK_OFF_NANOS) {
                begin(from, packet.ssrc(), datagram);
            }
            lastNanos = now;
            if (ssrc != packet.ssrc()) {
                LOG.debug("{}: source {} instead of {}", path, packet.ssrc(), ssrc);
                ssrc = packet.ssrc();
            }
            ReorderWindow to = window;
            if (to != null && !unwanted) {
                to.take(packet, now);
            }
        } catch (MalformedRtpException e) {
            LOG.debug("{}: {}", path, e.getMessage());
        }
    }

    private void begin(InetSocketAddress from, int source, boolean datagram) {
        finish();
        LOG.info("{} is sent by {}", path, from);
        sender = from;
        ssrc = source;
        unwanted = false;
        live = true;
        PublisherInfo who = new PublisherInfo(
                UUID.randomUUID(), new PublisherOrigin.Pull("rtp " + path), from, "RTP", "rtp", clock.instant());
        FetchedBroadcast publishes = new FetchedBroadcast(
                registry,
                new PublishRequest(path, who, loop, this, Latency.NORMAL, BroadcastIdentity.fresh()),
                cause -> {
                    LOG.info("{} is sent, and not taken: {}", path, cause);
                    unwanted();
                });
        PsDemuxer reads = new PsDemuxer(publishes);
        ReorderWindow.Listener inOrder = new ReorderWindow.Listener() {
            @Override
            public void packet(RtpPacket packet) {
                reads.take(packet.payload().slice());
            }

            @Override
            public void lost(long packets) {
                publishes.repaired(Repair.PACKETS_LOST);
                reads.lost();
            }

            @Override
            public void sourceChanged() {
                reads.lost();
            }
        };
        broadcast = publishes;
        demuxer = reads;
        window = datagram ? ReorderWindow.overUdp(inOrder) : ReorderWindow.overTcp(inOrder);
    }

    /** To be called every so often. */
    void look() {
        ReorderWindow waits = window;
        long now = System.nanoTime();
        if (waits != null) {
            waits.expire(now);
        }
        if (sender != null && now - lastNanos > SILENCE_NANOS) {
            LOG.info("{} is sent no more", path);
            finish();
        }
    }

    /** A connection closed. */
    void left(InetSocketAddress from) {
        if (from.equals(sender)) {
            finish();
        }
    }

    private void unwanted() {
        unwanted = true;
        unwantedSince = System.nanoTime();
        live = false;
    }

    /** The hub ends it: what still comes of this sender is nothing to us for a while. */
    @Override
    public void leave(Reason reason) {
        LOG.info("{} is taken no more: {}", path, reason);
        unwanted();
        FetchedBroadcast on = broadcast;
        if (on != null) {
            on.end();
        }
    }

    private void finish() {
        live = false;
        sender = null;
        ReorderWindow waits = window;
        PsDemuxer reads = demuxer;
        FetchedBroadcast on = broadcast;
        window = null;
        demuxer = null;
        broadcast = null;
        if (waits != null) {
            waits.release();
        }
        if (reads != null) {
            reads.end();
        }
        if (on != null) {
            on.end();
        }
    }

    void close() {
        closed = true;
        finish();
    }
}
