// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtp.rtcp;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import live.millrace.media.protocol.rtp.packet.MalformedRtpException;

/** Reads and writes compounds of RTCP packets (RFC 3550 §6.1). */
public final class RtcpCompound {
    /** A datagram holds a report and a description; more is an attack on our loops. */
    private static final int MAX_PACKETS = 32;

    private static final int VERSION = 2;
    private static final int PADDING = 0x20;
    private static final int SENDER_REPORT = 200;
    private static final int RECEIVER_REPORT = 201;
    private static final int SOURCE_DESCRIPTION = 202;
    private static final int GOODBYE = 203;
    private static final int TRANSPORT_FEEDBACK = 205;
    private static final int PAYLOAD_FEEDBACK = 206;
    private static final int NACK = 1;
    private static final int TRANSPORT_WIDE = 15;
    private static final int PICTURE_LOSS = 1;
    private static final int FULL_INTRA = 4;
    private static final int CNAME = 1;

    /** The types that RTP's payload types with a marker would share are not in use (RFC 5761 §4). */
    private static final int FIRST_TYPE = 192;

    private static final int LAST_TYPE = 223;

    private RtcpCompound() {}

    /** Whether a packet of unknown kind is RTCP; reads without moving the index. Channels and order prove nothing: FFmpeg sends RTCP first. */
    public static boolean isRtcp(ByteBuf packet) {
        if (packet.readableBytes() < 2) {
            return false;
        }
        int type = packet.getUnsignedByte(packet.readerIndex() + 1);
        return type >= FIRST_TYPE && type <= LAST_TYPE;
    }

    /**
     * Reads a compound to the end of the buffer, which is borrowed.
     *
     * @throws MalformedRtpException if one of its packets is cut short
     */
    public static List<RtcpPacket> parse(ByteBuf in) {
        List<RtcpPacket> packets = new ArrayList<>();
        while (in.isReadable()) {
            if (in.readableBytes() < 4 || packets.size() == MAX_PACKETS) {
                throw new MalformedRtpException("RTCP cut short, or too long");
            }
            int first = in.readUnsignedByte();
            int type = in.readUnsignedByte();
            int length = 4 * in.readUnsignedShort();
            if (first >> 6 != VERSION || length > in.readableBytes()) {
                throw new MalformedRtpException("RTCP of version " + (first >> 6) + " and " + length + " bytes");
            }
            ByteBuf body = in.readSlice(length);
            if ((first & PADDING) != 0) {
                int padding = length == 0 ? 0 : body.getUnsignedByte(length - 1);
                if (padding == 0 || padding > length) {
                    throw new MalformedRtpException("RTCP padding of " + padding + " bytes");
                }
                body.writerIndex(length - padding);
            }
            try {
                packets.add(read(type, first & 0x1F, body));
            } catch (IndexOutOfBoundsException e) {
                throw new MalformedRtpException("RTCP packet shorter than what it counts");
            }
        }
        return packets;
    }

