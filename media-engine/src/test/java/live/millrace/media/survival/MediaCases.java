// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.survival;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import live.millrace.media.amf.AmfValue;
import live.millrace.media.frame.LeftOut;
import live.millrace.media.frame.Repair;
import live.millrace.media.hub.StreamState;
import live.millrace.media.testing.HlsReader;
import live.millrace.media.testing.MediaScript;
import live.millrace.media.testing.RtmpScript;
import live.millrace.media.testing.SampleMedia;

/** Pictures and sound that are odd, missing or broken. */
final class MediaCases {
    private static final String AREA = "media";
    private static final int MIB = 1 << 20;

    private MediaCases() {}

    static List<SurvivalCase> all() {
        List<SurvivalCase> cases = new ArrayList<>();
        cases.add(published("no key frame for four minutes", (scene, channel, script) -> {
            long before = Resources.now().directMemory();
            script.send(4, 9, 1, 0, SampleMedia.videoHeader());
            for (int i = 0; i < 6_000; i++) {
                script.send(4, 9, 1, i * 40L, SampleMedia.picture(false, 4_000));
            }
            script.sync();
            assertThat(scene.state(channel)).isEqualTo(StreamState.PROBING);
            assertThat(Resources.now().directMemory() - before).isLessThan(16L * MIB);
            new MediaScript(script).clock(at -> at + 240_000).headers().both(6);
            assertThat(scene.after(script, channel).isLive()).isTrue();
            return "waits in bounded memory, plays when one comes";
        }));
        cases.add(published("a key frame of 8 MiB", (scene, channel, script) -> {
            script.send(4, 9, 1, 0, SampleMedia.videoHeader());
            script.send(2, 1, 0, 0, Unpooled.buffer().writeInt(128));
            script.chunked(4, 9, 1, 0, SampleMedia.picture(true, 8 * MIB), true);
            new MediaScript(script).clock(at -> at + 2_000).headers().both(6);
            assertThat(scene.after(script, channel).isLive()).isTrue();
            return "carried";
        }));
        cases.add(published("a message of 9 MiB", (scene, channel, script) -> {
            script.send(4, 9, 1, 0, SampleMedia.videoHeader());
            ProtocolCases.flood(script, () -> script.chunked(4, 9, 1, 0, SampleMedia.picture(true, 9 * MIB), true), 1);
            script.awaitClose();
            scene.awaitTold(channel + " ended PROTOCOL_ERROR");
            return "closed";
        }));
        cases.add(published("key frames ten seconds apart", (scene, channel, script) -> {
            new MediaScript(script).keyEvery(250).headers().both(45);
            HlsReader.Playlist playlist = scene.after(script, channel);
            assertThat(playlist.number("TARGETDURATION")).isEqualTo(10);
            assertThat(playlist.durations()).containsOnly(10.0);
            return "target 10 s";
        }));
        cases.add(published("NAL units of no length", (scene, channel, script) -> {
            script.send(4, 9, 1, 0, SampleMedia.videoHeader());
            for (int i = 0; i < 300; i++) {
                ByteBuf picture = SampleMedia.picture(i % 50 == 0, 60);
                script.send(4, 9, 1, i * 40L, picture.writeInt(0).writeInt(0));
            }
            assertThat(scene.after(script, channel).isLive()).isTrue();
            return "skipped, plays";
        }));
        cases.add(published("NAL units longer than their picture", (scene, channel, script) -> {
            script.send(4, 9, 1, 0, SampleMedia.videoHeader());
            ProtocolCases.flood(
                    script,
                    () -> script.send(4, 9, 1, 0, SampleMedia.picture(true, 60).setInt(5, 0x7FFFFFFF)),
                    20);
            scene.awaitTold(channel + " ended PROTOCOL_ERROR");
            return "ten thrown away, then Rejected";
        }));
        cases.add(published("a few broken pictures", (scene, channel, script) -> {
            MediaScript media = new MediaScript(script).headers().both(4);
            for (int i = 0; i < 5; i++) {
                script.send(4, 9, 1, 4_000, SampleMedia.picture(false, 60).setInt(5, 0x7FFFFFFF));
            }
            media.both(6);
            assertThat(scene.after(script, channel).isLive()).isTrue();
            assertThat(scene.repairs(channel, Repair.MALFORMED_TAG)).isEqualTo(5);
            return "thrown away and counted, plays";
        }));
        cases.add(published("corrupt configuration records", (scene, channel, script) -> {
            for (String hex : new String[] {"", "01", "0142c01effe1ffff", "01".repeat(40), "0142c01efee1001967"}) {
                script.send(
                        4,
                        9,
                        1,
                        0,
                        Unpooled.buffer()
                                .writeByte(0x17)
                                .writeMedium(0)
                                .writeByte(0)
                                .writeBytes(ByteBufUtil.decodeHexDump(hex)));
            }
            script.send(4, 8, 1, 0, Unpooled.buffer().writeByte(0xAF).writeByte(0));
            new MediaScript(script).headers().both(6);
            assertThat(scene.after(script, channel).isLive()).isTrue();
            return "thrown away, plays with the good one";
        }));
        cases.add(published("the same configuration each second", (scene, channel, script) -> {
            MediaScript media = new MediaScript(script);
            HlsReader.Playlist first = scene.after(script, channel);
            for (int i = 0; i < 20; i++) {
                media.headers().both(1);
                first = i == 6 ? scene.after(script, channel) : first;
            }
            HlsReader.Playlist last = scene.after(script, channel);
            assertThat(last.discontinuities()).isEqualTo(first.discontinuities());
            return "no cut";
        }));
        cases.add(published("another configuration each second", (scene, channel, script) -> {
            MediaScript media = new MediaScript(script).keyEvery(25).headers();
            for (int i = 0; i < 30; i++) {
                ByteBuf header = SampleMedia.videoHeader();
                script.send(4, 9, 1, i * 1000L, header.setByte(header.writerIndex() - 1, i));
                media.both(1);
            }
            HlsReader.Playlist playlist = scene.after(script, channel);
            assertThat(scene.repairs(channel, Repair.CONFIGURATION_HELD)).isPositive();
            assertThat(scene.state(channel)).isEqualTo(StreamState.LIVE);
            return "six cuts, then held back (" + playlist.number("TARGETDURATION") + " s target kept)";
        }));
        cases.add(published("another resolution", (scene, channel, script) -> {
            MediaScript media = new MediaScript(script).headers().both(6);
            HlsReader.Playlist first = scene.after(script, channel);
            script.send(4, 9, 1, 6_000, SampleMedia.videoHeader(SampleMedia.WIDE_SPS));
            media.both(8);
            HlsReader.Playlist last = scene.after(script, channel);
            assertThat(last.discontinuities()).isEqualTo(first.discontinuities() + 1);
            assertThat(scene.engine().control().stream(channel)
                            .orElseThrow()
                            .video()
                            .orElseThrow()
                            .width())
                    .isEqualTo(1280);
            return "one discontinuity";
        }));
        cases.add(published("another codec of sound", (scene, channel, script) -> {
            MediaScript media = new MediaScript(script).headers().both(6);
            HlsReader.Playlist first = scene.after(script, channel);
            for (int i = 0; i < 8_000 / 40; i++) {
                media.run(40, true, false);
                script.send(6, 8, 1, 6_000 + i * 40L, SampleMedia.mp3());
            }
            HlsReader.Playlist last = scene.after(script, channel);
            assertThat(last.discontinuities()).isEqualTo(first.discontinuities() + 1);
            assertThat(scene.engine().control().stream(channel)
                            .orElseThrow()
                            .audio()
                            .orElseThrow()
                            .codec())
                    .isEqualTo("MP3");
            return "one discontinuity";
        }));
        cases.add(published("a codec that cannot be carried", (scene, channel, script) -> {
            for (int i = 0; i < 600; i++) {
                script.send(4, 9, 1, i * 40L, Unpooled.buffer().writeByte(0x12).writeInt(0));
            }
            scene.awaitTold(channel + " ended UNSUPPORTED_MEDIA");
            script.awaitClose();
            return "Rejected with its name";
        }));
        cases.add(published("no media at all", (scene, channel, script) -> {
            assertThat(description(script)).contains("No FLV audio or video came");
            script.awaitClose();
            scene.awaitTold(channel + " ended NO_MEDIA");
            try (RtmpScript again = scene.publisher(channel)) {
                new MediaScript(again).headers().both(6);
                assertThat(scene.after(again, channel).isLive()).isTrue();
            }
            return "told why, and the key works again at once";
        }));
        cases.add(published("another container than FLV", (scene, channel, script) -> {
            // What FFmpeg makes of a transport stream that it takes for FLV.
            ProtocolCases.flood(
                    script,
                    () -> script.chunked(4, 0x47, 1, 0, Unpooled.buffer().writeZero(2 * MIB), true),
                    1);
            assertThat(description(script)).contains("a message of 2097152 bytes");
            script.awaitClose();
            return "told why";
        }));
        foreign(cases);
        sound(cases);
        cases.add(published("aggregate messages", (scene, channel, script) -> {
            script.send(4, 9, 1, 0, SampleMedia.videoHeader());
            for (int i = 0; i < 150; i++) {
                ByteBuf both = Unpooled.buffer();
                for (int part = 0; part < 2; part++) {
                    ByteBuf picture = SampleMedia.picture(part == 0 && i % 25 == 0, 60);
                    both.writeByte(9)
                            .writeMedium(picture.readableBytes())
                            .writeMedium(part * 40)
                            .writeByte(0);
                    both.writeMedium(0).writeBytes(picture).writeInt(picture.writerIndex() + 11);
                }
                script.send(4, 22, 1, i * 80L, both);
            }
            assertThat(scene.after(script, channel).isLive()).isTrue();
            return "taken apart, plays";
        }));
        cases.add(published("an aggregate with a part longer than itself", (scene, channel, script) -> {
            script.send(
                    4,
                    22,
                    1,
                    0,
                    Unpooled.buffer().writeByte(9).writeMedium(0xFFFFFF).writeZero(20));
            scene.awaitTold(channel + " ended PROTOCOL_ERROR");
            return "closed";
        }));
        return cases;
    }

