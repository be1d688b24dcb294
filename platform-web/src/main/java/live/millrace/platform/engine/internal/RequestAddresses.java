// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine.internal;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import live.millrace.platform.engine.EngineSettings;
import live.millrace.platform.engine.MediaAddresses;
import live.millrace.platform.engine.ServedCertificate;
import live.millrace.platform.shared.MediaOrigin;
import live.millrace.platform.shared.StartupException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Addresses from the settings where they say, else from the request's host and the engine's ports. */
@Component
class RequestAddresses implements MediaAddresses, MediaOrigin {
    private static final int RTMP_PORT = 1935;

    private final EngineSettings settings;
    private final ServedCertificate served;

    RequestAddresses(EngineSettings settings, ServedCertificate served) {
        this.settings = settings;
        this.served = served;
        check(settings.media().publicUrl(), "millrace.media.public-url", "https?");
        check(settings.rtmp().publicUrl(), "millrace.rtmp.public-url", "rtmps?");
        check(settings.rtsp().publicUrl(), "millrace.rtsp.public-url", "rtsps?");
        check(settings.srt().publicUrl(), "millrace.srt.public-url", "srt");
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
                            + switch (scheme) {
                                case "rtmps?" -> "rtmp://live.example.org/live.";
                                case "rtsps?" -> "rtsp://live.example.org:8554.";
                                case "srt" -> "srt://live.example.org:8890.";
                                default -> "https://live.example.org.";
                            });
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
    public List<Other> encoders(HttpServletRequest request, String key, @Nullable String passphrase) {
        List<Other> known = new ArrayList<>();
        srt(request)
                .map(server -> server + "?streamid=publish:live/" + key)
                .ifPresent(address -> known.add(
                        passphrase == null
                                ? srt(address)
                                : new Other("SRT", address + "&passphrase=" + passphrase, false)));
        rtsp(request).ifPresent(server -> known.add(new Other("RTSP", server + "/" + key, false)));
        // No encoder takes a certificate that nobody vouches for.
        if (settings.tls().bundle() != null || (settings.encrypted() && served.trusted())) {
            EngineSettings.Tls tls = settings.tls();
            known.add(new Other("RTMPS", "rtmps://" + host(request) + ":" + tls.rtmpPort() + "/live/" + key, false));
            if (settings.rtsp().port() != 0) {
                known.add(
                        new Other("RTSPS", "rtsps://" + host(request) + ":" + tls.rtspPort() + "/live/" + key, false));
            }
        }
        known.add(new Other("HTTP PUT", base(request) + "/live/" + key + ".ts", false));
        return known;
    }

    @Override
    public Optional<Whip> whip(HttpServletRequest request) {
        int port = settings.webrtc().port();
        return port == 0 ? Optional.empty() : Optional.of(new Whip(base(request) + "/whip", port));
    }

    @Override
    public boolean instant() {
        return settings.webrtc().port() != 0;
    }

    @Override
    public List<Other> players(HttpServletRequest request, String channel, @Nullable String ticket) {
        List<Other> known = new ArrayList<>();
        rtsp(request)
                .ifPresent(server -> known.add(
                        new Other("RTSP", server + "/" + channel + (ticket == null ? "" : "?t=" + ticket), false)));
        // Not the form of encoders: some players take its # for the beginning of a fragment.
        srt(request)
                .ifPresent(server -> known.add(
                        srt(server + "?streamid=read:live/" + channel + (ticket == null ? "" : ":t=" + ticket))));
        return known;
    }

    private Other srt(String address) {
        return new Other("SRT", address, settings.srt().passphrase() != null);
    }

    /** {@code srt://host:8890}; empty where it is not spoken. */
    private Optional<String> srt(HttpServletRequest request) {
        EngineSettings.Srt srt = settings.srt();
        return server("srt", srt.port(), srt.publicUrl(), request);
    }

    /** {@code rtsp://host:8554/live}; empty where it is not spoken. */
    private Optional<String> rtsp(HttpServletRequest request) {
        EngineSettings.Rtsp rtsp = settings.rtsp();
        return server("rtsp", rtsp.port(), rtsp.publicUrl(), request)
                .map(server -> server.indexOf('/', server.indexOf("://") + 3) < 0 ? server + "/live" : server);
    }

    private static Optional<String> server(
            String scheme, int port, @Nullable String publicUrl, HttpServletRequest request) {
        return port == 0
                ? Optional.empty()
                : Optional.of(publicUrl == null ? scheme + "://" + host(request) + ":" + port : unslashed(publicUrl));
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
        Optional<String> shared = settings.https().on(host(request)).filter(_ -> request.isSecure());
        if (shared.isPresent()) {
            return shared.get();
        }
        return request.isSecure() && settings.encrypted()
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
