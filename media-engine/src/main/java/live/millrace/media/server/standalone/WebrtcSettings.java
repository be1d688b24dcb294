// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server.standalone;

import java.util.List;
import java.util.Optional;
import live.millrace.media.endpoint.webrtc.WebrtcConfig;
import org.jspecify.annotations.Nullable;

/** Where WebRTC is spoken: {@code webrtc:} of the settings file. */
record WebrtcSettings(@Nullable Integer port, @Nullable List<String> addresses) {
    static final WebrtcSettings NONE = new WebrtcSettings(null, null);

    /**
     * Empty where it is switched off.
     *
     * @throws IllegalArgumentException if an address is none
     */
    Optional<WebrtcConfig> config(String host) {
        int found = port == null ? WebrtcConfig.defaults().port() : port;
        return found == 0
                ? Optional.empty()
                : Optional.of(WebrtcConfig.of(host, found, addresses == null ? List.of() : addresses));
    }
}
