// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtsp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Header lines (RFC 2326 §4.2), in their order. Names are compared without case. Immutable. */
public record RtspHeaders(List<Header> lines) {
    /** None. */
    public static final RtspHeaders NONE = new RtspHeaders(List.of());

    public RtspHeaders {
        lines = List.copyOf(lines);
    }

    /** One line. */
    public record Header(String name, String value) {
        /** @throws IllegalArgumentException if it would be more than one line */
        public Header {
            if (breaksLine(name) || breaksLine(value)) {
                throw new IllegalArgumentException("a header of several lines");
            }
        }

        private static boolean breaksLine(String text) {
            return text.indexOf('\r') >= 0 || text.indexOf('\n') >= 0;
        }
    }

    /** The first line of a name. */
    public Optional<String> get(String name) {
        return lines.stream()
                .filter(line -> line.name.equalsIgnoreCase(name))
                .map(Header::value)
                .findFirst();
    }

    /** All lines of a name: a server that knows two ways to log in says each in its own. */
    public List<String> all(String name) {
        return lines.stream()
                .filter(line -> line.name.equalsIgnoreCase(name))
                .map(Header::value)
                .toList();
    }

    /** The sequence number of a request and its answer (§12.17); empty when it is none. Some cameras answer with another: order decides. */
    public OptionalInt sequence() {
        try {
            Optional<String> value = get("CSeq");
            return value.isPresent() ? OptionalInt.of(Integer.parseUnsignedInt(value.get())) : OptionalInt.empty();
        } catch (NumberFormatException e) {
            return OptionalInt.empty();
        }
    }

    /**
     * The same with one more line at the end.
     *
     * @throws IllegalArgumentException if a line break is in it
     */
    public RtspHeaders with(String name, String value) {
        List<Header> more = new ArrayList<>(lines);
        more.add(new Header(name, value));
        return new RtspHeaders(more);
    }
}
