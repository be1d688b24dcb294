// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine.internal;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import live.millrace.media.admission.AdmissionConfig;
import live.millrace.media.endpoint.hls.HlsConfig;
import live.millrace.media.endpoint.rtmp.RtmpConfig;
import live.millrace.media.endpoint.rtsp.RtspConfig;
import live.millrace.media.endpoint.rtsp.RtspEndpoint;
import live.millrace.media.endpoint.srt.SrtConfig;
import live.millrace.media.endpoint.webrtc.WebrtcConfig;
import live.millrace.media.fanout.FanoutConfig;
import live.millrace.media.http.HttpConfig;
import live.millrace.media.http.HttpServer;
import live.millrace.media.hub.HubConfig;
import live.millrace.media.hub.StreamNaming;
import live.millrace.media.recording.RecordingConfig;
import live.millrace.media.segment.SegmenterConfig;
import live.millrace.media.server.EngineConfig;
import live.millrace.media.server.EnginePorts;
import live.millrace.media.server.MediaEngine;
import live.millrace.media.server.TlsConfig;
import live.millrace.media.socket.NamedProxies;
import live.millrace.media.socket.PortInUseException;
import live.millrace.media.tls.CertificateSource;
import live.millrace.platform.engine.EngineSettings;
import live.millrace.platform.engine.ServedCertificate;
import live.millrace.platform.ffmpeg.Ffmpeg;
import live.millrace.platform.ffmpeg.FfmpegSettings;
import live.millrace.platform.shared.DataDirectory;
import live.millrace.platform.shared.SiteAddress;
import live.millrace.platform.shared.SiteKey;
import live.millrace.platform.shared.StartupException;
import live.millrace.platform.site.Setting;
import live.millrace.platform.site.SiteSettings;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.server.Ssl;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** Starts the media engine with the site's settings. What cannot be is said in the words of the settings. */
@Component
class EngineStarter {
    private static final String REFUSAL =
            RtmpConfig.defaults().refusal() + " The connection log in the studio tells why.";
    private static final String RTMPS = "rtmps";
    private static final String RTSPS = "rtsps";
    private static final String RTSP_MEDIA = RtspEndpoint.DATAGRAM_SCHEME;
    private static final String HTTPS = "https";
    private static final String FRONT = HttpServer.SHARED;

    /** Where the web server of this process listens, once it does. */
    private volatile Optional<InetSocketAddress> pages = Optional.empty();

    private final EngineSettings settings;
    private final SiteSettings site;
    private final DataDirectory data;
    private final ObjectProvider<SslBundles> bundles;
    private final ServedCertificate served;
    private final SiteAddress address;
    private final SiteKey key;
    private final FfmpegSettings ffmpeg;
    private final Clock clock;

    EngineStarter(
            EngineSettings settings,
            SiteSettings site,
            DataDirectory data,
            ObjectProvider<SslBundles> bundles,
            ServedCertificate served,
            SiteAddress address,
            SiteKey key,
            FfmpegSettings ffmpeg,
            Clock clock) {
        this.settings = settings;
        this.site = site;
        this.data = data;
        this.bundles = bundles;
        this.served = served;
        this.address = address;
        this.key = key;
        this.ffmpeg = ffmpeg;
        this.clock = clock;
    }

    /**
     * Starts an engine.
     *
     * @param renewed is called when the certificate was
     * @throws StartupException if a port is taken, or a setting cannot be
     */
    MediaEngine start(EnginePorts ports, Runnable renewed) {
        try {
            return MediaEngine.start(config(renewed), signing(ports));
        } catch (PortInUseException e) {
            throw taken(e.listener(), e.port(), e);
        } catch (NoSuchSslBundleException e) {
            throw new StartupException(
                    "There is no SSL bundle \"" + settings.tls().bundle() + "\", which millrace.tls.bundle names.",
                    "Describe it under spring.ssl.bundle.pem; docs/deployment.md shows how.",
                    e);
        } catch (IllegalArgumentException e) {
            throw new StartupException(
                    "A setting under millrace.* cannot be: " + e.getMessage() + ".",
                    "Correct it; README lists them.",
                    e);
        }
    }

    private EnginePorts signing(EnginePorts ports) {
        return settings.cdn().privateStreams() ? ports.with(new CacheKeys(key, clock)) : ports;
    }

    /** How long a broadcast waits for its encoder. */
    Duration grace() {
        OptionalInt seconds = site.override(Setting.GRACE_SECONDS);
        return seconds.isPresent()
                ? Duration.ofSeconds(seconds.getAsInt())
                : settings.rtmp().grace();
    }

    /** A port of a scheme cannot be had. */
    static StartupException taken(String scheme, int port, RuntimeException cause) {
        return new StartupException(
                "Port " + port + " for " + purpose(scheme) + " cannot be had: it is taken, or not allowed.",
                "Stop what uses it, or set millrace." + setting(scheme) + " to another" + further(scheme) + ".",
                cause);
    }

    /** What else may be done about it. */
    private static String further(String scheme) {
        return scheme.equals(RTSP_MEDIA)
                ? " (UDP has that number, or the next even one, and the one behind it), or millrace.rtsp.udp to false"
                : "";
    }

    /** What the ports of a scheme are for. */
    private static String purpose(String scheme) {
        return switch (scheme) {
            case "rtmp", RTMPS, "rtsp", RTSPS, "srt" -> scheme.toUpperCase(Locale.ROOT);
            case RTSP_MEDIA -> "media of RTSP over UDP";
            case "webrtc", "webrtc-tcp" -> "media of WebRTC";
            case "http" -> "media over HTTP";
            case HTTPS -> "media over HTTPS";
            case FRONT -> "pages and media over HTTPS";
            default -> scheme;
        };
    }

