// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.webrtc;

import io.netty.handler.codec.http.HttpMethod;
import java.util.List;
import java.util.concurrent.CompletionStage;
import live.millrace.media.endpoint.StreamAddresses;
import live.millrace.media.http.HttpAnswer;
import live.millrace.media.http.HttpRequest;
import live.millrace.media.http.HttpRouter;
import live.millrace.media.http.Subject;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.protocol.webrtc.Offer;

/** Where viewers' offers go: our addresses, and those that players know of MediaMTX and SRS. */
final class WhepAddresses {
    /** Answers an offer for the stream that an address names. */
    @FunctionalInterface
    interface Watching {
        CompletionStage<HttpAnswer> watch(HttpRequest request, String application, String stream);
    }

    private WhepAddresses() {}

    static void register(HttpRouter router, StreamAddresses addresses, Subject subject, Watching watching) {
        for (String folder : addresses.folders()) {
            offers(
                    router,
                    folder + "/{stream:any}/whep",
                    subject,
                    request -> watching.watch(
                            request, StreamAddresses.application(request), StreamAddresses.name(request)));
        }
        offers(
                router,
                "/{stream:any}/whep",
                subject,
                request -> watching.watch(request, StreamPath.LIVE, StreamAddresses.name(request)));
        for (String path : List.of("/rtc/v1/whep", "/rtc/v1/whep/")) {
            offers(
                    router,
                    path,
                    subject,
                    request -> watching.watch(
                            request,
                            request.parameter("app").orElse(StreamPath.LIVE),
                            request.parameter("stream").orElse("")));
        }
    }

    private static void offers(HttpRouter router, String path, Subject subject, HttpRouter.Handler handler) {
        router.route(HttpMethod.POST, path, subject, Offer.MAX_LENGTH, handler);
    }
}
