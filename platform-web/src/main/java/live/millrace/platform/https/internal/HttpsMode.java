// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.https.internal;

import java.net.URI;
import java.util.Optional;
import java.util.OptionalInt;
import live.millrace.platform.door.FurtherPort;
import live.millrace.platform.engine.EngineSettings;
import live.millrace.platform.https.HttpsSettings;
import live.millrace.platform.shared.StartupException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Whether the site gets its certificate by itself, by the settings. */
@Component
class HttpsMode implements FurtherPort {
    private final EngineSettings engine;
    private final HttpsSettings settings;

    HttpsMode(EngineSettings engine, HttpsSettings settings) {
        this.engine = engine;
        this.settings = settings;
        if (settings.domain() != null && engine.tls().bundle() != null) {
            throw new StartupException(
                    "Both millrace.tls.bundle and millrace.https.domain say where the certificate comes from.",
                    "Take one away: the bundle is a certificate of your own, the domain has the site get one by itself.");
        }
        if (settings.domain() != null && engine.https().port() == 0) {
            throw new StartupException(
                    "millrace.https.domain wants a port for HTTPS, and millrace.https.port is 0.",
                    "Take millrace.https.port away: it is 443 then.");
        }
    }

    /** The site gets certificates by itself. */
    boolean active() {
        return engine.tls().bundle() == null && engine.https().port() != 0;
    }

    boolean bundle() {
        return engine.tls().bundle() != null;
    }

    boolean fixed() {
        return settings.domain() != null;
    }

    Optional<String> domain(@Nullable String kept) {
        return Optional.ofNullable(settings.domain()).or(() -> Optional.ofNullable(kept));
    }

    URI directory() {
        return settings.address();
    }

    /** What a try is for. */
    String what(String domain) {
        return domain + " " + directory();
    }

    HttpsSettings settings() {
        return settings;
    }

    /** Where the world reaches a domain. */
    String origin(String domain) {
        return engine.https().on(domain).orElseThrow();
    }

    int httpsPort() {
        return engine.https().port();
    }

    /** Where plain HTTP is sent on from. With an own certificate that is the operator's to do. */
    @Override
    public OptionalInt port() {
        return active() ? settings.redirect() : OptionalInt.empty();
    }

    @Override
    public String setting() {
        return "millrace.https.redirect-port";
    }
}
