// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.callback;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import live.millrace.media.access.PlayAttempt;
import live.millrace.media.access.PublishAttempt;
import live.millrace.media.access.RequestedStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * How callbacks look on the wire: what is sent, and which answer means yes. What a client added to its address never takes the
 * place of a field that the server fills.
 */
public enum CallbackContract {
    /** The JSON of SRS {@code http_hooks}: yes is status 200 with the body {@code 0} or {@code {"code":0}}. */
    SRS {
        @Override
        public String contentType() {
            return "application/json";
        }

        @Override
        String publish(PublishAttempt attempt, String serverId) {
            Map<String, Object> fields = common("on_publish", serverId, attempt);
            fields.put("tcUrl", rtmp(attempt.requested()).tcUrl());
            return json(withStream(fields, attempt.requested()));
        }

        @Override
        String unpublish(PublishAttempt attempt, String serverId) {
            return json(withStream(common("on_unpublish", serverId, attempt), attempt.requested()));
        }

        @Override
        String play(PlayAttempt attempt, String serverId) {
            Map<String, Object> fields = viewer("on_play", serverId, attempt);
            fields.put("pageUrl", "");
            return json(fields);
        }

        @Override
        String stop(PlayAttempt attempt, String serverId) {
            return json(viewer("on_stop", serverId, attempt));
        }

        @Override
        String recorded(RecordedBroadcast recording, String serverId) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("server_id", serverId);
            fields.put("service_id", serverId);
            fields.put("action", "on_dvr");
            fields.put("client_id", recording.id());
            fields.put("ip", "");
            fields.put("vhost", VHOST);
            fields.put("app", recording.application());
            fields.put("stream", recording.name());
            fields.put("param", "");
            fields.put("cwd", recording.directory());
            fields.put("file", recording.folder());
            fields.put("stream_url", "/" + recording.application() + "/" + recording.name());
            // Beyond the contract.
            fields.put("recording", recording.id());
            fields.put("duration_ms", recording.durationMillis());
            fields.put("bytes", recording.bytes());
            return json(fields);
        }

        @Override
        Answer answer(int status, String body, Optional<String> location) {
            if (status != 200) {
                return Answer.NO;
            }
            if (body.strip().equals("0")) {
                return Answer.YES;
            }
            try {
                JsonNode root = JSON.readTree(body);
                JsonNode code = root.path("code");
                if (!code.isIntegralNumber() || code.asLong() != 0) {
                    return Answer.NO;
                }
                // Beyond the contract: the public name, where the stream's own is a key; who watches, and for how long.
                JsonNode data = root.path("data");
                JsonNode life = data.path("expires_in");
                boolean endless = life.isMissingNode() || life.isNull();
                if (!endless && !(life.isIntegralNumber() && life.asLong() >= 1 && life.asLong() <= LONGEST_LIFE)) {
                    return Answer.NO;
                }
                return new Answer(
                        true,
                        text(data.path("stream")),
                        endless ? Optional.empty() : Optional.of(Duration.ofSeconds(life.asLong())),
                        text(data.path("identity")));
            } catch (JacksonException noJson) {
                return Answer.NO;
            }
        }

        private static Optional<String> text(JsonNode node) {
            return node.isString() && !node.asString().isBlank() ? Optional.of(node.asString()) : Optional.empty();
        }

