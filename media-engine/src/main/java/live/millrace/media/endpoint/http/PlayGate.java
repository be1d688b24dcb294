// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.http;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import live.millrace.media.access.PlayRefusal;
import live.millrace.media.admission.Admission;
import live.millrace.media.admission.PlayAdmission;
import live.millrace.media.admission.PlayRequest;
import live.millrace.media.admission.SignedPlays;
import live.millrace.media.endpoint.HttpViewer;
import live.millrace.media.endpoint.StreamAddresses;
import live.millrace.media.endpoint.ViewerRefusal;
import live.millrace.media.http.Gate;
import live.millrace.media.http.HttpAnswer;
import live.millrace.media.http.HttpRequest;
import live.millrace.media.http.Subject;
import live.millrace.media.hub.Demand;
import live.millrace.media.hub.StreamLocator;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.recording.Recording;
import live.millrace.media.recording.RecordingId;
import live.millrace.media.socket.Cut;

/**
 * Asks {@link PlayAdmission} about every request for a stream or a recording, in the words of HTTP. Who asks for a playlist or a socket
 * opens a session; segments, parts and initialization sections are for everybody where the stream is public, and else for those whose
 * session was allowed, or who bring a ticket. A cache that asks for many brings a signature, and opens no session. Who may not have what is not
 * for everybody hears what he would hear if it were not there. Thread-safe.
 */
public final class PlayGate implements Gate {
    /** How the path of a request names a recording. */
    static final String RECORDING = "id";

    /** How a query names a stream whose recordings are meant. */
    private static final String STREAM = "path";

    /** For so long whoever asks for a stream without an end is kept waiting when there is none. */
    private static final Duration PATIENCE = Demand.SOON.patience();

    private final PlayAdmission admission;
    private final StreamAddresses addresses;
    private final StreamLocator locator;
    private final Function<String, CompletionStage<Optional<Recording>>> recordings;
    private final PublicAnswers publicAnswers = new PublicAnswers();

    /**
     * Nobody has passed yet.
     *
     * @param locator knows whether there can be a stream
     * @param recordings finds those that may be seen, by whomever; empty when nothing is recorded
     */
    public PlayGate(
            PlayAdmission admission,
            StreamAddresses addresses,
            StreamLocator locator,
            Optional<Function<String, CompletionStage<Optional<Recording>>>> recordings) {
        this.admission = admission;
        this.addresses = addresses;
        this.locator = locator;
        this.recordings = recordings.orElse(_ -> CompletableFuture.completedStage(Optional.empty()));
    }

    @Override
    public CompletionStage<Passage> ask(Subject.Guarded subject, HttpRequest request, Channel socket) {
        return switch (subject) {
            case Subject.Stream stream -> stream(stream, request, socket);
            case Subject.Recording recording -> recording(recording, request);
        };
    }

    // ---- recordings -------------------------------------------------------------------------------------------

    private CompletionStage<Passage> recording(Subject.Recording subject, HttpRequest request) {
        String id = request.names().get(RECORDING);
        return id == null ? recordingsOf(subject, request) : named(id, subject, request);
    }

    private CompletionStage<Passage> named(String id, Subject.Recording subject, HttpRequest request) {
        CompletableFuture<Optional<Recording>> found = recordings.apply(id).toCompletableFuture();
        if (found.isDone() && !found.isCompletedExceptionally()) {
            return found.join()
                    .map(each -> of(each, subject, request).thenCompose(this::slowly))
                    .orElseGet(() -> done(new Passage.Refused(noVideo())));
        }
        return found.handle((now, away) -> {
                    if (away != null) {
                        return FREE; // the target says that nobody knows
                    }
                    return now.map(each -> of(each, subject, request))
                            .orElseGet(() -> done(new Passage.Refused(noVideo())));
                })
                .thenCompose(passage -> passage);
    }

