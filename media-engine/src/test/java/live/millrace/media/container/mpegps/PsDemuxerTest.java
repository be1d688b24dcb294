// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.mpegps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import live.millrace.media.container.mpegts.Demuxed;
import live.millrace.media.frame.LeftOut;
import live.millrace.media.frame.Track;
import live.millrace.media.testing.SampleMedia;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** ISO/IEC 13818-1 §2.5, and what cameras make of it. */
class PsDemuxerTest {
    private static final String KEY =
            "0000000167" + SampleMedia.SPS.substring(2) + "00000001" + SampleMedia.PPS + "0000000165888001";
    private static final String NEXT = "00000001419a8002";

    private final Demuxed found = new Demuxed();
    private final PsDemuxer demuxer = new PsDemuxer(found);
    private final ByteBuf out = Unpooled.buffer();

    private void picture(long time, String payload) {
        out.writeBytes(PsScript.pack(0)).writeBytes(PsScript.pes(0xE0, time, PsScript.hex(payload)));
    }

    private void sound(long time, int bytes) {
        out.writeBytes(PsScript.pes(0xC0, time, Unpooled.buffer().writeZero(bytes)));
    }

    private void demux(int seed) {
        Random cuts = new Random(seed);
        while (out.isReadable()) {
            demuxer.take(out.readSlice(Math.min(out.readableBytes(), 1 + cuts.nextInt(1 << cuts.nextInt(12)))));
        }
        out.clear();
    }

    private void finish() {
        demux(1);
        demuxer.end();
    }