        private Map<String, Object> common(String action, String serverId, PublishAttempt attempt) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("server_id", serverId);
            fields.put("service_id", serverId);
            fields.put("action", action);
            fields.put("client_id", attempt.sessionId().toString());
            fields.put("ip", attempt.remoteAddress().getAddress().getHostAddress());
            fields.put("vhost", VHOST);
            fields.put("app", attempt.requested().application());
            return fields;
        }

        private Map<String, Object> withStream(Map<String, Object> fields, RequestedStream requested) {
            fields.put("stream", requested.stream());
            fields.put("param", requested.parameters().isEmpty() ? "" : "?" + requested.parameters());
            fields.put("stream_url", "/" + requested.application() + "/" + requested.stream());
            return fields;
        }

        private Map<String, Object> viewer(String action, String serverId, PlayAttempt attempt) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("server_id", serverId);
            fields.put("service_id", serverId);
            fields.put("action", action);
            fields.put("client_id", attempt.sessionId().toString());
            fields.put("ip", attempt.remoteAddress().getAddress().getHostAddress());
            fields.put("vhost", VHOST);
            fields.put("app", attempt.application());
            fields.put("stream", attempt.name());
            fields.put("param", attempt.parameters().isEmpty() ? "" : "?" + attempt.parameters());
            fields.put("stream_url", "/" + attempt.application() + "/" + attempt.name());
            // Beyond the contract.
            attempt.ticket().ifPresent(ticket -> fields.put("ticket", ticket.secret()));
            return fields;
        }
    },

    /**
     * The forms of nginx-rtmp-module: yes is 2xx; 3xx with a Location that is a plain name is yes under that name. Fields of the
     * client's own follow the server's, decoded and encoded again; those that bear a name of the server's are left out.
     */
    NGINX {
        @Override
        public String contentType() {
            return "application/x-www-form-urlencoded";
        }

        @Override
        String publish(PublishAttempt attempt, String serverId) {
            Map<String, String> fields = publisher(attempt, "publish");
            fields.put("type", "live");
            return form(fields, attempt.requested().parameters());
        }

        @Override
        String unpublish(PublishAttempt attempt, String serverId) {
            return form(publisher(attempt, "publish_done"), attempt.requested().parameters());
        }

        @Override
        String play(PlayAttempt attempt, String serverId) {
            Map<String, String> fields = viewer(attempt, "play");
            fields.put("start", "0");
            fields.put("duration", "0");
            fields.put("reset", "0");
            return form(fields, attempt.parameters());
        }

        @Override
        String stop(PlayAttempt attempt, String serverId) {
            return form(viewer(attempt, "play_done"), attempt.parameters());
        }

        @Override
        String recorded(RecordedBroadcast recording, String serverId) {
            Map<String, String> fields = new LinkedHashMap<>();
            fields.put("app", recording.application());
            fields.put("call", "record_done");
            fields.put("name", recording.name());
            fields.put("recorder", recording.id());
            fields.put("path", recording.folder());
            return form(fields, "");
        }

        @Override
        Answer answer(int status, String body, Optional<String> location) {
            return switch (status / 100) {
                case 2 -> Answer.YES;
                case 3 ->
                    location.filter(name -> !name.contains("/"))
                            .map(name -> new Answer(true, Optional.of(name), Optional.empty(), Optional.empty()))
                            .orElse(Answer.NO);
                default -> Answer.NO;
            };
        }

        private Map<String, String> publisher(PublishAttempt attempt, String call) {
            RequestedStream.Rtmp requested = rtmp(attempt.requested());
            Map<String, String> fields = new LinkedHashMap<>();
            fields.put("app", requested.application());
            fields.put("flashver", attempt.encoder());
            fields.put("swfurl", requested.swfUrl());
            fields.put("tcurl", requested.tcUrl());
            fields.put("pageurl", requested.pageUrl());
            fields.put("addr", attempt.remoteAddress().getAddress().getHostAddress());
            fields.put("clientid", attempt.sessionId().toString());
            fields.put("call", call);
            fields.put("name", requested.stream());
            return fields;
        }

        private Map<String, String> viewer(PlayAttempt attempt, String call) {
            Map<String, String> fields = new LinkedHashMap<>();
            fields.put("app", attempt.application());
            fields.put("flashver", attempt.userAgent());
            fields.put("swfurl", "");
            fields.put("tcurl", "");
            fields.put("pageurl", "");
            fields.put("addr", attempt.remoteAddress().getAddress().getHostAddress());
            fields.put("clientid", attempt.sessionId().toString());
            fields.put("call", call);
            fields.put("name", attempt.name());
            attempt.ticket().ifPresent(ticket -> fields.put("ticket", ticket.secret()));
            return fields;
        }

        private String form(Map<String, String> server, String client) {
            Map<String, String> all = new LinkedHashMap<>(server);
            for (String pair : client.split("[&;]", -1)) {
                int equals = pair.indexOf('=');
                if (equals > 0) {
                    all.putIfAbsent(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
                }
            }
            return all.entrySet().stream()
                    .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
                    .collect(Collectors.joining("&"));
        }

        private static String encoded(String text) {
            return URLEncoder.encode(text, StandardCharsets.UTF_8);
        }

        private static String decoded(String text) {
            try {
                return URLDecoder.decode(text, StandardCharsets.UTF_8);
            } catch (IllegalArgumentException notEncoded) {
                return text;
            }
        }
    };

    /** A year, in seconds. */
    private static final long LONGEST_LIFE = 31_536_000;

    private static final String VHOST = "__defaultVhost__";

    private static final JsonMapper JSON = new JsonMapper();

    /**
     * What an answer means.
     *
     * @param name the public name that the stream shall have, instead of its own
     * @param life for how long a viewer may watch before it is asked again; empty for as long as he does
     * @param identity who watches, for the list of sessions
     */
    record Answer(boolean yes, Optional<String> name, Optional<Duration> life, Optional<String> identity) {
        static final Answer YES = new Answer(true, Optional.empty(), Optional.empty(), Optional.empty());
        static final Answer NO = new Answer(false, Optional.empty(), Optional.empty(), Optional.empty());

        /** What two who said yes come to together: the later names win, and the shorter life. */
        Answer and(Answer next) {
            return new Answer(
                    yes && next.yes,
                    next.name.or(() -> name),
                    Stream.concat(life.stream(), next.life.stream()).min(Comparator.naturalOrder()),
                    next.identity.or(() -> identity));
        }
    }

    /** Of the requests. */
    public abstract String contentType();

    abstract String publish(PublishAttempt attempt, String serverId);

    abstract String unpublish(PublishAttempt attempt, String serverId);

    abstract String play(PlayAttempt attempt, String serverId);

    abstract String stop(PlayAttempt attempt, String serverId);

    abstract String recorded(RecordedBroadcast recording, String serverId);

    abstract Answer answer(int status, String body, Optional<String> location);

    /** The fields that these contracts have from RTMP; empty for whoever publishes otherwise. */
    private static RequestedStream.Rtmp rtmp(RequestedStream requested) {
        return switch (requested) {
            case RequestedStream.Rtmp said -> said;
            case RequestedStream.Plain(String application, String stream, String parameters) ->
                new RequestedStream.Rtmp(application, stream, parameters, "", "", "");
        };
    }

    private static String json(Map<String, Object> fields) {
        return JSON.writeValueAsString(fields);
    }
}
