// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.video;

import io.netty.handler.codec.http.HttpStatusClass;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import live.millrace.media.endpoint.Endpoint;
import live.millrace.media.endpoint.StreamAddresses;
import live.millrace.media.http.HttpAnswer;
import live.millrace.media.http.HttpRequest;
import live.millrace.media.http.HttpRouter;
import live.millrace.media.http.Subject;
import live.millrace.media.hub.LiveStream;
import live.millrace.media.hub.StreamLocator;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.recording.RecordedSegment;
import live.millrace.media.recording.RecordedSpan;
import live.millrace.media.recording.RecordedTrack;
import live.millrace.media.recording.Recording;
import live.millrace.media.recording.RecordingId;
import live.millrace.media.recording.Recordings;

/**
 * What was recorded: the whole broadcast so far while it goes on, and videos. Playlists, segments that are stretches of spans, spans themselves,
 * and MP4 files made of them.
 */
public final class VideoEndpoint implements Endpoint {

    private static final String HLS = "hls";
    private static final int MOST_PARTS = 1_000_000;

    private final Recordings recordings;
    private final StreamAddresses addresses;
    private final RecordingAudience audience;
    private final VideoWork work = new VideoWork();
    private final SpanContent spans;
    private final Lists lists;
    private final Movies movies;
    private final Storyboards storyboards;
    private final PlaybackRequests playback;

    /**
     * Answers nothing yet.
     *
     * @param locator tells how long segments of a stream that is on may be
     * @param audience tells who may have what is not for everybody
     */
    public VideoEndpoint(
            Recordings recordings,
            StreamAddresses addresses,
            StreamLocator locator,
            RecordingAudience audience,
            InstantSource clock) {
        this.recordings = recordings;
        this.addresses = addresses;
        this.audience = audience;
        this.spans = new SpanContent(recordings, work);
        this.lists = new Lists(
                work,
                new FrameRates(recordings),
                recording -> path(recording.stream())
                        .flatMap(locator::find)
                        .filter(live -> live.broadcastId().equals(recording.broadcast()))
                        .map(LiveStream::targetSeconds)
                        .orElse(0));
        this.movies = new Movies(recordings, work, spans, clock);
        this.storyboards = new Storyboards(recordings, work);
        this.playback = new PlaybackRequests(recordings, addresses, audience, work, spans);
    }

    /** The path of what is written as application and name. */
    private static Optional<StreamPath> path(String stream) {
        int slash = stream.indexOf('/');
        return slash < 0 ? Optional.empty() : StreamPath.of(stream.substring(0, slash), stream.substring(slash + 1));
    }

    @Override
    public String name() {
        return "video";
    }

    /** Adds the addresses to a router. */
    @Override
    public void register(HttpRouter router) {
        Subject live = new Subject.Stream(Subject.Use.LISTING, HLS, VideoAnswers.NOT_RECORDED);
        for (String folder : addresses.folders()) {
            router.get(folder + "/{stream:any}.record.m3u8", live, query -> running(query, "../videos/"));
            router.get(folder + "/{stream:any}.storyboard.vtt", live, this::runningStoryboard);
        }
        router.get("/hls/{stream:any}/record.m3u8", live, query -> running(query, "../../videos/"));
        Subject listing = new Subject.Recording(Subject.Use.LISTING, HLS);
        Subject playlist = new Subject.Recording(Subject.Use.PLAYLIST, HLS);
        Subject piece = new Subject.Recording(Subject.Use.ARTEFACT, HLS);
        Subject file = new Subject.Recording(Subject.Use.ARTEFACT, "mp4");
        router.get("/videos/{id:any}/index.m3u8", listing, this::multivariant);
        router.get("/videos/{id:any}/{track}.m3u8", playlist, this::media);
        router.get("/videos/{id:any}/storyboard.vtt", playlist, this::storyboard);
        router.get("/videos/{id:any}/{span}.jpg", piece, this::sheet);
        router.get("/videos/{id:any}/{track}/{format}.mp4", piece, this::initialization);
        router.get("/videos/{id:any}/{track}/{sequence}.m4s", piece, this::segment);
        router.get("/videos/{id:any}/{span}.mp4", piece, this::span);
        router.get("/videos/{id:any}.mp4", file, query -> movie(query, form(query)));
        router.get("/videos/{id:any}.m4a", file, query -> movie(query, MovieRequest.Form.SOUND));
        router.get("/videos/{id:any}.mp3", file, query -> movie(query, MovieRequest.Form.FRAMES));
        playback.register(router);
    }

