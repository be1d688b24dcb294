// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.hls;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import live.millrace.media.hub.StreamState;
import live.millrace.media.testing.MediaScript;
import live.millrace.media.testing.ParsedPlaylist;
import live.millrace.media.testing.RtmpScript;
import live.millrace.media.testing.SampleMedia;
import live.millrace.media.testing.Wait;
import org.w3c.dom.Element;

/**
 * What one broadcast was seen to do: it plays, its picture sleeps, its encoder breaks off and comes back, its picture changes its size, it
 * ends.
 */
final class WatchedBroadcast extends OnAir {
    static final List<String> LOW_LATENCY = List.of("v0", "a0");
    private static final String TRANSPORT = "anna.ts.m3u8";
    private static final int STEP_MILLIS = 500;

    /** Every playlist in the order in which it was fetched, by rendition. */
    final Map<String, List<ParsedPlaylist>> seen = new LinkedHashMap<>();

    /** Every manifest in the order in which it was fetched. */
    final List<Element> manifests = new ArrayList<>();

    /** Seconds of media that were sent when the rendition's playlist was fetched. */
    final List<Double> sent = new ArrayList<>();

    /** What a playlist no longer listed, and what its address answered right then. */
    final Map<String, Integer> left = new LinkedHashMap<>();

    private double seconds;

    WatchedBroadcast(Path directory) throws Exception {
        super(directory);
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

    private ParsedPlaylist fetch(String rendition) throws Exception {
        return read(rendition.equals("ts") ? "/live/" + TRANSPORT : "/live/anna/" + rendition + ".m3u8");
    }

    void each(BiConsumer<String, ParsedPlaylist> rule) {
        seen.forEach((rendition, all) -> all.forEach(playlist -> rule.accept(rendition, playlist)));
    }

    void eachLowLatency(BiConsumer<String, ParsedPlaylist> rule) {
        each((rendition, playlist) -> {
            if (LOW_LATENCY.contains(rendition)) {
                rule.accept(rendition, playlist);
            }
        });
    }

    /** Each playlist with its successor. */
    void eachChange(BiConsumer<ParsedPlaylist, ParsedPlaylist> rule) {
        seen.values().forEach(all -> {
            for (int i = 1; i < all.size(); i++) {
                rule.accept(all.get(i - 1), all.get(i));
            }
        });
    }
}
