// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.control.api;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import live.millrace.media.codec.aac.Aac;
import live.millrace.media.codec.g711.G711;
import live.millrace.media.codec.h264.H264;
import live.millrace.media.codec.h265.H265;
import live.millrace.media.codec.opus.Opus;
import live.millrace.media.control.StreamStatus;
import live.millrace.media.http.HttpAnswer;
import live.millrace.media.http.HttpRequest;
import live.millrace.media.http.HttpRouter;
import live.millrace.media.http.Subject;
import live.millrace.media.hub.PublisherInfo;
import live.millrace.media.hub.PublisherOrigin;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.source.SourceAddress;
import live.millrace.media.source.SourceMode;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The names by which ZLMediaKit's users steer it, so that their programs go on working: {@code /index/api/addStreamProxy} and its kin, by GET
 * and POST, with parameters in the query, a form or JSON. As there, every answer has the status 200, and a code in its body; the parameter
 * {@code secret} is the API's token.
 */
final class ProxyNames {
    /** Programs send all the switches that they know; 40 have been seen. */
    private static final int MOST_PARAMETERS = 64;

    /** Bytes of a form. */
    static final int BODY = 16 << 10;

    private static final String FOLDER = "/index/api/";
    private static final String USUAL_HOST = "__defaultVhost__";
    private static final int DATAGRAMS = 1;
    private static final int LONGEST_PATIENCE_SECONDS = 60;

    /** Of a picture that is given once more. */
    private static final int USUAL_AGE_SECONDS = 5;

    private static final JsonMapper JSON = new JsonMapper();

    static final int DONE = 0;
    static final int FAILED = -1;
    static final int NOT_ALLOWED = -100;
    static final int BAD_PARAMETER = -300;

    /** A wish that cannot be fulfilled. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final int code;

        Refused(int code, String message) {
            super(message, null, false, false);
            this.code = code;
        }

        int code() {
            return code;
        }
    }

    private final ApiBackend backend;

    ProxyNames(ApiBackend backend) {
        this.backend = backend;
    }

    void register(HttpRouter router, Subject subject) {
        Map<String, Function<Map<String, String>, Map<String, Object>>> names = new LinkedHashMap<>();
        names.put("addStreamProxy", this::add);
        names.put("delStreamProxy", this::delete);
        names.put("getMediaList", this::list);
        names.put("isMediaOnline", this::online);
        names.forEach((name, does) ->
                route(router, subject, name, query -> CompletableFuture.completedStage(answer(query, does))));
        route(router, subject, "getSnap", this::picture);
    }

    private static void route(HttpRouter router, Subject subject, String name, HttpRouter.Handler handler) {
        router.get(FOLDER + name, subject, handler);
        router.route(HttpMethod.POST, FOLDER + name, subject, BODY, handler);
    }

    private HttpAnswer answer(HttpRequest query, Function<Map<String, String>, Map<String, Object>> does) {
        try {
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("code", DONE);
            body.putAll(does.apply(allowed(query)));
            return json(body);
        } catch (Refused refused) {
            return json(refused);
        }
    }

    /** The parameters of a request that knows the secret. */
    private Map<String, String> allowed(HttpRequest query) {
        Map<String, String> parameters = parameters(query);
        if (!backend.isToken(wanted(parameters, "secret"))) {
            throw new Refused(NOT_ALLOWED, "Incorrect secret");
        }
        return parameters;
    }

