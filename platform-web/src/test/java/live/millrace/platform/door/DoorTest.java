// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.door;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import live.millrace.media.testing.Wait;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.Role;
import live.millrace.platform.audit.Actor;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.site.Setting;
import live.millrace.platform.site.SiteSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.test.context.ContextConfiguration;

/** What strangers and proxies send to the site's port, byte by byte. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
@ExtendWith(OutputCaptureExtension.class)
@Timeout(90)
class DoorTest {
    private static final String UPGRADE = String.join(
            "\r\n",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "");
    private static final String MULTIPART = "Content-Type: multipart/form-data; boundary=xx\r\n";

    /** A line for each would be a site's whole disk in a night. */
    private static final int MOST_LOGGED = 200;

    @LocalServerPort
    private int port;

    @Autowired
    private SiteSettings settings;

    @Autowired
    private Accounts accounts;

    @Autowired
    private MeterRegistry meters;

    private final List<Socket> sockets = new ArrayList<>();

    @AfterEach
    void hangUp() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        settings.change(Map.of(Setting.SECURITY_CONTACT, ""), new Actor(null, "test"));
    }

    private Socket open() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(10_000);
        sockets.add(socket);
        return socket;
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The head of an answer; empty where the site hangs up. */
    private static String head(Socket socket) throws IOException {
        StringBuilder head = new StringBuilder();
        InputStream in = socket.getInputStream();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                break;
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private String ask(String request) throws IOException {
        try (Socket socket = open()) {
            say(socket, request);
            return head(socket);
        }
    }

    private String body(String request) throws IOException {
        try (Socket socket = open()) {
            say(socket, request);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    // ---- proxies ----------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({
        "nginx of docs/deployment, live.example.org, https://live.example.org, X-Forwarded-Proto: https|X-Forwarded-Port: 443, 101",
        "Traefik, live.example.org, https://live.example.org, X-Forwarded-Proto: wss|X-Forwarded-Host: live.example.org, 101",
        "Caddy on 8443, live.example.org:8443, https://live.example.org:8443, X-Forwarded-Proto: https, 101",
        "two proxies, live.example.org, https://live.example.org, 'X-Forwarded-Proto: https,http', 101",
        "RFC 7239, live.example.org, https://live.example.org, Forwarded: for=203.0.113.9;proto=https, 101",
        "one that says nothing, live.example.org, https://live.example.org, X-A: b, 101",
        "one that names the host, 127.0.0.1:8080, https://live.example.org, X-Forwarded-Host: live.example.org, 101",
        "on a LAN, 192.168.1.5:8080, http://192.168.1.5:8080, X-A: b, 101",
        "a program, live.example.org, , X-A: b, 101",
        "another site, live.example.org, https://evil.example, X-Forwarded-Proto: https, 403",
        "another port, live.example.org, https://live.example.org:9999, X-Forwarded-Proto: https, 403",
        "no site, live.example.org, null, X-Forwarded-Proto: https, 403",
        "no address, live.example.org, :::, X-Forwarded-Proto: https, 403",
        "somebody's name before it, live.example.org, https://live.example.org@evil.example, X-A: b, 403",
    })
    void a_page_of_this_host_opens_its_socket(String proxy, String host, String origin, String headers, int status)
            throws IOException {
        String head = ask("GET /api/v1/socket HTTP/1.1\r\nHost: " + host + "\r\n" + UPGRADE
                + (origin == null ? "" : "Origin: " + origin + "\r\n")
                + headers.replace("|", "\r\n") + "\r\n\r\n");

        assertThat(head).as(proxy).startsWith("HTTP/1.1 " + status);
    }

    @ParameterizedTest
    @CsvSource({
        "/studio, X-Forwarded-Host: evil.example",
        "/studio, Forwarded: host=evil.example;proto=https",
        "/settings, X-Forwarded-Host: evil.example",
        "/admin/, X-Forwarded-Host: evil.example",
    })
    void nobody_is_sent_to_another_host(String path, String header) throws IOException {
        String head = ask("GET " + path + " HTTP/1.1\r\nHost: evil.example\r\n" + header + "\r\n\r\n");

        assertThat(head.lines().filter(line -> line.startsWith("Location: ")))
                .allMatch(line -> line.startsWith("Location: /") && !line.startsWith("Location: //"));
    }

    /** A cookie that travels encrypted alone shows that the site knows how it was reached. */
    @ParameterizedTest
    @CsvSource({
        "X-Forwarded-Proto: https, true",
        "X-Forwarded-Proto: wss, true",
        "'X-Forwarded-Proto: https,http', true",
        "Forwarded: for=203.0.113.9;proto=https, true",
        "'Forwarded: for=\"[2001:db8::1]:4711\";proto=\"https\", for=10.0.0.1', true",
        "X-Forwarded-Proto: http, false",
        "'Forwarded: for=203.0.113.9;proto=http, for=1.1.1.1;proto=https', false",
        "X-A: b, false",
    })
    void what_a_named_proxy_says_of_the_scheme_is_understood(String header, boolean encrypted) throws IOException {
        String head = ask("GET /login HTTP/1.1\r\nHost: live.example.org\r\n" + header + "\r\n\r\n");

        assertThat(head.lines()
                        .filter(line -> line.startsWith("Set-Cookie:"))
                        .anyMatch(line -> line.endsWith("Secure") || line.contains("; Secure;")))
                .as(head)
                .isEqualTo(encrypted);
    }

    @Test
    void what_a_page_says_of_itself_follows_no_header_of_a_proxy() throws IOException {
        String name = "d" + ThreadLocalRandom.current().nextLong(1_000_000_000_000L, 9_000_000_000_000L);
        accounts.register(name, name + "@example.org", "three quiet herons", Role.USER);

        String page = body("GET /" + name + " HTTP/1.1\r\nHost: live.example.org\r\nX-Forwarded-Host: evil.example\r\n"
                + "Connection: close\r\n\r\n");

        assertThat(page).contains("http://live.example.org/" + name).doesNotContain("evil.example");
    }

    // ---- broken requests --------------------------------------------------------------------------------------

    private static String post(String path, String headers, String body) {
        return "POST " + path + " HTTP/1.1\r\nHost: x\r\n" + headers + "Content-Length: " + body.length()
                + "\r\nConnection: close\r\n\r\n" + body;
    }

    private static String get(String path, String headers) {
        return "GET " + path + " HTTP/1.1\r\nHost: x\r\n" + headers + "Connection: close\r\n\r\n";
    }

    private static Map<String, String> broken() {
        String part = "--xx\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nz\r\n";
        String form = "Content-Type: application/x-www-form-urlencoded\r\n";
        Map<String, String> all = new LinkedHashMap<>();
        all.put("a part without an end", post("/login", MULTIPART, "--xx\r\nContent-Disposition: form-data; name=\"a"));
        all.put("no last boundary", post("/signup", MULTIPART, part));
        all.put("no boundary", post("/login", "Content-Type: multipart/form-data\r\n", "zzz"));
        all.put("many parts", post("/login", MULTIPART, part.repeat(200) + "--xx--\r\n"));
        all.put(
                "a part with a long name",
                post("/login", MULTIPART, part.replace("\"a\"", "\"" + "a".repeat(20_000) + '"')));
        all.put("garbage", post("/api/v1/reports", MULTIPART, "\u00ff\u00fe\0".repeat(50)));
        all.put("a zero byte in a suggestion", get("/api/v1/search/suggestions?q=%00", ""));
        all.put("half a percent sign", get("/search?q=%zz%", ""));
        all.put("bytes that are no text", get("/search?q=%ff%fe", ""));
        all.put("a path that climbs", get("/..%2f..%2fetc/passwd", ""));
        all.put(
                "a broken chunk",
                "POST /login HTTP/1.1\r\nHost: x\r\n" + form + "Transfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n");
        all.put("a broken length", "POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: abc\r\n\r\n");
        all.put("two lengths", "POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab");
        all.put("a field of zero bytes", post("/login", form, "username=%00&password=%ff"));
        all.put("too many fields", post("/login", form, "a=b&".repeat(12_000)));
        all.put("deep JSON", post("/api/v1/channels", "Content-Type: application/json\r\n", "[".repeat(5_000)));
        all.put("half of JSON", post("/api/v1/reports", "Content-Type: application/json\r\n", "{\"a\":"));
        all.put("an unknown method", get("/", "").replace("GET", "FOO"));
        all.put("broken cookies", get("/studio", "Cookie: SESSION=%%%; a=\"b\r\n"));
        all.put("broken ranges", get("/brand/og.png", "Range: bytes=" + "0-1,".repeat(900) + "\r\n"));
        all.put("a name that is none", get("/thumbnails/zzz/yyy", ""));
        all.put("TLS", "\u0016\u0003\u0001\0\u00c8\u0001\0\0\u00c4\u0003\u0003" + "\0".repeat(60));
        all.put(
                "a broken frame",
                get("/api/v1/socket", "").replace("Connection: close\r\n", UPGRADE) + "\u00ff\u00ff\u00ff\u00ff");
        all.put(
                "a frame without a mask",
                get("/api/v1/socket", "").replace("Connection: close\r\n", UPGRADE) + "\u0081\u0005hello");
        return all;
    }

    @Test
    void nobody_fills_the_log(CapturedOutput log) throws IOException {
        Map<String, Integer> loud = new LinkedHashMap<>();
        double counted = meters.counter("millrace.web.requests.broken", "outcome", "malformed")
                .count();
        for (Map.Entry<String, String> each : broken().entrySet()) {
            int before = log.getAll().length();
            for (int time = 0; time < 5; time++) {
                try {
                    assertThat(ask(each.getValue())).as(each.getKey()).doesNotStartWith("HTTP/1.1 500");
                } catch (IOException reset) {
                    // As good an answer as any.
                }
            }
            int logged = (log.getAll().length() - before) / 5;
            if (logged > MOST_LOGGED) {
                loud.put(each.getKey(), logged);
            }
        }

        assertThat(loud).isEmpty();
        assertThat(meters.counter("millrace.web.requests.broken", "outcome", "malformed")
                        .count())
                .isGreaterThan(counted + 20);
    }

    @Test
    void an_upload_that_is_given_up_says_nothing(CapturedOutput log) throws IOException {
        int before = log.getAll().length();
        for (int each = 0; each < 10; each++) {
            Socket socket = open();
            say(
                    socket,
                    "POST /login HTTP/1.1\r\nHost: x\r\n" + MULTIPART + "Content-Length: 500000\r\n\r\n--xx\r\n"
                            + "Content-Disposition: form-data; name=\"f\"; filename=\"a\"\r\n\r\n"
                            + "z".repeat(50_000));
            socket.setSoLinger(true, 0);
            socket.close();
        }
        assertThat(ask(get("/api/v1/live", ""))).contains("200");

        assertThat(log.getAll().length() - before).isLessThan(10 * MOST_LOGGED);
    }

    // ---- the page's socket ------------------------------------------------------------------------------------

    private Socket page(String address) throws IOException {
        Socket socket = open();
        say(
                socket,
                "GET /api/v1/socket HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: " + address + "\r\n" + UPGRADE + "\r\n");
        assertThat(head(socket)).startsWith("HTTP/1.1 101");
        return socket;
    }

    /** Masked with zeros, which changes nothing. */
    private static void frame(Socket page, String text) throws IOException {
        int length = text.length();
        say(
                page,
                "\u0081"
                        + (length < 126
                                ? String.valueOf((char) (0x80 | length))
                                : "\u00fe" + (char) (length >> 8) + (char) (length & 0xff))
                        + "\0\0\0\0" + text);
    }

    /** Whether the site says goodbye within a while. */
    private static boolean closes(Socket page, int millis) throws IOException {
        page.setSoTimeout(millis);
        InputStream in = page.getInputStream();
        try {
            while (true) {
                int kind = in.read();
                if (kind < 0 || kind == 0x88) {
                    return true;
                }
                int length = in.read();
                if (length == 126) {
                    length = in.read() << 8 | in.read();
                }
                in.skipNBytes(length);
            }
        } catch (SocketTimeoutException open) {
            return false;
        }
    }

    @Test
    void topics_are_counted_before_anybody_looks_for_them() throws IOException {
        Socket many = page("203.0.113.20");
        frame(many, "{\"type\":\"join\",\"topics\":[" + "\"chat:a\",".repeat(500) + "\"chat:b\"]}");
        assertThat(closes(many, 10_000)).isTrue();

        Socket again = page("203.0.113.20");
        for (int each = 0; each < 30; each++) {
            frame(again, "{\"type\":\"join\",\"topics\":[\"chat:nobody" + each + "\"]}");
        }
        assertThat(closes(again, 10_000)).isTrue();

        Socket honest = page("203.0.113.20");
        frame(honest, "{\"type\":\"join\",\"topics\":[\"chat:nobody\",\"me:1\",\"admin\"]}");
        assertThat(closes(honest, 500)).isFalse();
    }

    @Test
    void an_address_has_its_share_of_pages_and_others_have_theirs() throws Exception {
        List<Socket> pages = new ArrayList<>();
        for (int each = 0; each < 251; each++) {
            pages.add(page("203.0.113.30"));
        }

        // Whichever was counted last: they are counted after they were answered.
        Wait.until("one has to go", () -> {
            for (Socket each : pages) {
                if (closes(each, 1)) {
                    return true;
                }
            }
            return false;
        });
        assertThat(closes(page("203.0.113.31"), 500)).isFalse();
    }

    // ---- whom to tell -----------------------------------------------------------------------------------------

    @Test
    void security_txt_is_there_where_somebody_is_named() throws IOException {
        String path = "/.well-known/security.txt";
        assertThat(ask(get(path, ""))).startsWith("HTTP/1.1 404");

        settings.change(Map.of(Setting.SECURITY_CONTACT, "safe@pond.example"), new Actor(null, "test"));

        assertThat(body(get(path, "")))
                .startsWith("HTTP/1.1 200")
                .containsIgnoringCase("Content-Type: text/plain;charset=utf-8")
                .contains("Contact: mailto:safe@pond.example\n", "Preferred-Languages: en, zh\n")
                .containsPattern("Expires: 20[0-9]{2}-[0-9]{2}-[0-9]{2}T00:00:00Z\n")
                .doesNotContain("Canonical");
    }
}
