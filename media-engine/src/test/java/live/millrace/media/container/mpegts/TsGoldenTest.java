// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.mpegts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import live.millrace.media.frame.LeftOut;
import live.millrace.media.frame.Track;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Streams as FFmpeg 5.1 and GStreamer 1.22 write them, beside the packets that ffprobe finds in them: kind, presentation, decode, key.
 */
class TsGoldenTest {
    /** Rounding to a sample and back. */
    private static final long ROUNDING = 3;

    private record Expected(boolean video, long presentation, long decode, boolean key) {}

    static byte[] stream(String name) throws IOException {
        try (InputStream in = TsGoldenTest.class.getResourceAsStream("/golden/ts/" + name)) {
            return in.readAllBytes();
        }
    }

    private static List<Expected> expected(String name, boolean video) throws IOException {
        return new String(stream(name + ".txt"), StandardCharsets.US_ASCII)
                .lines()
                .map(line -> line.split(" "))
                .map(each -> new Expected(
                        each[0].equals("v"), Long.parseLong(each[1]), Long.parseLong(each[2]), each[3].equals("K")))
                .filter(each -> each.video() == video)
                .toList();
    }

    static Demuxed demuxed(byte[] bytes, Random cuts) {
        Demuxed found = new Demuxed();
        TsDemuxer demuxer = new TsDemuxer(found);
        ByteBuf in = Unpooled.wrappedBuffer(bytes);
        while (in.isReadable()) {
            demuxer.take(in.readSlice(Math.min(in.readableBytes(), 1 + cuts.nextInt(1 << cuts.nextInt(14)))));
        }
        demuxer.end();
        return found;
    }

    @ParameterizedTest
    @CsvSource({
        "h264-aac, avc1.F4000A, mp4a.40.2",
        "h264-aac-gstreamer, avc1.F4000A, mp4a.40.2",
        "h264-latm, avc1.F4000A, mp4a.40.2",
        "h264-mp2, avc1.F4000A, ",
        "h264-opus, avc1.F4000A, opus",
        "h265-mp3, hvc1.4.10.L30.9E.8, mp4a.40.34",
        "ac3, , ac-3",
        "eac3, , ec-3"
    })
    void framesAreThoseThatFfprobeFinds(String name, String picture, String sound) throws IOException {
        for (int seed = 0; seed < 20; seed++) {
            Demuxed found = demuxed(stream(name + ".ts.bin"), new Random(seed));
            compare(found.of(Track.VIDEO), expected(name, true));
            compare(found.of(Track.AUDIO), expected(name, false));
            assertThat(found.repairs.stream().filter(each -> !each.label().equals("unsupported-tag")))
                    .isEmpty();
            assertThat(found.tracks).hasSize((picture == null ? 0 : 1) + (sound == null ? 0 : 1));
            for (Track track : found.tracks) {
                assertThat(track.format().codecString()).isEqualTo(track.isVideo() ? picture : sound);
            }
        }
    }