    private static RtcpPacket read(int type, int count, ByteBuf body) {
        return switch (type) {
            case SENDER_REPORT ->
                new RtcpPacket.SenderReport(
                        body.readInt(),
                        body.readLong(),
                        body.readUnsignedInt(),
                        body.readUnsignedInt(),
                        body.readUnsignedInt(),
                        blocks(count, body));
            case RECEIVER_REPORT -> new RtcpPacket.ReceiverReport(body.readInt(), blocks(count, body));
            case SOURCE_DESCRIPTION -> description(count, body);
            case GOODBYE -> {
                List<Integer> sources = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    sources.add(body.readInt());
                }
                yield new RtcpPacket.Goodbye(sources);
            }
            case TRANSPORT_FEEDBACK ->
                switch (count) {
                    case NACK -> FeedbackWriter.nack(body);
                    case TRANSPORT_WIDE -> TransportFeedbackReader.read(body);
                    default -> new RtcpPacket.Other(type);
                };
            case PAYLOAD_FEEDBACK ->
                switch (count) {
                    case PICTURE_LOSS -> new RtcpPacket.PictureLoss(body.readInt(), body.readInt());
                    case FULL_INTRA -> {
                        int ssrc = body.readInt();
                        body.skipBytes(4); // unused: §4.3.1.1
                        yield new RtcpPacket.FullIntraRequest(ssrc, body.readInt(), body.readUnsignedByte());
                    }
                    default -> new RtcpPacket.Other(type);
                };
            default -> new RtcpPacket.Other(type);
        };
    }

    private static List<ReportBlock> blocks(int count, ByteBuf body) {
        List<ReportBlock> blocks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            blocks.add(ReportBlock.read(body));
        }
        return blocks;
    }

    /** §6.5: items end with one of type 0, and chunks on 32 bits. */
    private static RtcpPacket description(int count, ByteBuf body) {
        List<RtcpPacket.SourceDescription.Chunk> chunks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int ssrc = body.readInt();
            String canonicalName = "";
            int item;
            while ((item = body.readUnsignedByte()) != 0) {
                ByteBuf text = body.readSlice(body.readUnsignedByte());
                if (item == CNAME) {
                    canonicalName = text.toString(StandardCharsets.UTF_8);
                }
            }
            body.skipBytes(-body.readerIndex() & 3);
            chunks.add(new RtcpPacket.SourceDescription.Chunk(ssrc, canonicalName));
        }
        return new RtcpPacket.SourceDescription(chunks);
    }

    /** Writes a compound: by §6.1 a report first, then a description. */
    public static void write(List<RtcpPacket> packets, ByteBuf out) {
        for (RtcpPacket packet : packets) {
            int start = out.writerIndex();
            switch (packet) {
                case RtcpPacket.SenderReport report -> {
                    header(report.blocks().size(), SENDER_REPORT, out);
                    out.writeInt(report.ssrc()).writeLong(report.ntpTime()).writeInt((int) report.rtpTimestamp());
                    out.writeInt((int) report.packets()).writeInt((int) report.octets());
                    report.blocks().forEach(block -> block.write(out));
                }
                case RtcpPacket.ReceiverReport report -> {
                    header(report.blocks().size(), RECEIVER_REPORT, out);
                    out.writeInt(report.ssrc());
                    report.blocks().forEach(block -> block.write(out));
                }
                case RtcpPacket.SourceDescription description -> write(description, out);
                case RtcpPacket.Goodbye goodbye -> {
                    header(goodbye.sources().size(), GOODBYE, out);
                    goodbye.sources().forEach(out::writeInt);
                }
                case RtcpPacket.Nack nack -> {
                    header(NACK, TRANSPORT_FEEDBACK, out);
                    FeedbackWriter.write(nack, out);
                }
                case RtcpPacket.TransportFeedback feedback -> {
                    header(TRANSPORT_WIDE, TRANSPORT_FEEDBACK, out);
                    FeedbackWriter.write(feedback, out);
                }
                case RtcpPacket.PictureLoss loss -> {
                    header(PICTURE_LOSS, PAYLOAD_FEEDBACK, out);
                    out.writeInt(loss.ssrc()).writeInt(loss.mediaSsrc());
                }
                case RtcpPacket.FullIntraRequest request -> {
                    header(FULL_INTRA, PAYLOAD_FEEDBACK, out);
                    out.writeInt(request.ssrc()).writeInt(0).writeInt(request.mediaSsrc());
                    out.writeByte(request.number()).writeZero(3);
                }
                case RtcpPacket.Other other ->
                    throw new IllegalArgumentException("nothing to say in type " + other.type());
            }
            out.setShort(start + 2, (out.writerIndex() - start) / 4 - 1);
        }
    }

    /** The length in words less one follows when it is known. */
    private static void header(int count, int type, ByteBuf out) {
        out.writeByte((VERSION << 6) | count).writeByte(type).writeShort(0);
    }

    private static void write(RtcpPacket.SourceDescription description, ByteBuf out) {
        header(description.chunks().size(), SOURCE_DESCRIPTION, out);
        for (RtcpPacket.SourceDescription.Chunk chunk : description.chunks()) {
            byte[] name = chunk.canonicalName().getBytes(StandardCharsets.UTF_8);
            int start = out.writerIndex();
            out.writeInt(chunk.ssrc()).writeByte(CNAME).writeByte(name.length).writeBytes(name);
            out.writeZero(4 - ((out.writerIndex() - start) & 3));
        }
    }
}
