// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server.standalone;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import live.millrace.media.admission.AdmissionConfig;
import live.millrace.media.callback.CallbackConfig;
import live.millrace.media.callback.CallbackContract;
import live.millrace.media.child.Programs;
import live.millrace.media.endpoint.hls.HlsConfig;
import live.millrace.media.endpoint.rtmp.RtmpConfig;
import live.millrace.media.fanout.FanoutConfig;
import live.millrace.media.http.HttpConfig;
import live.millrace.media.hub.HubConfig;
import live.millrace.media.hub.Latency;
import live.millrace.media.hub.StreamNaming;
import live.millrace.media.segment.SegmenterConfig;
import live.millrace.media.server.EngineConfig;
import live.millrace.media.server.Transport;
import live.millrace.media.socket.NamedProxies;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * The settings file, {@code engine.yml}; {@code docs/engine.md} describes each setting. What is not written has its default; what
 * is not known is an error.
 */
record EngineFile(
        @Nullable String bind,
        @Nullable String dataDir,
        @Nullable Duration drain,
        @Nullable Transport transport,
        @Nullable Flush flush,
        @Nullable TlsSettings tls,
        @Nullable Rtmp rtmp,
        @Nullable RtspSettings rtsp,
        @Nullable SrtSettings srt,
        @Nullable WebrtcSettings webrtc,
        @Nullable Http http,
        @Nullable Hls hls,
        @Nullable Api api,
        @Nullable Publish publish,
        @Nullable Callbacks callbacks,
        @Nullable RecordingSettings recording,
        @Nullable List<TicketRules.Setting> tickets,
        @Nullable List<SourceSettings> sources,
        @Nullable Boolean sourcesLoopback,
        @Nullable String ffmpeg) {

    static final String DEFAULT_BIND = "0.0.0.0";
    static final String DEFAULT_DATA_DIRECTORY = "data";
    private static final Duration LONGEST_DRAIN = Duration.ofSeconds(25);
    private static final int SHORTEST_TOKEN = 16;

    /** How bytes are handed to viewers. */
    enum Flush {
        /** Each frame at once. */
        REALTIME,
        /** Gathered for longer the more viewers there are. */
        ADAPTIVE
    }

    record Rtmp(
            @Nullable Integer port,
            @Nullable Duration grace,
            @Nullable Duration silenceTimeout,
            @Nullable Integer maxConnections,
            @Nullable Integer maxConnectionsPerAddress,
            @Nullable Integer refusalsPerMinute,
            @Nullable Boolean silentAudio,
            @Nullable List<String> proxyProtocolFrom) {
        static final Rtmp NONE = new Rtmp(null, null, null, null, null, null, null, null);
    }

    record Http(
            @Nullable Integer port,
            @Nullable Integer maxConnections,
            @Nullable List<String> proxyProtocolFrom) {
        static final Http NONE = new Http(null, null, null);
    }

    record Hls(@Nullable Integer segments, @Nullable Boolean always) {
        static final Hls NONE = new Hls(null, null);
    }

    record Api(
            @Nullable String host,
            @Nullable Integer port,
            @Nullable String token,
            @Nullable Boolean openStatistics) {
        static final Api NONE = new Api(null, null, null, null);
        static final String DEFAULT_HOST = "127.0.0.1";
        static final int DEFAULT_PORT = 1985;

        /** A secret stands here. */
        @Override
        public String toString() {
            return "Api[" + host + ":" + port + "]";
        }
    }

    record Publish(@Nullable Boolean anonymous, @Nullable List<Key> keys) {
        static final Publish NONE = new Publish(null, null);
    }

    /** A stream key, in full or as the SHA-256 of its characters in hexadecimal; and what SRT is encrypted with that brings it. */
    record Key(
            @Nullable String channel,
            @Nullable String key,
            @Nullable String sha256,
            @Nullable String passphrase) {
        PublishRules.Key rule() {
            String named = Objects.requireNonNullElse(channel, "");
            PublishRules.Key rule = sha256 == null
                    ? PublishRules.Key.plain(named, Objects.requireNonNullElse(key, ""))
                    : PublishRules.Key.hashed(named, sha256);
            return passphrase == null ? rule : rule.encryptedWith(passphrase);
        }

        @Override
        public String toString() {
            return "Key[" + channel + "]";
        }
    }

    record Callbacks(
            @Nullable CallbackContract contract,
            @Nullable List<URI> onPublish,
            @Nullable List<URI> onUnpublish,
            @Nullable List<URI> onPlay,
            @Nullable List<URI> onStop,
            @Nullable List<URI> onRecord,
            @Nullable Duration timeout,
            @Nullable String secret) {
        @Override
        public String toString() {
            return "Callbacks[" + contract + "]";
        }
    }

    /** Nothing is written: all defaults. */
    static final EngineFile EMPTY = new EngineFile(
            null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
            null, null);

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .addModule(new SimpleModule().addDeserializer(Duration.class, new DurationReader()))
            .build();

    /** {@code 250ms}, {@code 10s}, {@code 5m}. */
    private static final class DurationReader extends ValueDeserializer<Duration> {
        private static final Pattern FORM = Pattern.compile("(\\d{1,9})(ms|s|m)");

        @Override
        public Duration deserialize(JsonParser parser, DeserializationContext context) {
            String text = parser.getValueAsString("");
            Matcher matcher = FORM.matcher(text);
            if (!matcher.matches()) {
                throw DatabindException.from(parser, "a duration looks like 250ms, 10s or 5m, not like " + text);
            }
            long amount = Long.parseLong(matcher.group(1));
            return switch (matcher.group(2)) {
                case "ms" -> Duration.ofMillis(amount);
                case "s" -> Duration.ofSeconds(amount);
                default -> Duration.ofMinutes(amount);
            };
        }
    }

    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException if it is not there or cannot be, with the line in its message
     */
    static EngineFile read(Path file) {
        try {
            String text = Files.readString(file);
            EngineFile read = text.isBlank() ? EMPTY : YAML.readValue(text, EngineFile.class);
            return read == null ? EMPTY : read; // nothing but comments
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("There is no settings file " + file + ".", e);
        } catch (IOException e) {
            throw new IllegalArgumentException("The settings file " + file + " cannot be read: " + e.getMessage(), e);
        } catch (UnrecognizedPropertyException e) {
            throw new IllegalArgumentException(
                    file + ", line " + e.getLocation().getLineNr() + ": there is no setting \"" + e.getPropertyName()
                            + "\" here.",
                    e);
        } catch (JacksonException e) {
            String where =
                    e.getLocation() == null ? "" : ", line " + e.getLocation().getLineNr();
            throw new IllegalArgumentException(file + where + ": " + e.getOriginalMessage(), e);
        }
    }

    /** The same with what the command line says instead. */
    EngineFile with(
            @Nullable String newBind,
            @Nullable Integer rtmpPort,
            @Nullable Integer httpPort,
            @Nullable Path newDataDirectory,
            @Nullable Flush newFlush,
            boolean allowAnonymous) {
        Rtmp r = rtmpOrDefault();
        Http h = httpOrDefault();
        Publish p = publishOrDefault();
        return new EngineFile(
                newBind == null ? bind : newBind,
                newDataDirectory == null ? dataDir : newDataDirectory.toString(),
                drain,
                transport,
                newFlush == null ? flush : newFlush,
                tls,
                rtmpPort == null
                        ? r
                        : new Rtmp(
                                rtmpPort,
                                r.grace(),
                                r.silenceTimeout(),
                                r.maxConnections(),
                                r.maxConnectionsPerAddress(),
                                r.refusalsPerMinute(),
                                r.silentAudio(),
                                r.proxyProtocolFrom()),
                rtsp,
                srt,
                webrtc,
                httpPort == null ? h : new Http(httpPort, h.maxConnections(), h.proxyProtocolFrom()),
                hls,
                api,
                allowAnonymous ? new Publish(true, p.keys()) : p,
                callbacks,
                recording,
                tickets,
                sources,
                sourcesLoopback,
                ffmpeg);
    }

    private Rtmp rtmpOrDefault() {
        return rtmp == null ? Rtmp.NONE : rtmp;
    }

    private Http httpOrDefault() {
        return http == null ? Http.NONE : http;
    }

    private Publish publishOrDefault() {
        return publish == null ? Publish.NONE : publish;
    }

    private Api apiOrDefault() {
        return api == null ? Api.NONE : api;
    }

    private static <T> T or(@Nullable T value, T otherwise) {
        return value == null ? otherwise : value;
    }

    Path dataDirectory() {
        return Path.of(or(dataDir, DEFAULT_DATA_DIRECTORY)).toAbsolutePath();
    }

    /** The program that decodes pictures, and makes sound of other sound; empty where there is none, or none is wanted. */
    Optional<Path> decoder() {
        return Programs.named("ffmpeg", ffmpeg, "ffmpeg");
    }

    /** How long viewers may fetch what is left when the server goes down. */
    Duration drainTime() {
        Duration time = or(drain, Duration.ofSeconds(5));
        if (time.compareTo(LONGEST_DRAIN) > 0) {
            throw new IllegalArgumentException("drain is at most 25s, not " + time.toSeconds() + "s.");
        }
        return time;
    }

    /**
     * The engine's own settings.
     *
     * @throws IllegalArgumentException if a value is out of its range
     */
    EngineConfig engine() {
        String host = or(bind, DEFAULT_BIND);
        Rtmp r = rtmpOrDefault();
        Http h = httpOrDefault();
        RtmpConfig rd = RtmpConfig.defaults();
        AdmissionConfig ad = AdmissionConfig.defaults();
        HttpConfig hd = HttpConfig.defaults();
        HubConfig hub = HubConfig.defaults();
        HlsConfig hlsDefaults = HlsConfig.defaults(dataDirectory().resolve("hls"));
        return new EngineConfig(
                new RtmpConfig(host, or(r.port(), rd.port()), rd.timeouts(), rd.refusal()),
                new HttpConfig(
                        host,
                        or(h.port(), hd.port()),
                        hd.requestTimeout(),
                        hd.writeTimeout(),
                        or(h.maxConnections(), hd.maxConnections()),
                        hd.maxConnectionsPerAddress(),
                        hd.requestsPerSecond(),
                        hd.limitPrivate(),
                        true),
                new HubConfig(
                        or(r.grace(), hub.grace()),
                        hub.takeoverInterval(),
                        hub.maxStreams(),
                        or(r.silentAudio(), hub.silentAudio())),
                FanoutConfig.defaults()
                        .with(or(flush, Flush.ADAPTIVE) == Flush.REALTIME ? Latency.REALTIME : Latency.NORMAL)
                        .converting(decoder()),
                new HlsConfig(
                        SegmenterConfig.defaults(),
                        or((hls == null ? Hls.NONE : hls).segments(), hlsDefaults.segments()),
                        or((hls == null ? Hls.NONE : hls).always(), hlsDefaults.always()),
                        hlsDefaults.directory()),
                or(transport, Transport.AUTO),
                Optional.ofNullable(tls).map(TlsSettings::config),
                StreamNaming.AS_SAID,
                new AdmissionConfig(
                        // A callback has its own limit, which ends before this one.
                        Duration.ofSeconds(35),
                        or(r.silenceTimeout(), ad.silence()),
                        new AdmissionConfig.Limits(
                                or(r.maxConnections(), ad.limits().connections()),
                                or(r.maxConnectionsPerAddress(), ad.limits().connectionsPerAddress()),
                                ad.limits().connectsPerSecond(),
                                or(r.refusalsPerMinute(), ad.limits().refusalsPerMinute()),
                                ad.limits().nearby())),
                new EngineConfig.Proxies(
                        NamedProxies.of(or(r.proxyProtocolFrom(), List.of())),
                        NamedProxies.of(or(h.proxyProtocolFrom(), List.of()))),
                recordingSettings().config(dataDirectory()),
                or(rtsp, RtspSettings.NONE).config(host),
                or(srt, SrtSettings.NONE).config(host),
                or(webrtc, WebrtcSettings.NONE).config(host));
    }

    /**
     * Who may watch by a ticket.
     *
     * @throws IllegalArgumentException if one cannot be
     */
    TicketRules ticketRules() {
        return TicketRules.of(tickets, InstantSource.system());
    }

    RecordingSettings recordingSettings() {
        return or(recording, RecordingSettings.NONE);
    }

    /** Where the management API listens. */
    HttpConfig management() {
        Api a = apiOrDefault();
        HttpConfig d = HttpConfig.defaults();
        return new HttpConfig(
                or(a.host(), Api.DEFAULT_HOST),
                or(a.port(), Api.DEFAULT_PORT),
                Duration.ofSeconds(30),
                d.writeTimeout(),
                100,
                100,
                100,
                true,
                false);
    }

    /** The API's token, when one is written. */
    @Nullable
    String apiToken() {
        String token = apiOrDefault().token();
        if (token != null && token.length() < SHORTEST_TOKEN) {
            throw new IllegalArgumentException("api.token has at least " + SHORTEST_TOKEN + " characters.");
        }
        return token;
    }

    boolean statisticsOpen() {
        return or(apiOrDefault().openStatistics(), false);
    }

    CallbackConfig callbackConfig() {
        if (callbacks == null) {
            return CallbackConfig.none();
        }
        CallbackConfig d = CallbackConfig.none();
        return new CallbackConfig(
                or(callbacks.contract(), d.contract()),
                or(callbacks.onPublish(), d.onPublish()),
                or(callbacks.onUnpublish(), d.onUnpublish()),
                or(callbacks.onPlay(), d.onPlay()),
                or(callbacks.onStop(), d.onStop()),
                or(callbacks.onRecord(), d.onRecord()),
                or(callbacks.timeout(), d.timeout()),
                or(callbacks.secret(), d.secret()));
    }

    /**
     * Who may publish.
     *
     * @throws IllegalArgumentException if a key is incomplete, or nobody could publish at all and nothing is fetched
     */
    PublishRules publishRules() {
        Publish p = publishOrDefault();
        boolean anonymous = or(p.anonymous(), false);
        List<Key> keys = or(p.keys(), List.of());
        boolean ask = !callbackConfig().onPublish().isEmpty();
        if (!anonymous && keys.isEmpty() && !ask && or(sources, List.of()).isEmpty()) {
            throw new IllegalArgumentException(
                    "Nobody could publish, and nothing is fetched: write publish.keys or callbacks.on-publish for encoders,"
                            + " or sources for streams to fetch, into the settings file, or start with --allow-anonymous.");
        }
        return new PublishRules(ask, anonymous, keys.stream().map(Key::rule).toList());
    }
}
