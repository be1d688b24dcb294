// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.video;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import live.millrace.media.container.mp4.FragmentedMovie;
import live.millrace.media.endpoint.StreamAddresses;
import live.millrace.media.http.HttpAnswer;
import live.millrace.media.http.HttpRequest;
import live.millrace.media.http.HttpRouter;
import live.millrace.media.http.Subject;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.recording.RecordedSegment;
import live.millrace.media.recording.RecordedSpan;
import live.millrace.media.recording.RecordedTrack;
import live.millrace.media.recording.Recording;
import live.millrace.media.recording.Recordings;
import live.millrace.media.time.Timescale;

/** What was recorded of a stream by the wall clock, in the words of MediaMTX's playback server: for what was written for that one. */
final class PlaybackRequests {
    private static final Subject LISTING = new Subject.Recording(Subject.Use.LISTING, "playback");
    private static final Subject PIECE = new Subject.Recording(Subject.Use.ARTEFACT, "playback");

    /** Longer ones are files, or several requests. */
    private static final Duration LONGEST = Duration.ofHours(2);

    private static final int TICKS_PER_MILLI = 90;
    private static final int MOST_DIGITS = 24;

    private final Recordings recordings;
    private final StreamAddresses addresses;
    private final RecordingAudience audience;
    private final VideoWork work;
    private final SpanContent spans;

    PlaybackRequests(
            Recordings recordings,
            StreamAddresses addresses,
            RecordingAudience audience,
            VideoWork work,
            SpanContent spans) {
        this.recordings = recordings;
        this.addresses = addresses;
        this.audience = audience;
        this.work = work;
        this.spans = spans;
    }

    void register(HttpRouter router) {
        router.get("/playback/list", LISTING, this::list);
        router.get("/playback/get", PIECE, this::get);
    }

    private Optional<StreamPath> path(HttpRequest query) {
        return addresses.said(query.parameter("path").orElse(""));
    }

    /** What was recorded of a stream, as far as whoever asks may have it; nothing for one who may not watch the stream. */
    private CompletionStage<List<Recording>> of(StreamPath path, HttpRequest query) {
        return audience.mayList(query, path)
                .thenCompose(may -> may
                        ? recordings.of(path, query.ticket().isPresent())
                        : CompletableFuture.completedStage(List.<Recording>of()))
                .thenCompose(found -> {
                    CompletionStage<List<Recording>> allowed = CompletableFuture.completedStage(new ArrayList<>());
                    for (Recording each : found) {
                        allowed = allowed.thenCombine(audience.mayHave(query, each), (list, mayHave) -> {
                            if (mayHave) {
                                list.add(each);
                            }
                            return list;
                        });
                    }
                    return allowed;
                });
    }

    private static CompletionStage<HttpAnswer> done(HttpAnswer answer) {
        return CompletableFuture.completedStage(answer);
    }

    // ---- list -------------------------------------------------------------------------------------------------

    /** What was recorded without a break. */
    private record Period(Instant start, Duration duration) {
        Instant end() {
            return start.plus(duration);
        }
    }

    private CompletionStage<HttpAnswer> list(HttpRequest query) {
        Optional<StreamPath> path = path(query);
        Optional<Optional<Instant>> start = time(query, "start");
        Optional<Optional<Instant>> end = time(query, "end");
        if (path.isEmpty() || start.isEmpty() || end.isEmpty()) {
            return done(VideoAnswers.badRequest("path is the path of a stream, start and end are times of RFC 3339."));
        }
        String said = URLEncoder.encode(query.parameter("path").orElse(""), StandardCharsets.UTF_8);
        return of(path.get(), query)
                .thenCompose(found -> work.list(() -> {
                    List<String> entries = new ArrayList<>();
                    for (Recording recording : found) {
                        for (Period period : periods(recording)) {
                            if (start.get().filter(period.end()::isBefore).isEmpty()
                                    && end.get().filter(period.start()::isAfter).isEmpty()) {
                                entries.add(json(period, said));
                            }
                        }
                    }
                    return entries.isEmpty()
                            ? HttpAnswer.refusal(HttpResponseStatus.NOT_FOUND, "Nothing was recorded of it.")
                            : HttpAnswer.text(
                                    HttpResponseStatus.OK, "application/json", "[" + String.join(",", entries) + "]\n");
                }))
                .exceptionally(VideoAnswers::failed);
    }

