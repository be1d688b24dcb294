// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform;

import java.io.Closeable;
import java.io.IOException;
import java.util.Map;
import live.millrace.platform.doctor.LastStart;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.engine.EngineSettings;
import live.millrace.platform.https.HttpsSettings;
import live.millrace.platform.shared.DataDirectory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Writes down where the site listens, for who looks at it from outside. */
@Component
class StartTold implements DisposableBean {
    private static final Logger LOG = LoggerFactory.getLogger(StartTold.class);

    private final DataDirectory data;
    private final Engine engine;
    private final EngineSettings settings;
    private final HttpsSettings https;
    private @Nullable Closeable held;

    StartTold(DataDirectory data, Engine engine, EngineSettings settings, HttpsSettings https) {
        this.https = https;
        this.data = data;
        this.engine = engine;
        this.settings = settings;
    }

    @EventListener
    void on(ApplicationReadyEvent event) {
        if (event.getApplicationContext() instanceof WebServerApplicationContext web
                && web.getWebServer() != null
                && web.getWebServer().getPort() > 0) {
            try {
                held = LastStart.write(
                        data,
                        Map.of(
                                "server.port",
                                web.getWebServer().getPort(),
                                "millrace.rtmp.port",
                                engine.rtmpPort(),
                                "millrace.http.port",
                                engine.httpPort(),
                                "millrace.rtsp.port",
                                settings.rtsp().port(),
                                "millrace.srt.port",
                                settings.srt().port(),
                                "millrace.webrtc.port",
                                settings.webrtc().port(),
                                LastStart.RTSP_UDP,
                                settings.rtsp().udp() ? 1 : 0,
                                "millrace.https.port",
                                settings.https().port(),
                                LastStart.REDIRECT,
                                redirect()));
            } catch (IOException e) {
                // Nothing but the doctor misses it, who says what is wrong with a folder.
                LOG.debug("Where the site listens was not written down", e);
            }
        }
    }

    private int redirect() {
        return settings.https().port() == 0 || settings.tls().bundle() != null
                ? 0
                : https.redirect().orElse(0);
    }

    @Override
    public void destroy() throws IOException {
        if (held != null) {
            held.close();
        }
    }
}
