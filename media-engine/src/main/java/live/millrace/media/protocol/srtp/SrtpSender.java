// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.srtp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;

/**
 * Protects packets for one peer. Used on one thread.
 *
 * <p>A packet that is sent again has to be the one that was sent before, to the byte, its header included: under one number, two that differ
 * tell what they differ in, and in Galois/counter mode enough to forge others (RFC 7714 §14.1).
 */
public final class SrtpSender {
    /** A peer is sent sound, picture, and what of them is sent again: four. */
    public static final int MAX_SOURCES = 16;

    /** A key may protect as many RTCP packets (RFC 3711 §9.2). */
    static final int LAST_CONTROL_INDEX = 0x7FFF_FFFF;

    /** The bit of the index word that says that a packet is encrypted (§3.4). */
    private static final int ENCRYPTED = 0x8000_0000;

    /** What was sent of a source. */
    private static final class Source {
        private long highest = PacketIndex.NONE;
    }

    private final PacketCipher media;
    private final PacketCipher control;
    private final IntObjectMap<Source> sources = new IntObjectHashMap<>();
    private long nextControlIndex;

    /** With the keys that we send with. */
    public SrtpSender(SrtpKeys keys) {
        this(PacketCipher.of(keys, false), PacketCipher.of(keys, true), 0);
    }

    /** @param nextControlIndex of the first RTCP packet */
    SrtpSender(PacketCipher media, PacketCipher control, long nextControlIndex) {
        this.media = media;
        this.control = control;
        this.nextControlIndex = nextControlIndex;
    }

    /**
     * Protects an RTP packet (RFC 3711 §3.3). Its index is the one of its number that is nearest to the highest that was sent.
     *
     * @param plain what is readable of it is one packet; borrowed, and not changed
     * @param out gets the protected packet
     * @return false if nothing was written: it is no packet or longer than {@value PacketCipher#MAX_PACKET} bytes, of one source too many,
     *     lies before the first packet that the peer could have, or would be one too many for the keys
     */
    public boolean protect(ByteBuf plain, ByteBuf out) {
        return protect(plain, Unpooled.EMPTY_BUFFER, out);
    }

    /**
     * The same of a packet in two pieces, of which the second is many peers'.
     *
     * @param head its header with extensions, and perhaps some of its payload
     * @param rest what follows; borrowed, and not changed
     */
    public boolean protect(ByteBuf head, ByteBuf rest, ByteBuf out) {
        int length = head.readableBytes() + rest.readableBytes();
        int header = RtpHeader.length(head, length);
        if (header == RtpHeader.MALFORMED || header > head.readableBytes()) {
            return false;
        }
        int ssrc = RtpHeader.ssrc(head);
        Source source = sources.get(ssrc);
        if (source == null) {
            if (sources.size() == MAX_SOURCES) {
                return false;
            }
            source = new Source();
            sources.put(ssrc, source);
        }
        long index = PacketIndex.nearest(source.highest, RtpHeader.sequenceNumber(head));
        if (index == PacketIndex.NONE) {
            return false;
        }
        source.highest = Math.max(source.highest, index);
        media.load(head, rest);
        int sealed = media.seal(header, length, ssrc, index, PacketIndex.rolloverCounter(index));
        out.writeBytes(media.output, 0, sealed);
        return true;
    }

    /**
     * Protects and encrypts an RTCP packet, which may be a compound (§3.4).
     *
     * @param plain what is readable of it is one packet; borrowed, and not changed
     * @param out gets the protected packet
     * @return false if nothing was written: it is no packet, or longer than {@value PacketCipher#MAX_PACKET} bytes, or would be one too many
     *     for the keys
     */
    public boolean protectControl(ByteBuf plain, ByteBuf out) {
        int length = plain.readableBytes();
        if (!RtpHeader.isControl(plain, length) || nextControlIndex > LAST_CONTROL_INDEX) {
            return false;
        }
        int index = (int) nextControlIndex++;
        control.load(plain);
        int sealed = control.seal(RtpHeader.CONTROL, length, RtpHeader.controlSsrc(plain), index, index | ENCRYPTED);
        out.writeBytes(control.output, 0, sealed);
        return true;
    }
}
