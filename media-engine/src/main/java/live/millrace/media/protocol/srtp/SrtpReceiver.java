// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.srtp;

import io.netty.buffer.ByteBuf;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import org.jspecify.annotations.Nullable;

/**
 * Opens the packets of a peer, in place. What it remembers of a source, it remembers from the first authentic packet on. Used on one
 * thread.
 */
public final class SrtpReceiver {
    /** A peer with the keys may make up no more; sound, picture, and their retransmissions are four. */
    public static final int MAX_SOURCES = 16;

    private final int tagLength;
    private final PacketCipher media;
    private final PacketCipher control;
    private final IntObjectMap<ReplayWindow> mediaSources = new IntObjectHashMap<>();
    private final IntObjectMap<ReplayWindow> controlSources = new IntObjectHashMap<>();

    /** With the keys that the peer sends with. */
    public SrtpReceiver(SrtpKeys keys) {
        this(
                PacketCipher.of(keys, false),
                PacketCipher.of(keys, true),
                keys.profile().tagLength());
    }

    SrtpReceiver(PacketCipher media, PacketCipher control, int tagLength) {
        this.media = media;
        this.control = control;
        this.tagLength = tagLength;
    }

    /**
     * Opens an RTP packet (RFC 3711 §3.3).
     *
     * @param packet what is readable of it is one packet; borrowed
     * @return whether it is authentic and new: then it is plain, and ends before its tag. Else it is as it was, and to be dropped: it is
     *     forged, came twice, is too old or malformed, or of one source too many
     */
    public boolean unprotect(ByteBuf packet) {
        int length = packet.readableBytes() - tagLength;
        int header = RtpHeader.length(packet, length);
        if (header == RtpHeader.MALFORMED) {
            return false;
        }
        int ssrc = RtpHeader.ssrc(packet);
        ReplayWindow known = mediaSources.get(ssrc);
        long index = PacketIndex.nearest(
                known == null ? PacketIndex.NONE : known.highest(), RtpHeader.sequenceNumber(packet));
        if (index == PacketIndex.NONE || !mayBe(known, index, mediaSources)) {
            return false;
        }
        media.load(packet);
        if (!media.open(header, length, ssrc, index, PacketIndex.rolloverCounter(index))) {
            return false;
        }
        note(ssrc, known, index, mediaSources);
        store(media, header, length, packet);
        return true;
    }

    /**
     * Opens an RTCP packet, which may be a compound (§3.4). One that is authenticated alone, and not encrypted, is taken too.
     *
     * @param packet what is readable of it is one packet; borrowed
     * @return as {@link #unprotect}
     */
    public boolean unprotectControl(ByteBuf packet) {
        int all = packet.readableBytes();
        int length = all - tagLength - PacketCipher.INDEX_WORD;
        if (!RtpHeader.isControl(packet, length)) {
            return false;
        }
        int word = packet.getInt(packet.readerIndex() + control.indexWordAt(all));
        int index = word & SrtpSender.LAST_CONTROL_INDEX;
        int ssrc = RtpHeader.controlSsrc(packet);
        ReplayWindow known = controlSources.get(ssrc);
        if (!mayBe(known, index, controlSources)) {
            return false;
        }
        control.load(packet);
        int clear = word < 0 ? RtpHeader.CONTROL : length;
        if (!control.open(clear, length, ssrc, index, word)) {
            return false;
        }
        note(ssrc, known, index, controlSources);
        store(control, clear, length, packet);
        return true;
    }

    private static boolean mayBe(@Nullable ReplayWindow known, long index, IntObjectMap<ReplayWindow> sources) {
        return known == null ? sources.size() < MAX_SOURCES : known.isNew(index);
    }

    private static void note(int ssrc, @Nullable ReplayWindow known, long index, IntObjectMap<ReplayWindow> sources) {
        ReplayWindow window = known;
        if (window == null) {
            window = new ReplayWindow();
            sources.put(ssrc, window);
        }
        window.add(index);
    }

    private static void store(PacketCipher cipher, int clear, int length, ByteBuf packet) {
        packet.setBytes(packet.readerIndex() + clear, cipher.output, clear, length - clear);
        packet.writerIndex(packet.readerIndex() + length);
    }
}
