// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtp.payload;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.protocol.rtp.packet.ReorderWindow;
import live.millrace.media.protocol.rtp.packet.RtpPacket;
import live.millrace.media.protocol.sdp.PayloadFormat;
import live.millrace.media.time.SerialTime;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * What FFmpeg 5.1 and 8.0 ({@code -f rtp}) and GStreamer 1.22 (its payloaders) sent to a socket, frame by frame; and the same frames
 * through our own packetizers. {@code -Dgolden.update=true} writes the dumps again.
 */
class CapturedPacketsTest {
    /** Name, {@code rtpmap}, {@code fmtp}, codec, codec string. */
    record Capture(String name, String map, String parameters, String codec) {
        PayloadFormat format() {
            return RtpScript.format(map, parameters);
        }

        RtpScript read() {
            return RtpScript.read(format(), RtpScript.captured(name));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static final String HBR = "mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3;";

    static final List<Capture> CAPTURES = List.of(
            new Capture("h264-ffmpeg", "H264/90000", "packetization-mode=1", "avc1.64000C"),
            new Capture("h264-gstreamer", "H264/90000", "packetization-mode=1", "avc1.F4000C"),
            new Capture("h265-ffmpeg", "H265/90000", "", "hvc1.1.6.L60.90"),
            new Capture("h265-gstreamer", "H265/90000", "", "hvc1.4.10.L60.98.8"),
            new Capture("aac-ffmpeg", "MPEG4-GENERIC/48000/1", HBR + "config=118856E500", "mp4a.40.2"),
            new Capture("aac-gstreamer", "MPEG4-GENERIC/48000", HBR + "config=1188", "mp4a.40.2"),
            new Capture("latm-gstreamer", "MP4A-LATM/48000", "cpresent=0;config=40002310adca00", "mp4a.40.2"),
            new Capture("opus-ffmpeg", "opus/48000/2", "sprop-stereo=1", "opus"),
            new Capture("opus-gstreamer", "OPUS/48000/2", "", "opus"),
            new Capture("mp3-ffmpeg", "MPA/90000", "", "mp4a.40.34"),
            new Capture("mp3-gstreamer", "MPA/90000", "", "mp4a.40.34"),
            new Capture("pcmu-ffmpeg", "PCMU/8000", "", "ulaw"),
            new Capture("vp9-ffmpeg", "VP9/90000", "", "vp09.00.10.08"),
            new Capture("vp9-gstreamer", "VP9/90000", "", "vp09.03.10.12"),
            new Capture("vp8-ffmpeg", "VP8/90000", "", "vp08.00.10.08"),
            new Capture("vp8-gstreamer", "VP8/90000", "", "vp08.00.10.08"),
            new Capture("vp8-gstreamer-7bit", "VP8/90000", "", "vp08.00.10.08"),
            new Capture("vp8-gstreamer-15bit", "VP8/90000", "", "vp08.00.10.08"),
            new Capture("av1-ffmpeg", "AV1/90000", "", "av01.0.00M.08"));

    @ParameterizedTest
    @FieldSource("CAPTURES")
    void becomeFrames(Capture capture) throws IOException {
        RtpScript script = capture.read();
        assertThat(script.repairs).isEmpty();
        assertThat(script.leftOut).isEmpty();
        assertThat(script.tracks).hasSize(1);
        TrackFormat format = script.tracks.getFirst().format();
        assertThat(format.codecString()).isEqualTo(capture.codec());
        if (format instanceof TrackFormat.Video video) {
            assertThat(video.width()).isEqualTo(320);
            assertThat(video.height()).isEqualTo(180);
        }
        String golden = "/golden/rtp/" + capture.name() + ".txt";
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(Path.of("src/test/resources" + golden), script.dump());
        }
        try (var in = getClass().getResourceAsStream(golden)) {
            assertThat(script.dump()).isEqualTo(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    /** Frames that we send are the frames that arrive, whatever a packet holds; packets come in order and within their size. */
    @ParameterizedTest
    @FieldSource("CAPTURES")
    void becomePacketsAgain(Capture capture) {
        List<MediaFrame> sent = capture.read().frames;
        for (int largest : new int[] {64, 333, 1_400, 65_000}) {
            List<ByteBuf> packets = RtpScript.write(sent, largest);
            int number = 65_500;
            for (ByteBuf packet : packets) {
                RtpPacket parsed = RtpPacket.parse(packet.duplicate());
                assertThat(parsed.sequenceNumber()).isEqualTo(number++ & 0xFFFF);
                if (!capture.name().startsWith("opus")) {
                    assertThat(parsed.payload().readableBytes()).isLessThanOrEqualTo(largest);
                }
            }
            PayloadFormat described = PayloadFormats.packetizer(
                            sent.getFirst().track().format())
                    .orElseThrow()
                    .format(96);
            RtpScript arrived = RtpScript.read(described, packets);
            assertThat(arrived.repairs).isEmpty();
            if (capture.name().startsWith("pcmu")) {
                assertThat(String.join("", arrived.payloads()))
                        .isEqualTo(String.join("", RtpScript.of(sent).payloads()));
                continue;
            }
            assertThat(arrived.payloads()).isEqualTo(RtpScript.of(sent).payloads());
            assertThat(arrived.frames).hasSameSizeAs(sent);
            for (int i = 0; i < sent.size(); i++) {
                MediaFrame before = sent.get(i);
                MediaFrame after = arrived.frames.get(i);
                assertThat(after.randomAccessPoint()).isEqualTo(before.randomAccessPoint());
                assertThat(after.presentationTime() - arrived.frames.getFirst().presentationTime())
                        .isCloseTo(before.presentationTime() - sent.getFirst().presentationTime(), Offset.offset(1L));
            }
        }
    }

    /** Packets late, twice and lost: each frame that comes out is one that was sent, in order, and pictures start at a random access point. */
    @ParameterizedTest
    @FieldSource("CAPTURES")
    void surviveABadNetwork(Capture capture) {
        List<String> all = capture.read().payloads();
        for (int round = 0; round < 10; round++) {
            long seed = System.nanoTime();
            Random random = new Random(seed);
            List<ByteBuf> packets = new ArrayList<>(RtpScript.captured(capture.name()));
            for (int i = 1; i + 3 < packets.size(); i++) {
                switch (random.nextInt(12)) {
                    case 0 -> packets.remove(i);
                    case 1 -> packets.add(i + random.nextInt(3), packets.get(i));
                    case 2 -> packets.add(i + 2, packets.remove(i));
                    default -> {
                        // arrives as it was sent
                    }
                }
            }
            RtpScript script = throughWindow(capture.format(), packets);
            List<String> arrived = script.payloads();
            // A picture may lose what stands before its first slice, and be whole to a decoder.
            int at = 0;
            for (String frame : arrived) {
                while (at < all.size() && !all.get(at).endsWith(frame)) {
                    at++;
                }
                assertThat(at++)
                        .as("seed %d: a frame that was never sent", seed)
                        .isLessThan(all.size());
            }
            if (!script.frames.isEmpty()) {
                assertThat(script.frames.getFirst().randomAccessPoint())
                        .as("seed %d", seed)
                        .isTrue();
            }
        }
    }

    private static RtpScript throughWindow(PayloadFormat format, List<ByteBuf> packets) {
        RtpScript script = new RtpScript();
        Depacketizer depacketizer = PayloadFormats.depacketizer(0, format, script);
        SerialTime clock = new SerialTime();
        ReorderWindow window = ReorderWindow.overUdp(new ReorderWindow.Listener() {
            @Override
            public void packet(RtpPacket packet) {
                depacketizer.packet(packet, clock.unwrap(packet.timestamp()));
            }

            @Override
            public void lost(long count) {
                depacketizer.lost();
            }

            @Override
            public void sourceChanged() {
                depacketizer.lost();
            }
        });
        packets.forEach(bytes -> window.take(RtpPacket.parse(bytes.duplicate()), 0));
        window.flush();
        depacketizer.release();
        return script;
    }
}
