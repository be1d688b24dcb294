// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A path in which {@code {name}} stands for 1 to {@value #MAX_LENGTH} of {@code [A-Za-z0-9_-]}: no dot, no slash, no percent sign,
 * so that traversal cannot even be expressed. What follows a name begins with another character, so that there is one way at most
 * to read a path, and no need to go back in it: every request passes here.
 */
final class PathPattern {
    private static final int MAX_LENGTH = 64;

    private static final Pattern NAME = Pattern.compile("\\{([a-z]+)}");

    /** One more than names: what stands before each, and at the end. */
    private final String[] literals;

    private final String[] names;

    private final int depth;

    private PathPattern(String[] literals, String[] names, int depth) {
        this.literals = literals;
        this.names = names;
        this.depth = depth;
    }

    /** @throws IllegalArgumentException if it cannot be told where a name ends */
    static PathPattern of(String text) {
        List<String> literals = new ArrayList<>();
        List<String> names = new ArrayList<>();
        Matcher matcher = NAME.matcher(text);
        int at = 0;
        while (matcher.find()) {
            literals.add(text.substring(at, matcher.start()));
            names.add(matcher.group(1));
            at = matcher.end();
            if (at < text.length() && (ofName(text.charAt(at)) || text.charAt(at) == '{')) {
                throw new IllegalArgumentException("nothing separates a name from what follows it in " + text);
            }
        }
        literals.add(text.substring(at));
        return new PathPattern(literals.toArray(String[]::new), names.toArray(String[]::new), depth(text));
    }

    /** The slashes of a path; a pattern matches paths of its own depth alone. */
    static int depth(String path) {
        int slashes = 0;
        for (int i = 0; i < path.length(); i++) {
            if (path.charAt(i) == '/') {
                slashes++;
            }
        }
        return slashes;
    }

    int depth() {
        return depth;
    }

    /** What the names stand for in a path; null if it is another path. */
    @Nullable
    Map<String, String> match(String path) {
        int[] bounds = new int[2 * names.length];
        int at = 0;
        for (int i = 0; i < names.length; i++) {
            if (!path.startsWith(literals[i], at)) {
                return null;
            }
            int from = at + literals[i].length();
            int to = from;
            while (to < path.length() && to - from < MAX_LENGTH && ofName(path.charAt(to))) {
                to++;
            }
            if (to == from) {
                return null;
            }
            bounds[2 * i] = from;
            bounds[2 * i + 1] = to;
            at = to;
        }
        String end = literals[names.length];
        if (path.length() - at != end.length() || !path.endsWith(end)) {
            return null;
        }
        Map<String, String> values = LinkedHashMap.newLinkedHashMap(names.length);
        for (int i = 0; i < names.length; i++) {
            values.put(names[i], path.substring(bounds[2 * i], bounds[2 * i + 1]));
        }
        return values;
    }

    private static boolean ofName(char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
    }
}