    private static String description(RtmpScript script) throws IOException {
        return ((AmfValue.Obj) script.await("onStatus").get(3))
                .text("description")
                .orElseThrow();
    }

    /** One bad part never costs the good ones. */
    private static void foreign(List<SurvivalCase> cases) {
        cases.add(published("tags of codecs that nobody carries, between good ones", (scene, channel, script) -> {
            MediaScript media = new MediaScript(script).headers().both(6);
            HlsReader.Playlist first = scene.after(script, channel);
            for (int i = 0; i < 40; i++) {
                media.run(200, true, true);
                script.send(
                        5,
                        8,
                        1,
                        6_000 + i * 200L,
                        Unpooled.buffer().writeByte(0xFF).writeZero(40));
                script.send(
                        4,
                        9,
                        1,
                        6_000 + i * 200L,
                        Unpooled.buffer().writeByte(0x22).writeZero(40));
            }
            HlsReader.Playlist last = scene.after(script, channel);
            assertThat(last.next()).isGreaterThan(first.next());
            assertThat(last.discontinuities()).isEqualTo(first.discontinuities());
            assertThat(scene.repairs(channel, Repair.UNSUPPORTED_TAG)).isGreaterThan(40);
            return "skipped and counted, no discontinuity";
        }));
        cases.add(published("a picture beside Speex", (scene, channel, script) -> {
            script.send(4, 9, 1, 0, SampleMedia.videoHeader());
            MediaScript media = new MediaScript(script);
            for (int i = 0; i < 350; i++) {
                media.run(40, true, false);
                script.send(5, 8, 1, i * 40L, Unpooled.buffer().writeByte(0xB6).writeZero(40));
            }
            assertThat(scene.after(script, channel).isLive()).isTrue();
            assertThat(scene.engine().control().stream(channel).orElseThrow().leftOut())
                    .containsExactly(new LeftOut(false, "Speex", LeftOut.Cause.UNSUPPORTED));
            return "the picture plays, the studio is told";
        }));
        cases.add(published("broken sound beside good pictures", (scene, channel, script) -> {
            script.send(4, 9, 1, 0, SampleMedia.videoHeader());
            MediaScript media = new MediaScript(script);
            for (int i = 0; i < 350; i++) {
                media.run(40, true, false);
                script.send(5, 8, 1, i * 40L, SampleMedia.sound(20));
            }
            assertThat(scene.after(script, channel).isLive()).isTrue();
            assertThat(scene.repairs(channel, Repair.MALFORMED_TAG)).isGreaterThan(200);
            return "the picture plays";
        }));
    }