    /** Who is refused what was in memory waits as long as for one that there is not: that is looked up each time. */
    private CompletionStage<Passage> slowly(Passage passage) {
        return passage instanceof Passage.Refused
                ? recordings.apply(RecordingId.fresh()).handle((_, _) -> passage)
                : done(passage);
    }

    private CompletionStage<Passage> of(Recording recording, Subject.Recording subject, HttpRequest request) {
        if (recording.access() == Recording.Access.EVERYBODY) {
            return subject.use() == Subject.Use.ARTEFACT ? done(new Everybodys(recording.id())) : FREE;
        }
        Optional<PlayRequest> wish = wish(request, recording, subject.protocol());
        return wish.isEmpty()
                ? done(bySignature(subject, request, what(recording), PlayGate::noVideo))
                : (subject.use() == Subject.Use.PLAYLIST ? admission.open(wish.get()) : admission.openPiece(wish.get()))
                        .thenApply(answer -> alone(answer, PlayGate::noVideo));
    }

    /** Who names a stream sees of its recordings what he may see live; of those that are not for everybody, the target asks about each. */
    private CompletionStage<Passage> recordingsOf(Subject.Recording subject, HttpRequest request) {
        Optional<StreamPath> path = addresses.said(request.parameter(STREAM).orElse(""));
        if (path.isEmpty() || isPublic(path.get())) {
            return FREE; // the target refuses what names none
        }
        return mayWatch(request, path.get(), subject.protocol())
                .thenApply(answer ->
                        // Who may not is refused by the target, as if nothing had been recorded.
                        answer instanceof Admission.Granted granted
                                ? new Alone(granted, PlayGate::noVideo)
                                : Passage.FREE);
    }

    private CompletionStage<Admission> mayWatch(HttpRequest request, StreamPath path, String protocol) {
        PlayRequest wish = HttpViewer.request(request, path, protocol);
        return wish.ticket().isPresent()
                ? admission.openPiece(wish)
                : CompletableFuture.completedStage(admission.find(wish));
    }

    private static Optional<StreamPath> madeOf(Recording recording) {
        int slash = recording.stream().indexOf('/');
        return StreamPath.of(
                recording.stream().substring(0, Math.max(0, slash)),
                recording.stream().substring(slash + 1));
    }

    private static Optional<SignedPlays.What> what(Recording recording) {
        return madeOf(recording).map(path -> new SignedPlays.What(path, Optional.of(recording.id())));
    }

    /** What is wished for by the ticket that came; empty when none can have come. */
    static Optional<PlayRequest> wish(HttpRequest request, Recording recording, String protocol) {
        return madeOf(recording)
                .map(path -> HttpViewer.request(request, path, protocol, Optional.of(recording.id())))
                .filter(wish -> wish.ticket().isPresent());
    }

    /** Whether somebody may have a recording: the last word, for targets that name it themselves. Who may is known from then on. */
    public CompletionStage<Boolean> mayHave(HttpRequest request, Recording recording) {
        if (recording.access() == Recording.Access.EVERYBODY) {
            return CompletableFuture.completedStage(true);
        }
        if (request.names().containsKey(RECORDING) && signed(request, recording)) {
            return CompletableFuture.completedStage(true); // what of it a signature is for was looked at before
        }
        return wish(request, recording, "hls")
                .map(wish -> admission.openPiece(wish).thenApply(answer -> answer instanceof Admission.Granted))
                .orElseGet(() -> CompletableFuture.completedStage(false));
    }

    private boolean signed(HttpRequest request, Recording recording) {
        return what(recording)
                .flatMap(what -> SignedPassage.grant(admission.signed(), request, what))
                .isPresent();
    }

    /** Whether somebody may see of a stream's recordings those that are for everybody who may watch it. */
    public CompletionStage<Boolean> mayList(HttpRequest request, StreamPath path) {
        return isPublic(path)
                ? CompletableFuture.completedStage(true)
                : mayWatch(request, path, "playback").thenApply(answer -> answer instanceof Admission.Granted);
    }

