// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server.standalone;

import java.time.Duration;
import java.util.Optional;
import live.millrace.media.endpoint.srt.SrtConfig;
import org.jspecify.annotations.Nullable;

/** Where SRT is spoken: {@code srt:} of the settings file. */
record SrtSettings(
        @Nullable Integer port,
        @Nullable Duration latency,
        @Nullable String passphrase) {
    static final SrtSettings NONE = new SrtSettings(null, null, null);

    /** Empty where it is switched off. */
    Optional<SrtConfig> config(String host) {
        SrtConfig usual = SrtConfig.defaults();
        return port != null && port == 0
                ? Optional.empty()
                : Optional.of(new SrtConfig(
                        host, or(port, usual.port()), or(latency, usual.latency()), Optional.ofNullable(passphrase)));
    }

    /** A secret stands here. */
    @Override
    public String toString() {
        return "Srt[" + port + "]";
    }

    private static <T> T or(@Nullable T value, T otherwise) {
        return value == null ? otherwise : value;
    }
}
