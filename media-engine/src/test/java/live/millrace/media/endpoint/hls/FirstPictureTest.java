// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.hls;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import live.millrace.media.hub.StreamState;
import live.millrace.media.server.MediaEngine;
import live.millrace.media.testing.HlsReader;
import live.millrace.media.testing.MediaScript;
import live.millrace.media.testing.OpenEngine;
import live.millrace.media.testing.ParsedPlaylist;
import live.millrace.media.testing.RtmpScript;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An encoder whose key frames are ten seconds apart, and the first viewer, who comes six seconds behind one: no key frame is waited for. */
class FirstPictureTest {
    private static final int PICTURES = 250;

    @TempDir
    private Path directory;

    private MediaEngine engine;
    private HlsReader http;
    private RtmpScript script;
    private MediaScript media;

    @BeforeEach
    void publish() throws Exception {
        engine = OpenEngine.start(OpenEngine.config(directory));
        http = new HlsReader(engine.port("http"));
        script = new RtmpScript(engine.port("rtmp")).handshake().connect("live");
        assertThat(script.publish("anna")).isEqualTo("NetStream.Publish.Start");
        media = new MediaScript(script).keyEvery(PICTURES).headers().both(6);
        script.sync();
        Wait.until(
                "it is live",
                () -> engine.control().stream("anna").orElseThrow().state() == StreamState.LIVE);
    }

    @AfterEach
    void close() throws Exception {
        script.close();
        http.close();
        engine.close();
    }

    private ParsedPlaylist playlist(String address) throws Exception {
        var answer = http.get(address);
        assertThat(answer.statusCode()).as(address).isEqualTo(200);
        return ParsedPlaylist.parse(
                URI.create("http://engine" + address), new String(answer.body(), StandardCharsets.UTF_8));
    }

    @Test
    void thePartsOfTheOpenSegmentAreThereAtOnceBehindAGap() throws Exception {
        assertThat(http.get("/live/anna.m3u8").statusCode()).isEqualTo(200);
        for (String track : List.of("v0", "a0")) {
            ParsedPlaylist now = playlist("/live/anna/" + track + ".m3u8");
            assertThat(now.target()).isEqualTo(10);
            assertThat(now.entries()).hasSize(2);
            ParsedPlaylist.Entry gap = now.entries().getFirst();
            assertThat(gap.gap()).isTrue();
            var nothing = http.get(now.path(gap.uri()));
            assertThat(nothing.statusCode()).as("for players that know no gaps").isEqualTo(200);
            assertThat(nothing.body()).isEmpty();
            ParsedPlaylist.Entry open = now.entries().getLast();
            assertThat(open.uri()).isEmpty();
            assertThat(open.parts()).hasSizeGreaterThan(15);
            assertThat(open.parts().getFirst().independent()).isTrue();
            assertThat(http.get(now.path(open.parts().getFirst().uri())).statusCode())
                    .isEqualTo(200);
            assertThat(gap.time().orElseThrow()).isBefore(open.time().orElseThrow());
        }
        assertThat(playlist("/live/anna/v0.m3u8").entries().getFirst().number())
                .as("renditions agree on their numbers")
                .isEqualTo(playlist("/live/anna/a0.m3u8").entries().getFirst().number());
    }

    @Test
    void theGapStaysListedWhereItWasWhenTheSegmentIsWhole() throws Exception {
        long gap = playlist("/live/anna/v0.m3u8").entries().getFirst().number();
        media.both(6);
        script.sync();
        Wait.until(
                "a segment is whole",
                () -> playlist("/live/anna/v0.m3u8").segments().size() > 1);
        ParsedPlaylist later = playlist("/live/anna/v0.m3u8");
        assertThat(later.mediaSequence()).isEqualTo(gap);
        assertThat(later.entries().getFirst().gap()).isTrue();
        assertThat(later.entries().get(1).number()).isEqualTo(gap + 1);
        assertThat(later.entries().get(1).gap()).isFalse();
        assertThat(later.entries().get(1).duration()).isBetween(9.9, 10.1);
        // Whoever knows no parts gets the whole segment, and never heard of a gap.
        assertThat(playlist("/live/anna.ts.m3u8").segments()).hasSize(1).noneMatch(ParsedPlaylist.Entry::gap);
    }

    @Test
    void theNextCutLeavesRoomForItsOwnGap() throws Exception {
        long first = playlist("/live/anna/v0.m3u8").entries().getLast().number();
        engine.control().end("anna");
        Wait.until("it has ended", () -> engine.control().stream("anna").isEmpty());
        try (RtmpScript again = new RtmpScript(engine.port("rtmp")).handshake().connect("live")) {
            assertThat(again.publish("anna")).isEqualTo("NetStream.Publish.Start");
            new MediaScript(again).keyEvery(PICTURES).headers().both(6);
            again.sync();
            Wait.until(
                    "it is live",
                    () -> engine.control().stream("anna")
                            .filter(stream -> stream.state() == StreamState.LIVE)
                            .isPresent());
            assertThat(playlist("/live/anna/v0.m3u8").entries().getFirst().number())
                    .as("no number was another segment's")
                    .isGreaterThan(first);
        }
    }

    @Test
    void whatWasTooMuchToKeepIsSaidToTakeUntilTheNextKeyFrame() throws Exception {
        assertThat(engine.control().stream("anna").orElseThrow().pictureIn()).isEmpty();
        media.keyEvery(10_000);
        media.both(20);
        script.sync();
        Wait.until(
                "the frames are dropped",
                () -> engine.control().stream("anna").orElseThrow().pictureIn().isPresent());
        assertThat(engine.control().stream("anna").orElseThrow().pictureIn().orElseThrow())
                .as("there was one key frame: nobody knows when the next one comes")
                .isZero();
    }
}
