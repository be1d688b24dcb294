// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtp.payload;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import live.millrace.media.frame.FrameSink;
import live.millrace.media.frame.LeftOut;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Repair;
import live.millrace.media.frame.Track;
import live.millrace.media.protocol.rtp.packet.RtpPacket;
import live.millrace.media.protocol.sdp.MediaDescription;
import live.millrace.media.protocol.sdp.PayloadFormat;
import live.millrace.media.protocol.sdp.SdpParser;
import live.millrace.media.time.SerialTime;

/** Packets in, frames out, each as a line. */
final class RtpScript implements FrameSink {
    final List<Track> tracks = new ArrayList<>();
    final List<MediaFrame> frames = new ArrayList<>();
    final List<Repair> repairs = new ArrayList<>();
    final List<String> leftOut = new ArrayList<>();

    static RtpScript of(List<MediaFrame> frames) {
        RtpScript script = new RtpScript();
        frames.forEach(script::frame);
        return script;
    }

    @Override
    public void track(Track track) {
        tracks.add(track);
    }

    @Override
    public void frame(MediaFrame frame) {
        ByteBuf copy = Unpooled.copiedBuffer(frame.payload());
        frames.add(new MediaFrame(
                frame.track(), frame.decodeTime(), frame.compositionTimeOffset(), frame.randomAccessPoint(), copy));
    }

    @Override
    public void repaired(Repair repair) {
        repairs.add(repair);
    }

    @Override
    public void leftOut(LeftOut part) {
        leftOut.add(part.what());
    }

    /** A frame for each line: decode time, what presentation lies behind it, K of random access points, size, checksum. */
    String dump() {
        StringBuilder out = new StringBuilder();
        for (MediaFrame frame : frames) {
            out.append(line(frame)).append('\n');
        }
        return out.toString();
    }

    static String line(MediaFrame frame) {
        byte[] bytes = ByteBufUtil.getBytes(frame.payload());
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return "%d +%d %s %d %08x"
                .formatted(
                        frame.decodeTime(),
                        frame.compositionTimeOffset(),
                        frame.randomAccessPoint() ? "K" : "-",
                        bytes.length,
                        crc.getValue());
    }

    /** What each frame holds, in hexadecimal. */
    List<String> payloads() {
        return frames.stream()
                .map(frame -> ByteBufUtil.hexDump(frame.payload()))
                .toList();
    }

    /** A described format: {@code kind encoding/clock[/channels]} and parameters. */
    static PayloadFormat format(String map, String parameters) {
        MediaDescription medium = SdpParser.parse(
                        "v=0\nm=video 0 RTP/AVP 96\na=rtpmap:96 " + map + "\na=fmtp:96 " + parameters)
                .media()
                .getFirst();
        return medium.formats().getFirst();
    }

    /** Packets of a capture, each behind two bytes of its length. */
    static List<ByteBuf> captured(String name) {
        try (InputStream in = RtpScript.class.getResourceAsStream("/golden/rtp/" + name + ".rtp")) {
            ByteBuf all = Unpooled.wrappedBuffer(in.readAllBytes());
            List<ByteBuf> packets = new ArrayList<>();
            while (all.isReadable()) {
                packets.add(all.readSlice(all.readUnsignedShort()));
            }
            return packets;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same through a depacketizer; the clock starts at the first packet. */
    static RtpScript read(PayloadFormat format, List<ByteBuf> packets) {
        RtpScript script = new RtpScript();
        Depacketizer depacketizer = PayloadFormats.depacketizer(Track.VIDEO, format, script);
        SerialTime clock = new SerialTime();
        Long first = null;
        for (ByteBuf bytes : packets) {
            RtpPacket packet = RtpPacket.parse(bytes.duplicate());
            long time = clock.unwrap(packet.timestamp());
            first = first == null ? Long.valueOf(time) : first;
            depacketizer.packet(packet, time - first);
        }
        depacketizer.release();
        return script;
    }

    /** Frames, packetized. */
    static List<ByteBuf> write(List<MediaFrame> frames, int largestPayload) {
        Packetizer packetizer =
                PayloadFormats.packetizer(frames.getFirst().track().format()).orElseThrow();
        RtpTrackWriter writer = new RtpTrackWriter(
                packetizer, 96, 7, 65_500, 0xFFFF_0000L, largestPayload, UnpooledByteBufAllocator.DEFAULT);
        List<ByteBuf> packets = new ArrayList<>();
        frames.forEach(frame -> writer.write(frame, packet -> {
            packets.add(Unpooled.copiedBuffer(packet));
            packet.release();
        }));
        return packets;
    }
}
