// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import live.millrace.media.recording.RecordedSegment;
import live.millrace.media.recording.RecordedSpan;
import live.millrace.media.testing.LeakExtension;
import live.millrace.media.testing.ParsedPlaylist;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What is said of a recording, while it goes on and when it is over, and that every address of it answers what was recorded. */
@ExtendWith(LeakExtension.class)
class VideoPlaylistTest {
    private static final String VIDEO = "/videos/" + OnRecord.ID;

    @TempDir
    Path directory;

    private OnRecord anna;

    @BeforeEach
    void start() {
        anna = new OnRecord(directory);
    }

    @AfterEach
    void stop() {
        anna.close();
    }

    private static List<String> uris(String playlist) {
        List<String> uris = new ArrayList<>();
        Matcher quoted = Pattern.compile("URI=\"([^\"]+)\"").matcher(playlist);
        while (quoted.find()) {
            uris.add(quoted.group(1));
        }
        playlist.lines().filter(line -> !line.startsWith("#")).forEach(uris::add);
        return uris;
    }

    /** Every address that a playlist leads to. */
    private Set<String> walk(String from, String prefix) throws Exception {
        Set<String> seen = new LinkedHashSet<>(List.of(from));
        List<String> open = new ArrayList<>(seen);
        while (!open.isEmpty()) {
            String path = open.removeFirst();
            // A server before us takes the prefix away.
            HttpResponse<byte[]> answer = anna.get(path.substring(prefix.length()));
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            if (path.contains(".m3u8")) {
                for (String uri : uris(new String(answer.body(), StandardCharsets.UTF_8))) {
                    URI found = URI.create("http://h" + path).resolve(uri);
                    assertThat(found.getPath()).as(uri).startsWith(prefix + "/");
                    String next = found.getRawPath() + (found.getRawQuery() == null ? "" : "?" + found.getRawQuery());
                    if (seen.add(next)) {
                        open.add(next);
                    }
                }
            }
        }
        return seen;
    }

    @Test
    void everyAddressAnswersUnderAPrefixAsWell() throws Exception {
        anna.publish();
        anna.play(20);
        for (String prefix : List.of("", "/t/aTicket")) {
            for (String from : List.of(
                    "/live/anna.record.m3u8",
                    "/live/anna.record.m3u8?window=10",
                    "/hls/anna/record.m3u8",
                    VIDEO + "/index.m3u8",
                    VIDEO + "/index.m3u8?start=4000&end=9000")) {
                Set<String> all = walk(prefix + from, prefix);
                assertThat(all).as(from).hasSizeGreaterThan(8);
            }
        }
    }

    @Test
    void itGrowsAndIsWholeAtTheEnd() throws Exception {
        anna.publish();
        anna.play(21);
        String text = anna.text(VIDEO + "/v0.m3u8");
        assertThat(text)
                .contains("#EXT-X-PLAYLIST-TYPE:EVENT\n", "CAN-SKIP-UNTIL=12.0")
                .doesNotContain("ENDLIST");
        HttpResponse<byte[]> growing = anna.get(VIDEO + "/v0.m3u8");
        assertThat(growing.headers().firstValue("cache-control")).hasValue("no-store");
        assertThat(growing.headers().firstValue("access-control-allow-origin")).hasValue("*");
        ParsedPlaylist before = anna.list(VIDEO + "/v0.m3u8");
        anna.play(10);
        ParsedPlaylist after = anna.list(VIDEO + "/v0.m3u8");
        assertThat(after.entries().subList(0, before.entries().size())).isEqualTo(before.entries());
        assertThat(after.entries().size()).isEqualTo(before.entries().size() + 5);
        anna.over();
        String whole = anna.text(VIDEO + "/v0.m3u8");
        assertThat(whole).contains("#EXT-X-PLAYLIST-TYPE:VOD\n").endsWith("#EXT-X-ENDLIST\n");
        assertThat(anna.get(VIDEO + "/v0.m3u8").headers().firstValue("cache-control"))
                .hasValue("public, max-age=60");
        List<RecordedSegment> recorded = anna.recording().spans("v0").stream()
                .flatMap(span -> span.segments().segments().stream())
                .toList();
        List<ParsedPlaylist.Entry> listed = anna.list(VIDEO + "/v0.m3u8").entries();
        assertThat(listed)
                .extracting(ParsedPlaylist.Entry::number)
                .containsExactlyElementsOf(
                        recorded.stream().map(RecordedSegment::sequence).toList());
        assertThat(listed.getFirst().time()).hasValue(recorded.getFirst().programDateTime());
        assertThat(anna.status("/live/anna.record.m3u8")).isEqualTo(404);
    }