    private static String json(Period period, String path) {
        String start = DateTimeFormatter.ISO_INSTANT.format(period.start());
        String seconds = String.format(Locale.ROOT, "%.3f", period.duration().toMillis() / 1_000.0);
        return "{\"start\":\"" + start + "\",\"duration\":" + seconds + ",\"url\":\"get?path=" + path + "&start="
                + URLEncoder.encode(start, StandardCharsets.UTF_8) + "&duration=" + seconds + "\"}";
    }

    private static List<Period> periods(Recording recording) {
        List<Period> periods = new ArrayList<>();
        for (Stretch stretch : Stretch.of(recording)) {
            List<RecordedSpan> leading = leading(stretch);
            long ticks = leading.stream()
                    .mapToLong(span -> span.segments().duration())
                    .sum();
            Instant start = leading.getFirst().segments().segments().getFirst().programDateTime();
            periods.add(new Period(start, Duration.ofMillis(ticks / TICKS_PER_MILLI)));
        }
        return periods;
    }

    private static List<RecordedSpan> leading(Stretch stretch) {
        return stretch.of(
                stretch.has("v0")
                        ? "v0"
                        : stretch.names().stream().sorted().findFirst().orElseThrow());
    }

    // ---- get --------------------------------------------------------------------------------------------------

    private CompletionStage<HttpAnswer> get(HttpRequest query) {
        Optional<StreamPath> path = path(query);
        Optional<Optional<Instant>> start = time(query, "start").filter(Optional::isPresent);
        Optional<Duration> duration = seconds(query.parameter("duration").orElse(""));
        if (path.isEmpty() || start.isEmpty() || duration.isEmpty()) {
            return done(VideoAnswers.badRequest(
                    "path is the path of a stream, start a time of RFC 3339, duration seconds, at most "
                            + LONGEST.toSeconds() + "."));
        }
        Instant from = start.get().orElseThrow();
        return of(path.get(), query)
                // Who may have nothing of it keeps nobody busy.
                .thenCompose(found -> found.isEmpty()
                        ? done(nothing())
                        : work.build(path.get().toString(), () -> piece(found, from, from.plus(duration.get()))))
                .exceptionally(VideoAnswers::failed);
    }

    /** Blocks for the disk. */
    private HttpAnswer piece(List<Recording> found, Instant from, Instant to)
            throws IOException, SeveralFilesException {
        for (Recording recording : found) {
            for (Stretch stretch : Stretch.of(recording)) {
                Optional<Selection> selection = selection(stretch, from, to);
                if (selection.isPresent()) {
                    HttpAnswer.Content.Joined content = fragments(recording, stretch, selection.get());
                    return VideoAnswers.ranges(
                            content,
                            VideoAnswers.MP4,
                            VideoAnswers.GROWING,
                            "\"" + selection.get().from() + "-" + content.size() + "\"");
                }
            }
        }
        return nothing();
    }

    private static HttpAnswer nothing() {
        return HttpAnswer.refusal(HttpResponseStatus.NOT_FOUND, "Nothing was recorded then.");
    }

    /** What of a stretch plays between two moments, from the random access point before the first on; empty when nothing does. */
    private static Optional<Selection> selection(Stretch stretch, Instant from, Instant to) {
        long first = -1;
        long behind = -1;
        for (RecordedSpan span : leading(stretch)) {
            for (RecordedSegment segment : span.segments().segments()) {
                Instant end = segment.programDateTime().plusMillis(segment.duration() / TICKS_PER_MILLI);
                if (!segment.programDateTime().isBefore(to)) {
                    return first < 0 ? Optional.empty() : Optional.of(new Selection(first, segment.sequence()));
                }
                boolean before = !segment.programDateTime().isAfter(from);
                if (segment.independent() && (before || first < 0)) {
                    first = segment.sequence();
                }
                if (end.isAfter(from)) {
                    behind = segment.sequence();
                }
            }
        }
        return first < 0 || behind < 0 ? Optional.empty() : Optional.of(new Selection(first, Long.MAX_VALUE));
    }