    private static void sound(List<SurvivalCase> cases) {
        cases.add(published("an encoder that comes back without its sound", (scene, channel, script) -> {
            new MediaScript(script).headers().both(8);
            scene.after(script, channel);
            script.socket().close();
            scene.awaitTold(channel + " RECONNECTING");
            try (RtmpScript again = scene.publisher(channel)) {
                again.send(4, 9, 1, 0, SampleMedia.videoHeader());
                new MediaScript(again).video(24);
                assertThat(scene.after(again, channel).isLive()).isTrue();
                assertThat(scene.hls().get("/live/" + channel + "/a0.m3u8").body())
                        .asString(StandardCharsets.UTF_8)
                        .contains("#EXT-X-ENDLIST");
            }
            return "the playlist of the sound ends, the picture plays";
        }));
        cases.add(published("sound that is declared and never comes", (scene, channel, script) -> {
            new MediaScript(script).headers().video(14);
            HlsReader.Playlist playlist = scene.after(script, channel);
            assertThat(scene.engine().control().stream(channel).orElseThrow().audio())
                    .isEmpty();
            assertThat(playlist.durations()).allMatch(length -> Math.round(length) <= 2);
            return "plays without";
        }));
        cases.add(published("sound that comes late", (scene, channel, script) -> {
            MediaScript media = new MediaScript(script).headers().video(14);
            HlsReader.Playlist first = scene.after(script, channel);
            media.both(8);
            HlsReader.Playlist last = scene.after(script, channel);
            assertThat(last.discontinuities()).isEqualTo(first.discontinuities() + 1);
            assertThat(scene.engine().control().stream(channel).orElseThrow().audio())
                    .isPresent();
            return "added with one discontinuity";
        }));
        cases.add(published("sound that vanishes and returns", (scene, channel, script) -> {
            MediaScript media = new MediaScript(script).headers().both(6);
            HlsReader.Playlist first = scene.after(script, channel);
            media.video(10).both(8);
            HlsReader.Playlist last = scene.after(script, channel);
            assertThat(last.discontinuities()).isEqualTo(first.discontinuities());
            assertThat(scene.repairs(channel, Repair.SILENCE_INSERTED)).isBetween(300L, 450L);
            return "silence in its place, no discontinuity";
        }));
        cases.add(published("a picture that stands still for 20 s", (scene, channel, script) -> {
            MediaScript media = new MediaScript(script).headers().both(6);
            HlsReader.Playlist first = scene.after(script, channel);
            media.audio(20).both(8);
            HlsReader.Playlist last = scene.after(script, channel);
            assertThat(last.next() - first.next()).isBetween(12L, 16L);
            assertThat(last.discontinuities()).isEqualTo(first.discontinuities());
            assertThat(last.durations()).allMatch(length -> Math.round(length) <= 2);
            return "the playlist goes on, no discontinuity";
        }));
        cases.add(new SurvivalCase(AREA, "a picture alone, with silent audio wanted", _ -> {
            Path directory = Files.createTempDirectory("silent");
            try (Scene scene = new Scene(directory, false, true)) {
                String channel = scene.channel();
                try (RtmpScript script = scene.publisher(channel)) {
                    script.send(4, 9, 1, 0, SampleMedia.videoHeader());
                    MediaScript media = new MediaScript(script).video(12);
                    HlsReader.Playlist first = scene.after(script, channel);
                    assertThat(scene.engine().control().stream(channel)
                                    .orElseThrow()
                                    .audio())
                            .isPresent();
                    assertThat(new String(
                                    scene.hls()
                                            .get("/live/" + channel + ".m3u8")
                                            .body(),
                                    StandardCharsets.UTF_8))
                            .contains("mp4a.40.2");
                    media.video(6);
                    assertThat(scene.after(script, channel).discontinuities()).isEqualTo(first.discontinuities());
                    assertThat(scene.repairs(channel, Repair.SILENCE_INSERTED)).isGreaterThan(500);
                }
            }
            return "a track of silence";
        }));
        cases.add(published("sound whose rate falls and rises again", (scene, channel, script) -> {
            HlsReader.Playlist first = null;
            script.send(4, 9, 1, 0, SampleMedia.videoHeader());
            double sound = 0;
            for (int i = 0; i < 60 * 25; i++) {
                boolean low = i / 500 == 1;
                if (i % 500 == 0) {
                    first = i == 500 ? scene.after(script, channel) : first;
                    script.send(5, 8, 1, i * 40L, low ? SampleMedia.audioHeader() : SampleMedia.audioHeader("1190"));
                }
                script.send(4, 9, 1, i * 40L, SampleMedia.picture(i % 50 == 0, 60));
                for (; sound < (i + 1) * 40; sound += 1_024_000.0 / (low ? 44_100 : 48_000)) {
                    script.send(5, 8, 1, (long) sound, SampleMedia.sound(100));
                }
            }
            HlsReader.Playlist last = scene.after(script, channel);
            assertThat(scene.engine().control().stream(channel)
                            .orElseThrow()
                            .statistics()
                            .repairs())
                    .isEmpty();
            assertThat(first).isNotNull();
            assertThat(last.discontinuities()).isEqualTo(first.discontinuities() + 2);
            assertThat(last.durations()).containsOnly(2.0);
            return "nothing repaired, a discontinuity for each";
        }));
        cases.add(published("empty audio messages", (scene, channel, script) -> {
            MediaScript media = new MediaScript(script).headers();
            for (int i = 0; i < 6; i++) {
                media.both(1);
                script.send(5, 8, 1, i * 1000L, Unpooled.EMPTY_BUFFER);
                script.send(
                        5, 8, 1, i * 1000L, Unpooled.buffer().writeByte(0xAF).writeByte(1));
            }
            assertThat(scene.after(script, channel).isLive()).isTrue();
            return "taken as silence, plays";
        }));
    }

    interface Story {
        String run(Scene scene, String channel, RtmpScript script) throws Exception;
    }

    private static SurvivalCase published(String name, Story story) {
        return new SurvivalCase(AREA, name, scene -> {
            String channel = scene.channel();
            try (RtmpScript script = scene.publisher(channel)) {
                return story.run(scene, channel, script);
            } catch (IOException e) {
                throw new AssertionError("the publisher was cut off", e);
            }
        });
    }
}
