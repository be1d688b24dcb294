// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.audience;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import live.millrace.media.http.HttpAnswer;
import live.millrace.media.http.HttpRequest;
import live.millrace.media.http.HttpRouter;
import live.millrace.media.hub.StreamNaming;
import live.millrace.media.hub.StreamPath;

/** How streams are named in addresses over HTTP: the first folder is the application, {@code {stream:any}} the name. */
public record StreamAddresses(StreamNaming naming) {
    private static final String APPLICATION = "application";
    private static final String STREAM = "stream";

    /** The folders that addresses of streams are in, as routes write them. A fixed one wins over one that may be any. */
    public List<String> folders() {
        return switch (naming) {
            case AS_SAID -> List.of("/" + StreamPath.LIVE, "/{" + APPLICATION + ":any}");
            case CHANNELS -> List.of("/" + StreamPath.LIVE);
        };
    }

    /** The stream that an address names; in one without an application it is of {@value StreamPath#LIVE}. */
    public Optional<StreamPath> path(HttpRequest query) {
        return naming.path(query.names().getOrDefault(APPLICATION, StreamPath.LIVE), query.name(STREAM));
    }

    /** Refuses what cannot be a name before the handler sees it. */
    public HttpRouter.Handler named(HttpRouter.Handler handler) {
        return query -> path(query).isPresent() ? handler.handle(query) : CompletableFuture.completedStage(badName());
    }

    /** The refusal of a name, in words. */
    public static HttpAnswer badName() {
        return HttpAnswer.refusal(
                HttpResponseStatus.NOT_FOUND, "No stream can have this name: " + StreamPath.RULE + ".");
    }
}
