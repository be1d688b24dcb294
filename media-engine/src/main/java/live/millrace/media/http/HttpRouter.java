// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import io.netty.channel.Channel;
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

        record Uploads(HttpUpload.Handler handler) implements Target {}
    }

    /**
     * A route, for whoever has to know what is open.
     *
     * @param pattern of its paths
     */
    public record Route(HttpMethod method, String pattern, Subject subject) {}

    /** @param apart it is no reason to say that its path takes another method */
    private record Way(Route route, PathPattern pattern, int bodyLimit, Target target, boolean apart) {
        HttpMethod method() {
            return route.method();
        }
    }

    /** What a path has to offer. */
    sealed interface Match {
        record Found(Subject subject, Target target, int bodyLimit, Map<String, String> names) implements Match {}

        /** The path is known and takes other methods only. */
        record OtherMethods(Set<HttpMethod> methods) implements Match {}

        record Unknown() implements Match {}
    }

    private static final Match UNKNOWN = new Match.Unknown();

    /** By the depth of their paths; of those that match one path, the one that is meant first. */
    private final Map<Integer, List<Way>> ways = new HashMap<>();

    private final List<Route> routes = new ArrayList<>();
    private final Optional<Gate> gate;

    /** A router for what no gate decides about: it takes no other routes. */
    public HttpRouter() {
        this.gate = Optional.empty();
    }

    /** @param gate is asked before every target that is about something */
    public HttpRouter(Gate gate) {
        this.gate = Optional.of(gate);
    }

    /** Adds a route for GET and HEAD. */
    public void get(String pattern, Subject subject, Handler handler) {
        route(HttpMethod.GET, pattern, subject, handler);
    }

    /** Adds a route for GET, HEAD and WebSockets to a stream. */
    public void stream(String pattern, Subject subject, HttpStream.Handler handler) {
        add(new Route(HttpMethod.GET, pattern, subject), 0, new Target.Streams(handler), false);
    }

    /** Adds a route for a method that takes no body. */
    public void route(HttpMethod method, String pattern, Subject subject, Handler handler) {
        route(method, pattern, subject, 0, handler);
    }

    /**
     * Adds a route for a method.
     *
     * @param bodyLimit the bytes that the body of a request may have, which is held in memory; 0 for none. A larger one is refused
     */
    public void route(HttpMethod method, String pattern, Subject subject, int bodyLimit, Handler handler) {
        add(new Route(method, pattern, subject), bodyLimit, new Target.Answers(handler), false);
    }

    /** Adds a route for a method whose body is handed on as it comes, and has no limit. */
    public void upload(HttpMethod method, String pattern, Subject.None subject, HttpUpload.Handler handler) {
        add(new Route(method, pattern, subject), 0, new Target.Uploads(handler), false);
    }

    /** The same for what takes no body, and says so in words. For other methods there is no such path. */
    public void refusedUpload(HttpMethod method, String pattern, Subject.None subject, HttpUpload.Handler handler) {
        add(new Route(method, pattern, subject), 0, new Target.Uploads(handler), true);
    }

    /** @throws IllegalArgumentException if a gate has to decide about the route, and there is none */
    private void add(Route route, int bodyLimit, Target target, boolean apart) {
        if (!(route.subject() instanceof Subject.None) && gate.isEmpty()) {
            throw new IllegalArgumentException("nobody decides who may have " + route.pattern());
        }
        Way way = new Way(route, PathPattern.of(route.pattern()), bodyLimit, target, apart);
        routes.add(route);
        List<Way> alike = ways.computeIfAbsent(way.pattern().depth(), _ -> new ArrayList<>());
        alike.add(way);
        alike.sort(
                Comparator.comparingInt((Way each) -> each.pattern().weight()).reversed()); // a stable order
    }

    /** Decides about what a route is about; {@link Gate#FREE} when that is nothing. */
    CompletionStage<Gate.Passage> ask(Subject subject, HttpRequest request, Channel socket) {
        return switch (subject) {
            case Subject.None _ -> Gate.FREE;
            case Subject.Guarded guarded -> gate.orElseThrow().ask(guarded, request, socket);
        };
    }

    private List<Way> candidates(String path, boolean ticketed) {
        List<Way> all = ways.getOrDefault(PathPattern.depth(path), List.of());
        return ticketed
                ? all.stream()
                        .filter(way -> way.route().subject() instanceof Subject.Guarded)
                        .toList()
                : all;
    }

    /** Every route, in order. */
    public List<Route> routes() {
        return List.copyOf(routes);
    }

    /**
     * What a path has to offer.
     *
     * @param ticketed a ticket stood before it: then only what a gate decides about
     */
    Match match(HttpMethod method, String path, boolean ticketed) {
        HttpMethod asked = method.equals(HttpMethod.HEAD) ? HttpMethod.GET : method;
        Set<HttpMethod> others = LinkedHashSet.newLinkedHashSet(1);
        for (Way way : candidates(path, ticketed)) {
            Map<String, String> names = way.pattern().match(path);
            if (names != null) {
                if (way.method().equals(asked)) {
                    return new Match.Found(way.route().subject(), way.target(), way.bodyLimit(), names);
                }
                if (!way.apart()) {
                    others.add(way.method());
                }
            }
        }
        return others.isEmpty() ? UNKNOWN : new Match.OtherMethods(others);
    }

    /** The path and query of a request's target: a target in absolute form names the server before it (RFC 9112 §3.2.2). */
    static String originForm(String target) {
        int scheme = target.startsWith("/") ? -1 : target.indexOf("://");
        int path = scheme < 0 ? -1 : target.indexOf('/', scheme + "://".length());
        return path < 0 ? target : target.substring(path);
    }

    /**
     * How large a body may be.
     *
     * @param target of the request, with or without a query
     */
    int bodyLimit(HttpMethod method, String target) {
        return found(method, target) instanceof Match.Found found ? found.bodyLimit() : 0;
    }

    /** Whether the body of a request is handed on as it comes. */
    boolean takesUpload(HttpMethod method, String target) {
        boolean may = method.equals(HttpMethod.PUT) || method.equals(HttpMethod.POST);
        return may && found(method, target) instanceof Match.Found found && found.target() instanceof Target.Uploads;
    }

    /** Whether there is a route for a request's target, by whatever method, or it has something before its path that only media has. */
    public boolean knows(String target) {
        String said = originForm(target);
        return PathTicket.of(said).isPresent() || !(found(HttpMethod.GET, target) instanceof Match.Unknown);
    }

    private Match found(HttpMethod method, String target) {
        String said = originForm(target);
        String uri = PathTicket.without(said);
        int mark = uri.indexOf('?');
        return match(method, mark < 0 ? uri : uri.substring(0, mark), uri.length() < said.length());
    }

    /**
     * The methods that a path takes, as the Allow header lists them; empty when there is no such path.
     *
     * @param ticketed as in {@link #match}
     */
    Optional<String> allowed(String path, boolean ticketed) {
        List<String> methods = new ArrayList<>();
        for (Way way : candidates(path, ticketed)) {
            if (!way.apart() && way.pattern().match(path) != null) {
                methods.add(way.method().name());
                if (way.method().equals(HttpMethod.GET)) {
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