    private static HttpAnswer json(Refused refused) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("code", refused.code);
        body.put("msg", String.valueOf(refused.getMessage()));
        return json(body);
    }

    private static HttpAnswer json(Map<String, Object> body) {
        return HttpAnswer.text(HttpResponseStatus.OK, "application/json", JSON.writeValueAsString(body));
    }

    // ---- parameters ---------------------------------------------------------------------------------------------

    /** Those of the query come first, as there. */
    static Map<String, String> parameters(HttpRequest query) {
        Map<String, String> parameters = new LinkedHashMap<>();
        String body = query.body().toString(StandardCharsets.UTF_8);
        try {
            decode(query.rawQuery(), parameters);
            if (query.headers().get("Content-Type", "").toLowerCase(Locale.ROOT).contains("json")) {
                JsonNode said = JSON.readTree(body);
                for (String name : said.propertyNames()) {
                    if (parameters.size() < MOST_PARAMETERS) {
                        parameters.putIfAbsent(name, said.path(name).asString(""));
                    }
                }
            } else {
                decode(body, parameters);
            }
        } catch (JacksonException | IllegalArgumentException e) {
            throw new Refused(BAD_PARAMETER, "Parameters that cannot be read");
        }
        return parameters;
    }

    private static void decode(String form, Map<String, String> into) {
        new QueryStringDecoder(form, StandardCharsets.UTF_8, false, MOST_PARAMETERS)
                .parameters()
                .forEach((name, values) -> into.putIfAbsent(name, values.getFirst()));
    }

    static String wanted(Map<String, String> parameters, String name) {
        String value = parameters.getOrDefault(name, "");
        if (value.isEmpty()) {
            throw new Refused(BAD_PARAMETER, "Required parameter missed: " + name);
        }
        return value;
    }

    static int number(Map<String, String> parameters, String name, int usual) {
        try {
            // "10" and "10.0" have both been seen
            return (int) Double.parseDouble(parameters.getOrDefault(name, Integer.toString(usual)));
        } catch (NumberFormatException e) {
            throw new Refused(BAD_PARAMETER, "No number: " + name);
        }
    }

    private static StreamPath path(Map<String, String> parameters) {
        wanted(parameters, "vhost");
        return StreamPath.of(wanted(parameters, "app"), wanted(parameters, "stream"))
                .orElseThrow(() -> new Refused(BAD_PARAMETER, "app and stream: " + StreamPath.RULE));
    }

    // ---- streams that are fetched -------------------------------------------------------------------------------

    /** It is fetched while somebody watches; what the switches say beyond that has no meaning here. */
    private Map<String, Object> add(Map<String, String> parameters) {
        StreamPath path = path(parameters);
        if (backend.sources().status(path).isPresent()) {
            throw new Refused(FAILED, "This stream already exists");
        }
        Duration patience = seconds(parameters, "timeout_sec", (int) SourceAddress.USUAL_PATIENCE.toSeconds(), 1);
        boolean datagrams = number(parameters, "rtp_type", 0) == DATAGRAMS;
        try {
            SourceAddress address =
                    SourceAddress.of(wanted(parameters, "url"), datagrams, SourceAddress.Reach.PRIVATE, patience);
            backend.sources().put(path, address, SourceMode.ON_DEMAND);
        } catch (IllegalArgumentException e) {
            throw new Refused(FAILED, String.valueOf(e.getMessage()));
        }
        return Map.of("data", Map.of("key", key(wanted(parameters, "vhost"), path)));
    }

    private static String key(String host, StreamPath path) {
        return host + "/" + path.application() + "/" + path.name();
    }

    private Map<String, Object> delete(Map<String, String> parameters) {
        String[] parts = wanted(parameters, "key").split("/", -1);
        Optional<StreamPath> path = parts.length == 3 ? StreamPath.of(parts[1], parts[2]) : Optional.empty();
        return Map.of("data", Map.of("flag", path.map(backend.sources()::remove).orElse(false)));
    }

    // ---- streams that are on ------------------------------------------------------------------------------------

    private Map<String, Object> online(Map<String, String> parameters) {
        String schema = wanted(parameters, "schema");
        boolean on = backend.streams().stream(path(parameters)).isPresent();
        return Map.of("online", on && schemas().contains(schema));
    }

    private List<String> schemas() {
        List<String> schemas = new ArrayList<>(List.of("rtmp", "hls", "ts", "fmp4"));
        if (backend.schemes().contains("rtsp")) {
            schemas.add("rtsp");
        }
        return schemas;
    }

    private Map<String, Object> list(Map<String, String> parameters) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (StreamStatus stream : backend.streams().streams()) {
            for (String schema : schemas()) {
                if (is(parameters, "schema", schema)
                        && is(parameters, "app", stream.path().application())
                        && is(parameters, "stream", stream.path().name())) {
                    all.add(view(stream, schema, parameters.getOrDefault("vhost", USUAL_HOST)));
                }
            }
        }
        return Map.of("data", all);
    }

    /** What is not asked for may be anything. */
    private static boolean is(Map<String, String> parameters, String name, String value) {
        String asked = parameters.getOrDefault(name, "");
        return asked.isEmpty() || asked.equals(value);
    }

    private static Map<String, Object> view(StreamStatus stream, String schema, String host) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("app", stream.path().application());
        view.put("stream", stream.path().name());
        view.put("vhost", host);
        view.put("schema", schema);
        view.put("readerCount", stream.viewers());
        view.put("totalReaderCount", stream.viewers());
        view.put("originType", originType(stream.publisher()));
        view.put("createStamp", stream.startedAt().getEpochSecond());
        view.put(
                "aliveSecond",
                Math.max(0, Duration.between(stream.startedAt(), Instant.now()).toSeconds()));
        view.put("bytesSpeed", stream.statistics().bitrate() / 8);
        List<Map<String, Object>> tracks = new ArrayList<>();
        stream.video().ifPresent(video -> {
            Map<String, Object> track = track(video.codec(), 0);
            track.put("width", video.width());
            track.put("height", video.height());
            track.put("fps", Math.round(stream.statistics().frameRate()));
            tracks.add(track);
        });
        stream.audio().ifPresent(audio -> {
            Map<String, Object> track = track(audio.codec(), 1);
            track.put("sample_rate", audio.sampleRate());
            track.put("channels", audio.channels());
            track.put("sample_bit", 16);
            tracks.add(track);
        });
        view.put("tracks", tracks);
        return view;
    }

    private static int originType(Optional<PublisherInfo> publisher) {
        return publisher
                .map(who -> who.origin() instanceof PublisherOrigin.Pull
                        ? 4
                        : who.protocol().equals("rtsp") ? 2 : 1)
                .orElse(0);
    }

    private static Map<String, Object> track(String codec, int type) {
        Map<String, Object> track = new LinkedHashMap<>();
        track.put("codec_type", type);
        Integer id = CODECS.get(codec);
        track.put("codec_id", id == null ? -1 : id);
        track.put("codec_id_name", "Codec" + codec.replaceAll("[^A-Za-z0-9]", ""));
        track.put("ready", true);
        return track;
    }

    /** Numbers of codecs, by what people call them here. */
    private static final Map<String, Integer> CODECS = Map.of(
            H264.CODEC.displayName(),
            0,
            H265.CODEC.displayName(),
            1,
            Aac.CODEC.displayName(),
            2,
            G711.A_LAW.displayName(),
            3,
            G711.MU_LAW.displayName(),
            4,
            Opus.CODEC.displayName(),
            5);

    // ---- pictures -----------------------------------------------------------------------------------------------

    private CompletionStage<HttpAnswer> picture(HttpRequest query) {
        PictureWish wish;
        try {
            Map<String, String> parameters = allowed(query);
            String host = query.headers().get("Host", "");
            wish = new PictureWish(
                    wanted(parameters, "url"),
                    host.replaceFirst(":\\d+$", ""),
                    seconds(parameters, "timeout_sec", (int) SourceAddress.USUAL_PATIENCE.toSeconds(), 1),
                    seconds(parameters, "expire_sec", USUAL_AGE_SECONDS, 0));
        } catch (Refused refused) {
            return CompletableFuture.completedStage(json(refused));
        }
        return backend.picture(wish).handle((picture, error) -> {
            if (picture != null) {
                return HttpAnswer.bytes("image/jpeg", picture);
            }
            Throwable cause = error instanceof CompletionException wrapped ? wrapped.getCause() : error;
            return json(new Refused(
                    FAILED,
                    cause instanceof NoPictureException
                            ? String.valueOf(cause.getMessage())
                            : "There was no picture within the time"));
        });
    }

    private static Duration seconds(Map<String, String> parameters, String name, int usual, int least) {
        return Duration.ofSeconds(Math.clamp(number(parameters, name, usual), least, LONGEST_PATIENCE_SECONDS));
    }
}