    /** Fragments as they were recorded, but for their numbers and times: those begin anew. */
    private HttpAnswer.Content.Joined fragments(Recording recording, Stretch stretch, Selection selection)
            throws IOException {
        Set<String> names = new HashSet<>(stretch.names());
        names.removeIf(name -> name.startsWith("v") && !name.equals("v0"));
        List<RecordedTrack> tracks = recording.tracks().stream()
                .filter(track -> names.contains(track.name())
                        && stretch.of(track.name()).getFirst().format() == track.format())
                .toList();
        List<HttpAnswer.Content> pieces = new ArrayList<>();
        pieces.add(memory(FragmentedMovie.head(
                tracks.stream().map(RecordedTrack::initialization).toList())));
        Map<String, Long> origins = new HashMap<>();
        long origin = -1;
        int number = 0;
        for (MoviePlan.Batch batch : MoviePlan.batches(stretch, List.copyOf(names), selection)) {
            RecordedTrack track = tracks.stream()
                    .filter(each -> each.name().equals(batch.span().track()))
                    .findFirst()
                    .orElseThrow();
            try (HeadReader reader = new HeadReader(recordings, recording, batch.span())) {
                for (long at = batch.offset(); at < batch.end(); ) {
                    Optional<HeadReader.Head> head = reader.at(at, batch.end());
                    if (head.isEmpty()) {
                        break;
                    }
                    long time = head.get().fragment().baseDecodeTime();
                    if (origin < 0) {
                        origin = Timescale.convert(time, track.timescale(), Timescale.MPEG);
                    }
                    long begins = Timescale.convert(origin, Timescale.MPEG, track.timescale());
                    long zero = origins.computeIfAbsent(track.name(), _ -> begins);
                    ByteBuf moved = FragmentedMovie.moved(head.get().bytes(), ++number, Math.max(0, time - zero));
                    int media = head.get().fragment().length() - moved.readableBytes();
                    pieces.add(memory(moved));
                    pieces.add(spans.piece(recording, batch.span(), at + moved.readableBytes(), media));
                    at += head.get().fragment().length();
                }
            }
        }
        return HttpAnswer.Content.Joined.of(pieces);
    }

    private static HttpAnswer.Content memory(ByteBuf bytes) {
        return new HttpAnswer.Content.Memory(Unpooled.unreleasableBuffer(bytes.asReadOnly()));
    }

    // ---- parameters -------------------------------------------------------------------------------------------

    /** Empty when it is no time; empty inside when it is not said. */
    private static Optional<Optional<Instant>> time(HttpRequest query, String name) {
        Optional<String> text = query.parameter(name);
        if (text.isEmpty()) {
            return Optional.of(Optional.empty());
        }
        try {
            // A plus that was not escaped is a space by now.
            return Optional.of(Optional.of(
                    OffsetDateTime.parse(text.get().replace(' ', '+')).toInstant()));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** {@code 12.5}, and {@code 12.5s} as older clients write it. */
    private static Optional<Duration> seconds(String text) {
        String number = text.endsWith("s") ? text.substring(0, text.length() - 1) : text;
        if (number.length() > MOST_DIGITS || !number.matches("\\d{1,12}(\\.\\d{1,10})?")) {
            return Optional.empty();
        }
        Duration duration =
                Duration.ofMillis(new BigDecimal(number).movePointRight(3).longValue());
        return duration.isPositive() && duration.compareTo(LONGEST) <= 0 ? Optional.of(duration) : Optional.empty();
    }
}
