// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtsp;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A scheme and its parameters {@code name=value} or {@code name="value"} between commas (RFC 9110 §11.2), as log-ins have them. */
record Parameters(String scheme, Map<String, String> values) {
    private static final int MAX_PARAMETERS = 32;

    /** Reads a header; what follows a mistake is left out. */
    static Parameters parse(String header) {
        String text = header.strip();
        int space = text.indexOf(' ');
        String scheme = space < 0 ? text : text.substring(0, space);
        Map<String, String> values = new LinkedHashMap<>();
        int at = space < 0 ? text.length() : space;
        while (at < text.length() && values.size() < MAX_PARAMETERS) {
            int equals = text.indexOf('=', at);
            if (equals < 0) {
                break;
            }
            String name = text.substring(at, equals).replace(",", "").strip().toLowerCase(Locale.ROOT);
            StringBuilder value = new StringBuilder();
            at = value(text, equals + 1, value);
            values.putIfAbsent(name, value.toString());
        }
        return new Parameters(scheme, values);
    }

    /** Reads a value; where it ends. */
    private static int value(String text, int from, StringBuilder into) {
        int at = from;
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
        boolean quoted = at < text.length() && text.charAt(at) == '"';
        if (!quoted) {
            int comma = text.indexOf(',', at);
            int end = comma < 0 ? text.length() : comma;
            into.append(text.substring(at, end).strip());
            return end;
        }
        for (at++; at < text.length() && text.charAt(at) != '"'; at++) {
            if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                at++;
            }
            into.append(text.charAt(at));
        }
        return at + 1;
    }

    String get(String name) {
        return values.getOrDefault(name, "");
    }
}
