// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.file.Path;
import java.util.List;
import live.millrace.media.control.StreamStatus;
import live.millrace.media.frame.LeftOut;
import live.millrace.media.frame.Repair;
import live.millrace.media.hub.StreamState;
import live.millrace.media.testing.HlsReader;
import live.millrace.media.testing.LeakExtension;
import live.millrace.media.testing.MediaScript;
import live.millrace.media.testing.OpenEngine;
import live.millrace.media.testing.RtmpScript;
import live.millrace.media.testing.SampleMedia;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One bad part never costs the good ones: what cannot be read or carried is left out and named, the rest plays. */
@ExtendWith(LeakExtension.class)
class ForeignMediaTest {
    @TempDir
    private Path directory;

    private MediaEngine engine;
    private HlsReader http;
    private RtmpScript script;

    @BeforeEach
    void start() throws Exception {
        engine = OpenEngine.start(OpenEngine.cuttingAlways(directory));
        http = new HlsReader(engine.port("http"));
        script = new RtmpScript(engine.port("rtmp")).handshake().connect("live");
        assertThat(script.publish("anna")).isEqualTo("NetStream.Publish.Start");
    }

    @AfterEach
    void stop() throws Exception {
        script.close();
        http.close();
        engine.close();
    }

    private StreamStatus status() {
        return engine.control().stream("anna").orElseThrow();
    }

    private HlsReader.Playlist playlist() throws Exception {
        script.sync();
        return http.playlist("anna");
    }

    private void sound(long millis, ByteBuf body) throws Exception {
        script.send(6, 8, 1, millis, body);
    }

    private void picture(long millis, ByteBuf body) throws Exception {
        script.send(7, 9, 1, millis, body);
    }