    @Test
    void aSegmentIsItsStretchOfItsSpan() throws Exception {
        anna.publish();
        anna.play(9);
        anna.over();
        for (RecordedSpan span : anna.recording().spans()) {
            for (RecordedSegment segment : span.segments().segments()) {
                String path = VIDEO + "/" + span.track() + "/" + segment.sequence() + ".m4s";
                HttpResponse<byte[]> answer = anna.get(path);
                assertThat(answer.body()).isEqualTo(anna.bytes(span, segment));
                assertThat(answer.headers().firstValue("cache-control"))
                        .hasValueSatisfying(said -> assertThat(said).contains("immutable"));
                HttpResponse<byte[]> range = anna.get(path, "Range", "bytes=10-29");
                assertThat(range.statusCode()).isEqualTo(206);
                assertThat(range.body()).isEqualTo(java.util.Arrays.copyOfRange(answer.body(), 10, 30));
                HttpResponse<byte[]> head = anna.send("HEAD", path);
                assertThat(head.body()).isEmpty();
                assertThat(head.headers().firstValueAsLong("content-length")).hasValue(segment.bytes());
            }
            HttpResponse<byte[]> whole = anna.get(VIDEO + "/" + span.track() + "-" + span.ordinal() + ".mp4");
            assertThat(whole.body()).isEqualTo(anna.bytes(span));
        }
    }

    @Test
    void aBreakIsADiscontinuityOfAllTracks() throws Exception {
        anna.publish();
        anna.play(8);
        anna.reconnect(12);
        anna.play(8);
        String growing = anna.text(VIDEO + "/v0.m3u8");
        anna.over();
        for (String track : List.of("v0", "a0")) {
            ParsedPlaylist list = anna.list(VIDEO + "/" + track + ".m3u8");
            List<ParsedPlaylist.Entry> breaks = list.entries().stream()
                    .filter(ParsedPlaylist.Entry::discontinuity)
                    .toList();
            assertThat(breaks).singleElement().satisfies(entry -> {
                assertThat(entry.time()).isPresent();
                assertThat(entry.number() - list.mediaSequence()).isEqualTo(4);
            });
        }
        assertThat(anna.text(VIDEO + "/v0.m3u8")).startsWith(growing.substring(0, 20));
        assertThat(growing.lines().filter("#EXT-X-DISCONTINUITY"::equals)).hasSize(1);
    }

    @Test
    void aDeltaUpdateIsTheEnd() throws Exception {
        anna.publish();
        anna.play(61);
        ParsedPlaylist whole = anna.list(VIDEO + "/v0.m3u8");
        ParsedPlaylist delta = anna.list(VIDEO + "/v0.m3u8?_HLS_skip=YES");
        assertThat(delta.skipped()).isPositive();
        assertThat(delta.skipped() + delta.entries().size())
                .isEqualTo(whole.entries().size());
        assertThat(delta.entries().getLast().uri())
                .isEqualTo(whole.entries().getLast().uri());
        assertThat(delta.length()).isGreaterThanOrEqualTo(12);
    }

    @Test
    void aWindowMoves() throws Exception {
        anna.publish();
        anna.play(41);
        String master = anna.text("/live/anna.record.m3u8?window=10");
        assertThat(master).contains("../videos/" + OnRecord.ID + "/v0.m3u8?window=10");
        ParsedPlaylist before = anna.list(VIDEO + "/v0.m3u8?window=10");
        assertThat(before.entries()).hasSize(5);
        assertThat(anna.text(VIDEO + "/v0.m3u8?window=10")).doesNotContain("PLAYLIST-TYPE");
        anna.play(4);
        ParsedPlaylist after = anna.list(VIDEO + "/v0.m3u8?window=10");
        assertThat(after.mediaSequence()).isEqualTo(before.mediaSequence() + 2);
        assertThat(anna.list(VIDEO + "/v0.m3u8?window=1").length()).isGreaterThanOrEqualTo(6);
    }

    @Test
    void aPieceBeginsWhereDecodingCan() throws Exception {
        anna.publish();
        anna.play(31);
        ParsedPlaylist whole = anna.list(VIDEO + "/v0.m3u8");
        // A version says nothing but that it is another address, for what is inside as well.
        assertThat(anna.text(VIDEO + "/index.m3u8?start=5000&v=17")).contains("v0.m3u8?start=5000&v=17");
        assertThat(anna.text(VIDEO + "/index.m3u8?v=x%22")).contains("v0.m3u8").doesNotContain("v=");
        ParsedPlaylist piece = anna.list(VIDEO + "/v0.m3u8?start=5000&end=9000");
        assertThat(piece.ended()).isTrue();
        assertThat(piece.entries())
                .extracting(ParsedPlaylist.Entry::uri)
                .containsExactlyElementsOf(whole.entries().subList(2, 5).stream()
                        .map(ParsedPlaylist.Entry::uri)
                        .toList());
        assertThat(anna.list(VIDEO + "/a0.m3u8?start=5000&end=9000").entries()).hasSize(3);
        assertThat(anna.list(VIDEO + "/v0.m3u8?start=5000").ended()).isFalse();
        for (String bad : List.of("start=x", "start=5&end=5", "end=0", "window=0", "start=-1", "start=1234567890123")) {
            assertThat(anna.status(VIDEO + "/v0.m3u8?" + bad)).as(bad).isEqualTo(400);
        }
    }

