// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.sdp;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Who sends (RFC 8866 §6.7), seen from the one who is to receive the description's media under RTSP. */
public enum SdpDirection {
    SENDRECV,
    RECVONLY,
    SENDONLY,
    INACTIVE;

    /** The attribute's name. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<SdpDirection> find(List<SdpAttribute> attributes) {
        for (SdpAttribute attribute : attributes) {
            for (SdpDirection direction : values()) {
                if (attribute.name().equals(direction.text())) {
                    return Optional.of(direction);
                }
            }
        }
        return Optional.empty();
    }
}
