// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import live.millrace.media.hub.Latency;
import live.millrace.media.recording.RecordingConfig.Sync;
import live.millrace.media.server.Transport;
import live.millrace.platform.shared.DataDirectory;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The engine's settings, under {@code millrace}.
 *
 * @param flush realtime: each frame to players at once; normal: gathered for longer the more players there are
 * @param transport how sockets are polled: auto, epoll, io_uring, nio
 */
@ConfigurationProperties("millrace")
public record EngineSettings(
        @DefaultValue Rtmp rtmp,
        @DefaultValue Rtsp rtsp,
        @DefaultValue Srt srt,
        @DefaultValue Webrtc webrtc,
        @DefaultValue Http http,
        @DefaultValue Hls hls,
        @DefaultValue Recording recording,
        @DefaultValue Media media,
        @DefaultValue Cdn cdn,
        @DefaultValue Tls tls,
        @DefaultValue Https https,
        @DefaultValue Sources sources,
        @DefaultValue("normal") Latency flush,
        @DefaultValue("auto") Transport transport) {

    /**
     * RTMP in.
     *
     * @param publicUrl what encoders are told, when it is not the page's host and this port
     * @param grace how long a broadcast waits for an encoder that was lost
     * @param answerTimeout how long an encoder waits for the database to say whether its key is good
     * @param proxyProtocolFrom addresses and networks of proxies that say in front of each connection whom they speak for; they have
     *     to, and nobody else is heard
     * @param silentAudio give broadcasts without sound a track of silence
     */
    public record Rtmp(
            @DefaultValue("0.0.0.0") String host,
            @DefaultValue("1935") int port,
            @Nullable String publicUrl,
            @DefaultValue("60s") Duration grace,
            @DefaultValue("10s") Duration silenceTimeout,
            @DefaultValue("10000") int maxConnections,
            @DefaultValue("256") int maxConnectionsPerAddress,
            @DefaultValue("10") int refusalsPerMinute,
            @DefaultValue("60s") Duration answerTimeout,
            @DefaultValue("false") boolean silentAudio,
            @DefaultValue({}) List<String> proxyProtocolFrom) {}

    /**
     * RTSP in and out.
     *
     * @param port 0: RTSP is not spoken
     * @param publicUrl what encoders are told, when it is not the page's host and this port
     * @param udp media may go over UDP as well
     */
    public record Rtsp(
            @DefaultValue("0.0.0.0") String host,
            @DefaultValue("8554") int port,
            @Nullable String publicUrl,
            @DefaultValue("true") boolean udp) {}

    /**
     * SRT in and out.
     *
     * @param port of UDP; 0: SRT is not spoken
     * @param publicUrl what encoders are told, when it is not the page's host and this port
     * @param latency how long to wait for lost packets at least
     * @param passphrase of everybody; null: without one
     */
    public record Srt(
            @DefaultValue("0.0.0.0") String host,
            @DefaultValue("8890") int port,
            @Nullable String publicUrl,
            @DefaultValue("120ms") Duration latency,
            @Nullable String passphrase) {
        /** A secret stands here. */
        @Override
        public String toString() {
            return "Srt[" + host + ":" + port + "]";
        }
    }

    /**
     * WebRTC in.
     *
     * @param port of UDP, and of TCP where that is blocked; 0: WebRTC is not spoken
     * @param addresses what browsers and encoders are told, when the world knows this machine by others than it has
     */
    public record Webrtc(
            @DefaultValue("0.0.0.0") String host,
            @DefaultValue("8189") int port,
            @DefaultValue({}) List<String> addresses) {}

    /**
     * Media over HTTP.
     *
     * @param proxyProtocolFrom the same for this port
     */
    public record Http(
            @DefaultValue("0.0.0.0") String host,
            @DefaultValue("8081") int port,
            @DefaultValue("20000") int maxConnections,
            @DefaultValue({}) List<String> proxyProtocolFrom) {}

    /**
     * HLS and DASH.
     *
     * @param segments that a playlist lists
     * @param always cut every broadcast from its beginning, whether somebody asks for it or not
     */
    public record Hls(
            @DefaultValue("6") int segments,
            @DefaultValue("false") boolean always) {}

    /**
     * Broadcasts that are kept.
     *
     * @param enabled this process keeps any; what is kept of whom is a setting of the site and its channels
     * @param directory where their bytes are; null for {@code recordings} in the data directory
     * @param sync when bytes are forced to the disk: none, segment, second
     * @param minFree what has to be free on that disk for one to begin; those that run are paused below half of it
     * @param spanLength how much of a track one file holds, at least
     * @param queue bytes of all broadcasts together that may wait for the disk
     * @param bucket where they go from the disk
     */
    public record Recording(
            @DefaultValue("true") boolean enabled,
            @Nullable String directory,
            @DefaultValue("segment") Sync sync,
            @DefaultValue("2GB") DataSize minFree,
            @DefaultValue("5m") Duration spanLength,
            @DefaultValue("64MB") DataSize queue,
            @DefaultValue BucketSettings bucket) {
        /** Where their bytes are. */
        public Path directory(DataDirectory data) {
            return directory == null ? data.resolve("recordings") : Path.of(directory);
        }
    }

    /** @param publicUrl where browsers fetch media, when it is not the page's host and the HTTP port */
    public record Media(@Nullable String publicUrl) {}

    /**
     * Caches in front of the HTTP port.
     *
     * @param url where browsers reach them; null for none
     * @param privateStreams what is not for everybody is fetched through them as well: whoever is taken off a list may watch for up to a minute more
     */
    public record Cdn(
            @Nullable String url, @DefaultValue("false") boolean privateStreams) {}

    /**
     * Streams that are fetched.
     *
     * @param loopback from this machine as well, but for the site's own ports: for development
     */
    public record Sources(@DefaultValue("false") boolean loopback) {}

    /**
     * RTMPS, RTSPS, HTTPS and WSS for media.
     *
     * @param bundle name of an SSL bundle ({@code spring.ssl.bundle.*}); null for none
     */
    public record Tls(
            @Nullable String bundle,
            @DefaultValue("1936") int rtmpPort,
            @DefaultValue("8322") int rtspPort,
            @DefaultValue("8443") int httpPort) {}

    /** Ports are encrypted: with a bundle, or with what the site gets by itself. */
    public boolean encrypted() {
        return tls.bundle() != null || https.port() != 0;
    }

    /**
     * Pages and media on one encrypted port, without a proxy. It has the bundle of {@link Tls}, or a certificate that the site gets by itself.
     *
     * @param port 0: none; below: the usual one where there is a domain, else none
     * @param domain that the site gets a certificate for; null where the console says it, or nobody
     */
    public record Https(
            @DefaultValue("-1") int port, @Nullable String domain) {
        private static final int USUAL = 443;

        public Https {
            if (port < 0) {
                port = domain == null || domain.isBlank() ? 0 : USUAL;
            }
        }

        /** Where that is on a host, as browsers write it; empty where there is none. */
        public Optional<String> on(String host) {
            return port == 0 ? Optional.empty() : Optional.of("https://" + host + (port == USUAL ? "" : ":" + port));
        }
    }
}