    /** Where the port of a scheme is set. */
    private static String setting(String scheme) {
        return switch (scheme) {
            case RTMPS -> "tls.rtmp-port";
            case RTSPS -> "tls.rtsp-port";
            case RTSP_MEDIA -> "rtsp.port";
            case HTTPS -> "tls.http-port";
            case FRONT -> "https.port";
            default -> scheme + ".port";
        };
    }

    private EngineConfig config(Runnable renewed) {
        String bundle = settings.tls().bundle();
        int front = settings.https().port();
        EngineConfig plain = spoken(kept(plain()));
        if (!settings.encrypted()) {
            return plain;
        }
        TlsConfig encrypted = new TlsConfig(
                certificate(bundle, renewed),
                Map.of(
                        RTMPS,
                        settings.tls().rtmpPort(),
                        RTSPS,
                        settings.tls().rtspPort(),
                        HTTPS,
                        settings.tls().httpPort()));
        return plain.with(
                front == 0 ? encrypted : encrypted.with(new TlsConfig.FrontPort(front, () -> pages, this::origin)));
    }

    /** Where the site is encrypted, once that is known. */
    private Optional<String> origin() {
        return address.encrypted() ? address.origin() : Optional.empty();
    }

    private CertificateSource certificate(@Nullable String bundle, Runnable renewed) {
        if (bundle != null) {
            return new BundleCertificate(bundles.getObject(), bundle, renewed);
        }
        served.onChange(renewed);
        return new ServedSource(served);
    }

    /**
     * The web server listens.
     *
     * @throws StartupException if it cannot be reached from another port
     */
    void pagesAt(Environment environment, int port) {
        if (settings.https().port() != 0
                && Ssl.isEnabled(
                        Binder.get(environment).bind("server.ssl", Ssl.class).orElse(null))) {
            throw new StartupException(
                    "millrace.https.port passes pages on to the site's own port, which server.ssl encrypts.",
                    "Take server.ssl away, or millrace.https.port.");
        }
        InetAddress bound = environment.getProperty("server.address", InetAddress.class);
        pages = Optional.of(new InetSocketAddress(
                bound == null || bound.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : bound, port));
    }

    private EngineConfig plain() {
        RtmpConfig rtmp = RtmpConfig.defaults();
        HttpConfig http = HttpConfig.defaults();
        HubConfig hub = HubConfig.defaults();
        return new EngineConfig(
                        new RtmpConfig(settings.rtmp().host(), settings.rtmp().port(), rtmp.timeouts(), REFUSAL),
                        new HttpConfig(
                                settings.http().host(),
                                settings.http().port(),
                                http.requestTimeout(),
                                http.writeTimeout(),
                                settings.http().maxConnections(),
                                http.maxConnectionsPerAddress(),
                                http.requestsPerSecond(),
                                http.limitPrivate(),
                                http.crossOrigin()),
                        new HubConfig(
                                grace(),
                                hub.takeoverInterval(),
                                hub.maxStreams(),
                                settings.rtmp().silentAudio()),
                        FanoutConfig.defaults().with(settings.flush()).converting(Ffmpeg.find(ffmpeg)),
                        new HlsConfig(
                                SegmenterConfig.defaults(),
                                site.override(Setting.HLS_SEGMENTS)
                                        .orElse(settings.hls().segments()),
                                settings.hls().always(),
                                data.resolve("hls")),
                        settings.transport())
                .with(StreamNaming.CHANNELS)
                .with(admission())
                .with(new EngineConfig.Proxies(
                        NamedProxies.of(settings.rtmp().proxyProtocolFrom()),
                        NamedProxies.of(settings.http().proxyProtocolFrom())));
    }

    private EngineConfig spoken(EngineConfig config) {
        EngineConfig spoken = config;
        EngineSettings.Rtsp rtsp = settings.rtsp();
        if (rtsp.port() != 0) {
            spoken = spoken.with(new RtspConfig(rtsp.host(), rtsp.port(), rtsp.udp(), REFUSAL));
        }
        EngineSettings.Srt srt = settings.srt();
        if (srt.port() != 0) {
            spoken = spoken.with(
                    new SrtConfig(srt.host(), srt.port(), srt.latency(), Optional.ofNullable(srt.passphrase())));
        }
        EngineSettings.Webrtc webrtc = settings.webrtc();
        if (webrtc.port() != 0) {
            spoken = spoken.with(WebrtcConfig.of(webrtc.host(), webrtc.port(), webrtc.addresses()));
        }
        return spoken;
    }

    private EngineConfig kept(EngineConfig config) {
        return settings.recording().enabled() ? config.with(recording()) : config;
    }

    /** Whatever others have on that disk, the database among it, keeps half of what has to be free for a beginning. */
    private RecordingConfig recording() {
        EngineSettings.Recording recording = settings.recording();
        RecordingConfig usual = RecordingConfig.defaults(recording.directory(data));
        long queue = recording.queue().toBytes();
        return new RecordingConfig(
                usual.directory(),
                recording.sync(),
                recording.spanLength(),
                usual.spanBytes(),
                queue,
                Math.min(queue, usual.streamQueueBytes()),
                recording.minFree().toBytes(),
                recording.minFree().toBytes() / 2);
    }

    private AdmissionConfig admission() {
        AdmissionConfig.Limits usual = AdmissionConfig.Limits.defaults();
        return new AdmissionConfig(
                settings.rtmp().answerTimeout(),
                settings.rtmp().silenceTimeout(),
                new AdmissionConfig.Limits(
                        settings.rtmp().maxConnections(),
                        settings.rtmp().maxConnectionsPerAddress(),
                        usual.connectsPerSecond(),
                        settings.rtmp().refusalsPerMinute(),
                        usual.nearby()));
    }
}
