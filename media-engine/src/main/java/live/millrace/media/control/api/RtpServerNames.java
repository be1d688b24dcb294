// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.control.api;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import live.millrace.media.http.HttpAnswer;
import live.millrace.media.http.HttpRequest;
import live.millrace.media.http.HttpRouter;
import live.millrace.media.http.Subject;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.source.RtpServers;
import tools.jackson.databind.json.JsonMapper;

/**
 * Ports for senders of program streams over RTP, under the names and parameters that ZLMediaKit's users know: {@code openRtpServer},
 * {@code closeRtpServer}, {@code listRtpServer}, {@code getRtpInfo}. A platform for GB/T 28181 opens one for each camera that somebody watches.
 */
final class RtpServerNames {
    private static final String FOLDER = "/index/api/";

    /** Streams without an application are of this one, as there. */
    private static final String APPLICATION = "rtp";

    private static final int DATAGRAMS = 0;
    private static final int CONNECTIONS = 1;
    private static final JsonMapper JSON = new JsonMapper();

    private final ApiBackend backend;
    private final RtpServers servers;

    RtpServerNames(ApiBackend backend, RtpServers servers) {
        this.backend = backend;
        this.servers = servers;
    }

    void register(HttpRouter router, Subject subject) {
        Map<String, Function<Map<String, String>, CompletionStage<Map<String, Object>>>> names = new LinkedHashMap<>();
        names.put("openRtpServer", this::open);
        names.put("closeRtpServer", parameters -> done(close(parameters)));
        names.put("listRtpServer", _ -> done(list()));
        names.put("getRtpInfo", parameters -> done(info(parameters)));
        names.forEach((name, does) -> {
            HttpRouter.Handler handler = query -> answer(query, does);
            router.get(FOLDER + name, subject, handler);
            router.route(HttpMethod.POST, FOLDER + name, subject, ProxyNames.BODY, handler);
        });
    }

    private CompletionStage<HttpAnswer> answer(
            HttpRequest query, Function<Map<String, String>, CompletionStage<Map<String, Object>>> does) {
        try {
            Map<String, String> parameters = ProxyNames.parameters(query);
            if (!backend.isToken(ProxyNames.wanted(parameters, "secret"))) {
                throw new ProxyNames.Refused(ProxyNames.NOT_ALLOWED, "Incorrect secret");
            }
            return does.apply(parameters).handle((said, failed) -> {
                if (failed != null) {
                    return json(Map.of("code", ProxyNames.FAILED, "msg", "The port cannot be had"));
                }
                Map<String, Object> body = new LinkedHashMap<>();
                body.put("code", ProxyNames.DONE);
                body.putAll(said);
                return json(body);
            });
        } catch (ProxyNames.Refused refused) {
            return CompletableFuture.completedStage(
                    json(Map.of("code", refused.code(), "msg", String.valueOf(refused.getMessage()))));
        }
    }

    private static HttpAnswer json(Map<String, Object> body) {
        return HttpAnswer.text(HttpResponseStatus.OK, "application/json", JSON.writeValueAsString(body));
    }

    private static CompletionStage<Map<String, Object>> done(Map<String, Object> said) {
        return CompletableFuture.completedStage(said);
    }

    private CompletionStage<Map<String, Object>> open(Map<String, String> parameters) {
        String id = ProxyNames.wanted(parameters, "stream_id");
        StreamPath path = StreamPath.of(parameters.getOrDefault("app", APPLICATION), id)
                .orElseThrow(() ->
                        new ProxyNames.Refused(ProxyNames.BAD_PARAMETER, "app and stream_id: " + StreamPath.RULE));
        ProxyNames.wanted(parameters, "port");
        int port = ProxyNames.number(parameters, "port", 0);
        int mode = ProxyNames.number(parameters, "tcp_mode", ProxyNames.number(parameters, "enable_tcp", DATAGRAMS));
        if (port < 0 || port > 65_535) {
            throw new ProxyNames.Refused(ProxyNames.BAD_PARAMETER, "port is 0 to 65535");
        }
        if (mode != DATAGRAMS && mode != CONNECTIONS) {
            throw new ProxyNames.Refused(
                    ProxyNames.BAD_PARAMETER, "tcp_mode is 0 or 1: this engine connects to nobody");
        }
        try {
            return servers.open(new RtpServers.Opening(
                            id,
                            path,
                            port,
                            mode == CONNECTIONS,
                            ProxyNames.number(parameters, "re_use_port", 0) != 0,
                            source(parameters)))
                    .thenApply(opened -> Map.of("port", opened));
        } catch (IllegalArgumentException e) {
            throw new ProxyNames.Refused(ProxyNames.FAILED, String.valueOf(e.getMessage()));
        }
    }

    /** Ten digits in the words of platforms; 0 for any. */
    private static Optional<Integer> source(Map<String, String> parameters) {
        String said = parameters.getOrDefault("ssrc", "0");
        try {
            int ssrc = Integer.parseUnsignedInt(said);
            return ssrc == 0 ? Optional.empty() : Optional.of(ssrc);
        } catch (NumberFormatException e) {
            throw new ProxyNames.Refused(ProxyNames.BAD_PARAMETER, "No number: ssrc");
        }
    }

    private Map<String, Object> close(Map<String, String> parameters) {
        return Map.of("hit", servers.close(ProxyNames.wanted(parameters, "stream_id")) ? 1 : 0);
    }

    private Map<String, Object> list() {
        List<Map<String, Object>> data = servers.all().stream()
                .map(each -> Map.<String, Object>of(
                        "port", each.port(),
                        "stream_id", each.id(),
                        "app", each.path().application(),
                        "tcp_mode", each.connections() ? CONNECTIONS : DATAGRAMS))
                .toList();
        return Map.of("data", data);
    }

    private Map<String, Object> info(Map<String, String> parameters) {
        Optional<RtpServers.Open> found = servers.find(ProxyNames.wanted(parameters, "stream_id"));
        Map<String, Object> said = new LinkedHashMap<>();
        said.put("exist", found.filter(RtpServers.Open::live).isPresent());
        found.ifPresent(open -> said.put("local_port", open.port()));
        return said;
    }
}
