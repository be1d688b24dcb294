// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.camera.internal.onvif;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A camera with ONVIF and a clock of its own, which knows one user. Everything that it says can be said otherwise. */
public final class FakeDevice implements AutoCloseable {
    public static final String USER = "admin & co";
    public static final String PASSWORD = "ge<heim";

    private static final Duration FRESH = Duration.ofMinutes(1);
    private static final Pattern REQUEST = Pattern.compile("Body><(Get[A-Za-z]+)");

    /** Answers a request itself. */
    @FunctionalInterface
    public interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile Duration ahead = Duration.ZERO;

    public FakeDevice() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
        says(
                "GetCapabilities",
                "<Capabilities><Media><XAddr>" + uri("/onvif/media") + "</XAddr></Media></Capabilities>");
        says("GetProfiles", profile("main", "mainStream", "H264", 1920, 1080) + profile("sub&1", "", "H265", 640, 360));
        says("GetStreamUri", "<MediaUri><t:Uri>rtsp://camera.local:8554/stream1?a=b</t:Uri></MediaUri>");
    }

    static String profile(String token, String name, String encoding, int width, int height) {
        return "<p:Profiles xmlns:p=\"http://www.onvif.org/ver10/media/wsdl\" token=\"" + token.replace("&", "&amp;")
                + "\" fixed=\"true\"><t:Name>" + name
                + "</t:Name><t:VideoEncoderConfiguration token=\"e\"><t:Name>enc</t:Name><t:Encoding>" + encoding
                + "</t:Encoding><t:Resolution><t:Width>" + width + "</t:Width><t:Height>" + height
                + "</t:Height></t:Resolution></t:VideoEncoderConfiguration></p:Profiles>";
    }

    /** What an answer to a search is. */
    public static String match(String id, String addresses, String scopes) {
        return """
                <?xml version="1.0" encoding="UTF-8"?>
                <E:Envelope xmlns:E="http://www.w3.org/2003/05/soap-envelope" xmlns:A="http://schemas.xmlsoap.org/ws/2004/08/addressing"
                  xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"><E:Header><A:RelatesTo>urn:uuid:%s</A:RelatesTo></E:Header>
                <E:Body><d:ProbeMatches><d:ProbeMatch><A:EndpointReference><A:Address>urn:uuid:1</A:Address></A:EndpointReference>
                <d:Types>dn:NetworkVideoTransmitter</d:Types><d:Scopes>%s</d:Scopes>
                <d:XAddrs>%s</d:XAddrs></d:ProbeMatch></d:ProbeMatches></E:Body></E:Envelope>
                """.formatted(id, scopes, addresses);
    }

    public String match(String id) {
        return match(
                id,
                uri("/onvif/device_service").toString(),
                "onvif://www.onvif.org/name/Garden%20Cam onvif://www.onvif.org/hardware/IPC-1");
    }

    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    /** Its clock is so much before ours. */
    void ahead(Duration time) {
        ahead = time;
    }

    /** What it answers to whoever is logged in. */
    public void says(String request, String body) {
        answers.put(request, exchange -> send(exchange, 200, body));
    }

    /** Answers whoever is logged in by itself. */
    public void answers(String request, Answer answer) {
        answers.put(request, answer);
    }

    /** The requests that it got, in order. */
    public List<String> asked() {
        return List.copyOf(asked);
    }

    private void handle(HttpExchange exchange) {
        try (exchange) {
            String request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            Matcher name = REQUEST.matcher(request);
            String what = name.find() ? name.group(1) : "nothing";
            asked.add(what);
            Answer own = answers.get(what);
            if (what.equals("GetSystemDateAndTime")) {
                if (request.contains("Security")) {
                    throw new AssertionError("nobody needs to log in for the time");
                }
                if (own != null) {
                    own.to(exchange);
                } else {
                    send(exchange, 200, time());
                }
            } else if (!loggedIn(request)) {
                send(
                        exchange,
                        400,
                        "<e:Fault><e:Code><e:Value>e:Sender</e:Value><e:Subcode><e:Value>ter:NotAuthorized</e:Value></e:Subcode></e:Code></e:Fault>");
            } else if (own != null) {
                own.to(exchange);
            } else {
                send(exchange, 404, "");
            }
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    private String time() {
        ZonedDateTime at = Instant.now().plus(ahead).atZone(ZoneOffset.UTC);
        return "<t:UTCDateTime><t:Time><t:Hour>" + at.getHour() + "</t:Hour><t:Minute>" + at.getMinute()
                + "</t:Minute><t:Second>" + at.getSecond() + "</t:Second></t:Time><t:Date><t:Year>" + at.getYear()
                + "</t:Year><t:Month>" + at.getMonthValue() + "</t:Month><t:Day>" + at.getDayOfMonth()
                + "</t:Day></t:Date></t:UTCDateTime>";
    }

    private boolean loggedIn(String request) {
        try {
            Element security = Answers.read(request.getBytes(StandardCharsets.UTF_8))
                    .all("Security")
                    .findFirst()
                    .orElse(null);
            if (security == null) {
                return false;
            }
            Instant created = Instant.parse(security.at("Created"));
            UsernameToken wanted = UsernameToken.of(
                    USER, PASSWORD, created, Base64.getDecoder().decode(security.at("Nonce")));
            return security.at("Username").equals(USER)
                    && security.at("Password").equals(wanted.digest())
                    && Duration.between(Instant.now().plus(ahead), created)
                                    .abs()
                                    .compareTo(FRESH)
                            < 0;
        } catch (OnvifException malformed) {
            return false;
        }
    }

    static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = ("<?xml version=\"1.0\"?><e:Envelope xmlns:e=\"http://www.w3.org/2003/05/soap-envelope\" "
                        + "xmlns:t=\"http://www.onvif.org/ver10/schema\" xmlns:ter=\"http://www.onvif.org/ver10/error\"><e:Body>"
                        + body + "</e:Body></e:Envelope>")
                .getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
