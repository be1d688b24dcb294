// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import live.millrace.media.http.HttpAnswer;
import live.millrace.media.http.HttpConfig;
import live.millrace.media.http.HttpRouter;
import live.millrace.media.http.HttpServer;
import live.millrace.media.http.Subject;
import live.millrace.media.socket.Listening;
import live.millrace.media.socket.Shortage;
import live.millrace.media.testing.LeakExtension;
import live.millrace.media.testing.Wait;
import live.millrace.media.tls.CertificateSource;
import live.millrace.media.tls.TlsContexts;
import live.millrace.media.tls.TlsPort;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages and media through one port: what the site is asked is looked at byte for byte. */
@ExtendWith(LeakExtension.class)
class FrontTest {
    private static final Subject NOTHING = new Subject.None("a test");
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npage";

    @TempDir
    Path directory;

    private MultiThreadIoEventLoopGroup loops;
    private ScriptedSite site;
    private Front front;
    private HttpServer server;
    private HttpClient client;
    private boolean there = true;
    private volatile boolean known = true;

    private static final class Trusting implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    private static SSLContext trusting() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Trusting()}, null);
        return context;
    }

    @BeforeEach
    void start() throws Exception {
        site = new ScriptedSite();
        loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
        HttpRouter router = new HttpRouter();
        router.get(
                "/live/{channel}.m3u8",
                NOTHING,
                asked -> CompletableFuture.completedStage(
                        HttpAnswer.text(HttpResponseStatus.OK, "text/plain", "media of " + asked.name("channel"))));
        router.route(
                HttpMethod.POST,
                "/live/{channel}/say",
                NOTHING,
                100,
                asked -> CompletableFuture.completedStage(HttpAnswer.text(
                        HttpResponseStatus.OK, "text/plain", asked.body().toString(StandardCharsets.UTF_8))));
        server = new HttpServer(
                "http",
                HttpConfig.defaults().at("127.0.0.1", 0),
                Listening.nio(loops, new Shortage(System::nanoTime)),
                router,
                Optional.empty());
        InetSocketAddress where = site.address();
        front = new Front(router, NioSocketChannel.class, 2, () -> there ? Optional.of(where) : Optional.empty());
        server.share(
                new TlsPort(0, new TlsContexts(certificate()).negotiating(HttpServer.APPLICATION_PROTOCOLS)),
                front,
                () -> known ? Optional.of("https://live.example.org:8443") : Optional.empty());
        server.start();
        client = HttpClient.newBuilder().sslContext(trusting()).build();
    }

    private CertificateSource certificate() throws Exception {
        X509Bundle issued = new CertificateBuilder()
                .subject("CN=localhost")
                .addSanDnsName("localhost")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        return CertificateSource.pem(
                Files.writeString(directory.resolve("chain.pem"), issued.getCertificatePathPEM()),
                Files.writeString(directory.resolve("key.pem"), issued.getPrivateKeyPEM()));
    }

    @AfterEach
    void stop() throws Exception {
        client.shutdownNow();
        server.close();
        front.close();
        site.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }

    private int port() {
        return server.ports().get(HttpServer.SHARED);
    }

    private HttpRequest.Builder asking(HttpClient.Version version, String path) {
        return HttpRequest.newBuilder(URI.create("https://localhost:" + port() + path))
                .version(version);
    }

    private HttpResponse<String> sent(HttpRequest request) throws Exception {
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private SSLSocket socket() throws Exception {
        SSLSocket socket =
                (SSLSocket) trusting().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static String lines(String... lines) {
        return String.join("\r\n", lines);
    }

    /** What comes until the connection closes. */
    private String said(String bytes) throws Exception {
        try (SSLSocket socket = socket()) {
            ScriptedSite.write(socket.getOutputStream(), bytes);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    // ---- without encryption -------------------------------------------------------------------------------------

    /** What comes until the connection closes, of somebody who does not encrypt. */
    private String plainly(String... pieces) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            socket.setSoTimeout(20_000);
            socket.setTcpNoDelay(true);
            for (String piece : pieces) {
                ScriptedSite.write(socket.getOutputStream(), piece);
            }
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET /anna?a=1&b=%20, /anna?a=1&b=%20",
        "HEAD /, /",
        "POST //evil.example/x, //evil.example/x",
        "GET /@evil.example, /@evil.example"
    })
    void whoForgetsTheEncryptionIsLedToIt(String line, String path) throws Exception {
        String answer = plainly(line + " HTTP/1.1\r\nHost: evil.example\r\n\r\n");
        assertThat(answer)
                .startsWith("HTTP/1.1 308 ")
                .containsIgnoringCase("location: https://live.example.org:8443" + path + "\r\n")
                .containsIgnoringCase("cache-control: no-store\r\n")
                .containsIgnoringCase("connection: close\r\n");
        assertThat(answer.contains("https:// in front")).isEqualTo(!line.startsWith("HEAD"));
        assertThat(site.asked).isEmpty();
        Wait.until("the connection ended", () -> server.connections() == 0);
    }

    /** A byte by itself is enough to know, and the rest may come as it likes. */
    @Test
    void anUnencryptedRequestMayComeInPieces() throws Exception {
        assertThat(plainly("G", "E", "T /a HT", "TP/1.1\r\nHost: x\r\n", "\r\n"))
                .containsIgnoringCase("location: https://live.example.org:8443/a\r\n");
        String body = "x".repeat(100_000);
        assertThat(plainly("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n", body))
                .startsWith("HTTP/1.1 308 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\n",
                "CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /\u00e9 HTTP/1.1\r\nHost: x\r\n\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "SSH-2.0-OpenSSH\r\n\r\n",
                "GET / HTTP/1.1\r\nbroken\u0000: x\r\n\r\n"
            })
    void whatIsNoPathIsToldInWords(String request) throws Exception {
        assertThat(plainly(request))
                .startsWith("HTTP/1.1 400 ")
                .doesNotContainIgnoringCase("location:")
                .endsWith("This port speaks HTTPS. Write https:// in front of the address.\n");
    }

    @Test
    void withoutADomainWhoForgetsTheEncryptionIsToldInWords() throws Exception {
        known = false;
        assertThat(plainly("GET / HTTP/1.1\r\nHost: x\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ")
                .doesNotContainIgnoringCase("location:")
                .endsWith("address.\n");
        assertThat(plainly("GET /" + "a".repeat(5_000) + " HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 400 ");
    }

    /** Neither HTTP nor TLS. */
    @Test
    void whatIsNeitherIsClosed() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            ScriptedSite.write(socket.getOutputStream(), "\u0003\u0000\u0000\u0001\u0002\u0003\u0004\u0005");
            Wait.until("the connection ended", () -> server.connections() == 0);
        }
    }

    // ---- with it ------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void pagesAreTheSitesAndMediaIsOurs(HttpClient.Version version) throws Exception {
        site.says("/anna", OK);
        for (int i = 0; i < 3; i++) {
            HttpResponse<String> page = sent(asking(version, "/anna?a=1").build());
            assertThat(page.version()).isEqualTo(version);
            assertThat(page.body()).isEqualTo("page");
            assertThat(sent(asking(version, "/live/anna.m3u8").build()).body()).isEqualTo("media of anna");
        }
        assertThat(site.asked).hasSize(3).allMatch(asked -> asked.line().equals("GET /anna?a=1 HTTP/1.1"));
        assertThat(site.asked.peek().values("Host")).containsExactly("localhost:" + port());
        assertThat(front.tallies().requests().of(FrontTallies.Outcome.ANSWERED)).isEqualTo(3);
    }

    @Test
    void requestsInARowAreAnsweredInTheirOrder() throws Exception {
        site.says("/a", OK).does("/slow", (_, socket) -> {
            ScriptedSite.write(socket.getOutputStream(), OK.replace("page", "slow"));
            return true;
        });
        String end = "GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        String all = said("GET /slow HTTP/1.1\r\nHost: x\r\n\r\nGET /live/b.m3u8 HTTP/1.1\r\nHost: x\r\n\r\n"
                + "POST /live/c/say HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"
                + "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc" + end);
        assertThat(all).containsSubsequence("slow", "media of b", "hello", "page", "page");
        assertThat(site.asked)
                .extracting(ScriptedSite.Asked::line)
                .containsExactly("GET /slow HTTP/1.1", "POST /a HTTP/1.1", "GET /a HTTP/1.1");
        assertThat(site.connections).hasValue(1);
    }

    /** Who the client is says the front, whatever the client says. */
    @Test
    void whatAClientSaysOfItselfIsNotPassedOn() throws Exception {
        site.says("/a", OK);
        said(lines(
                "GET /a HTTP/1.1",
                "Host: x",
                "X-Forwarded-For: 203.0.113.9",
                "x-forwarded-proto: http",
                "X-Forwarded-Host: evil",
                "Forwarded: for=1.2.3.4",
                "X-Real-IP: 1.2.3.4",
                "TE: trailers",
                "Keep-Alive: 5",
                "X-Hop: secret",
                "Cookie: a=b",
                "Connection: close, X-Hop, Cookie",
                "Accept: text/html",
                "",
                ""));
        ScriptedSite.Asked asked = site.asked.poll();
        assertThat(asked.values("X-Forwarded-For")).containsExactly("127.0.0.1");
        assertThat(asked.values("X-Forwarded-Proto")).containsExactly("https");
        assertThat(asked.values("Cookie")).containsExactly("a=b");
        assertThat(asked.values("Accept")).containsExactly("text/html");
        assertThat(asked.head().toLowerCase(Locale.ROOT))
                .doesNotContain("evil", "1.2.3.4", "203.0.113.9", "x-hop", "trailers", "keep-alive", "connection");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /stolen HTTP/1.1\r\nHost: x\r\n\r\n",
                "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\nGET /stolen HTTP/1.1\r\nHost: x\r\n\r\n",
                "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\nGET /stolen HTTP/1.1\r\nHost: x\r\n\r\n",
                "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\nGET /stolen HTTP/1.1\r\nHost: x\r\n\r\n",
                "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\nGET /stolen HTTP/1.1\r\nHost: x\r\n\r\n",
                "Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
                "Content-Length: +5\r\n\r\nabcde",
                "Content-Length: 5\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /stolen HTTP/1.1\r\n\r\n",
                "X: a\rContent-Length: 5\r\n\r\nabcde",
                "X: a\0b\r\n\r\n",
            })
    void noRequestIsHiddenInAnother(String rest) throws Exception {
        site.says("/a", OK).says("/stolen", OK);
        String all = said("POST /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + rest);
        assertThat(site.asked).noneMatch(asked -> asked.line().contains("stolen"));
        assertThat(site.asked)
                .allMatch(asked -> asked.values("Content-Length").size() <= 1
                        && asked.values("Transfer-Encoding").isEmpty());
        assertThat(all).startsWith("HTTP/1.1 ");
    }

    @Test
    void whatIsNoRequestForASiteIsRefused() throws Exception {
        for (String line : List.of("CONNECT db:5432 HTTP/1.1", "TRACE /a HTTP/1.1", "OPTIONS * HTTP/1.1")) {
            assertThat(said(line + "\r\nHost: x\r\n\r\n")).startsWith("HTTP/1.1 400 ");
        }
        assertThat(site.asked).isEmpty();
        site.says("/b", OK);
        assertThat(said("GET http://elsewhere/b?c HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .contains("page");
        assertThat(site.asked.poll().line()).isEqualTo("GET /b?c HTTP/1.1");
    }

    @Test
    void aSmallBodyIsWaitedForAndKnownInItsLength() throws Exception {
        site.says("/a", OK);
        try (SSLSocket socket = socket()) {
            OutputStream out = socket.getOutputStream();
            ScriptedSite.write(out, "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
            Wait.until("it came", () -> server.connections() == 1);
            assertThat(site.connections)
                    .as("nothing is asked before it is whole")
                    .hasValue(0);
            ScriptedSite.write(out, "2\r\nde\r\n0\r\nX-Trailer: x\r\n\r\n");
            assertThat(socket.getInputStream().readNBytes(15))
                    .startsWith("HTTP/1.1 200 OK".getBytes(StandardCharsets.US_ASCII));
        }
        ScriptedSite.Asked asked = site.asked.poll();
        assertThat(asked.body()).asString().isEqualTo("abcde");
        assertThat(asked.head()).doesNotContainIgnoringCase("transfer-encoding", "trailer");
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void aLargeBodyGoesOnAsItComes(HttpClient.Version version) throws Exception {
        byte[] large = new byte[3_000_000];
        Arrays.fill(large, (byte) 'x');
        CompletableFuture<byte[]> taken = new CompletableFuture<>();
        site.does("/upload", (_, socket) -> {
            taken.complete(ScriptedSite.chunks(socket.getInputStream()));
            ScriptedSite.write(socket.getOutputStream(), OK);
            return true;
        });
        HttpRequest.BodyPublisher pieces =
                HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large));
        assertThat(sent(asking(version, "/upload").POST(pieces).build()).statusCode())
                .isEqualTo(200);
        assertThat(taken.get()).isEqualTo(large);
    }

    @Test
    void whoWaitsToGoOnHearsItFromTheSite() throws Exception {
        site.does("/upload", (asked, socket) -> {
            ScriptedSite.write(socket.getOutputStream(), "HTTP/1.1 100 Continue\r\n\r\n");
            socket.getInputStream().readNBytes(5);
            ScriptedSite.write(socket.getOutputStream(), OK);
            return true;
        });
        try (SSLSocket socket = socket()) {
            ScriptedSite.write(
                    socket.getOutputStream(),
                    "PUT /upload HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\nConnection: close\r\n\r\n");
            assertThat(socket.getInputStream().readNBytes(25)).asString().isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            ScriptedSite.write(socket.getOutputStream(), "abcde");
            assertThat(socket.getInputStream().readAllBytes())
                    .asString()
                    .startsWith("HTTP/1.1 200 OK")
                    .endsWith("page");
        }
    }

    @Test
    void anAnswerWithoutALengthIsWholeOrSeenToBeBroken() throws Exception {
        site.says("/chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npage\r\n0\r\n\r\n")
                .does("/close", (_, socket) -> {
                    ScriptedSite.write(socket.getOutputStream(), "HTTP/1.1 200 OK\r\n\r\npage");
                    return false;
                })
                .does("/half", (_, socket) -> {
                    ScriptedSite.write(socket.getOutputStream(), "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npage");
                    return false;
                })
                .does("/nothing", (_, _) -> false)
                .says("/rubbish", "nonsense\r\n\r\n");
        for (HttpClient.Version version : HttpClient.Version.values()) {
            assertThat(sent(asking(version, "/chunks").build()).body()).isEqualTo("page");
            assertThat(sent(asking(version, "/close").build()).body()).isEqualTo("page");
            assertThatThrownBy(() -> sent(asking(version, "/half").build())).isInstanceOf(IOException.class);
            assertThat(sent(asking(version, "/nothing").build()).statusCode()).isEqualTo(502);
            assertThat(sent(asking(version, "/rubbish").build()).statusCode()).isEqualTo(502);
        }
    }

    @Test
    void headsAloneAndNothingNewHaveNoBody() throws Exception {
        site.says("/a", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n")
                .says("/b", "HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\n\r\n");
        for (HttpClient.Version version : HttpClient.Version.values()) {
            HttpResponse<String> head = sent(asking(version, "/a")
                    .method("HEAD", HttpRequest.BodyPublishers.noBody())
                    .build());
            assertThat(head.headers().firstValue("Content-Length")).contains("4");
            assertThat(sent(asking(version, "/b").build()).statusCode()).isEqualTo(304);
        }
    }

    /** The site may close a connection that waits in the moment in which it is used again. */
    @Test
    void aConnectionThatWasClosedMeanwhileCostsNoPageAndRepeatsNoChange() throws Exception {
        AtomicLong times = new AtomicLong();
        site.does("/a", (_, socket) -> {
            if (times.incrementAndGet() == 2) {
                return false; // read, and closed without a word
            }
            ScriptedSite.write(socket.getOutputStream(), OK);
            return true;
        });
        assertThat(sent(asking(HttpClient.Version.HTTP_1_1, "/a").build()).statusCode())
                .isEqualTo(200);
        assertThat(sent(asking(HttpClient.Version.HTTP_1_1, "/a").build()).statusCode())
                .isEqualTo(200);
        assertThat(times).hasValue(3);
        times.set(1);
        assertThat(sent(asking(HttpClient.Version.HTTP_1_1, "/a")
                                .POST(HttpRequest.BodyPublishers.ofString("once"))
                                .build())
                        .statusCode())
                .isEqualTo(502);
        assertThat(times).as("nobody does it twice").hasValue(2);
    }

    @Test
    void whereThereIsNoSiteMediaGoesOn() throws Exception {
        there = false;
        HttpResponse<String> page =
                sent(asking(HttpClient.Version.HTTP_2, "/anna").build());
        assertThat(page.statusCode()).isEqualTo(503);
        assertThat(page.headers().firstValue("Retry-After")).contains("5");
        there = true;
        site.close();
        assertThat(sent(asking(HttpClient.Version.HTTP_1_1, "/anna").build()).statusCode())
                .isEqualTo(503);
        assertThat(sent(asking(HttpClient.Version.HTTP_1_1, "/live/anna.m3u8").build())
                        .body())
                .isEqualTo("media of anna");
    }

    /** Who reads slowly holds a little of our memory, and the site is asked for no more. */
    @Test
    void anAnswerGoesNoFasterThanItIsRead() throws Exception {
        AtomicLong written = new AtomicLong();
        byte[] piece = new byte[1 << 16];
        site.does("/film", (_, socket) -> {
            ScriptedSite.write(
                    socket.getOutputStream(), "HTTP/1.1 200 OK\r\nContent-Length: " + (1L << 28) + "\r\n\r\n");
            for (int i = 0; i < 1 << 12; i++) {
                socket.getOutputStream().write(piece);
                written.addAndGet(piece.length);
            }
            return true;
        });
        try (SSLSocket socket = socket()) {
            ScriptedSite.write(socket.getOutputStream(), "GET /film HTTP/1.1\r\nHost: x\r\n\r\n");
            socket.getInputStream().readNBytes(100);
            long[] before = {-1, 0};
            Wait.until("it stands still", () -> {
                before[1] = written.get() == before[0] && before[0] > 0 ? before[1] + 1 : 0;
                before[0] = written.get();
                return before[1] > 100;
            });
            assertThat(written.get()).isLessThan(1 << 25);
            InputStream in = socket.getInputStream();
            in.readNBytes(1 << 25);
            Wait.until("it goes on", () -> written.get() > before[0]);
        }
        Wait.until("who left is noticed", () -> front.tallies().requests().of(FrontTallies.Outcome.LEFT) == 1);
    }

    /** What comes behind a request to become a socket is nothing that anybody keeps. */
    @Test
    void whoTalksBeforeTheSocketIsThereIsSentAway() throws Exception {
        site.does("/socket", (asked, socket) -> {
            ScriptedSite.write(
                    socket.getOutputStream(),
                    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
            return socket.getInputStream().read() < 0;
        });
        String body = "x".repeat(100_000);
        assertThat(said(lines(
                                "GET /socket HTTP/1.1",
                                "Host: x",
                                "Connection: Upgrade",
                                "Upgrade: websocket",
                                "",
                                "POST /a HTTP/1.1",
                                "Host: x",
                                "Content-Length: " + body.length(),
                                "",
                                "")
                        + body))
                .startsWith("HTTP/1.1 101 ");
        Wait.until("both ends are closed", () -> front.tallies().sockets().sum() == 0);
        assertThat(site.asked).hasSize(1);
    }

    @Test
    void anOlderClientGetsNoChunks() throws Exception {
        site.says("/chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npage\r\n0\r\n\r\n");
        for (String keep : List.of("", "Connection: keep-alive\r\n")) {
            assertThat(said("GET /chunks HTTP/1.0\r\nHost: x\r\n" + keep + "\r\n"))
                    .endsWith("\r\n\r\npage")
                    .doesNotContainIgnoringCase("transfer-encoding");
        }
    }

    /** Half of what is in front of a body may have filled what waits. */
    @Test
    void aBodyBehindManyRequestsArrives() throws Exception {
        site.says("/a", OK);
        try (SSLSocket socket = socket()) {
            ScriptedSite.write(
                    socket.getOutputStream(),
                    "GET /live/b.m3u8 HTTP/1.1\r\nHost: x\r\n\r\n".repeat(20)
                            + "POST /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 7\r\n\r\nabc");
            byte[] first = socket.getInputStream().readNBytes(2_000);
            assertThat(first).asString(StandardCharsets.ISO_8859_1).contains("media of b");
            ScriptedSite.write(socket.getOutputStream(), "defg");
            assertThat(socket.getInputStream().readAllBytes()).asString().endsWith("page");
        }
        assertThat(site.asked.poll().body()).asString().isEqualTo("abcdefg");
    }

    /** A body that hardly comes gives its place at the site to the next. */
    @Test
    void whoSendsHardlyAnythingHoldsNoPlaceForLong() throws Exception {
        site.does("/upload", (asked, socket) -> {
            socket.getInputStream().readNBytes(200_000);
            return false;
        });
        try (SSLSocket socket = socket()) {
            socket.setSoTimeout(60_000);
            ScriptedSite.write(
                    socket.getOutputStream(),
                    "POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n" + "x".repeat(66_000));
            assertThat(socket.getInputStream().readNBytes(12)).asString().isEqualTo("HTTP/1.1 408");
        }
        Wait.until("it is let go of", () -> front.tallies().requests().of(FrontTallies.Outcome.TOO_SLOW) == 1);
    }

    private static String accept(String key) {
        try {
            byte[] sum = MessageDigest.getInstance("SHA-1")
                    .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(sum);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aSocketOfAPageIsOneToTheSite() throws Exception {
        CompletableFuture<Socket> theirs = new CompletableFuture<>();
        site.does("/socket", (asked, socket) -> {
            // What the site says at once comes behind the handshake, in one piece with it.
            ScriptedSite.write(
                    socket.getOutputStream(),
                    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                            + accept(asked.values("Sec-WebSocket-Key").getFirst()) + "\r\n\r\n\u0081\u0005hello");
            theirs.complete(socket);
            byte[] frame = socket.getInputStream().readNBytes(6 + 4);
            byte[] text = Arrays.copyOfRange(frame, 6, 10);
            for (int i = 0; i < text.length; i++) {
                text[i] ^= frame[2 + i];
            }
            ScriptedSite.write(socket.getOutputStream(), "\u0081\u0004" + new String(text, StandardCharsets.US_ASCII));
            return socket.getInputStream().read() < 0;
        });
        List<String> heard = new CopyOnWriteArrayList<>();
        WebSocket socket = client.newWebSocketBuilder()
                .buildAsync(URI.create("wss://localhost:" + port() + "/socket"), new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
                        heard.add(text.toString());
                        from.request(1);
                        return null;
                    }
                })
                .get(20, TimeUnit.SECONDS);
        Wait.until("the first word", () -> heard.equals(List.of("hello")));
        assertThat(site.asked.peek().values("X-Forwarded-For")).containsExactly("127.0.0.1");
        socket.sendText("echo", true).get(20, TimeUnit.SECONDS);
        Wait.until("an answer", () -> heard.equals(List.of("hello", "echo")));
        assertThat(front.tallies().sockets().sum()).isEqualTo(1);
        socket.abort();
        Wait.until("both ends are closed", () -> front.tallies().sockets().sum() == 0);
        theirs.get().close();
    }

    @Test
    void whoseSocketIsRefusedIsAnswered() throws Exception {
        site.says("/socket", "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
        assertThat(said(lines(
                        "GET /socket HTTP/1.1",
                        "Host: x",
                        "Connection: Upgrade",
                        "Upgrade: websocket",
                        "",
                        "GET /live/a.m3u8 HTTP/1.1",
                        "Host: x",
                        "Connection: close",
                        "",
                        "")))
                .startsWith("HTTP/1.1 403 Forbidden")
                .containsSubsequence("no", "media of a");
    }
}
