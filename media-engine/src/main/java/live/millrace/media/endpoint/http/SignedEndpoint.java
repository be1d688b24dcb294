// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import live.millrace.media.admission.PlayAdmission;
import live.millrace.media.admission.PlayRequest;
import live.millrace.media.admission.SignedPlays;
import live.millrace.media.endpoint.Endpoint;
import live.millrace.media.endpoint.HttpViewer;
import live.millrace.media.endpoint.StreamAddresses;
import live.millrace.media.http.HttpAnswer;
import live.millrace.media.http.HttpRequest;
import live.millrace.media.http.HttpRouter;
import live.millrace.media.http.Subject;
import live.millrace.media.recording.Recording;

/**
 * Gives to those who watch by a ticket the address by which a cache in front fetches the same for all: {@code {"path":"/k/…","millis":41000}}, what
 * to put before {@code /live/…} or {@code /videos/…} in place of the ticket, and how long it holds. Whoever asks goes on with the session of the
 * ticket, by which they are counted, and sent away.
 */
public final class SignedEndpoint implements Endpoint {
    private static final String HLS = "hls";

    private final PlayAdmission admission;
    private final StreamAddresses addresses;
    private final Function<String, CompletionStage<Optional<Recording>>> recordings;

    /** @param recordings finds those that may be seen, by whomever; empty when nothing is recorded */
    public SignedEndpoint(
            PlayAdmission admission,
            StreamAddresses addresses,
            Optional<Function<String, CompletionStage<Optional<Recording>>>> recordings) {
        this.admission = admission;
        this.addresses = addresses;
        this.recordings = recordings.orElse(_ -> CompletableFuture.completedStage(Optional.empty()));
    }

    @Override
    public String name() {
        return "signed";
    }

    /** Adds the addresses to a router, where any are given away. */
    @Override
    public void register(HttpRouter router) {
        if (!admission.signed().on()) {
            return;
        }
        Subject live = new Subject.Stream(Subject.Use.LISTING, HLS);
        for (String folder : addresses.folders()) {
            router.get(folder + "/{stream:any}/signed.json", live, this::live);
        }
        router.get("/videos/{id:any}/signed.json", new Subject.Recording(Subject.Use.PLAYLIST, HLS), this::video);
    }

    private CompletionStage<HttpAnswer> live(HttpRequest request) {
        Optional<PlayRequest> wish = addresses
                .path(request)
                .filter(path -> !admission.isPublic(path.application(), path.name()))
                .map(path -> HttpViewer.request(request, path, HLS));
        return CompletableFuture.completedStage(answer(wish, new Subject.Stream(Subject.Use.LISTING, HLS).absent()));
    }

    private CompletionStage<HttpAnswer> video(HttpRequest request) {
        return recordings
                .apply(request.name(PlayGate.RECORDING))
                .thenApply(found -> answer(
                        found.filter(recording -> recording.access() != Recording.Access.EVERYBODY)
                                .flatMap(recording -> PlayGate.wish(request, recording, HLS)),
                        Subject.Recording.ABSENT));
    }

    private HttpAnswer answer(Optional<PlayRequest> wish, String absent) {
        return wish.flatMap(admission::address)
                .map(SignedEndpoint::told)
                .orElseGet(() -> HttpAnswer.refusal(HttpResponseStatus.NOT_FOUND, absent));
    }

    /** Nothing in it needs to be escaped. */
    private static HttpAnswer told(SignedPlays.Issued issued) {
        return HttpAnswer.text(
                HttpResponseStatus.OK,
                "application/json",
                "{\"path\":\"/k/" + issued.signature().text() + "\",\"millis\":" + issued.leftMillis() + "}");
    }
}
