// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import io.netty.handler.codec.http.HttpMethod;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Paths to handlers, in the words of {@link PathPattern}. Filled before the server starts, read by all loops. Of two routes for one
 * path the one with a fixed first folder wins, then the one that says more of the path, then the one that was there first.
 */
public final class HttpRouter {
    /** Answers a request. Called on an event loop: returns at once. */
    @FunctionalInterface
    public interface Handler {
        CompletionStage<HttpAnswer> handle(HttpRequest request);
    }

    /** What stands behind a path: an answer, or a stream. */
    sealed interface Target {
        record Answers(Handler handler) implements Target {}

        record Streams(HttpStream.Handler handler) implements Target {}
    }

    private record Route(HttpMethod method, PathPattern pattern, int bodyLimit, Target target) {}

    /** What a path has to offer. */
    sealed interface Match {
        record Found(Target target, int bodyLimit, Map<String, String> names) implements Match {}

        /** The path is known and takes other methods only. */
        record OtherMethods(Set<HttpMethod> methods) implements Match {}

        record Unknown() implements Match {}
    }

    private static final Match UNKNOWN = new Match.Unknown();

    /** By the depth of their paths; of those that match one path, the one that is meant first. */
    private final Map<Integer, List<Route>> routes = new HashMap<>();

    private final List<String> endpoints = new ArrayList<>();

    /** Adds a route for GET and HEAD. */
    public void get(String pattern, Handler handler) {
        route(HttpMethod.GET, pattern, handler);
    }

    /** Adds a route for GET, HEAD and WebSockets to a stream. */
    public void stream(String pattern, HttpStream.Handler handler) {
        add(HttpMethod.GET, pattern, 0, new Target.Streams(handler));
    }

    /** Adds a route for a method that takes no body. */
    public void route(HttpMethod method, String pattern, Handler handler) {
        route(method, pattern, 0, handler);
    }

    /**
     * Adds a route for a method.
     *
     * @param bodyLimit the bytes that the body of a request may have, which is held in memory; 0 for none. A larger one is refused
     */
    public void route(HttpMethod method, String pattern, int bodyLimit, Handler handler) {
        add(method, pattern, bodyLimit, new Target.Answers(handler));
    }

    private void add(HttpMethod method, String pattern, int bodyLimit, Target target) {
        Route route = new Route(method, PathPattern.of(pattern), bodyLimit, target);
        endpoints.add(method + " " + pattern);
        List<Route> alike = routes.computeIfAbsent(route.pattern().depth(), _ -> new ArrayList<>());
        alike.add(route);
        alike.sort(
                Comparator.comparingInt((Route each) -> each.pattern().weight()).reversed()); // a stable order
    }

    private List<Route> candidates(String path) {
        return routes.getOrDefault(PathPattern.depth(path), List.of());
    }

    /** Method and pattern of every route, in order: for whoever has to know what is open. */
    public List<String> endpoints() {
        return List.copyOf(endpoints);
    }

    Match match(HttpMethod method, String path) {
        HttpMethod asked = method.equals(HttpMethod.HEAD) ? HttpMethod.GET : method;
        Set<HttpMethod> others = LinkedHashSet.newLinkedHashSet(1);
        for (Route route : candidates(path)) {
            Map<String, String> names = route.pattern().match(path);
            if (names != null) {
                if (route.method().equals(asked)) {
                    return new Match.Found(route.target(), route.bodyLimit(), names);
                }
                others.add(route.method());
            }
        }
        return others.isEmpty() ? UNKNOWN : new Match.OtherMethods(others);
    }

    /**
     * How large a body may be.
     *
     * @param uri with or without its query
     */
    int bodyLimit(HttpMethod method, String uri) {
        int mark = uri.indexOf('?');
        return match(method, mark < 0 ? uri : uri.substring(0, mark)) instanceof Match.Found found
                ? found.bodyLimit()
                : 0;
    }

    /** The methods that a path takes, as the Allow header lists them; empty when there is no such path. */
    Optional<String> allowed(String path) {
        List<String> methods = new ArrayList<>();
        for (Route route : candidates(path)) {
            if (route.pattern().match(path) != null) {
                methods.add(route.method().name());
                if (route.method().equals(HttpMethod.GET)) {
                    methods.add(HttpMethod.HEAD.name());
                }
            }
        }
        if (methods.isEmpty()) {
            return Optional.empty();
        }
        methods.add(HttpMethod.OPTIONS.name());
        return Optional.of(String.join(", ", new LinkedHashSet<>(methods)));
    }
}
