// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import java.util.Optional;
import live.millrace.media.http.HttpAnswer;
import live.millrace.media.http.HttpRequest;
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

    /** The stream that an address names; in one without an application it is of {@value StreamPath#LIVE}. Empty when none can be. */
    public Optional<StreamPath> path(HttpRequest request) {
        return naming.path(application(request), name(request));
    }

    /** The stream that a text names as application and name, or as a name alone; empty when none can be. */
    public Optional<StreamPath> said(String text) {
        int slash = text.indexOf('/');
        return slash < 0 ? naming.path("", text) : naming.path(text.substring(0, slash), text.substring(slash + 1));
    }

    /** Whether an address names a stream. Without a look at the rules of names where it is said as it is written. */
    public boolean names(HttpRequest request, StreamPath path) {
        boolean asWritten =
                name(request).equals(path.name()) && application(request).equals(path.application());
        return asWritten || path(request).filter(path::equals).isPresent();
    }

    /** The application that an address says. */
    public static String application(HttpRequest request) {
        return request.names().getOrDefault(APPLICATION, StreamPath.LIVE);
    }

    /** The name that an address says, whatever the naming makes of it. */
    public static String name(HttpRequest request) {
        return request.name(STREAM);
    }

    /** The refusal of a name, in words. */
    public static HttpAnswer badName() {
        return HttpAnswer.refusal(
                HttpResponseStatus.NOT_FOUND, "No stream can have this name: " + StreamPath.RULE + ".");
    }
}
