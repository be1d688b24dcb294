// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.hls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import javax.xml.parsers.DocumentBuilderFactory;
import live.millrace.media.hub.StreamState;
import live.millrace.media.server.MediaEngine;
import live.millrace.media.testing.HlsReader;
import live.millrace.media.testing.MediaScript;
import live.millrace.media.testing.OpenEngine;
import live.millrace.media.testing.ParsedPlaylist;
import live.millrace.media.testing.RtmpScript;
import live.millrace.media.testing.SampleMedia;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * The rules of RFC 8216 and rfc8216bis, by name, on what one broadcast was seen to do: it plays, its picture sleeps, its encoder breaks
 * off and comes back, its picture changes its size, it ends. Another one stays on air for what is asked of a live playlist.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PlaylistRulesTest {
    private static final List<String> LOW_LATENCY = List.of("v0", "a0");
    private static final String TRANSPORT = "anna.ts.m3u8";
    private static final int STEP_MILLIS = 500;

    private MediaEngine engine;
    private HlsReader http;
    private RtmpScript onAir;

    /** Every playlist in the order in which it was fetched, by rendition. */
    private final Map<String, List<ParsedPlaylist>> seen = new LinkedHashMap<>();

    /** Every manifest in the order in which it was fetched. */
    private final List<Element> manifests = new ArrayList<>();

    /** Seconds of media that were sent when the rendition's playlist was fetched. */
    private final List<Double> sent = new ArrayList<>();

    /** What a playlist no longer listed, and what its address answered right then. */
    private final Map<String, Integer> left = new LinkedHashMap<>();

    private double seconds;

    @BeforeAll
    void broadcast(@TempDir Path directory) throws Exception {
        engine = OpenEngine.start(OpenEngine.cuttingAlways(directory));
        http = new HlsReader(engine.port("http"));
        onAir = publisher("bert");
        new MediaScript(onAir).headers().both(20);
        onAir.sync();

        try (RtmpScript first = publisher("anna")) {
            MediaScript media = new MediaScript(first).headers();
            play(first, media, 30, true);
            play(first, media, 5, false); // the picture sleeps
            play(first, media, 6, true);
        }
        Wait.until(
                "the encoder is missed",
                () -> engine.control().stream("anna").orElseThrow().state() == StreamState.RECONNECTING);
        look();
        try (RtmpScript second = publisher("anna")) {
            MediaScript media = new MediaScript(second).headers();
            play(second, media, 10, true);
            second.chunked(4, 9, 1, 10_000, SampleMedia.videoHeader(SampleMedia.WIDE_SPS), true);
            play(second, media, 16, true);
        }
        engine.control().end("anna");
        Wait.until(
                "the playlists end",
                () -> fetch("v0").ended() && fetch("a0").ended() && fetch("ts").ended());
        look();
    }

    @AfterAll
    void close() throws Exception {
        onAir.close();
        http.close();
        engine.close();
    }

    private RtmpScript publisher(String name) throws Exception {
        RtmpScript script = new RtmpScript(engine.port("rtmp")).handshake().connect("live");
        assertThat(script.publish(name)).isEqualTo("NetStream.Publish.Start");
        return script;
    }

    private void play(RtmpScript script, MediaScript media, int length, boolean picture) throws Exception {
        for (int i = 0; i < length * 1_000 / STEP_MILLIS; i++) {
            media.run(STEP_MILLIS, picture, true);
            script.sync();
            seconds += STEP_MILLIS / 1_000.0;
            if (seconds > 5) {
                look();
            }
        }
    }

    private void look() throws Exception {
        for (String rendition : List.of("v0", "a0", "ts")) {
            List<ParsedPlaylist> all = seen.computeIfAbsent(rendition, _ -> new ArrayList<>());
            ParsedPlaylist now = fetch(rendition);
            if (!all.isEmpty()) {
                Set<String> listed = paths(now);
                for (String path : paths(all.getLast())) {
                    if (!listed.contains(path)) {
                        left.put(path, status(path));
                    }
                }
            }
            all.add(now);
        }
        sent.add(seconds);
        manifests.add(manifest("anna"));
    }

    private static Set<String> paths(ParsedPlaylist playlist) {
        return playlist.segments().stream()
                .filter(segment -> !segment.gap())
                .map(segment -> playlist.path(segment.uri()))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private Element manifest(String channel) throws Exception {
        HttpResponse<byte[]> answer = http.get("/live/" + channel + ".mpd");
        assertThat(answer.statusCode()).isEqualTo(200);
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(answer.body()))
                .getDocumentElement();
    }

    private static String address(String rendition) {
        return rendition.equals("ts") ? "/live/" + TRANSPORT : "/live/anna/" + rendition + ".m3u8";
    }

    private ParsedPlaylist fetch(String rendition) throws Exception {
        return read(address(rendition));
    }

    private ParsedPlaylist read(String address) throws Exception {
        HttpResponse<byte[]> answer = http.get(address);
        assertThat(answer.statusCode()).as(address).isEqualTo(200);
        return ParsedPlaylist.parse(
                URI.create("http://engine" + address), new String(answer.body(), StandardCharsets.UTF_8));
    }

    private int status(String address) throws Exception {
        return http.get(address).statusCode();
    }

    private void each(BiConsumer<String, ParsedPlaylist> rule) {
        seen.forEach((rendition, all) -> all.forEach(playlist -> rule.accept(rendition, playlist)));
    }

    /** Each playlist with its successor. */
    private void eachChange(BiConsumer<ParsedPlaylist, ParsedPlaylist> rule) {
        seen.values().forEach(all -> {
            for (int i = 1; i < all.size(); i++) {
                rule.accept(all.get(i - 1), all.get(i));
            }
        });
    }

    // ---- RFC 8216 ---------------------------------------------------------------------------------------------

    @Test
    void aRoundedDurationIsNeverLongerThanTheTarget() {
        each((rendition, playlist) -> playlist.segments()
                .forEach(segment -> assertThat(Math.round(segment.duration()))
                        .as(rendition + " " + segment)
                        .isLessThanOrEqualTo(playlist.target())));
    }

    @Test
    void theTargetNeverChanges() {
        eachChange((before, after) -> assertThat(after.target()).isEqualTo(before.target()));
    }

    @Test
    void whatIsListedNeverChanges() {
        eachChange((before, after) -> {
            for (ParsedPlaylist.Entry old : before.entries()) {
                after.entries().stream()
                        .filter(entry -> entry.number() == old.number())
                        .forEach(now -> {
                            assertThat(now.discontinuity()).isEqualTo(old.discontinuity());
                            assertThat(now.time()).isEqualTo(old.time());
                            assertThat(now.map()).isEqualTo(old.map());
                            if (!old.open()) {
                                assertThat(now.uri()).isEqualTo(old.uri());
                                assertThat(now.duration()).isEqualTo(old.duration());
                                assertThat(now.gap()).isEqualTo(old.gap());
                            }
                            if (!now.parts().isEmpty()) {
                                assertThat(now.parts()).startsWith(old.parts().toArray(ParsedPlaylist.Part[]::new));
                            }
                        });
            }
        });
    }

    @Test
    void segmentsAreAddedAtTheEndAndRemovedFromTheFront() {
        eachChange((before, after) -> {
            assertThat(after.mediaSequence()).isGreaterThanOrEqualTo(before.mediaSequence());
            assertThat(after.entries().getLast().number())
                    .isGreaterThanOrEqualTo(before.segments().getLast().number());
        });
    }

    @Test
    void theMediaSequenceCountsTheSegmentsThatLeft() {
        eachChange((before, after) -> {
            List<String> left = before.segments().stream()
                    .map(ParsedPlaylist.Entry::uri)
                    .filter(uri -> after.segments().stream()
                            .noneMatch(entry -> entry.uri().equals(uri)))
                    .toList();
            assertThat(after.mediaSequence()).isEqualTo(before.mediaSequence() + left.size());
        });
    }

    @Test
    void theDiscontinuitySequenceCountsTheTagsThatLeft() {
        eachChange((before, after) -> {
            long left = before.entries().stream()
                    .filter(entry -> entry.number() < after.mediaSequence() && entry.discontinuity())
                    .count();
            assertThat(after.discontinuitySequence()).isEqualTo(before.discontinuitySequence() + left);
        });
        assertThat(seen.get("v0").getLast().discontinuitySequence())
                .as("some did leave")
                .isGreaterThan(seen.get("v0").getFirst().discontinuitySequence());
    }

    @Test
    void aLivePlaylistThatShrinksHoldsThreeTargets() {
        eachChange((before, after) -> {
            if (after.mediaSequence() > before.mediaSequence()) {
                assertThat(after.length()).isGreaterThanOrEqualTo(3.0 * after.target());
            }
        });
    }

    /** For the segment's duration and that of the longest playlist that listed it. */
    @Test
    void whatLeftThePlaylistCanStillBeFetched() {
        assertThat(left).hasSizeGreaterThan(20);
        assertThat(left)
                .allSatisfy((path, status) -> assertThat(status).as(path).isEqualTo(200));
    }

    @Test
    void aListedSegmentConsistsOfItsParts() throws Exception {
        for (String rendition : LOW_LATENCY) {
            ParsedPlaylist playlist = read("/live/bert/" + rendition + ".m3u8");
            ParsedPlaylist.Entry segment = playlist.segments().getLast();
            assertThat(segment.open()).isFalse();
            assertThat(segment.parts()).isNotEmpty();
            java.io.ByteArrayOutputStream parts = new java.io.ByteArrayOutputStream();
            for (ParsedPlaylist.Part part : segment.parts()) {
                HttpResponse<byte[]> answer = http.get(playlist.path(part.uri()));
                assertThat(answer.statusCode()).as(part.uri()).isEqualTo(200);
                parts.write(answer.body());
            }
            assertThat(http.get(playlist.path(segment.uri())).body()).isEqualTo(parts.toByteArray());
            assertThat(segment.duration())
                    .isCloseTo(
                            segment.parts().stream()
                                    .mapToDouble(ParsedPlaylist.Part::duration)
                                    .sum(),
                            within(0.001));
        }
    }

    @Test
    void anEncodersReturnAndAnotherPictureAreDiscontinuitiesWithTheirMaps() throws Exception {
        Set<String> maps = new LinkedHashSet<>();
        Set<Long> breaks = new LinkedHashSet<>();
        for (ParsedPlaylist playlist : seen.get("v0")) {
            for (ParsedPlaylist.Entry entry : playlist.entries()) {
                maps.add(playlist.path(entry.map().orElseThrow()));
                if (entry.discontinuity()) {
                    breaks.add(entry.number());
                }
            }
        }
        assertThat(maps).hasSize(2);
        assertThat(breaks).hasSizeGreaterThanOrEqualTo(2);
        for (String map : maps) {
            assertThat(status(map)).as(map).isEqualTo(200);
        }
        // The picture's size is the sample entry's: the second map is the wide one.
        byte[] wide = http.get(List.copyOf(maps).getLast()).body();
        int entry = new String(wide, StandardCharsets.ISO_8859_1).indexOf("avc1", 100);
        assertThat(ByteBuffer.wrap(wide).getShort(entry + 28)).isEqualTo((short) 1280);
    }

    @Test
    void mediaThatIsMissingIsAGap() throws Exception {
        List<ParsedPlaylist.Entry> gaps = seen.get("v0").stream()
                .flatMap(playlist -> playlist.segments().stream())
                .filter(ParsedPlaylist.Entry::gap)
                .distinct()
                .toList();
        assertThat(gaps).as("of the time when the picture slept").isNotEmpty();
        assertThat(gaps).allSatisfy(gap -> assertThat(gap.parts()).isEmpty());
    }

    /** In MPEG-TS it has sound all the time. What its time says beside its media is the clock's pace: 150 ms in a second at most. */
    @Test
    void aPictureThatSleepsMakesNoHoleInTheTimeOfATransportStream() {
        for (ParsedPlaylist playlist : seen.get("ts")) {
            List<ParsedPlaylist.Entry> segments = playlist.segments();
            for (int i = 1; i < segments.size(); i++) {
                ParsedPlaylist.Entry before = segments.get(i - 1);
                if (!segments.get(i).discontinuity()) {
                    assertThat(Duration.between(
                                            before.time().orElseThrow(),
                                            segments.get(i).time().orElseThrow())
                                    .toMillis())
                            .as(segments.get(i).uri())
                            .isCloseTo(
                                    Math.round(before.duration() * 1_000), within(Math.round(before.duration() * 150)));
                }
            }
        }
    }

    @Test
    void allRenditionsAgree() {
        for (int i = 0; i < sent.size(); i++) {
            ParsedPlaylist video = seen.get("v0").get(i);
            for (String rendition : List.of("a0", "ts")) {
                ParsedPlaylist other = seen.get(rendition).get(i);
                assertThat(other.target()).isEqualTo(video.target());
                for (ParsedPlaylist.Entry entry : other.segments()) {
                    video.segments().stream()
                            .filter(each -> each.number() == entry.number())
                            .filter(each -> !each.gap() && !entry.gap() && !wokeUp(each))
                            .forEach(each -> {
                                assertThat(video.discontinuity(each))
                                        .as(rendition + " " + entry.number())
                                        .isEqualTo(other.discontinuity(entry));
                                assertThat(Duration.between(
                                                        each.time().orElseThrow(),
                                                        entry.time().orElseThrow())
                                                .abs())
                                        .as(rendition + " " + entry.number())
                                        .isLessThan(Duration.ofMillis(100));
                            });
                }
            }
            assertThat(seen.get("a0").get(i).serverControl()).isEqualTo(video.serverControl());
        }
    }

    /** Its first picture came in the middle of it. */
    private boolean wokeUp(ParsedPlaylist.Entry segment) {
        return seen.get("v0").stream()
                .flatMap(playlist -> playlist.segments().stream())
                .anyMatch(before -> before.number() == segment.number() - 1 && before.gap());
    }

    /** Within what belongs together: the broadcast's media ran faster than the clock that a new beginning is set by. */
    @Test
    void everySegmentHasItsTimeOnTheWallAndTimeGoesOn() {
        each((rendition, playlist) -> {
            Instant last = Instant.EPOCH;
            for (ParsedPlaylist.Entry entry : playlist.entries()) {
                Instant time = entry.time().orElseThrow();
                if (!entry.discontinuity()) {
                    assertThat(time).as(rendition + " " + entry).isAfterOrEqualTo(last);
                }
                last = time;
            }
        });
    }

    @Test
    void anEndedPlaylistSaysSo() {
        seen.values().forEach(all -> {
            assertThat(all.getLast().ended()).isTrue();
            assertThat(all.getLast().hints()).isEmpty();
            assertThat(all.subList(0, all.size() - 1)).noneMatch(ParsedPlaylist::ended);
        });
    }

    // ---- low latency ------------------------------------------------------------------------------------------

    private void eachLowLatency(BiConsumer<String, ParsedPlaylist> rule) {
        each((rendition, playlist) -> {
            if (LOW_LATENCY.contains(rendition)) {
                rule.accept(rendition, playlist);
            }
        });
    }

    @Test
    void serverControlKeepsItsDistances() {
        eachLowLatency((_, playlist) -> {
            Map<String, String> control = playlist.serverControl();
            assertThat(control).containsEntry("CAN-BLOCK-RELOAD", "YES");
            assertThat(Double.parseDouble(control.get("PART-HOLD-BACK")))
                    .isGreaterThanOrEqualTo(3 * playlist.partTarget() - 0.001);
            assertThat(Double.parseDouble(control.get("HOLD-BACK"))).isGreaterThanOrEqualTo(3.0 * playlist.target());
            assertThat(Double.parseDouble(control.get("CAN-SKIP-UNTIL")))
                    .isGreaterThanOrEqualTo(6.0 * playlist.target());
        });
    }

    @Test
    void aPartIsNeverLongerThanItsTargetAndNeverMuchShorterButAtTheEnd() {
        eachLowLatency((rendition, playlist) -> playlist.entries().forEach(entry -> {
            for (int i = 0; i < entry.parts().size(); i++) {
                ParsedPlaylist.Part part = entry.parts().get(i);
                assertThat(part.duration())
                        .as(rendition + " " + part)
                        .isPositive()
                        .isLessThanOrEqualTo(playlist.partTarget() + 0.000_01);
                if (i < entry.parts().size() - 1) {
                    assertThat(part.duration())
                            .as(rendition + " " + part)
                            .isGreaterThanOrEqualTo(0.85 * playlist.partTarget());
                }
            }
        }));
    }

    @Test
    void aNewPartIsListedAtMostOnePartTargetAfterTheLast() {
        // Media ran faster than its clock: what was sent and is not listed is shorter than one part and one frame.
        for (int i = 1; i < sent.size() - 1; i++) {
            double step = sent.get(i) - sent.get(i - 1);
            List<ParsedPlaylist> sound = seen.get("a0");
            double listed = end(sound.get(i)) - end(sound.get(i - 1));
            if (sent.get(i) < 30 && step > 0) {
                assertThat(listed).isCloseTo(step, within(sound.get(i).partTarget() + 0.05));
            }
        }
    }

    /** Seconds of the wall clock at which what is listed ends. */
    private static double end(ParsedPlaylist playlist) {
        ParsedPlaylist.Entry last = playlist.entries().getLast();
        return last.time().orElseThrow().toEpochMilli() / 1_000.0 + last.duration();
    }

    @Test
    void partsLeaveWhenTheyAreThreeTargetsOld() {
        eachLowLatency((rendition, playlist) -> {
            double behind = 0;
            List<ParsedPlaylist.Entry> segments = playlist.segments();
            for (int i = segments.size() - 1; i >= 0; i--) {
                if (behind >= 3.0 * playlist.target()) {
                    assertThat(segments.get(i).parts()).as(rendition + " " + i).isEmpty();
                } else if (!playlist.ended() && !segments.get(i).gap()) {
                    assertThat(segments.get(i).parts()).as(rendition + " " + i).isNotEmpty();
                }
                behind += segments.get(i).duration();
            }
        });
    }

    @Test
    void oneHintTellsOfTheNextPart() {
        eachLowLatency((rendition, playlist) -> {
            if (playlist.ended()) {
                return;
            }
            assertThat(playlist.hints()).as(rendition).hasSize(1);
            ParsedPlaylist.Entry last = playlist.entries().getLast();
            String expected =
                    last.open() ? last.number() + "." + last.parts().size() + ".m4s" : last.number() + 1 + ".0.m4s";
            assertThat(playlist.hints().getFirst()).endsWith("/" + expected);
        });
    }

    @Test
    void everyOtherRenditionIsReported() {
        for (int i = 0; i < sent.size() - 1; i++) {
            assertThat(seen.get("v0").get(i).reports()).containsOnlyKeys("a0.m3u8");
            Map<String, String> report = seen.get("a0").get(i).reports().get("v0.m3u8");
            assertThat(Long.parseLong(report.get("LAST-MSN")))
                    .isLessThanOrEqualTo(
                            seen.get("v0").get(i).entries().getLast().number());
            assertThat(report).containsKey("LAST-PART");
        }
    }

    private String live(String query) {
        return "/live/bert/v0.m3u8" + query;
    }

    @Test
    void aHintedPartSendsNoByteBeforeItIsWhole() throws Exception {
        try (RtmpScript script = publisher("dora")) {
            MediaScript media = new MediaScript(script).headers().run(8_400, true, true); // two pictures of a part
            script.sync();
            hinted(script, media, "/live/dora/v0.m3u8");
        }
    }

    private void hinted(RtmpScript script, MediaScript media, String address) throws Exception {
        ParsedPlaylist playlist = read(address);
        String hint = playlist.path(playlist.hints().getFirst());
        CompletableFuture<HttpResponse<byte[]>> answer = CompletableFuture.supplyAsync(() -> {
            try {
                return http.get(hint);
            } catch (Exception e) {
                throw new CompletionException(e);
            }
        });
        CompletableFuture<ParsedPlaylist> blocked = CompletableFuture.supplyAsync(() -> {
            ParsedPlaylist.Entry last = playlist.entries().getLast();
            try {
                return read(address + "?_HLS_msn=" + (last.open() ? last.number() : last.number() + 1) + "&_HLS_part="
                        + (last.open() ? last.parts().size() : 0));
            } catch (Exception e) {
                throw new CompletionException(e);
            }
        });
        media.run(40, true, true);
        script.sync();
        assertThat(answer).isNotDone();
        media.run(2_000, true, true);
        script.sync();
        assertThat(answer.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        byte[] part = answer.get().body();
        ByteBuffer boxes = ByteBuffer.wrap(part);
        int fragment = boxes.getInt(0);
        assertThat(new String(part, 4, 4, StandardCharsets.US_ASCII)).isEqualTo("moof");
        assertThat(fragment + boxes.getInt(fragment)).as("moof and mdat").isEqualTo(part.length);
        ParsedPlaylist after = blocked.get(10, TimeUnit.SECONDS);
        assertThat(after.entries().stream().flatMap(entry -> entry.parts().stream()))
                .as("the whole playlist comes with the part that was waited for")
                .anyMatch(each -> after.path(each.uri()).equals(hint));
    }

    @Test
    void aDeltaLeavesOutWhatIsOldAndNoMore() throws Exception {
        ParsedPlaylist whole = read(live(""));
        for (String skip : List.of("YES", "v2")) {
            ParsedPlaylist delta = read(live("?_HLS_skip=" + skip));
            assertThat(delta.mediaSequence()).isEqualTo(whole.mediaSequence());
            double kept = delta.entries().stream()
                    .mapToDouble(ParsedPlaylist.Entry::duration)
                    .sum();
            double all = whole.entries().stream()
                    .mapToDouble(ParsedPlaylist.Entry::duration)
                    .sum();
            if (all > 6.0 * whole.target() + whole.target()) {
                assertThat(delta.skipped()).isPositive();
            }
            assertThat(kept).isGreaterThanOrEqualTo(Math.min(all, 6.0 * whole.target()) - 0.001);
            assertThat(delta.skipped() + delta.entries().size())
                    .isEqualTo(whole.entries().size());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"?_HLS_part=0", "?_HLS_msn=abc", "?_HLS_msn=-1", "?_HLS_msn=1&_HLS_part=x"})
    void aBrokenDirectiveIsRefused(String query) throws Exception {
        assertThat(status(live(query))).isEqualTo(400);
    }

    @Test
    void whatIsTooFarAheadIsRefusedAtOnce() throws Exception {
        ParsedPlaylist now = read(live(""));
        long last = now.segments().getLast().number();
        assertThat(status(live("?_HLS_msn=" + (last + 3)))).isEqualTo(400);
        assertThat(status(live("?_HLS_msn=" + (last + 1) + "&_HLS_part=500"))).isEqualTo(400);
    }

    @Test
    void whoWaitsLongerThanThreeTargetsIsToldSo() throws Exception {
        try (RtmpScript script = publisher("carl")) {
            new MediaScript(script).headers().both(8);
            script.sync();
            ParsedPlaylist now = read("/live/carl/v0.m3u8");
            long before = System.nanoTime();
            HttpResponse<byte[]> answer = http.get(
                    "/live/carl/v0.m3u8?_HLS_msn=" + (now.segments().getLast().number() + 2));
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("retry-after")).isPresent();
            assertThat(Duration.ofNanos(System.nanoTime() - before))
                    .isGreaterThanOrEqualTo(Duration.ofSeconds(3 * now.target()));
        }
    }

    @Test
    void anEndedPlaylistIgnoresDirectives() throws Exception {
        ParsedPlaylist ended = seen.get("v0").getLast();
        for (String query : List.of("?_HLS_msn=99999999999", "?_HLS_msn=1&_HLS_part=5", "?_HLS_skip=YES")) {
            ParsedPlaylist again = read("/live/anna/v0.m3u8" + query);
            assertThat(again.entries()).as(query).isEqualTo(ended.entries());
            assertThat(again.skipped()).isZero();
        }
    }

    @Test
    void whatFollowsABreakBeginsWithAKeyFrame() {
        for (ParsedPlaylist playlist : seen.get("v0")) {
            for (ParsedPlaylist.Entry entry : playlist.entries()) {
                if (entry.discontinuity() && !entry.parts().isEmpty()) {
                    assertThat(entry.parts().getFirst().independent())
                            .as(entry.toString())
                            .isTrue();
                }
            }
        }
    }

    // ---- DASH -------------------------------------------------------------------------------------------------

    private static List<Element> elements(Element in, String name) {
        NodeList found = in.getElementsByTagName(name);
        List<Element> all = new ArrayList<>();
        for (int i = 0; i < found.getLength(); i++) {
            all.add((Element) found.item(i));
        }
        return all;
    }

    @Test
    void aManifestListsSegmentsOfTheSameCutWithoutAHole() throws Exception {
        Element manifest = manifest("bert");
        List<Element> representations = elements(manifest, "Representation");
        assertThat(representations).hasSize(2);
        for (Element representation : representations) {
            Element template = elements(representation, "SegmentTemplate").getFirst();
            assertThat(status("/live/" + template.getAttribute("initialization")))
                    .isEqualTo(200);
            List<Element> segments = elements(template, "S");
            assertThat(segments).hasSizeGreaterThanOrEqualTo(3);
            long number = Long.parseLong(template.getAttribute("startNumber"));
            long time = Long.parseLong(segments.getFirst().getAttribute("t"));
            for (Element segment : segments) {
                assertThat(Long.parseLong(segment.getAttribute("t"))).isEqualTo(time);
                time += Long.parseLong(segment.getAttribute("d"));
                assertThat(status(
                                "/live/" + template.getAttribute("media").replace("$Number$", Long.toString(number++))))
                        .isEqualTo(200);
            }
        }
    }

    /** ISO/IEC 23009-1 §5.4: over an encoder's return and a change of its picture as well. */
    @Test
    void neitherTheZeroOfAManifestNorAPeriodsStartEverMoves() {
        Set<String> zeros = new LinkedHashSet<>();
        Map<String, String> starts = new LinkedHashMap<>();
        for (Element manifest : manifests) {
            zeros.add(manifest.getAttribute("availabilityStartTime"));
            for (Element period : elements(manifest, "Period")) {
                String before = starts.putIfAbsent(period.getAttribute("id"), period.getAttribute("start"));
                assertThat(before == null || before.equals(period.getAttribute("start")))
                        .as(before)
                        .isTrue();
            }
        }
        assertThat(zeros).hasSize(1);
        assertThat(starts).as("the broadcast, the return, the wide picture").hasSizeGreaterThanOrEqualTo(3);
        List<Duration> all = starts.values().stream().map(Duration::parse).toList();
        assertThat(all).isSorted();
    }

    @Test
    void whatAPeriodConsistsOfNeverChanges() {
        Map<String, List<String>> tracks = new LinkedHashMap<>();
        for (Element manifest : manifests) {
            for (Element period : elements(manifest, "Period")) {
                List<String> now = elements(period, "SegmentTemplate").stream()
                        .map(template -> template.getAttribute("initialization") + " "
                                + template.getAttribute("timescale") + " "
                                + template.getAttribute("presentationTimeOffset"))
                        .toList();
                List<String> before = tracks.putIfAbsent(period.getAttribute("id"), now);
                // A picture that sleeps leaves; it does not become another.
                assertThat(before == null || before.containsAll(now))
                        .as(before + " became " + now)
                        .isTrue();
            }
        }
    }

    /** FFmpeg asks for the next number before a manifest tells of it. */
    @Test
    void theNextSegmentIsWaitedForAndNoOther() throws Exception {
        try (RtmpScript script = publisher("erna")) {
            MediaScript media = new MediaScript(script).headers().run(8_400, true, true);
            script.sync();
            ParsedPlaylist playlist = read("/live/erna/v0.m3u8");
            ParsedPlaylist.Entry last = playlist.segments().getLast();
            String folder = last.uri().substring(0, last.uri().lastIndexOf('/') + 1);
            assertThat(status(playlist.path(folder + (last.number() + 2) + ".m4s")))
                    .isEqualTo(404);
            CompletableFuture<Integer> next = CompletableFuture.supplyAsync(() -> {
                try {
                    return status(playlist.path(folder + (last.number() + 1) + ".m4s"));
                } catch (Exception e) {
                    throw new CompletionException(e);
                }
            });
            media.run(40, true, true);
            script.sync();
            assertThat(next).isNotDone();
            media.run(2_000, true, true);
            script.sync();
            assertThat(next.get(10, TimeUnit.SECONDS)).isEqualTo(200);
        }
    }

    // ---- on the wire ------------------------------------------------------------------------------------------

    @Test
    void everythingHasItsTypeAndIsForEveryOrigin() throws Exception {
        ParsedPlaylist video = read(live(""));
        ParsedPlaylist transport = read("/live/bert.ts.m3u8");
        Map<String, String> types = Map.of(
                live(""),
                "application/vnd.apple.mpegurl",
                "/live/bert.m3u8",
                "application/vnd.apple.mpegurl",
                "/live/bert.mpd",
                "application/dash+xml",
                video.path(video.segments().getLast().uri()),
                "video/mp4",
                video.path(video.entries().getLast().map().orElseThrow()),
                "video/mp4",
                transport.path(transport.segments().getLast().uri()),
                "video/mp2t");
        for (Map.Entry<String, String> type : types.entrySet()) {
            HttpResponse<byte[]> answer = http.get(type.getKey());
            assertThat(answer.headers().firstValue("content-type").orElse(""))
                    .as(type.getKey())
                    .startsWith(type.getValue());
            assertThat(answer.headers().firstValue("access-control-allow-origin"))
                    .as(type.getKey())
                    .hasValue("*");
        }
    }

    @Test
    void playlistsAreCompressedForWhoeverTakesThat() throws Exception {
        HttpResponse<byte[]> answer = http.get(live(""), "Accept-Encoding", "gzip");
        assertThat(answer.headers().firstValue("content-encoding")).hasValue("gzip");
        assertThat(answer.headers().firstValue("vary").orElse("")).contains("Accept-Encoding");
    }

    @Test
    void segmentsAreKeptAndPlaylistsAreNot() throws Exception {
        ParsedPlaylist video = read(live(""));
        assertThat(http.get(live("")).headers().firstValue("cache-control")).hasValue("no-cache");
        assertThat(http.get(video.path(video.segments().getLast().uri()))
                        .headers()
                        .firstValue("cache-control")
                        .orElse(""))
                .contains("max-age=3600");
    }

    @Test
    void segmentsCanBeAskedForInPieces() throws Exception {
        ParsedPlaylist video = read(live(""));
        String segment = video.path(video.segments().getLast().uri());
        HttpResponse<byte[]> piece = http.get(segment, "Range", "bytes=4-7");
        assertThat(piece.statusCode()).isEqualTo(206);
        assertThat(new String(piece.body(), StandardCharsets.US_ASCII)).isEqualTo("moof");
    }
}
