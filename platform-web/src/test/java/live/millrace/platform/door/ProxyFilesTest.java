// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import jakarta.servlet.http.Cookie;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import live.millrace.media.testing.FreePort;
import live.millrace.media.testing.MediaScript;
import live.millrace.media.testing.RtmpScript;
import live.millrace.media.testing.Wait;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.Visibility;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.engine.LiveState;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;

/** The files of docs/deployment, in the programs that they are for. One that is not installed is left out, and says so. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"millrace.cdn.url=https://cdn.example.org/", "millrace.cdn.private-streams=true"})
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
@Timeout(90)
class ProxyFilesTest {
    private static final Path FILES = Path.of("../docs/deployment");
    private static final String PASSWORD = "changeit";
    private static final String TICKET = "aSecretThatIsInNoLogsA";
    private static final String UPGRADE = String.join(
            "\r\n",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "");

    @TempDir
    private Path directory;

    @LocalServerPort
    private int port;

    @Autowired
    private Engine engine;

    @Autowired
    private TestPeople people;

    @Autowired
    private Channels channels;

    @Autowired
    private MockMvc site;

    private @Nullable Process proxy;
    private int front;
    private @Nullable SSLContext trust;

    @AfterEach
    void stop() throws InterruptedException {
        Process running = proxy;
        if (running != null) {
            running.destroy();
            running.waitFor(10, TimeUnit.SECONDS);
        }
    }

    private static boolean installed(String program) {
        return Stream.concat(
                        Stream.of("/usr/sbin", "/usr/bin", "/usr/local/bin", "/usr/local/sbin"),
                        Pattern.compile(":").splitAsStream(Objects.toString(System.getenv("PATH"), "")))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /** A key and a certificate, each in a file and both in one. */
    private void certificate() throws Exception {
        Path store = directory.resolve("store.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "site",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=live.example.org",
                        "-ext",
                        "SAN=DNS:live.example.org",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("keytool.log").toFile())
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
        X509Certificate certificate = (X509Certificate) keys.getCertificate("site");
        String key =
                pem("PRIVATE KEY", keys.getKey("site", PASSWORD.toCharArray()).getEncoded());
        String chain = pem("CERTIFICATE", certificate.getEncoded());
        Files.writeString(directory.resolve("cert.pem"), chain);
        Files.writeString(directory.resolve("key.pem"), key);
        Files.writeString(directory.resolve("both.pem"), chain + key);
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry("site", certificate);
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        TrustManager[] managers = factory.getTrustManagers();
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers, new SecureRandom());
        trust = context;
    }

    private static String pem(String kind, byte[] bytes) {
        return "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes) + "\n-----END " + kind + "-----\n";
    }

    /** The documented file on free ports, and nothing else about it changed. */
    private List<String> configure(String program) throws IOException {
        String file = Files.readString(FILES.resolve(
                        switch (program) {
                            case "nginx" -> "nginx.conf";
                            case "caddy" -> "Caddyfile";
                            default -> "haproxy.cfg";
                        }))
                .replace("127.0.0.1:8080", "127.0.0.1:" + port)
                .replace("127.0.0.1:8081", "127.0.0.1:" + engine.httpPort())
                .replace(
                        "/etc/ssl/live.example.org.combined.pem",
                        directory.resolve("both.pem").toString())
                .replace(
                        "/etc/ssl/live.example.org.pem",
                        directory.resolve("cert.pem").toString())
                .replace(
                        "/etc/ssl/live.example.org.key",
                        directory.resolve("key.pem").toString());
        Path written = directory.resolve("proxy.conf");
        return switch (program) {
            case "nginx" -> nginx(file, written);
            case "caddy" -> caddy(file, written);
            default -> haproxy(file, written);
        };
    }

    private List<String> nginx(String file, Path written) throws IOException {
        Path site = directory.resolve("site.conf");
        Files.writeString(
                site,
                file.replace("listen 443", "listen 127.0.0.1:" + front)
                        .replace(
                                "/var/log/nginx/access.log",
                                directory.resolve("access.log").toString()));
        String temporary = Stream.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
                .map(each -> each + "_temp_path " + directory.resolve(each) + ";")
                .reduce("", String::concat);
        Files.writeString(
                written,
                "pid " + directory.resolve("pid") + "; daemon off; error_log stderr; events {} http { access_log off; "
                        + temporary + " include " + site + "; }");
        return List.of("nginx", "-c", written.toString(), "-p", directory.toString());
    }

    private List<String> caddy(String file, Path written) throws IOException {
        String options =
                "{ \n admin off \n auto_https disable_redirects \n storage file_system " + directory + " \n } \n";
        String certificate = " \n tls " + directory.resolve("cert.pem") + " " + directory.resolve("key.pem");
        Files.writeString(
                written,
                options + file.replace("live.example.org {", "https://live.example.org:" + front + " {" + certificate));
        return List.of("caddy", "run", "--adapter", "caddyfile", "--config", written.toString());
    }

    /** Without the PROXY protocol: the engine of this test names no proxy. The engine's own tests do. */
    private List<String> haproxy(String file, Path written) throws IOException {
        Files.writeString(
                written,
                file.replace("bind :443", "bind 127.0.0.1:" + front)
                        .replace("bind :1935", "bind 127.0.0.1:" + FreePort.next())
                        .replace("127.0.0.1:11935", "127.0.0.1:" + engine.rtmpPort())
                        .replace(" send-proxy-v2", ""));
        return List.of("haproxy", "-db", "-f", written.toString());
    }

    private void start(String program) throws Exception {
        certificate();
        front = FreePort.next();
        Path log = directory.resolve("proxy.log");
        Process started = new ProcessBuilder(configure(program))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        proxy = started;
        long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!listens()) {
            assertThat(started.isAlive() && System.nanoTime() < until)
                    .as(Files.readString(log))
                    .isTrue();
            started.waitFor(100, TimeUnit.MILLISECONDS);
        }
    }

    private boolean listens() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), front)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    private String ask(String path, String headers) {
        SSLContext context = trust;
        assertThat(context).isNotNull();
        try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), front);
                Socket socket = context.getSocketFactory().createSocket(plain, "live.example.org", front, false)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: live.example.org:" + front + "\r\n" + headers + "\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            StringBuilder answer = new StringBuilder();
            InputStream in = socket.getInputStream();
            int next = in.read();
            while (next >= 0) {
                answer.append((char) next);
                if (headers.contains("websocket") && answer.indexOf("\r\n\r\n") >= 0) {
                    break;
                }
                next = in.read();
            }
            return answer.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nginx", "caddy", "haproxy"})
    void a_documented_proxy_does_what_is_said(String program) throws Exception {
        assumeTrue(installed(program), program + " is not installed");
        start(program);
        String close = "Connection: close\r\n";

        assertThat(ask("/login", close)).contains(" 200").containsIgnoringCase("; secure");
        assertThat(ask("/studio", close)).contains(" 302").containsIgnoringCase("location: /login?continue=");
        assertThat(ask(
                        "/api/v1/socket",
                        UPGRADE
                                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: https://live.example.org:"
                                + front
                                + "\r\n"))
                .contains(" 101 ");
        assertThat(ask("/live/nobody.m3u8", close))
                .as("media")
                .contains(" 404")
                .doesNotContainIgnoringCase("content-security-policy");
        for (String media : List.of(
                "/live/nobody.record.m3u8",
                "/videos/AAAAAAAAAAA/index.m3u8",
                "/videos/AAAAAAAAAAA/v0/0.mp4",
                "/videos/AAAAAAAAAAA/v0/17.m4s",
                "/videos/AAAAAAAAAAA.mp4",
                "/videos/AAAAAAAAAAA.m4a",
                "/playback/nobody.m3u8",
                "/whip",
                "/whip/00112233445566778899aabbccddeeff",
                "/whep/00112233445566778899aabbccddeeff",
                "/live/nobody/whep",
                "/nobody/whep",
                "/rtc/v1/whep/?app=live&stream=nobody",
                "/live/nobody/whip",
                "/nobody/whip",
                "/rtc/v1/whip/?app=live&stream=nobody",
                "/t/" + TICKET + "/live/nobody.m3u8?_HLS_msn=1",
                "/t/" + TICKET + "/hls/nobody/index.m3u8",
                "/t/" + TICKET + "/nobody/index.m3u8",
                "/t/" + TICKET + "/videos/AAAAAAAAAAA/index.m3u8",
                "/t/" + TICKET + "/videos/AAAAAAAAAAA",
                "/k/1790000040.20784." + TICKET + "/live/nobody/v0.m3u8?_HLS_msn=2",
                "/k/1790000040.20784." + TICKET + "/nobody/index.m3u8",
                "/k/1790000040.20784." + TICKET + "/videos/AAAAAAAAAAA/index.m3u8",
                "/k/1790000040.20784." + TICKET + "/videos/AAAAAAAAAAA")) {
            assertThat(ask(media, close)).as(media).doesNotContainIgnoringCase("content-security-policy");
        }
        assertThat(ask("/t/" + TICKET + "/live/nobody.m3u8", close))
                .containsIgnoringCase("cache-control: private, no-store")
                .containsIgnoringCase("referrer-policy: no-referrer");
        for (String page :
                List.of("/videos/AAAAAAAAAAA", "/videos/AAAAAAAAAAA/position", "/nobody/videos", "/whipped")) {
            assertThat(ask(page, close)).as(page).containsIgnoringCase("content-security-policy");
        }
        assertThat(ask("/admin/reports/1/evidence.m3u8", close))
                .as("evidence is the site's")
                .contains(" 404")
                .containsIgnoringCase("content-security-policy");
        // Whatever the client says of himself: an address of this machine has another limit than one of the world.
        assertThat(ask("/api/v1/live", close + "X-Forwarded-For: 203.0.113.77\r\nForwarded: for=203.0.113.77\r\n"))
                .as("nobody chooses his address")
                .containsIgnoringCase("RateLimit-Limit: 15000");
        assertThat(logged()).as("tickets in logs").doesNotContain(TICKET);
        if (!program.equals("haproxy")) { // which writes to a syslog, and there is none
            assertThat(logged())
                    .contains("/t/-/live/nobody.m3u8?_HLS_msn=1")
                    .contains("/k/-/live/nobody/v0.m3u8?_HLS_msn=2");
        }
    }

    private Socket socket(String path, String headers) throws IOException {
        SSLContext context = trust;
        assertThat(context).isNotNull();
        Socket socket = context.getSocketFactory()
                .createSocket(new Socket(InetAddress.getLoopbackAddress(), front), "live.example.org", front, true);
        socket.setSoTimeout(20_000);
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: live.example.org:" + front + "\r\n" + headers + "\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static String first(String text, String pattern) {
        Matcher found = Pattern.compile(pattern).matcher(text);
        assertThat(found.find()).as("%s in %s", pattern, text).isTrue();
        return found.group(1);
    }

    /** What is not for everybody: pages, lists, pieces, sockets, addresses for caches; and who is taken off the list stops. */
    @ParameterizedTest
    @ValueSource(strings = {"nginx", "caddy", "haproxy"})
    void a_private_stream_goes_through_a_documented_proxy(String program) throws Exception {
        assumeTrue(installed(program), program + " is not installed");
        start(program);
        AccountPrincipal anna = people.user();
        AccountPrincipal bert = people.user();
        ChannelView channel = people.channel(anna);
        channels.show(channel.id(), Visibility.REGISTERED);
        String close = "Connection: close\r\n";
        Cookie session = TestPeople.logIn(site, bert);
        try (RtmpScript encoder = new RtmpScript(engine.rtmpPort()).handshake().connect("live")) {
            assertThat(encoder.publish(people.key(anna).secret())).isEqualTo("NetStream.Publish.Start");
            MediaScript media = new MediaScript(encoder).headers().both(8);
            encoder.sync();
            Wait.until(
                    "it is live",
                    () -> engine.live(channel.name())
                            .filter(live -> live.state() == LiveState.LIVE)
                            .isPresent());
            assertThat(ask("/" + channel.name(), close)).contains(" 200").doesNotContain("/t/");
            String ticket = first(
                    ask(
                            "/" + channel.name(),
                            close + "Cookie: " + "__Host-" + session.getName() + "=" + session.getValue() + "\r\n"),
                    "data-src=\"[^\"]*(/t/[A-Za-z0-9_-]{22})/live/");
            String live = "/live/" + channel.name();
            String list = ask(ticket + live + "/v0.m3u8", close);
            assertThat(list).contains(" 200").containsIgnoringCase("cache-control: private, no-store");
            String piece = first(list, "#EXT-X-MAP:URI=\"([^\"]+)\"");
            assertThat(ask(ticket + live + "/" + piece, close)).contains(" 200").contains("moov");
            String signed = first(ask(ticket + live + "/signed.json", close), "\"path\":\"([^\"]+)\"");
            assertThat(ask(signed + live + "/v0.m3u8", close))
                    .contains(" 200")
                    .containsIgnoringCase("cache-control: public, max-age=0, s-maxage=1");
            assertThat(ask(signed + live + "/" + piece, close)).contains(" 200").contains("moov");
            assertThat(ask(ticket + live + ".flv", UPGRADE)).contains(" 101 ");
            try (Socket flv = socket(ticket + live + ".flv", close)) {
                byte[] begun = flv.getInputStream().readNBytes(2_000);
                assertThat(new String(begun, StandardCharsets.ISO_8859_1))
                        .contains(" 200")
                        .contains("FLV");
                media.run(1_000, true, true);
                channels.show(channel.id(), Visibility.PRIVATE);
                long begin = System.nanoTime();
                assertThat(flv.getInputStream().readAllBytes()).isNotNull();
                assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
            } catch (SocketException reset) {
                // what is not sent to its end may end so
            }
            for (String gone :
                    List.of(ticket + live + "/v0.m3u8", signed + live + "/v0.m3u8", signed + live + "/" + piece)) {
                assertThat(ask(gone, close)).contains(" 404");
            }
            assertThat(logged()).as("tickets in logs").doesNotContain(ticket.substring(3), signed.substring(3, 40));
        } finally {
            engine.end(channel.name());
            Wait.until("it is over", () -> engine.live(channel.name()).isEmpty());
        }
    }

    /** All that the proxy wrote. */
    private String logged() throws IOException {
        StringBuilder all = new StringBuilder();
        for (String log : List.of("proxy.log", "access.log")) {
            Path file = directory.resolve(log);
            if (Files.exists(file)) {
                all.append(Files.readString(file));
            }
        }
        return all.toString();
    }
}
