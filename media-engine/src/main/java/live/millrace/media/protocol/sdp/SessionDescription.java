// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.sdp;

import java.util.List;
import java.util.Optional;

/**
 * A session description (RFC 8866 §5). Immutable.
 *
 * @param name of the session
 * @param attributes of the session itself, without the direction, which its media hold
 */
public record SessionDescription(String name, List<SdpAttribute> attributes, List<MediaDescription> media) {
    public SessionDescription {
        attributes = List.copyOf(attributes);
        media = List.copyOf(media);
    }

    /** The first attribute of a name. */
    public Optional<String> attribute(String attribute) {
        return SdpAttribute.find(attributes, attribute);
    }

    /** The session's own address (RFC 2326 appendix C.1.1); {@code *} is the address of the request. */
    public Optional<String> control() {
        return attribute("control").filter(value -> !value.isEmpty());
    }

    /**
     * The media that a camera sends. Those marked {@code sendonly} are what it would hear, and no sound to be recorded; a camera that
     * marks all of them so means nothing by it.
     */
    public List<MediaDescription> received() {
        List<MediaDescription> received = media.stream()
                .filter(each -> each.direction() != SdpDirection.SENDONLY)
                .toList();
        return received.isEmpty() ? media : received;
    }

    /**
     * Writes it.
     *
     * @param id tells this session from others of the same origin
     */
    public String write(long id) {
        StringBuilder out = new StringBuilder("v=0\r\no=- ");
        out.append(Long.toUnsignedString(id)).append(" 1 IN IP4 127.0.0.1\r\ns=");
        // §5.3: a session without a name is called a dash
        out.append(name.isBlank() ? "-" : name.replaceAll("[\\r\\n]", " "));
        out.append("\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\n");
        attributes.forEach(attribute -> attribute.write(out));
        media.forEach(each -> each.write(out));
        return out.toString();
    }
}
