// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import live.millrace.media.admission.AdmissionConfig;
import live.millrace.media.endpoint.hls.HlsConfig;
import live.millrace.media.endpoint.rtmp.RtmpConfig;
import live.millrace.media.endpoint.rtsp.RtspConfig;
import live.millrace.media.endpoint.srt.SrtConfig;
import live.millrace.media.endpoint.webrtc.WebrtcConfig;
import live.millrace.media.fanout.FanoutConfig;
import live.millrace.media.http.HttpConfig;
import live.millrace.media.hub.HubConfig;
import live.millrace.media.hub.StreamNaming;
import live.millrace.media.recording.RecordingConfig;
import live.millrace.media.socket.NamedProxies;

/**
 * All settings of the engine; each part checks its own.
 *
 * @param recording how broadcasts are kept; empty when none is
 * @param rtsp empty where it is not spoken
 * @param srt empty where it is not spoken
 * @param webrtc empty where it is not spoken
 */
public record EngineConfig(
        RtmpConfig rtmp,
        HttpConfig http,
        HubConfig hub,
        FanoutConfig fanout,
        HlsConfig hls,
        Transport transport,
        Optional<TlsConfig> tls,
        StreamNaming naming,
        AdmissionConfig admission,
        Proxies proxies,
        Optional<RecordingConfig> recording,
        Optional<RtspConfig> rtsp,
        Optional<SrtConfig> srt,
        Optional<WebrtcConfig> webrtc) {

    /** @throws IllegalArgumentException if two parts want one port of UDP */
    public EngineConfig {
        Map<Integer, String> taken = new HashMap<>();
        rtsp.filter(RtspConfig::datagrams).filter(each -> each.port() != 0).ifPresent(each -> {
            int first = each.mediaPort();
            String media = "rtsp.port %d takes %d and %d of UDP".formatted(each.port(), first, first + 1);
            taken.put(first, media);
            taken.put(first + 1, media);
        });
        srt.ifPresent(each -> take(taken, each.port(), "srt.port"));
        webrtc.ifPresent(each -> take(taken, each.port(), "webrtc.port"));
    }

    private static void take(Map<Integer, String> taken, int port, String setting) {
        String before = port == 0 ? null : taken.putIfAbsent(port, setting + " is " + port);
        if (before != null) {
            throw new IllegalArgumentException(
                    before.startsWith("rtsp")
                            ? before + ", one of them " + setting + ": set another, or rtsp.udp to false"
                            : before + ", which " + setting + " is as well: set another");
        }
    }

    /**
     * Proxies that say in front of each connection whom they speak for, by port.
     *
     * @param rtmp of RTMP and RTMPS
     * @param http of HTTP and HTTPS
     */
    public record Proxies(NamedProxies rtmp, NamedProxies http) {
        public static Proxies none() {
            return new Proxies(NamedProxies.none(), NamedProxies.none());
        }
    }

    /** Without encryption, with streams named as their addresses say, and with the usual limits for publishers. */
    public EngineConfig(
            RtmpConfig rtmp, HttpConfig http, HubConfig hub, FanoutConfig fanout, HlsConfig hls, Transport transport) {
        this(
                rtmp,
                http,
                hub,
                fanout,
                hls,
                transport,
                Optional.empty(),
                StreamNaming.AS_SAID,
                AdmissionConfig.defaults(),
                Proxies.none(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /**
     * The defaults.
     *
     * @param dataDirectory where the engine may write
     */
    public static EngineConfig defaults(Path dataDirectory) {
        return new EngineConfig(
                RtmpConfig.defaults(),
                HttpConfig.defaults(),
                HubConfig.defaults(),
                FanoutConfig.defaults(),
                HlsConfig.defaults(dataDirectory.resolve("hls")),
                Transport.AUTO);
    }

    /** The same with encrypted ports as well. */
    public EngineConfig with(TlsConfig encrypted) {
        return new EngineConfig(
                rtmp,
                http,
                hub,
                fanout,
                hls,
                transport,
                Optional.of(encrypted),
                naming,
                admission,
                proxies,
                recording,
                rtsp,
                srt,
                webrtc);
    }

    /** The same with another meaning of the names in addresses. */
    public EngineConfig with(StreamNaming other) {
        return new EngineConfig(
                rtmp, http, hub, fanout, hls, transport, tls, other, admission, proxies, recording, rtsp, srt, webrtc);
    }

    /** The same with other limits for publishers. */
    public EngineConfig with(AdmissionConfig other) {
        return new EngineConfig(
                rtmp, http, hub, fanout, hls, transport, tls, naming, other, proxies, recording, rtsp, srt, webrtc);
    }

    /** The same behind proxies that say whom they speak for. */
    public EngineConfig with(Proxies others) {
        return new EngineConfig(
                rtmp, http, hub, fanout, hls, transport, tls, naming, admission, others, recording, rtsp, srt, webrtc);
    }

    /** The same with recordings, where there is somebody to write them down. */
    public EngineConfig with(RecordingConfig kept) {
        return new EngineConfig(
                rtmp,
                http,
                hub,
                fanout,
                hls,
                transport,
                tls,
                naming,
                admission,
                proxies,
                Optional.of(kept),
                rtsp,
                srt,
                webrtc);
    }

    /** The same with RTSP as well. */
    public EngineConfig with(RtspConfig spoken) {
        return new EngineConfig(
                rtmp,
                http,
                hub,
                fanout,
                hls,
                transport,
                tls,
                naming,
                admission,
                proxies,
                recording,
                Optional.of(spoken),
                srt,
                webrtc);
    }

    /** The same with SRT as well. */
    public EngineConfig with(SrtConfig spoken) {
        return new EngineConfig(
                rtmp,
                http,
                hub,
                fanout,
                hls,
                transport,
                tls,
                naming,
                admission,
                proxies,
                recording,
                rtsp,
                Optional.of(spoken),
                webrtc);
    }

    /** The same with WebRTC as well. */
    public EngineConfig with(WebrtcConfig spoken) {
        return new EngineConfig(
                rtmp,
                http,
                hub,
                fanout,
                hls,
                transport,
                tls,
                naming,
                admission,
                proxies,
                recording,
                rtsp,
                srt,
                Optional.of(spoken));
    }
}
