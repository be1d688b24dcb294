// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Paths to handlers. A pattern is a path in which {@code {name}} stands for one or more of {@code [A-Za-z0-9_-]}: no dot, no slash,
 * no percent sign, so that traversal cannot even be expressed. Filled before the server starts, read by all loops.
 */
public final class HttpRouter {
    private static final Pattern NAME = Pattern.compile("\\{([a-z]+)}");

    /** Answers a GET or HEAD request. Called on an event loop: returns at once. */
    @FunctionalInterface
    public interface Handler {
        CompletionStage<HttpAnswer> handle(HttpQuery query);
    }

    private record Route(Pattern pattern, List<String> names, Handler handler) {}

    record Match(Handler handler, Map<String, String> names) {}

    private final List<Route> routes = new ArrayList<>();

    /** Adds a route; the first that matches wins. */
    public void get(String pattern, Handler handler) {
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
        routes.add(new Route(Pattern.compile(regex.toString()), List.copyOf(names), handler));
    }

    Optional<Match> match(String path) {
        for (Route route : routes) {
            Matcher matcher = route.pattern().matcher(path);
            if (matcher.matches()) {
                Map<String, String> values = new LinkedHashMap<>();
                for (int i = 0; i < route.names().size(); i++) {
                    values.put(route.names().get(i), matcher.group(i + 1));
                }
                return Optional.of(new Match(route.handler(), values));
            }
        }
        return Optional.empty();
    }
}
