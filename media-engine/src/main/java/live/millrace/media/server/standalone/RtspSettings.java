// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server.standalone;

import java.util.Optional;
import live.millrace.media.endpoint.rtsp.RtspConfig;
import org.jspecify.annotations.Nullable;

/** Where RTSP is spoken: {@code rtsp:} of the settings file. */
record RtspSettings(@Nullable Integer port, @Nullable Boolean udp) {
    static final RtspSettings NONE = new RtspSettings(null, null);

    /** Empty where it is switched off. */
    Optional<RtspConfig> config(String host) {
        RtspConfig usual = RtspConfig.defaults();
        return port != null && port == 0
                ? Optional.empty()
                : Optional.of(
                        new RtspConfig(host, or(port, usual.port()), or(udp, usual.datagrams()), usual.refusal()));
    }

    private static <T> T or(@Nullable T value, T otherwise) {
        return value == null ? otherwise : value;
    }
}