    // ---- which recording --------------------------------------------------------------------------------------

    /** Answers about a recording that may be seen, and like about none for all others. */
    @FunctionalInterface
    private interface About {
        CompletionStage<HttpAnswer> answer(Recording recording);
    }

    private CompletionStage<HttpAnswer> about(HttpRequest query, About about) {
        String id = query.name("id");
        if (!RecordingId.isValid(id)) {
            return done(VideoAnswers.notFound());
        }
        return recordings
                .findAnyway(id)
                .thenCompose(found -> allowed(query, found))
                .thenCompose(found -> found.isEmpty() ? done(VideoAnswers.notFound()) : about.answer(found.get()))
                .exceptionally(VideoAnswers::failed);
    }

    /** The gate has let pass what it knew of; what came to be, or was hidden, since then is looked at here. */
    private CompletionStage<Optional<Recording>> allowed(HttpRequest query, Optional<Recording> found) {
        return found.isEmpty() || found.get().access() == Recording.Access.EVERYBODY
                ? CompletableFuture.completedStage(found)
                : audience.mayHave(query, found.get()).thenApply(may -> found.filter(_ -> may));
    }

    private static CompletionStage<HttpAnswer> done(HttpAnswer answer) {
        return CompletableFuture.completedStage(answer);
    }

    // ---- playlists --------------------------------------------------------------------------------------------

    /** Answers about what is recorded of a stream that is on. */
    @FunctionalInterface
    private interface AboutRunning {
        CompletionStage<HttpAnswer> answer(Recording recording, ListRequest request);
    }

    private CompletionStage<HttpAnswer> running(HttpRequest query, AboutRunning about) {
        Optional<StreamPath> path = addresses.path(query);
        if (path.isEmpty()) {
            return done(StreamAddresses.badName());
        }
        Optional<Recording> found = recordings.running(path.get());
        if (found.isEmpty()) {
            return done(VideoAnswers.notRecorded());
        }
        Optional<ListRequest> request = ListRequest.of(query);
        return recordings
                .findAnyway(found.get().id())
                .thenCompose(seen -> allowed(query, seen))
                .thenCompose(seen -> seen.isEmpty()
                        ? done(VideoAnswers.notRecorded())
                        : request.map(times -> about.answer(seen.get(), times)).orElseGet(() -> done(badTimes())))
                .exceptionally(VideoAnswers::failed);
    }

    private CompletionStage<HttpAnswer> running(HttpRequest query, String base) {
        return running(query, (found, request) -> lists.multivariant(found, base + found.id() + "/", request));
    }

    private CompletionStage<HttpAnswer> runningStoryboard(HttpRequest query) {
        return running(
                query,
                (found, request) -> storyboards.list(found, "../videos/" + found.id() + "/", request.windowSeconds()));
    }

    private CompletionStage<HttpAnswer> storyboard(HttpRequest query) {
        return about(query, recording -> storyboards.list(recording, "", 0));
    }

    private CompletionStage<HttpAnswer> multivariant(HttpRequest query) {
        return about(
                query,
                recording -> ListRequest.of(query)
                        .map(request -> lists.multivariant(recording, "", request))
                        .orElseGet(() -> done(badTimes())));
    }

    private CompletionStage<HttpAnswer> media(HttpRequest query) {
        return about(
                query,
                recording -> ListRequest.of(query)
                        .map(request -> lists.media(recording, query.name("track"), request))
                        .orElseGet(() -> done(badTimes())));
    }

    private static HttpAnswer badTimes() {
        return VideoAnswers.badRequest(
                "start and end are milliseconds, window is seconds, and a start comes before its end.");
    }

    // ---- pieces -----------------------------------------------------------------------------------------------