    @Test
    void theMultivariantPlaylistHasEachPictureWithTheSound() throws Exception {
        anna.publish();
        anna.play(21);
        anna.over();
        String text = anna.text(VIDEO + "/index.m3u8");
        assertThat(text)
                .containsPattern("#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"sound\",NAME=\"Audio 1\",DEFAULT=YES,"
                        + "AUTOSELECT=YES,CHANNELS=\"2\",URI=\"a0.m3u8\"\n"
                        + "#EXT-X-STREAM-INF:BANDWIDTH=\\d+,AVERAGE-BANDWIDTH=\\d+,CODECS=\"avc1.42C01E,mp4a.40.2\","
                        + "RESOLUTION=640x360,FRAME-RATE=5\\.000,AUDIO=\"sound\"\nv0.m3u8\n");
        long bits = anna.recording().bytes() * 8 * 1_000 / anna.recording().durationMillis();
        assertThat(Long.parseLong(text.replaceAll("(?s).*AVERAGE-BANDWIDTH=(\\d+).*", "$1")))
                .isCloseTo(bits, within(bits / 5));
        assertThat(anna.text(VIDEO + "/index.m3u8?audio=only"))
                .contains("a0.m3u8")
                .doesNotContain("v0.m3u8");
        assertThat(anna.text(VIDEO + "/index.m3u8?v=viewer-1")).contains("v0.m3u8?v=viewer-1");
    }

    @Test
    void whatIsWholeIsCompressedForWhoTakesIt() throws Exception {
        anna.publish();
        anna.play(21);
        anna.over();
        HttpResponse<byte[]> packed = anna.get(VIDEO + "/v0.m3u8", "Accept-Encoding", "gzip, br");
        assertThat(packed.headers().firstValue("content-encoding")).hasValue("gzip");
        assertThat(new String(
                        new GZIPInputStream(new ByteArrayInputStream(packed.body())).readAllBytes(),
                        StandardCharsets.UTF_8))
                .isEqualTo(anna.text(VIDEO + "/v0.m3u8"));
        String tag = packed.headers().firstValue("etag").orElseThrow();
        assertThat(anna.get(VIDEO + "/v0.m3u8", "Accept-Encoding", "gzip", "If-None-Match", tag)
                        .statusCode())
                .isEqualTo(304);
    }

    @Test
    void whatIsNotThereIsTheSameWhyever() throws Exception {
        anna.publish();
        anna.play(9);
        anna.over();
        String unknown = new String(anna.get("/videos/AAAAAAAAAAA/index.m3u8").body(), StandardCharsets.UTF_8);
        for (String path : List.of(
                "/videos/AAAAAAAAAAA/v0.m3u8",
                "/videos/AAAAAAAAAAA.mp4",
                "/videos/AAAAAAAAAAA.m4a",
                "/videos/x/index.m3u8",
                "/videos/..%2f..%2fx/index.m3u8",
                "/videos/%00/v0-0.mp4",
                VIDEO + "/v1.m3u8",
                VIDEO + "/v0/1.m4s",
                VIDEO + "/v0/99999999999999999999.m4s",
                VIDEO + "/v0/7.mp4",
                VIDEO + "/v0-7.mp4",
                VIDEO + "/nothing.mp4",
                VIDEO + ".mp4?part=3",
                VIDEO + ".mp4?start=999999999999")) {
            HttpResponse<byte[]> answer = anna.get(path);
            assertThat(answer.statusCode()).as(path).isEqualTo(404);
            assertThat(new String(answer.body(), StandardCharsets.UTF_8))
                    .as(path)
                    .isEqualTo(unknown);
        }
        assertThat(anna.status(VIDEO + "/index.m3u8")).isEqualTo(200);
        anna.index.remove(OnRecord.ID);
        anna.recorder.recordings().forget(OnRecord.ID);
        assertThat(new String(anna.get(VIDEO + "/index.m3u8").body(), StandardCharsets.UTF_8))
                .isEqualTo(unknown);
    }

    @Test
    void whatIsRecordedGoesOnWithoutTheIndex() throws Exception {
        anna.publish();
        anna.play(9);
        assertThat(anna.status(VIDEO + "/v0.m3u8")).isEqualTo(200);
        anna.index.away(true);
        anna.recorder.recordings().forget(OnRecord.ID);
        assertThat(anna.status(VIDEO + "/v0.m3u8")).isEqualTo(200);
        assertThat(anna.status("/live/anna.record.m3u8")).isEqualTo(200);
        anna.index.away(false);
    }

    @Test
    void whatMayNotBeSeenIsNotWhileItRunsEither() throws Exception {
        anna.publish();
        anna.play(9);
        List<String> lists = List.of("/live/anna.record.m3u8", "/hls/anna/record.m3u8", "/live/anna.storyboard.vtt");
        for (String list : lists) {
            assertThat(anna.status(list)).as(list).isEqualTo(200);
        }
        anna.index.remove(OnRecord.ID);
        anna.recorder.recordings().forget(OnRecord.ID);
        for (String list : lists) {
            assertThat(anna.status(list)).as(list).isEqualTo(404);
        }
        anna.index.away(true);
        for (String list : lists) {
            assertThat(anna.status(list)).as(list).isEqualTo(404);
        }
        anna.index.away(false);
    }
}
