// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import live.millrace.platform.shared.MediaOrigin;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.security.web.header.HeaderWriter;
import org.springframework.stereotype.Component;

/**
 * The policy of every page: scripts and styles are files of this site, nothing is inline; media comes from the engine, by way of
 * object URLs that the players make, and over WebSockets.
 */
@Component
class ContentSecurityPolicy implements HeaderWriter {
    private final ObjectProvider<MediaOrigin> media;

    ContentSecurityPolicy(ObjectProvider<MediaOrigin> media) {
        this.media = media;
    }

    @Override
    public void writeHeaders(HttpServletRequest request, HttpServletResponse response) {
        MediaOrigin known = media.getIfAvailable();
        String origin = known == null ? "" : " " + known.of(request);
        String mirror =
                known == null ? "" : known.mirror().map(each -> " " + each).orElse("");
        String cache =
                known == null ? "" : known.cache().map(each -> " " + each).orElse("");
        String sockets = origin.replace(" http", " ws");
        // A player may stand in anybody's page; nothing else may.
        boolean embeddable = request.getRequestURI().startsWith("/embed/");
        if (!embeddable) {
            response.setHeader("X-Frame-Options", "DENY");
        }
        response.setHeader(
                "Content-Security-Policy",
                "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data: blob:"
                        + "; connect-src 'self'" + origin + sockets + mirror + cache
                        + "; media-src 'self' blob:" + origin + mirror
                        + "; worker-src 'self' blob:; manifest-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors "
                        + (embeddable ? "*" : "'none'"));
    }
}
