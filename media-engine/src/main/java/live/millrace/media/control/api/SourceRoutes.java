// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.control.api;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import live.millrace.media.http.HttpAnswer;
import live.millrace.media.http.HttpRequest;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.source.SourceAddress;
import live.millrace.media.source.SourceMode;
import live.millrace.media.source.SourceStatus;
import live.millrace.media.source.Sources;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the API shows and does of streams that are fetched. Addresses are taken and never shown: passwords stand in them. */
final class SourceRoutes {
    /** Bytes of a body: an address, and a few words. */
    static final int BODY = 8 << 10;

    private static final String NONE = "This stream is not fetched.";
    private static final JsonMapper JSON = new JsonMapper();

    private final Sources sources;

    SourceRoutes(Sources sources) {
        this.sources = sources;
    }

    HttpAnswer all() {
        return ApiEndpoint.ok(Map.of(
                "sources",
                sources.all().entrySet().stream()
                        .sorted(Comparator.comparing(entry -> entry.getKey().toString()))
                        .map(entry -> view(entry.getKey(), entry.getValue()))
                        .toList()));
    }

    HttpAnswer one(Optional<StreamPath> path) {
        return path.flatMap(known -> sources.status(known).map(status -> ApiEndpoint.ok(view(known, status))))
                .orElseGet(() -> ApiEndpoint.problem(HttpResponseStatus.NOT_FOUND, NONE));
    }

    private static Map<String, Object> view(StreamPath path, SourceStatus status) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("application", path.application());
        view.put("stream", path.name());
        view.put("state", word(status.state()));
        view.put("since", status.since().toString());
        view.put("failure", status.failure().map(SourceRoutes::word).orElse(null));
        view.put("lastMedia", status.lastMedia().map(Instant::toString).orElse(null));
        return view;
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** {@code {"url": "rtsp://…", "mode": "on-demand", "transport": "tcp"}} */
    HttpAnswer put(Optional<StreamPath> path, HttpRequest query) {
        if (path.isEmpty()) {
            return ApiEndpoint.problem(
                    HttpResponseStatus.UNPROCESSABLE_ENTITY, "No stream can have this name: " + StreamPath.RULE + ".");
        }
        try {
            JsonNode said = JSON.readTree(query.body().toString(StandardCharsets.UTF_8));
            SourceMode mode = switch (said.path("mode").asString("on-demand")) {
                case "on-demand" -> SourceMode.ON_DEMAND;
                case "always" -> SourceMode.ALWAYS;
                default -> throw new IllegalArgumentException("mode is on-demand or always");
            };
            boolean datagrams = switch (said.path("transport").asString("tcp")) {
                case "tcp" -> false;
                case "udp" -> true;
                default -> throw new IllegalArgumentException("transport is tcp or udp");
            };
            SourceAddress address = SourceAddress.of(
                    said.path("url").asString(""),
                    datagrams,
                    SourceAddress.Reach.PRIVATE,
                    SourceAddress.USUAL_PATIENCE);
            sources.put(path.get(), address, mode);
        } catch (JacksonException e) {
            // Its own words would repeat what was sent.
            return ApiEndpoint.problem(HttpResponseStatus.UNPROCESSABLE_ENTITY, "The body is no JSON.");
        } catch (IllegalArgumentException e) {
            return ApiEndpoint.problem(
                    HttpResponseStatus.UNPROCESSABLE_ENTITY, "This cannot be fetched: " + e.getMessage() + ".");
        }
        return one(path);
    }

    HttpAnswer delete(Optional<StreamPath> path) {
        return ApiEndpoint.gone(path.map(sources::remove).orElse(false), NONE);
    }
}