    private static void compare(List<Demuxed.Found> found, List<Expected> expected) {
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.size(); i++) {
            assertThat(found.get(i).presentation()).isCloseTo(expected.get(i).presentation(), within(ROUNDING));
            assertThat(found.get(i).decode()).isCloseTo(expected.get(i).decode(), within(ROUNDING));
            assertThat(found.get(i).key()).isEqualTo(expected.get(i).key());
        }
    }

    /** "MP2 audio in TS" made others lose the picture (ant-media #7532). */
    @Test
    void mp2SoundIsNamedAndThePictureStays() throws IOException {
        Demuxed found = demuxed(stream("h264-mp2.ts.bin"), new Random(1));
        assertThat(found.leftOut).containsExactly(new LeftOut(false, "MPEG audio layer II", LeftOut.Cause.UNSUPPORTED));
        assertThat(found.of(Track.VIDEO)).hasSize(25);
    }

    /** "Opus in TS stamps" (mediamtx PR #3388), "grouped audio PES" (SRS #3164): each packet has a time of its own. */
    @ParameterizedTest
    @ValueSource(strings = {"h264-opus", "h264-aac", "h265-mp3", "ac3", "h264-aac-gstreamer"})
    void soundOfOnePacketIsSpreadOverItsDuration(String name) throws IOException {
        List<Demuxed.Found> sound =
                demuxed(stream(name + ".ts.bin"), new Random(2)).of(Track.AUDIO);
        assertThat(sound).hasSizeGreaterThan(20);
        long first = sound.get(1).decode() - sound.get(0).decode();
        for (int i = 1; i < sound.size(); i++) {
            assertThat(sound.get(i).decode() - sound.get(i - 1).decode()).isCloseTo(first, within(ROUNDING + 1));
        }
    }

    /** A listener may come at any moment, and a line may flip any bit: nothing is thrown, and no buffer stays behind. */
    @ParameterizedTest
    @ValueSource(strings = {"h264-aac", "h264-latm", "h264-opus", "h265-mp3", "ac3", "eac3", "h264-mp2"})
    void flippedBitsCostNoMoreThanFrames(String name) throws IOException {
        byte[] whole = stream(name + ".ts.bin");
        for (int seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            byte[] bytes = whole.clone();
            for (int i = 0; i < 1 + seed; i++) {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }
            demuxed(bytes, random);
        }
    }

    /** What is left behind lost packets is whole: each picture and frame of sound is one of those of the unharmed stream. */
    @ParameterizedTest
    @ValueSource(strings = {"h264-aac", "h264-opus", "h265-mp3", "h264-aac-gstreamer"})
    void lostPacketsLeaveOnlyWholeFrames(String name) throws IOException {
        byte[] whole = stream(name + ".ts.bin");
        int stride = whole[188] == 0x47 ? 188 : 192;
        List<String> right = demuxed(whole, new Random(0)).frames.stream()
                .map(Demuxed.Found::payload)
                .toList();
        int kept = 0;
        for (int seed = 0; seed < 30; seed++) {
            Random random = new Random(seed);
            ByteBuf left = Unpooled.buffer();
            for (int at = 0; at + stride <= whole.length; at += stride) {
                if (random.nextInt(100) >= 5) {
                    left.writeBytes(whole, at, stride);
                }
            }
            byte[] bytes = new byte[left.readableBytes()];
            left.readBytes(bytes);
            Demuxed found = demuxed(bytes, random);
            assertThat(found.frames).allMatch(each -> right.contains(each.payload()));
            kept += found.frames.size();
        }
        assertThat(kept).isGreaterThan(right.size());
    }

    @Test
    void packetsOf204BytesAreFound() throws IOException {
        byte[] plain = stream("h264-aac.ts.bin");
        ByteBuf wide = Unpooled.buffer();
        wide.writeBytes(new byte[] {1, 2, 0x47, 4});
        for (int at = 0; at < plain.length; at += 188) {
            wide.writeBytes(plain, at, 188).writeZero(16);
        }
        byte[] bytes = new byte[wide.readableBytes()];
        wide.readBytes(bytes);
        assertThat(demuxed(bytes, new Random(3)).frames).isEqualTo(demuxed(plain, new Random(3)).frames);
    }

    @Test
    void bytesThatAreLostUnlockAndTheStreamGoesOn() throws IOException {
        byte[] plain = stream("h264-aac.ts.bin");
        byte[] cut = new byte[plain.length - 50];
        System.arraycopy(plain, 0, cut, 0, 2_000);
        System.arraycopy(plain, 2_050, cut, 2_000, plain.length - 2_050);
        Demuxed found = demuxed(cut, new Random(4));
        assertThat(found.repairs).isNotEmpty();
        assertThat(found.of(Track.VIDEO)).isNotEmpty().first().matches(Demuxed.Found::key);
    }
}
