// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.control.api;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import live.millrace.media.control.StreamStatus;
import live.millrace.media.http.HttpAnswer;
import live.millrace.media.http.HttpRequest;
import live.millrace.media.http.HttpRouter;
import live.millrace.media.http.Subject;
import live.millrace.media.hub.StreamPath;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * The management API, described by {@code openapi.json} beside this class. Everything but {@code /api/v1/health} and the
 * description itself wants {@code Authorization: Bearer}. Errors are problem details (RFC 9457).
 */
public final class ApiEndpoint {
    private static final Logger LOG = LoggerFactory.getLogger(ApiEndpoint.class);
    private static final String JSON_TYPE = "application/json";
    private static final String PROBLEM_TYPE = "application/problem+json";
    private static final String BEARER = "Bearer ";
    private static final String NOT_LIVE = "This stream is not live.";
    private static final String NOT_RECORDED = "This stream is not recorded.";
    private static final Subject OPEN = new Subject.None("health and the description of the API are for everybody");
    private static final Subject MANAGEMENT = new Subject.None("management asks for a token by itself");
    private static final JsonMapper JSON = new JsonMapper();

    private final ApiBackend backend;
    private final String description;

    public ApiEndpoint(ApiBackend backend) {
        this.backend = backend;
        try (InputStream in = ApiEndpoint.class.getResourceAsStream("openapi.json")) {
            if (in == null) {
                throw new IllegalStateException("openapi.json is not in the jar");
            }
            description = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds all addresses to a router. */
    public void register(HttpRouter router) {
        router.get(
                "/api/v1/openapi.json",
                OPEN,
                _ -> done(HttpAnswer.text(HttpResponseStatus.OK, JSON_TYPE, description)));
        router.get("/api/v1/health", OPEN, _ -> done(health()));
        guarded(router, HttpMethod.GET, "/api/v1/server", _ -> done(ok(backend.server())));
        guarded(router, HttpMethod.GET, "/api/v1/streams", _ -> done(ok(Map.of("streams", streams()))));
        for (String stream :
                List.of("/api/v1/streams/{stream:any}", "/api/v1/streams/{application:any}/{stream:any}")) {
            guarded(router, HttpMethod.GET, stream, query -> done(stream(query, view -> view)));
            guarded(
                    router,
                    HttpMethod.GET,
                    stream + "/tracks",
                    query -> done(stream(query, view -> Map.of("tracks", view.tracks()))));
            guarded(
                    router,
                    HttpMethod.DELETE,
                    stream,
                    query -> done(gone(path(query).map(backend.streams()::end).orElse(false), NOT_LIVE)));
            guarded(router, HttpMethod.POST, stream + "/recording", query -> done(record(query)));
            guarded(
                    router,
                    HttpMethod.DELETE,
                    stream + "/recording",
                    query -> done(gone(path(query).map(backend::stopRecording).orElse(false), NOT_RECORDED)));
        }
        guarded(router, HttpMethod.GET, "/api/v1/sessions", _ -> done(ok(Map.of("sessions", sessions()))));
        guarded(router, HttpMethod.DELETE, "/api/v1/sessions/{id}", query -> done(kick(query)));
        guarded(
                router,
                HttpMethod.GET,
                "/api/v1/recordings",
                _ -> done(ok(Map.of("recordings", backend.recordings()))));
        SourceRoutes sources = new SourceRoutes(backend.sources());
        for (String source :
                List.of("/api/v1/sources/{stream:any}", "/api/v1/sources/{application:any}/{stream:any}")) {
            guarded(router, HttpMethod.GET, source, query -> done(sources.one(path(query))));
            guarded(router, HttpMethod.PUT, source, SourceRoutes.BODY, query -> done(sources.put(path(query), query)));
            guarded(router, HttpMethod.DELETE, source, query -> done(sources.delete(path(query))));
        }
        guarded(router, HttpMethod.GET, "/api/v1/sources", _ -> done(sources.all()));
        new ProxyNames(backend).register(router, MANAGEMENT);
        guarded(router, HttpMethod.POST, "/api/v1/reload", _ -> reload());
        statistics(
                router,
                "/stat",
                () -> HttpAnswer.text(
                        HttpResponseStatus.OK,
                        "text/xml; charset=utf-8",
                        StatXml.write(backend.server(), backend.streams().streams(), backend.playSessions())));
        statistics(
                router,
                "/metrics",
                () -> HttpAnswer.text(
                        HttpResponseStatus.OK, "text/plain; version=0.0.4; charset=utf-8", backend.metrics()));
    }

    // ---- who may ----------------------------------------------------------------------------------------------

    private void guarded(HttpRouter router, HttpMethod method, String pattern, HttpRouter.Handler handler) {
        guarded(router, method, pattern, 0, handler);
    }

    private void guarded(
            HttpRouter router, HttpMethod method, String pattern, int bodyLimit, HttpRouter.Handler handler) {
        router.route(
                method,
                pattern,
                MANAGEMENT,
                bodyLimit,
                query -> authorised(query) ? handler.handle(query) : done(unauthorised()));
    }

    private void statistics(HttpRouter router, String pattern, Supplier<HttpAnswer> answer) {
        router.get(
                pattern,
                MANAGEMENT,
                query -> done(backend.statisticsOpen() || authorised(query) ? answer.get() : unauthorised()));
    }

    private boolean authorised(HttpRequest query) {
        String header = query.headers().get("Authorization", "");
        return header.regionMatches(true, 0, BEARER, 0, BEARER.length())
                && backend.isToken(header.substring(BEARER.length()).strip());
    }

    private static HttpAnswer unauthorised() {
        return problem(HttpResponseStatus.UNAUTHORIZED, "A bearer token is wanted: Authorization: Bearer …")
                .with("WWW-Authenticate", "Bearer");
    }

    // ---- what they get ----------------------------------------------------------------------------------------

    private HttpAnswer health() {
        String status = backend.server().status();
        return json(
                status.equals("up") ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE,
                JSON_TYPE,
                Map.of("status", status));
    }

    private List<StreamView> streams() {
        return backend.streams().streams().stream().map(StreamView::of).toList();
    }

    private HttpAnswer stream(HttpRequest query, Function<StreamView, Object> what) {
        Optional<StreamStatus> stream = path(query).flatMap(backend.streams()::stream);
        return stream.map(status -> ok(what.apply(StreamView.of(status))))
                .orElseGet(() -> problem(HttpResponseStatus.NOT_FOUND, NOT_LIVE));
    }

    /** Without an application it is {@value StreamPath#LIVE}. */
    private static Optional<StreamPath> path(HttpRequest query) {
        return StreamPath.of(query.names().getOrDefault("application", StreamPath.LIVE), query.name("stream"));
    }

    private HttpAnswer record(HttpRequest query) {
        return path(query)
                .flatMap(backend::startRecording)
                .map(id -> ok(Map.of("id", id)))
                .orElseGet(() ->
                        problem(HttpResponseStatus.NOT_FOUND, "This stream is not live, or nothing is recorded here."));
    }

    private List<SessionView> sessions() {
        List<SessionView> all = new ArrayList<>();
        backend.streams()
                .streams()
                .forEach(stream ->
                        stream.publisher().ifPresent(publisher -> all.add(SessionView.of(publisher, stream.path()))));
        backend.playSessions().forEach(session -> all.add(SessionView.of(session)));
        return all;
    }

    private HttpAnswer kick(HttpRequest query) {
        UUID id;
        try {
            id = UUID.fromString(query.name("id"));
        } catch (IllegalArgumentException noUuid) {
            return problem(HttpResponseStatus.NOT_FOUND, "There is no such session.");
        }
        return gone(backend.streams().endSession(id) || backend.stopPlaying(id), "There is no such session.");
    }

    private CompletionStage<HttpAnswer> reload() {
        return backend.reload().handle((reloaded, failure) -> {
            if (failure == null) {
                return ok(reloaded);
            }
            Throwable cause =
                    failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            if (cause instanceof IllegalArgumentException) {
                return problem(HttpResponseStatus.UNPROCESSABLE_ENTITY, String.valueOf(cause.getMessage()));
            }
            LOG.warn("The settings could not be read again", cause);
            return problem(HttpResponseStatus.INTERNAL_SERVER_ERROR, "The settings could not be read again.");
        });
    }

    // ---- how it looks -----------------------------------------------------------------------------------------

    static HttpAnswer gone(boolean was, String otherwise) {
        return was
                ? HttpAnswer.text(HttpResponseStatus.NO_CONTENT, JSON_TYPE, "")
                : problem(HttpResponseStatus.NOT_FOUND, otherwise);
    }

    static HttpAnswer ok(Object body) {
        return json(HttpResponseStatus.OK, JSON_TYPE, body);
    }

    static HttpAnswer problem(HttpResponseStatus status, String detail) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("title", status.reasonPhrase());
        body.put("status", status.code());
        body.put("detail", detail);
        return json(status, PROBLEM_TYPE, body);
    }

    private static HttpAnswer json(HttpResponseStatus status, String type, Object body) {
        return HttpAnswer.text(status, type, JSON.writeValueAsString(body));
    }

    private static CompletionStage<HttpAnswer> done(HttpAnswer answer) {
        return CompletableFuture.completedStage(answer);
    }
}