    /** A recording was changed: ends what is being sent of it, should it not be for everybody any more. */
    public void readAnew(String id) {
        if (publicAnswers.any(id)) {
            var _ = recordings.apply(id).thenAccept(found -> {
                if (found.filter(each -> each.access() == Recording.Access.EVERYBODY)
                        .isEmpty()) {
                    publicAnswers.end(id);
                }
            });
        }
    }

    // ---- streams ----------------------------------------------------------------------------------------------

    private boolean isPublic(StreamPath path) {
        return admission.isPublic(path.application(), path.name());
    }

    private CompletionStage<Passage> stream(Subject.Stream subject, HttpRequest request, Channel socket) {
        if (subject.use() == Subject.Use.SESSION) {
            return FREE; // the target asks, for as long as the session goes on
        }
        boolean everybody = admission.isPublic(StreamAddresses.application(request), StreamAddresses.name(request));
        if (everybody && subject.use() == Subject.Use.ARTEFACT) {
            return FREE; // the target looks at the name
        }
        Optional<StreamPath> path = addresses.path(request);
        if (path.isEmpty()) {
            return done(new Passage.Refused(StreamAddresses.badName()));
        }
        boolean noTicket =
                request.ticket().isPresent() && HttpViewer.ticket(request).isEmpty();
        if (noTicket && !everybody) {
            // as one that nobody has
            Passage passage = bySignature(
                    subject,
                    request,
                    path.map(live -> new SignedPlays.What(live, Optional.empty())),
                    () -> absence(subject));
            return passage instanceof Passage.Refused ? absent(subject) : done(passage);
        }
        return switch (subject.use()) {
            case ARTEFACT -> piece(subject, request, path.get());
            case LISTING -> everybody ? FREE : playlist(subject, request, path.get(), false);
            case PLAYLIST -> playlist(subject, request, path.get(), everybody);
            case SOCKET -> socket(subject, request, path.get(), everybody, socket);
            case SESSION -> FREE;
        };
    }

    /** Nobody is asked about a name that nothing can be seen under, and nothing is kept for it: what is left of a broadcast is for who watched. */
    private CompletionStage<Passage> playlist(
            Subject.Stream subject, HttpRequest request, StreamPath path, boolean everybody) {
        if (!locator.offers(path)) {
            return everybody ? FREE : done(found(subject, request, path));
        }
        PlayRequest wish = HttpViewer.request(request, path, subject.protocol());
        return everybody
                ? admission.open(wish).thenApply(answer -> together(answer, subject, path))
                : admission.open(wish).thenApply(answer -> alone(answer, () -> absence(subject)));
    }

    /** Of what is not public. A ticket opens a session by whatever it is used for first. */
    private CompletionStage<Passage> piece(Subject.Stream subject, HttpRequest request, StreamPath path) {
        return request.ticket().isPresent() && locator.offers(path)
                ? admission
                        .openPiece(HttpViewer.request(request, path, subject.protocol()))
                        .thenApply(answer -> alone(answer, () -> absence(subject)))
                : done(found(subject, request, path));
    }

    private Passage found(Subject.Stream subject, HttpRequest request, StreamPath path) {
        return alone(admission.find(HttpViewer.request(request, path, subject.protocol())), () -> absence(subject));
    }

    private CompletionStage<Passage> socket(
            Subject.Stream subject, HttpRequest request, StreamPath path, boolean everybody, Channel socket) {
        String protocol = (request.wantsWebSocket() ? "ws-" : "http-") + subject.protocol();
        return admission
                .open(HttpViewer.request(request, path, protocol), () -> Cut.off(socket))
                .thenCompose(answer -> {
                    if (answer instanceof Admission.Granted granted) {
                        socket.closeFuture().addListener(_ -> granted.leave());
                    }
                    boolean hidden = !everybody
                            && answer instanceof Admission.Refused(PlayRefusal cause)
                            && !ViewerRefusal.asksTooOften(cause);
                    return hidden
                            ? absent(subject)
                            : done(everybody ? together(answer, subject, path) : alone(answer, () -> absence(subject)));
                });
    }

