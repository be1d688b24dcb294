// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.sdp;

import java.util.List;
import java.util.Optional;

/**
 * One medium of a session: a line {@code m=} and what follows it (RFC 8866 §5.14).
 *
 * @param kind {@code video}, {@code audio}, {@code application}
 * @param port 0 under RTSP, where SETUP agrees upon it
 * @param protocol {@code RTP/AVP}, and its kin
 * @param formats in the order of preference; those without a meaning that we know are left out
 * @param direction its own, or the session's
 * @param attributes all but those that the other components hold
 */
public record MediaDescription(
        String kind,
        int port,
        String protocol,
        List<PayloadFormat> formats,
        SdpDirection direction,
        List<SdpAttribute> attributes) {
    public MediaDescription {
        formats = List.copyOf(formats);
        attributes = List.copyOf(attributes);
    }

    /** The first attribute of a name. */
    public Optional<String> attribute(String name) {
        return SdpAttribute.find(attributes, name);
    }

    /** The address of its track (RFC 2326 appendix C.1.1): absolute, or relative to the session's. */
    public Optional<String> control() {
        return attribute("control").filter(value -> !value.isEmpty());
    }

    void write(StringBuilder out) {
        out.append("m=").append(kind).append(' ').append(port).append(' ').append(protocol);
        formats.forEach(format -> out.append(' ').append(format.payloadType()));
        out.append("\r\n");
        formats.forEach(format -> format.write(out));
        if (direction != SdpDirection.SENDRECV) {
            out.append("a=").append(direction.text()).append("\r\n");
        }
        attributes.forEach(attribute -> attribute.write(out));
    }
}