    private void begin() {
        out.writeBytes(PsScript.pack(3)).writeBytes(PsScript.system()).writeBytes(PsScript.map(0x1B, 0x90));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void picturesAndSoundOfACamera(int seed) {
        begin();
        for (int i = 0; i < 10; i++) {
            picture(i * 3_600L, i == 0 ? KEY : NEXT);
            sound(i * 3_600L, 320);
        }
        demux(seed);
        demuxer.end();
        assertThat(found.of(Track.VIDEO)).hasSize(10);
        assertThat(found.of(Track.VIDEO))
                .extracting(Demuxed.Found::decode)
                .last()
                .isEqualTo(9 * 3_600L);
        assertThat(found.of(Track.AUDIO)).hasSize(10);
        assertThat(found.tracks)
                .extracting(track -> track.format().codec().displayName())
                .containsExactlyInAnyOrder("H.264", "G.711 A-law");
        assertThat(found.repairs).isEmpty();
    }

    /** A PES packet has 64 KiB at most: a picture is many, and the first alone has a stamp. */
    @Test
    void aLargePictureIsManyPackets() {
        begin();
        String slice = "0000000165888001" + "a5".repeat(200_000);
        picture(0, KEY.substring(0, KEY.length() - 16) + slice);
        picture(3_600, NEXT);
        picture(7_200, NEXT);
        finish();
        assertThat(found.of(Track.VIDEO)).hasSize(3);
        assertThat(found.of(Track.VIDEO).getFirst().payload()).hasSize(2 * (4 + 4 + 200_000));
        assertThat(found.of(Track.VIDEO)).extracting(Demuxed.Found::decode).containsExactly(0L, 3_600L, 7_200L);
    }

    /** ZLMediaKit #1535, #2805: the map is wrong, late, or not there. */
    @Test
    void withoutAMapTheBytesTell() {
        for (int i = 0; i < 5; i++) {
            picture(i * 3_600L, i == 0 ? KEY : NEXT);
            out.writeBytes(PsScript.pes(0xC0, i * 3_600L, PsScript.hex("fff15080021ffc21004f8021004f8021")));
        }
        finish();
        assertThat(found.of(Track.VIDEO)).hasSize(5);
        assertThat(found.of(Track.AUDIO)).hasSize(5);
    }

    @Test
    void aMapWithBrokenLengthsIsReadAsFarAsItGoes() {
        out.writeBytes(PsScript.pack(0));
        out.writeBytes(PsScript.hex("000001bc 000e e1ff 0000 ffff 1be00000 91c0ffff"));
        picture(0, KEY);
        picture(3_600, NEXT);
        sound(0, 160);
        finish();
        assertThat(found.of(Track.VIDEO)).hasSize(2);
        assertThat(found.of(Track.AUDIO)).hasSize(1);
        assertThat(found.tracks.getLast().format().codec().displayName()).isEqualTo("G.711 µ-law");
    }

    @Test
    void privateDataAndUnknownStartCodesArePassedOver() {
        begin();
        out.writeBytes(PsScript.hex("000001bd 0006 800000 112233"));
        out.writeBytes(PsScript.hex("000001af"));
        out.writeBytes(PsScript.hex("000001be 0004 ffffffff"));
        picture(0, KEY);
        picture(3_600, NEXT);
        finish();
        assertThat(found.of(Track.VIDEO)).hasSize(2);
    }

    @Test
    void behindALossItGoesOnWithTheNextPack() {
        begin();
        picture(0, KEY);
        picture(3_600, NEXT);
        out.writerIndex(out.writerIndex() - 4);
        demux(3);
        demuxer.lost();
        out.writeBytes(PsScript.hex("112233 000001e0 0009 800000"));
        picture(7_200, NEXT);
        picture(10_800, KEY);
        finish();
        assertThat(found.of(Track.VIDEO)).extracting(Demuxed.Found::decode).containsExactly(0L, 10_800L);
    }

    @Test
    void whatIsNotCarriedIsNamed() {
        out.writeBytes(PsScript.pack(0)).writeBytes(PsScript.map(0x80, 0x93));
        picture(0, KEY);
        sound(0, 100);
        finish();
        assertThat(found.frames).isEmpty();
        assertThat(found.leftOut)
                .containsExactly(
                        new LeftOut(true, "SVAC", LeftOut.Cause.UNSUPPORTED),
                        new LeftOut(false, "G.723.1", LeftOut.Cause.UNSUPPORTED));
    }

    @Test
    void anotherMapMakesAnotherTrack() {
        begin();
        picture(0, KEY);
        sound(0, 160);
        out.writeBytes(PsScript.pack(0)).writeBytes(PsScript.map(0x1B, 0x91));
        picture(3_600, NEXT);
        sound(3_600, 160);
        finish();
        assertThat(found.of(Track.AUDIO)).hasSize(2);
        assertThat(found.tracks.getLast().format().codec().displayName()).isEqualTo("G.711 µ-law");
        assertThat(found.of(Track.VIDEO)).hasSize(2);
    }

    /** FFmpeg writes no map, as {@code -f mpeg} of MPEG-1, as {@code -f vob} of MPEG-2; and not each picture has a stamp. */
    @ParameterizedTest
    @ValueSource(strings = {"h264-mp3", "h264-mp3-vob"})
    void aStreamOfFfmpegIsWhatFfprobeFinds(String name) throws IOException {
        byte[] bytes = golden(name + ".ps.bin");
        List<String[]> expected = new String(golden(name + ".txt"), StandardCharsets.US_ASCII)
                .lines()
                .map(line -> line.split(" "))
                .toList();
        out.writeBytes(bytes);
        finish();
        List<String[]> pictures =
                expected.stream().filter(each -> each[0].equals("v")).toList();
        assertThat(found.of(Track.VIDEO)).hasSameSizeAs(pictures);
        for (int i = 0; i < pictures.size(); i++) {
            Demuxed.Found picture = found.of(Track.VIDEO).get(i);
            assertThat(picture.key()).isEqualTo(pictures.get(i)[3].equals("K"));
            if (!pictures.get(i)[1].equals("N/A")) {
                assertThat(picture.presentation()).isCloseTo(Long.parseLong(pictures.get(i)[1]), within(3L));
            }
        }
        assertThat(found.of(Track.AUDIO)).hasSize((int)
                expected.stream().filter(each -> each[0].equals("a")).count());
    }

    @Test
    void flippedBitsAndRubbishCostNoMoreThanFrames() throws IOException {
        byte[] whole = golden("h264-mp3.ps.bin");
        for (int seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            byte[] bytes = whole.clone();
            for (int i = 0; i < 1 + seed; i++) {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }
            PsDemuxer broken = new PsDemuxer(new Demuxed());
            broken.take(Unpooled.wrappedBuffer(bytes));
            random.nextBytes(bytes);
            broken.take(Unpooled.wrappedBuffer(bytes));
            broken.end();
        }
    }

    private static byte[] golden(String name) throws IOException {
        try (InputStream in = PsDemuxerTest.class.getResourceAsStream("/golden/ps/" + name)) {
            return in.readAllBytes();
        }
    }
}