    /** As if there were no such stream: in the same words after the same time. */
    private static CompletionStage<Passage> absent(Subject.Stream subject) {
        Passage refused = new Passage.Refused(absence(subject));
        return subject.use() == Subject.Use.SOCKET
                ? new CompletableFuture<Passage>()
                        .completeOnTimeout(refused, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                : done(refused);
    }

    // ---- who passes -------------------------------------------------------------------------------------------

    /** To what nobody else may have. */
    private static Passage alone(Admission admission, Supplier<HttpAnswer> absence) {
        return switch (admission) {
            case Admission.Refused(PlayRefusal cause) ->
                new Passage.Refused(ViewerRefusal.asksTooOften(cause) ? HttpAnswer.tooMany() : absence.get());
            case Admission.Granted granted -> new Alone(granted, absence);
        };
    }

    private record Alone(Admission.Granted granted, Supplier<HttpAnswer> absence) implements Passage.Held {
        @Override
        public Optional<HttpAnswer> revoked() {
            return granted.check() ? Optional.empty() : Optional.of(absence.get());
        }

        @Override
        public void unused() {
            granted.leave();
        }

        @Override
        public void hold(Runnable end) {
            granted.hold(end);
        }

        @Override
        public void release(Runnable end) {
            granted.release(end);
        }

        @Override
        public boolean exclusive() {
            return true;
        }
    }

    /** To what is for everybody, as long as it is. */
    private Passage together(Admission admission, Subject.Stream subject, StreamPath path) {
        return switch (admission) {
            case Admission.Refused(PlayRefusal cause) -> new Passage.Refused(ViewerRefusal.words(cause));
            case Admission.Granted granted -> new Together(granted, subject, path);
        };
    }

    private final class Together implements Passage.Loose {
        private final Admission.Granted granted;
        private final Subject.Stream subject;
        private final StreamPath path;

        Together(Admission.Granted granted, Subject.Stream subject, StreamPath path) {
            this.granted = granted;
            this.subject = subject;
            this.path = path;
        }

        @Override
        public Optional<HttpAnswer> revoked() {
            if (granted.check()) {
                return Optional.empty();
            }
            return Optional.of(isPublic(path) ? ViewerRefusal.notForYou() : absence(subject));
        }

        @Override
        public void unused() {
            granted.leave();
        }
    }

    /** To a recording that is for everybody, as long as it is. */
    private final class Everybodys implements Passage.Held {
        private final String recording;

        Everybodys(String recording) {
            this.recording = recording;
        }

        @Override
        public Optional<HttpAnswer> revoked() {
            return Optional.empty();
        }

        @Override
        public void unused() {}

        @Override
        public void hold(Runnable end) {
            publicAnswers.hold(recording, end);
        }

        @Override
        public void release(Runnable end) {
            publicAnswers.release(recording, end);
        }

        @Override
        public boolean exclusive() {
            return false;
        }
    }

    private Passage bySignature(
            Subject.Guarded subject,
            HttpRequest request,
            Optional<SignedPlays.What> what,
            Supplier<HttpAnswer> absence) {
        return what.flatMap(one -> SignedPassage.of(admission.signed(), subject, request, one, absence))
                .<Passage>map(Function.identity())
                .orElseGet(() -> new Passage.Refused(absence.get()));
    }

    private static CompletionStage<Passage> done(Passage passage) {
        return CompletableFuture.completedStage(passage);
    }

    // ---- what the peer hears ----------------------------------------------------------------------------------

    private static HttpAnswer absence(Subject.Stream subject) {
        return HttpAnswer.refusal(HttpResponseStatus.NOT_FOUND, subject.absent());
    }

    private static HttpAnswer noVideo() {
        return HttpAnswer.refusal(HttpResponseStatus.NOT_FOUND, Subject.Recording.ABSENT);
    }
}
