// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One byte range of a Range header (RFC 9110 §14.1.2).
 *
 * @param first the first byte's position
 * @param length in bytes; 0 when nothing of the content is asked for
 */
record ByteRange(long first, long length) {
    private static final Pattern SINGLE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

    /** The header asks for something that the content does not have. */
    static final ByteRange UNSATISFIABLE = new ByteRange(0, 0);

    /** Empty when the header is absent, malformed or asks for several ranges: then all of the content is the answer. */
    static Optional<ByteRange> parse(String header, long size) {
        Matcher matcher = SINGLE.matcher(header);
        if (!matcher.matches()
                || (matcher.group(1).isEmpty() && matcher.group(2).isEmpty())) {
            return Optional.empty();
        }
        if (matcher.group(1).isEmpty()) {
            long suffix = Long.parseLong(matcher.group(2));
            long length = Math.min(suffix, size);
            return Optional.of(length == 0 ? UNSATISFIABLE : new ByteRange(size - length, length));
        }
        long first = Long.parseLong(matcher.group(1));
        long last = matcher.group(2).isEmpty() ? size - 1 : Long.parseLong(matcher.group(2));
        if (last < first && !matcher.group(2).isEmpty()) {
            return Optional.empty();
        }
        if (first >= size) {
            return Optional.of(UNSATISFIABLE);
        }
        return Optional.of(new ByteRange(first, Math.min(last, size - 1) - first + 1));
    }
}
