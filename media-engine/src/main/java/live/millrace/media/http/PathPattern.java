// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import java.util.ArrayList;
import java.util.BitSet;
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
 *
 * <p>{@code {name:any}} stands for anything but slashes, for whoever refuses what it cannot be in words of his own. It is the only
 * name between two slashes.
 */
final class PathPattern {
    private static final int MAX_LENGTH = 64;

    private static final Pattern NAME = Pattern.compile("\\{([a-z]+)(:any)?}");

    /** Before all that only counts characters. */
    private static final int FIXED_FOLDER = 1 << 16;

    /** One more than names: what stands before each, and at the end. */
    private final String[] literals;

    private final String[] names;

    /** Which of the names may be anything. */
    private final boolean[] any;

    private final int depth;

    private PathPattern(String[] literals, String[] names, boolean[] any, int depth) {
        this.literals = literals;
        this.names = names;
        this.any = any;
        this.depth = depth;
    }

    /** @throws IllegalArgumentException if it cannot be told where a name ends */
    static PathPattern of(String text) {
        List<String> literals = new ArrayList<>();
        List<String> names = new ArrayList<>();
        BitSet any = new BitSet();
        Matcher matcher = NAME.matcher(text);
        int at = 0;
        while (matcher.find()) {
            literals.add(text.substring(at, matcher.start()));
            boolean anything = matcher.group(2) != null;
            any.set(names.size(), anything);
            names.add(matcher.group(1));
            at = matcher.end();
            boolean parted = at == text.length() || !(ofName(text.charAt(at)) || text.charAt(at) == '{');
            if (!parted || (anything && !aloneInItsSegment(text, matcher.start(), at))) {
                throw new IllegalArgumentException("nothing separates a name from what follows it in " + text);
            }
        }
        literals.add(text.substring(at));
        boolean[] flags = new boolean[names.size()];
        any.stream().forEach(name -> flags[name] = true);
        return new PathPattern(literals.toArray(String[]::new), names.toArray(String[]::new), flags, depth(text));
    }

    private static boolean aloneInItsSegment(String text, int from, int to) {
        int end = text.indexOf('/', to);
        return text.charAt(from - 1) == '/'
                && !text.substring(to, end < 0 ? text.length() : end).contains("{");
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

    /** Of two patterns that match a path the one with more weight is meant: a fixed first folder, then what says more of the path. */
    int weight() {
        int said = 0;
        for (String literal : literals) {
            said += literal.length();
        }
        return (literals[0].indexOf('/', 1) > 0 || names.length == 0 ? FIXED_FOLDER : 0) + said;
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
            int to = any[i] ? endOfAny(path, from, literals[i + 1]) : endOfName(path, from);
            if (to <= from) {
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

    private static int endOfName(String path, int from) {
        int to = from;
        while (to < path.length() && to - from < MAX_LENGTH && ofName(path.charAt(to))) {
            to++;
        }
        return to;
    }

    /** It ends where the rest of its folder begins, which the pattern says. */
    private static int endOfAny(String path, int from, String next) {
        int slash = path.indexOf('/', from);
        int folder = next.indexOf('/');
        return (slash < 0 ? path.length() : slash) - (folder < 0 ? next.length() : folder);
    }

    private static boolean ofName(char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
    }
}