    private CompletionStage<HttpAnswer> initialization(HttpRequest query) {
        return about(query, recording -> {
            Optional<Long> format = ListRequest.number(query.name("format"));
            for (RecordedTrack track : recording.tracks()) {
                if (track.name().equals(query.name("track"))
                        && format.filter(number -> number == track.format()).isPresent()) {
                    return done(VideoAnswers.ranges(
                            new HttpAnswer.Content.Memory(
                                    track.initialization().duplicate().retain()),
                            VideoAnswers.MP4,
                            VideoAnswers.IMMUTABLE,
                            "\"" + track.initialization().readableBytes() + "\""));
                }
            }
            return done(VideoAnswers.notFound());
        });
    }

    private CompletionStage<HttpAnswer> segment(HttpRequest query) {
        return about(
                query,
                recording -> done(ListRequest.number(query.name("sequence"))
                        .flatMap(sequence -> segment(recording, query.name("track"), sequence))
                        .orElseGet(VideoAnswers::notFound)));
    }

    private Optional<HttpAnswer> segment(Recording recording, String track, long sequence) {
        for (RecordedSpan span : recording.spans()) {
            if (span.track().equals(track) && Stretch.holds(span, sequence)) {
                Optional<RecordedSegment> found = Stretch.find(span, sequence);
                if (found.isPresent()) {
                    RecordedSegment segment = found.get();
                    return Optional.of(VideoAnswers.ranges(
                            spans.piece(recording, span, segment.offset(), segment.bytes()),
                            VideoAnswers.MP4,
                            VideoAnswers.IMMUTABLE,
                            "\"" + sequence + "-" + segment.bytes() + "\""));
                }
            }
        }
        return Optional.empty();
    }

    /** A track and the ordinal of its span, with a hyphen between them in addresses. */
    private record SpanName(String track, long ordinal) {
        static Optional<SpanName> of(HttpRequest query) {
            String name = query.name("span");
            int hyphen = name.lastIndexOf('-');
            return hyphen < 0
                    ? Optional.empty()
                    : ListRequest.number(name.substring(hyphen + 1))
                            .map(ordinal -> new SpanName(name.substring(0, hyphen), ordinal));
        }

        boolean names(RecordedSpan span) {
            return span.ordinal() == ordinal && span.track().equals(track);
        }
    }

    private CompletionStage<HttpAnswer> sheet(HttpRequest query) {
        Optional<SpanName> name = SpanName.of(query);
        return about(
                query,
                recording -> name.map(named -> storyboards.sheet(recording, named.track(), named.ordinal()))
                        .orElseGet(() -> done(VideoAnswers.notFound())));
    }

    private CompletionStage<HttpAnswer> span(HttpRequest query) {
        Optional<SpanName> name = SpanName.of(query);
        return about(query, recording -> {
            for (RecordedSpan span : recording.spans()) {
                if (name.filter(named -> named.names(span)).isPresent()) {
                    return done(VideoAnswers.ranges(
                            spans.piece(recording, span, 0, span.bytes()),
                            VideoAnswers.MP4,
                            span.closed() ? VideoAnswers.IMMUTABLE : VideoAnswers.GROWING,
                            "\"" + span.bytes() + "\""));
                }
            }
            return done(VideoAnswers.notFound());
        });
    }

    // ---- files ------------------------------------------------------------------------------------------------

    private static MovieRequest.Form form(HttpRequest query) {
        return ListRequest.soundAlone(query) ? MovieRequest.Form.SOUND : MovieRequest.Form.MOVIE;
    }

    private CompletionStage<HttpAnswer> movie(HttpRequest query, MovieRequest.Form form) {
        return about(query, recording -> {
            Optional<ListRequest> times = ListRequest.of(query);
            Optional<Long> part = ListRequest.number(query, "part").filter(number -> number < MOST_PARTS);
            if (times.isEmpty() || part.isEmpty()) {
                return done(badTimes());
            }
            MovieRequest request = new MovieRequest(
                    form,
                    times.get().startMillis(),
                    times.get().endMillis(),
                    part.get().intValue());
            return movies.answer(recording, request, query.headers())
                    // A refusal is to be read, and is no file.
                    .thenApply(answer -> query.parameter("download")
                            .filter(_ -> answer.status().codeClass() == HttpStatusClass.SUCCESS)
                            .map(name -> answer.with("Content-Disposition", VideoAnswers.attachment(name)))
                            .orElse(answer));
        });
    }

    @Override
    public void close() {
        work.close();
    }
}
