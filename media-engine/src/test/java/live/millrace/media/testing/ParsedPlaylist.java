// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.testing;

import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A media playlist read back, line by line, by other rules than those that wrote it (RFC 8216 §4.3, rfc8216bis §4.4).
 *
 * @param address that it was fetched from
 * @param mediaSequence of the first entry
 * @param discontinuitySequence of the first entry's predecessor
 * @param serverControl attributes, by name
 * @param entries the last may be open: parts without a segment
 * @param skipped segments that a delta update leaves out
 * @param hints EXT-X-PRELOAD-HINT addresses
 * @param reports EXT-X-RENDITION-REPORT lines, by address
 */
public record ParsedPlaylist(
        URI address,
        long target,
        double partTarget,
        long mediaSequence,
        long discontinuitySequence,
        Map<String, String> serverControl,
        List<Entry> entries,
        long skipped,
        List<String> hints,
        Map<String, Map<String, String>> reports,
        boolean ended) {
    /** An attribute of a tag: a name, and a value with or without quotes. */
    private static final Pattern ATTRIBUTE = Pattern.compile("([A-Z0-9-]+)=(?:\"([^\"]*)\"|([^,]*))");

    /** @param duration in seconds */
    public record Part(String uri, double duration, boolean independent) {}

    /**
     * One segment.
     *
     * @param number media sequence number
     * @param uri empty while it is open
     * @param duration in seconds; that of the parts while it is open
     * @param map the initialization in force
     */
    public record Entry(
            long number,
            String uri,
            double duration,
            boolean discontinuity,
            Optional<String> map,
            Optional<Instant> time,
            boolean gap,
            List<Part> parts) {
        public boolean open() {
            return uri.isEmpty();
        }
    }

    private static Map<String, String> attributes(String line) {
        Matcher matcher = ATTRIBUTE.matcher(line.substring(line.indexOf(':') + 1));
        return matcher.results()
                .collect(Collectors.toMap(
                        found -> found.group(1), found -> found.group(2) == null ? found.group(3) : found.group(2)));
    }

    private static String value(String line) {
        return line.substring(line.indexOf(':') + 1);
    }

    /** @throws AssertionError for a line that is not known */
    public static ParsedPlaylist parse(URI address, String text) {
        long target = -1;
        double partTarget = 0;
        long mediaSequence = 0;
        long discontinuitySequence = 0;
        Map<String, String> control = Map.of();
        List<Entry> entries = new ArrayList<>();
        long skipped = 0;
        List<String> hints = new ArrayList<>();
        Map<String, Map<String, String>> reports = new java.util.TreeMap<>();
        boolean ended = false;

        Optional<String> map = Optional.empty();
        Optional<Instant> time = Optional.empty();
        boolean discontinuity = false;
        boolean gap = false;
        double duration = 0;
        List<Part> parts = new ArrayList<>();
        for (String line : text.lines().toList()) {
            String tag = line.startsWith("#") ? line.replaceFirst(":.*", "") : "";
            switch (tag) {
                case "#EXTM3U", "#EXT-X-VERSION", "#EXT-X-INDEPENDENT-SEGMENTS", "#EXT-X-PLAYLIST-TYPE" -> {
                    // says nothing that a rule here asks for
                }
                case "#EXT-X-TARGETDURATION" -> target = Long.parseLong(value(line));
                case "#EXT-X-SERVER-CONTROL" -> control = attributes(line);
                case "#EXT-X-PART-INF" ->
                    partTarget = Double.parseDouble(attributes(line).get("PART-TARGET"));
                case "#EXT-X-MEDIA-SEQUENCE" -> mediaSequence = Long.parseLong(value(line));
                case "#EXT-X-DISCONTINUITY-SEQUENCE" -> discontinuitySequence = Long.parseLong(value(line));
                case "#EXT-X-SKIP" -> skipped = Long.parseLong(attributes(line).get("SKIPPED-SEGMENTS"));
                case "#EXT-X-DISCONTINUITY" -> discontinuity = true;
                case "#EXT-X-GAP" -> gap = true;
                case "#EXT-X-MAP" -> map = Optional.of(attributes(line).get("URI"));
                case "#EXT-X-PROGRAM-DATE-TIME" -> time = Optional.of(Instant.parse(value(line)));
                case "#EXT-X-PART" -> {
                    Map<String, String> part = attributes(line);
                    parts.add(new Part(
                            part.get("URI"),
                            Double.parseDouble(part.get("DURATION")),
                            "YES".equals(part.get("INDEPENDENT"))));
                }
                case "#EXTINF" -> duration = Double.parseDouble(value(line).replace(",", ""));
                case "#EXT-X-PRELOAD-HINT" -> hints.add(attributes(line).get("URI"));
                case "#EXT-X-RENDITION-REPORT" -> {
                    Map<String, String> report = attributes(line);
                    reports.put(report.get("URI"), report);
                }
                case "#EXT-X-ENDLIST" -> ended = true;
                case "" -> {
                    entries.add(new Entry(
                            mediaSequence + skipped + entries.size(),
                            line,
                            duration,
                            discontinuity,
                            map,
                            time,
                            gap,
                            List.copyOf(parts)));
                    discontinuity = false;
                    gap = false;
                    time = Optional.empty();
                    parts.clear();
                }
                default -> throw new AssertionError("a line that is not known: " + line + " in\n" + text);
            }
        }
        if (!parts.isEmpty()) {
            entries.add(new Entry(
                    mediaSequence + skipped + entries.size(),
                    "",
                    parts.stream().mapToDouble(Part::duration).sum(),
                    discontinuity,
                    map,
                    time,
                    false,
                    List.copyOf(parts)));
        }
        return new ParsedPlaylist(
                address,
                target,
                partTarget,
                mediaSequence,
                discontinuitySequence,
                control,
                entries,
                skipped,
                hints,
                reports,
                ended);
    }

    /** The entries that are whole. */
    public List<Entry> segments() {
        return entries.stream().filter(entry -> !entry.open()).toList();
    }

    /** Of the whole segments, in seconds. */
    public double length() {
        return segments().stream().mapToDouble(Entry::duration).sum();
    }

    /** An address of the playlist as a path. */
    public String path(String uri) {
        return address.resolve(uri).getPath();
    }

    /** The discontinuity sequence number of an entry. */
    public long discontinuity(Entry entry) {
        return discontinuitySequence
                + entries.stream()
                        .filter(each -> each.number() <= entry.number() && each.discontinuity())
                        .count();
    }
}
