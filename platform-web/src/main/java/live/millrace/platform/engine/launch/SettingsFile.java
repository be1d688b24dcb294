// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine.launch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The names and values of a simple YAML file, read before any library is there that can read all of YAML: nested names with one value each,
 * plain or quoted, and comments. For everything else that YAML knows (lists, several documents, anchors, texts of several lines) the answer
 * is that the file is not understood, and never a guess.
 */
final class SettingsFile {
    /** Settings take a few lines; whatever is larger is no file of settings, or one that Spring may read at its leisure. */
    private static final int SIZE_LIMIT = 64 << 10;

    /** Spring takes several locations, patterns and placeholders; a percent sign would be part of an address. */
    private static final Pattern PATH = Pattern.compile("(?:optional:)?(?:file:)?(?<path>[^,;*$%:]+\\.ya?ml)");

    private static final Pattern COMMENT = Pattern.compile(" *(?:#.*)?");

    /** What a plain value may begin with, and go on with, without meaning anything else; a colon or a hash within words is neither. */
    private static final Pattern LINE = Pattern.compile("(?<indent> *)(?<name>[A-Za-z][A-Za-z0-9_.-]*):"
            + "(?: +(?:\"(?<double>[^\"\\\\]*)\"|'(?<single>[^']*)'|(?<plain>[A-Za-z0-9/._+](?:[^\\s:#]|:(?=\\S)|(?<=\\S)#| +(?=[^\\s#]))*)))?"
            + " *(?:(?<= )#.*)?");

    /** What YAML takes for a text, or for a number that it writes as it was written: not 010, 1:30 or 1e3. */
    private static final Pattern AS_WRITTEN = Pattern.compile("(?:[A-Za-z/_]|\\.{1,2}/).*"
            + "|0|[1-9][0-9]{0,17}|[0-9]{1,3}(?:\\.[0-9]{1,3}){3}|[1-9][0-9]*(?:ms|s|m|h|d|KB|MB|GB)");

    /** What YAML takes for a truth or for nothing. */
    private static final Pattern WORDS = Pattern.compile("(?i)y|yes|n|no|on|off|true|false|null");

    /** YAML breaks lines there as well, and Java does not. */
    private static final Pattern OTHER_BREAKS = Pattern.compile("[\\x85\\u2028\\u2029\\uFEFF\\t]");

    private SettingsFile() {}

    /**
     * Reads a file.
     *
     * @param here what a path is relative to
     * @param location as Spring is told it
     * @return values by full name, in the file's order; null if the file is not understood or cannot be read
     */
    static @Nullable Map<String, String> read(Path here, String location) {
        Matcher path = PATH.matcher(location);
        if (!path.matches()) {
            return null;
        }
        try (InputStream in = Files.newInputStream(here.resolve(path.group("path")))) {
            byte[] bytes = in.readNBytes(SIZE_LIMIT + 1);
            return bytes.length > SIZE_LIMIT
                    ? null
                    : settings(StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes))
                            .toString());
        } catch (IOException | InvalidPathException e) {
            return null;
        }
    }

    private record Parent(int indent, String name) {}

    static @Nullable Map<String, String> settings(String text) {
        if (OTHER_BREAKS.matcher(text).find()) {
            return null;
        }
        Map<String, String> settings = new LinkedHashMap<>();
        Set<String> names = new HashSet<>();
        Deque<Parent> parents = new ArrayDeque<>();
        int previous = -1;
        boolean opened = true;
        for (String line : text.lines().toList()) {
            if (COMMENT.matcher(line).matches()) {
                continue;
            }
            Matcher parts = LINE.matcher(line);
            if (!parts.matches() || !isAsWritten(parts)) {
                return null;
            }
            int indent = parts.group("indent").length();
            if (indent > previous ? !opened : !closesTo(parents, indent)) {
                return null;
            }
            while (!parents.isEmpty() && parents.getLast().indent() >= indent) {
                parents.removeLast();
            }
            String name = parts.group("name");
            if (!parents.isEmpty()) {
                settings.remove(parents.getLast().name());
                name = parents.getLast().name() + "." + name;
            }
            if (!names.add(name)) {
                return null;
            }
            parents.addLast(new Parent(indent, name));
            @Nullable String value = value(parts);
            settings.put(name, value == null ? "" : value);
            opened = value == null;
            previous = indent;
        }
        return settings;
    }

    /** Whether a name begins exactly where an earlier one did that it is a sibling of. */
    private static boolean closesTo(Deque<Parent> parents, int indent) {
        return parents.stream().anyMatch(each -> each.indent() == indent);
    }

    private static boolean isAsWritten(Matcher parts) {
        String plain = parts.group("plain");
        return !WORDS.matcher(parts.group("name")).matches()
                && (plain == null
                        || plain.equals("true")
                        || plain.equals("false")
                        || (AS_WRITTEN.matcher(plain).matches()
                                && !WORDS.matcher(plain).matches()));
    }

    private static @Nullable String value(Matcher parts) {
        for (String kind : new String[] {"double", "single", "plain"}) {
            String value = parts.group(kind);
            if (value != null) {
                return value;
            }
        }
        return null;
    }
}
