// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.sdp;

import java.util.List;
import java.util.Optional;

/**
 * A line {@code a=name:value} (RFC 8866 §5.13).
 *
 * @param value empty when the line has none
 */
public record SdpAttribute(String name, String value) {
    /** The value of the first attribute of a name, which is compared as it stands. */
    static Optional<String> find(List<SdpAttribute> attributes, String name) {
        return attributes.stream()
                .filter(each -> each.name.equals(name))
                .map(SdpAttribute::value)
                .findFirst();
    }

    void write(StringBuilder out) {
        out.append("a=").append(name);
        if (!value.isEmpty()) {
            out.append(':').append(value);
        }
        out.append("\r\n");
    }
}
