// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.http;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import live.millrace.media.admission.Admission;
import live.millrace.media.admission.PlayAdmission;
import live.millrace.media.endpoint.HttpViewer;
import live.millrace.media.endpoint.StreamAddresses;
import live.millrace.media.http.Gate;
import live.millrace.media.http.HttpAnswer;
import live.millrace.media.http.HttpRequest;
import live.millrace.media.http.Subject;
import live.millrace.media.hub.StreamLocator;
import live.millrace.media.hub.StreamPath;

/**
 * Asks {@link PlayAdmission} about every request for a stream, in the words of HTTP. Who asks for a playlist or a socket opens a
 * session; segments, parts and initialization sections are for everybody where the stream is public, and else for those whose session
 * was allowed. Thread-safe.
 */
public final class PlayGate implements Gate {
    /** How the path of a request names a recording. */
    private static final String RECORDING = "id";

    /** How a query names a stream whose recordings are meant. */
    private static final String STREAM = "path";

    private final PlayAdmission admission;
    private final StreamAddresses addresses;
    private final StreamLocator locator;

    /** @param locator knows whether there can be a stream */
    public PlayGate(PlayAdmission admission, StreamAddresses addresses, StreamLocator locator) {
        this.admission = admission;
        this.addresses = addresses;
        this.locator = locator;
    }

    @Override
    public CompletionStage<Passage> ask(Subject.Guarded subject, HttpRequest request, Channel socket) {
        return switch (subject) {
            case Subject.Stream stream -> stream(stream, request, socket);
            case Subject.Recording recording -> recording(recording, request);
        };
    }

    /** Whether one that is named may be seen looks the target, whoever asks. Who names a stream sees of it what he may see live. */
    private CompletionStage<Passage> recording(Subject.Recording subject, HttpRequest request) {
        Optional<String> stream = request.parameter(STREAM);
        if (request.names().containsKey(RECORDING) || stream.isEmpty()) {
            return FREE;
        }
        Optional<StreamPath> path = addresses.said(stream.get());
        if (path.isEmpty()) {
            return done(new Passage.Refused(StreamAddresses.badName()));
        }
        return admission.isPublic(path.get().application(), path.get().name())
                ? FREE
                : done(passage(admission.find(HttpViewer.request(request, path.get(), subject.protocol()))));
    }

    private CompletionStage<Passage> stream(Subject.Stream subject, HttpRequest request, Channel socket) {
        boolean everybody = admission.isPublic(StreamAddresses.application(request), StreamAddresses.name(request));
        if (everybody && subject.use() == Subject.Use.ARTEFACT) {
            return FREE; // the target looks at the name
        }
        Optional<StreamPath> path = addresses.path(request);
        if (path.isEmpty()) {
            return done(new Passage.Refused(StreamAddresses.badName()));
        }
        return switch (subject.use()) {
            case ARTEFACT -> done(found(subject, request, path.get()));
            case LISTING -> everybody ? FREE : playlist(subject, request, path.get(), false);
            case PLAYLIST -> playlist(subject, request, path.get(), everybody);
            case SOCKET -> socket(subject, request, path.get(), socket);
        };
    }

    /** Nobody is asked about a name that nothing can be seen under, and nothing is kept for it: what is left of a broadcast is for who watched. */
    private CompletionStage<Passage> playlist(
            Subject.Stream subject, HttpRequest request, StreamPath path, boolean everybody) {
        if (locator.offers(path)) {
            return admission
                    .open(HttpViewer.request(request, path, subject.protocol()))
                    .thenApply(answer -> passage(answer));
        }
        if (everybody) {
            return FREE;
        }
        return done(found(subject, request, path) instanceof Passage.Open open ? open : new Passage.Refused(notLive()));
    }

    private Passage found(Subject.Stream subject, HttpRequest request, StreamPath path) {
        return passage(admission.find(HttpViewer.request(request, path, subject.protocol())));
    }

    private CompletionStage<Passage> socket(
            Subject.Stream subject, HttpRequest request, StreamPath path, Channel socket) {
        String protocol = (request.wantsWebSocket() ? "ws-" : "http-") + subject.protocol();
        return admission
                .open(HttpViewer.request(request, path, protocol), socket::close)
                .thenApply(answer -> {
                    if (answer instanceof Admission.Granted granted) {
                        socket.closeFuture().addListener(_ -> granted.leave());
                    }
                    return passage(answer);
                });
    }

    private static Passage passage(Admission admission) {
        return switch (admission) {
            case Admission.Refused refused -> new Passage.Refused(words(refused));
            case Admission.Granted granted -> new Allowed(granted);
        };
    }

    private record Allowed(Admission.Granted granted) implements Passage.Open {
        @Override
        public Optional<HttpAnswer> revoked() {
            return granted.check() ? Optional.empty() : Optional.of(notForYou());
        }

        @Override
        public void unused() {
            granted.leave();
        }
    }

    private static CompletionStage<Passage> done(Passage passage) {
        return CompletableFuture.completedStage(passage);
    }

    // ---- what the peer hears ----------------------------------------------------------------------------------

    private static HttpAnswer words(Admission.Refused refused) {
        return switch (refused.cause()) {
            case TOO_FAST, TOO_MANY_SESSIONS, TOO_MANY_SOCKETS -> HttpAnswer.tooMany();
            case NOT_ALLOWED, NO_ANSWER, REVOKED, EXPIRED, NO_SESSION -> notForYou();
        };
    }

    private static HttpAnswer notForYou() {
        return HttpAnswer.refusal(HttpResponseStatus.FORBIDDEN, "This stream is not for you.");
    }

    private static HttpAnswer notLive() {
        return HttpAnswer.refusal(HttpResponseStatus.NOT_FOUND, "This channel is not live.");
    }
}