    private static ByteBuf hex(String hex) {
        return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex.replace(" ", "")));
    }

    @ParameterizedTest
    @CsvSource({
        "ff 0102030405, device-specific sound",
        "b6 0102030405, Speex",
        "6e 0102030405, Nellymoser",
        "3f 0102030405, PCM",
        "1f 0102030405, ADPCM",
        "91 64747363 0102, dtsc",
    })
    void aPictureBesideSoundThatNobodyCarriesPlays(String tag, String name) throws Exception {
        picture(0, SampleMedia.videoHeader());
        MediaScript media = new MediaScript(script);
        for (int i = 0; i < 350; i++) {
            media.run(40, true, false);
            sound(i * 40L, hex(tag));
        }
        assertThat(playlist().isLive()).isTrue();
        assertThat(status().video()).isPresent();
        assertThat(status().audio()).isEmpty();
        assertThat(status().leftOut()).containsExactly(new LeftOut(false, name, LeftOut.Cause.UNSUPPORTED));
        assertThat(status().statistics().count(Repair.UNSUPPORTED_TAG)).isGreaterThan(100);
    }

    @ParameterizedTest
    @CsvSource({"22 0102030405, Sorenson H.263", "90 76766331 01, vvc1", "91 76766331 0102030405, vvc1"})
    void soundBesidePicturesThatNobodyCarriesPlays(String tag, String name) throws Exception {
        sound(0, SampleMedia.audioHeader());
        MediaScript media = new MediaScript(script);
        for (int i = 0; i < 350; i++) {
            media.run(40, false, true);
            picture(i * 40L, hex(tag));
        }
        assertThat(playlist().isLive()).isTrue();
        assertThat(status().audioOnly()).isTrue();
        assertThat(status().leftOut()).containsExactly(new LeftOut(true, name, LeftOut.Cause.UNSUPPORTED));
    }

    /** What may come in between, on and on, while good pictures and good sound go on. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "8 ff0102030405", // device data of a drone
                "8 b60102030405", // Speex
                "8 2f00000000", // no MP3
                "8 af00", // a sequence header without contents
                "8 af00ffff", // one of no type and no rate
                "8 91 4f707573 fc0102", // Opus without a header
                "8 90 4f707573 0102", // a broken header of Opus
                "8 90 664c6143 0102", // a broken header of FLAC
                "8 91 61632d33 0102", // no AC-3
                "8 95 00 64747363 00 01", // multitrack of an unknown codec
                "8 95 30 00", // multitrack of an unknown kind
                "9 220102030405", // Sorenson
                "9 1700000000 01", // a broken header
                "9 1700000000 0142c01effe1ffff", // another
                "9 1c00000000 0102", // a broken header of H.265
                "9 90 68766331 0102",
                "9 91 68766331 000000 00000002 2601", // H.265 without a header
                "9 90 61763031 0102",
                "9 91 61763031 1200",
                "9 90 76703039 01",
                "9 91 76703039 824983",
                "9 90 76766331 0102",
                "9 91 76766331 0102",
                "9 96 00 76766331 00 01",
                "9 97 ff",
                "9 2701000000 7fffffff 41", // NAL units longer than their picture
            })
    void oneForeignTagAfterAnotherEndsNothing(String foreign) throws Exception {
        int type = foreign.charAt(0) - '0';
        MediaScript media = new MediaScript(script).headers().both(6);
        HlsReader.Playlist before = playlist();
        assertThat(before.isLive()).isTrue();
        for (int i = 0; i < 150; i++) {
            media.run(80, true, true);
            script.send(type == 8 ? 6 : 7, type, 1, 6_000 + i * 80L, hex(foreign.substring(2)));
        }
        HlsReader.Playlist after = playlist();
        assertThat(after.next()).isGreaterThan(before.next() + 3);
        assertThat(after.discontinuities()).isEqualTo(before.discontinuities());
        assertThat(status().state()).isEqualTo(StreamState.LIVE);
        assertThat(status().publisher()).isPresent();
        assertThat(status().video().orElseThrow().codec()).isEqualTo("H.264");
        assertThat(status().audio().orElseThrow().codec()).isEqualTo("AAC");
    }

    /** Good ones of another codec, one at a time. */
    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void aStrayFrameOfAnotherCodecIsNoChange(int strays) throws Exception {
        MediaScript media = new MediaScript(script).headers().both(6);
        HlsReader.Playlist before = playlist();
        for (int i = 0; i < 20; i++) {
            for (int stray = 0; stray < strays; stray++) {
                sound(6_000 + i * 400L, SampleMedia.mp3());
            }
            media.both(1);
        }
        HlsReader.Playlist after = playlist();
        assertThat(after.next()).isGreaterThan(before.next() + 3);
        assertThat(after.discontinuities()).isEqualTo(before.discontinuities());
        assertThat(status().audio().orElseThrow().codec()).isEqualTo("AAC");
    }

    @Test
    void aForeignHeaderAtTheStartTakesNoPlace() throws Exception {
        MediaScript media = new MediaScript(script).headers();
        picture(0, hex("90 76703039 00 0a 80 01 01 01 0000"));
        sound(0, hex("90 4f707573"));
        media.both(8);
        assertThat(playlist().isLive()).isTrue();
        assertThat(status().video().orElseThrow().codec()).isEqualTo("H.264");
        assertThat(status().audio().orElseThrow().codec()).isEqualTo("AAC");
        assertThat(status().leftOut()).isEmpty();
    }

    @Test
    void brokenSoundIsNamed() throws Exception {
        MediaScript media = new MediaScript(script);
        picture(0, SampleMedia.videoHeader());
        sound(0, hex("af00ffff"));
        for (int i = 0; i < 350; i++) {
            media.run(40, true, false);
            sound(i * 40L, SampleMedia.sound(20));
        }
        assertThat(playlist().isLive()).isTrue();
        assertThat(status().leftOut())
                .extracting(LeftOut::video, LeftOut::cause)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(false, LeftOut.Cause.BROKEN));
    }

    private void awaitAnswer(String path, int status, String words) throws Exception {
        java.net.http.HttpResponse<byte[]> answer = http.get(path);
        assertThat(answer.statusCode()).as(path).isEqualTo(status);
        assertThat(new String(answer.body(), java.nio.charset.StandardCharsets.UTF_8))
                .as(path)
                .contains(words);
    }

    @Test
    void anOutputWithoutPlaceForACodecSaysSo() throws Exception {
        for (int i = 0; i < 400; i++) {
            sound(i * 20L, hex("82" + "d5".repeat(160)));
        }
        script.sync();
        for (String path : List.of(".m3u8", ".fmp4.m3u8", ".mpd", ".ts.m3u8", ".ts", ".ts?audio=only")) {
            awaitAnswer("/live/anna" + path, 404, "no place for this stream's codecs");
        }
    }

    @Test
    void aPictureAloneHasNoSound() throws Exception {
        picture(0, SampleMedia.videoHeader());
        new MediaScript(script).video(14);
        script.sync();
        for (String path : List.of(".flv", ".ts", ".mp4", ".fmp4.m3u8", ".mpd")) {
            awaitAnswer("/live/anna" + path + "?audio=only", 404, "no such track");
        }
    }

    /** 6.1 of FFmpeg: the channels stand in a program configuration, which ADTS headers have no field for. */
    @Test
    void soundThatMpegTsCannotCarryIsLeftOutThereAlone() throws Exception {
        picture(0, SampleMedia.videoHeader());
        sound(0, hex("af00" + SampleMedia.SURROUND_ASC));
        MediaScript media = new MediaScript(script);
        for (int i = 0; i < 400; i++) {
            media.run(20, true, false);
            sound(i * 20L, hex("af01 2110"));
        }
        assertThat(playlist().isLive()).isTrue();
        assertThat(status().audio().orElseThrow().channels()).isEqualTo(7);
        awaitAnswer("/live/anna.m3u8", 200, "mp4a.40.2");
        awaitAnswer("/live/anna/a0.m3u8", 200, "#EXTINF");
        awaitAnswer("/live/anna.ts.m3u8", 200, "#EXTINF");
        awaitAnswer("/live/anna.ts.m3u8?audio=only", 404, "MPEG-TS has no place");
    }

    @Test
    void whatIsLeftOutIsBounded() throws Exception {
        MediaScript media = new MediaScript(script).headers();
        for (int i = 0; i < 100; i++) {
            media.run(80, true, true);
            sound(i * 80L, hex("90 6162" + Integer.toHexString(0x3030 + 256 * (i / 10) + i % 10)));
        }
        script.sync();
        List<LeftOut> leftOut = status().leftOut();
        assertThat(leftOut).hasSizeBetween(1, 8);
    }
}
