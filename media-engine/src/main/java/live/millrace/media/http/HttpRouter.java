// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import io.netty.handler.codec.http.HttpMethod;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Paths to handlers. A pattern is a path in which {@code {name}} stands for one or more of {@code [A-Za-z0-9_-]}: no dot, no slash,
 * no percent sign, so that traversal cannot even be expressed. Filled before the server starts, read by all loops.
 */
public final class HttpRouter {
    private static final Pattern NAME = Pattern.compile("\\{([a-z]+)}");

    /** Answers a request. Called on an event loop: returns at once. */
    @FunctionalInterface
    public interface Handler {
        CompletionStage<HttpAnswer> handle(HttpQuery query);
    }

    /** What stands behind a path: an answer, or a stream. */
    sealed interface Target {
        record Answers(Handler handler) implements Target {}

        record Streams(HttpStream.Handler handler) implements Target {}
    }

    private record Route(HttpMethod method, Pattern pattern, List<String> names, Target target) {}

    /** What a path has to offer. */
    sealed interface Match {
        record Found(Target target, Map<String, String> names) implements Match {}

        /** The path is known and takes other methods only. */
        record OtherMethods(Set<HttpMethod> methods) implements Match {}

        record Unknown() implements Match {}
    }

    private static final Match UNKNOWN = new Match.Unknown();

    private final List<Route> routes = new ArrayList<>();
    private final List<String> endpoints = new ArrayList<>();

    /** Adds a route for GET and HEAD; the first that matches wins. */
    public void get(String pattern, Handler handler) {
        route(HttpMethod.GET, pattern, handler);
    }

    /** Adds a route for GET, HEAD and WebSockets to a stream. */
    public void stream(String pattern, HttpStream.Handler handler) {
        add(HttpMethod.GET, pattern, new Target.Streams(handler));
    }

    /** Adds a route for a method. */
    public void route(HttpMethod method, String pattern, Handler handler) {
        add(method, pattern, new Target.Answers(handler));
    }

    private void add(HttpMethod method, String pattern, Target target) {
        List<String> names = new ArrayList<>();
        StringBuilder regex = new StringBuilder();
        Matcher matcher = NAME.matcher(pattern);
        int at = 0;
        while (matcher.find()) {
            regex.append(Pattern.quote(pattern.substring(at, matcher.start()))).append("([A-Za-z0-9_-]{1,64})");
            names.add(matcher.group(1));
            at = matcher.end();
        }
        regex.append(Pattern.quote(pattern.substring(at)));
        endpoints.add(method + " " + pattern);
        routes.add(new Route(method, Pattern.compile(regex.toString()), List.copyOf(names), target));
    }

    /** Method and pattern of every route, in order: for whoever has to know what is open. */
    public List<String> endpoints() {
        return List.copyOf(endpoints);
    }

    Match match(HttpMethod method, String path) {
        HttpMethod asked = method.equals(HttpMethod.HEAD) ? HttpMethod.GET : method;
        Set<HttpMethod> others = new LinkedHashSet<>();
        for (Route route : routes) {
            Matcher matcher = route.pattern().matcher(path);
            if (matcher.matches()) {
                if (route.method().equals(asked)) {
                    Map<String, String> values = new LinkedHashMap<>();
                    for (int i = 0; i < route.names().size(); i++) {
                        values.put(route.names().get(i), matcher.group(i + 1));
                    }
                    return new Match.Found(route.target(), values);
                }
                others.add(route.method());
            }
        }
        return others.isEmpty() ? UNKNOWN : new Match.OtherMethods(others);
    }

    /** The methods that a path takes, as the Allow header lists them; empty when there is no such path. */
    Optional<String> allowed(String path) {
        List<String> methods = new ArrayList<>();
        for (Route route : routes) {
            if (route.pattern().matcher(path).matches()) {
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
