// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine.internal;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.Optional;
import live.millrace.platform.engine.EngineSettings;
import live.millrace.platform.engine.MediaAddresses;
import live.millrace.platform.shared.MediaOrigin;
import live.millrace.platform.shared.StartupException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Addresses from the settings where they say, else from the request's host and the engine's ports. */
@Component
class RequestAddresses implements MediaAddresses, MediaOrigin {
    private static final int RTMP_PORT = 1935;

    private final EngineSettings settings;

    RequestAddresses(EngineSettings settings) {
        this.settings = settings;
        check(settings.media().publicUrl(), "millrace.media.public-url", "https?");
        check(settings.rtmp().publicUrl(), "millrace.rtmp.public-url", "rtmps?");
        check(settings.cdn().url(), "millrace.cdn.url", "https?");
        if (settings.cdn().privateStreams() && settings.cdn().url() == null) {
            throw new StartupException(
                    "millrace.cdn.private-streams is on, and there is no millrace.cdn.url.",
                    "Say where the CDN is, like https://cdn.example.org.");
        }
    }

    private static void check(@Nullable String url, String setting, String scheme) {
        if (url != null && !url.matches(scheme + "://[A-Za-z0-9._:\\[\\]-]+(/[A-Za-z0-9._~/-]*)?")) {
            throw new StartupException(
                    setting + " is no address: \"" + url + "\".",
                    "Write it like "
                            + (scheme.startsWith("rtmp")
                                    ? "rtmp://live.example.org/live."
                                    : "https://live.example.org."));
        }
    }

    @Override
    public String rtmpServer(HttpServletRequest request) {
        String configured = settings.rtmp().publicUrl();
        if (configured != null) {
            return configured;
        }
        int port = settings.rtmp().port();
        return "rtmp://" + host(request) + (port == RTMP_PORT ? "" : ":" + port) + "/live";
    }

    @Override
    public String hls(HttpServletRequest request, String channel) {
        return base(request) + "/live/" + channel + ".m3u8";
    }

    @Override
    public String video(HttpServletRequest request, String path) {
        return base(request) + "/videos/" + path;
    }

    @Override
    public String by(String ticket, HttpServletRequest request, String address) {
        String base = base(request);
        return base + "/t/" + ticket + address.substring(base.length());
    }

    @Override
    public Optional<String> cdn() {
        return settings.cdn().privateStreams()
                ? Optional.ofNullable(settings.cdn().url()).map(RequestAddresses::unslashed)
                : Optional.empty();
    }

    private static String unslashed(String url) {
        return url.replaceAll("/+$", "");
    }

    @Override
    public Optional<String> cache() {
        return cdn().map(RequestAddresses::origin);
    }

    private static String origin(String url) {
        URI uri = URI.create(url);
        return uri.getScheme() + "://" + uri.getRawAuthority();
    }

    @Override
    public String of(HttpServletRequest request) {
        return origin(base(request));
    }

    @Override
    public Optional<String> mirror() {
        return settings.recording().bucket().mirror().map(RequestAddresses::origin);
    }

    private String base(HttpServletRequest request) {
        String configured = settings.media().publicUrl();
        if (configured != null) {
            return unslashed(configured);
        }
        // A page that came encrypted may load nothing that is not.
        return request.isSecure() && settings.tls().bundle() != null
                ? "https://" + host(request) + ":" + settings.tls().httpPort()
                : "http://" + host(request) + ":" + settings.http().port();
    }

    /** The Host header is the client's word: only what can be a host name is repeated. */
    private static String host(HttpServletRequest request) {
        String host = request.getServerName();
        if (host.contains(":") && !host.startsWith("[")) {
            host = "[" + host + "]";
        }
        return host.matches("[A-Za-z0-9.-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}]") ? host : "localhost";
    }
}
