// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.ssl.SslContextBuilder;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import live.millrace.media.socket.PortInUseException;
import live.millrace.media.testing.LeakExtension;
import live.millrace.media.testing.MediaScript;
import live.millrace.media.testing.OpenEngine;
import live.millrace.media.testing.RtmpScript;
import live.millrace.media.testing.Wait;
import live.millrace.media.tls.CertificateSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RTMPS, HTTPS and WSS from two PEM files, which are replaced while the engine runs. */
@ExtendWith(LeakExtension.class)
class TlsTest {
    @TempDir
    Path directory;

    private Path certificate;
    private Path privateKey;
    private X509Bundle first;
    private MediaEngine engine;
    private HttpClient http;

    /** Every certificate will do: what is looked at is which one comes. */
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

    private static X509Bundle issued() throws Exception {
        return new CertificateBuilder()
                .subject("CN=localhost")
                .addSanDnsName("localhost")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
    }

    private void install(String certificatePem, String keyPem, long version) throws IOException {
        Files.writeString(certificate, certificatePem);
        Files.writeString(privateKey, keyPem);
        Files.setLastModifiedTime(certificate, FileTime.from(version, TimeUnit.SECONDS));
    }

    @BeforeEach
    void start() throws Exception {
        certificate = directory.resolve("fullchain.pem");
        privateKey = directory.resolve("privkey.pem");
        first = issued();
        install(first.getCertificatePathPEM(), first.getPrivateKeyPEM(), 1);
        engine = engine();
        http = HttpClient.newBuilder().sslContext(trusting()).build();
    }

    private MediaEngine engine() {
        return OpenEngine.start(OpenEngine.cuttingAlways(directory)
                .with(new TlsConfig(CertificateSource.pem(certificate, privateKey), Map.of("rtmps", 0, "https", 0))));
    }

    @AfterEach
    void stop() {
        http.shutdownNow();
        engine.close();
    }

    private SSLSocket encrypted(int port) throws Exception {
        SSLSocket socket =
                (SSLSocket) trusting().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
        socket.startHandshake();
        return socket;
    }

    private X509Certificate shown(int port) throws Exception {
        try (SSLSocket socket = encrypted(port)) {
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    private RtmpScript publisher() throws Exception {
        RtmpScript script =
                new RtmpScript(encrypted(engine.port("rtmps"))).handshake().connect("live");
        assertThat(script.publish("anna")).isEqualTo("NetStream.Publish.Start");
        return script;
    }

    private URI address(String scheme, String path) {
        return URI.create(scheme + "://localhost:" + engine.port("https") + path);
    }

    private <T> HttpResponse<T> get(String path, HttpResponse.BodyHandler<T> handler) throws Exception {
        return http.send(HttpRequest.newBuilder(address("https", path)).build(), handler);
    }

    private long frames() {
        return engine.control().stream("anna").orElseThrow().statistics().frames();
    }

    /** The files, and beside them what else may be proved. */
    private final class Proving implements CertificateSource {
        private final CertificateSource files = CertificateSource.pem(certificate, privateKey);
        private volatile List<String> proofs = List.of();

        @Override
        public SslContextBuilder read() {
            return files.read();
        }

        @Override
        public long version() {
            return proofs.size();
        }

        @Override
        public List<String> proofs() {
            return proofs;
        }
    }

    private SSLSocket offering(int port, String protocol) throws Exception {
        SSLSocket socket =
                (SSLSocket) trusting().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {protocol});
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(20_000);
        socket.startHandshake();
        return socket;
    }

    private String plainly(String scheme, String words) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), engine.port(scheme))) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(words.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    /** Where media alone is nobody is led elsewhere; a port that does not speak HTTP says nothing. */
    @Test
    void plainHttpIsToldThatThisIsHttps() throws Exception {
        String request = "GET /live/anna.m3u8 HTTP/1.1\r\nHost: x\r\n\r\n";
        assertThat(plainly("https", request))
                .startsWith("HTTP/1.1 400 ")
                .contains("This port speaks HTTPS.")
                .doesNotContainIgnoringCase("location");
        assertThat(plainly("rtmps", request)).doesNotContain("HTTP/1.1");
    }

    /** RFC 8737 §3: offered while somebody has to prove something, and over with the handshake. */
    @Test
    void aHandshakeThatIsAllEndsTheConnection() throws Exception {
        Proving source = new Proving();
        try (MediaEngine proving = OpenEngine.start(OpenEngine.cuttingAlways(directory.resolve("proving"))
                .with(new TlsConfig(source, Map.of("https", 0))))) {
            int port = proving.port("https");
            try (SSLSocket refused = offering(port, "acme-tls/1")) {
                assertThat(refused.getApplicationProtocol()).isEmpty();
            }
            source.proofs = List.of("acme-tls/1");
            proving.renewCertificate();
            try (SSLSocket proof = offering(port, "acme-tls/1")) {
                assertThat(proof.getApplicationProtocol()).isEqualTo("acme-tls/1");
                assertThat(proof.getInputStream().read()).isEqualTo(-1);
            }
            try (SSLSocket usual = offering(port, "h2")) {
                assertThat(usual.getApplicationProtocol()).isEqualTo("h2");
            }
            source.proofs = List.of();
            proving.renewCertificate();
            try (SSLSocket refused = offering(port, "acme-tls/1")) {
                assertThat(refused.getApplicationProtocol()).isEmpty();
            }
        }
    }

    @Test
    void whatIsPublishedEncryptedIsPlayedEncrypted() throws Exception {
        try (RtmpScript script = publisher()) {
            new MediaScript(script).headers().both(8);
            script.sync();
            HttpResponse<String> playlist = get("/live/anna/v0.m3u8", HttpResponse.BodyHandlers.ofString());
            assertThat(playlist.statusCode()).isEqualTo(200);
            assertThat(playlist.version()).as("what low latency wants").isEqualTo(HttpClient.Version.HTTP_2);
            String segment = playlist.body()
                    .lines()
                    .filter(line -> line.endsWith(".m4s") && !line.startsWith("#"))
                    .findFirst()
                    .orElseThrow();
            byte[] bytes = get("/live/anna/" + segment, HttpResponse.BodyHandlers.ofByteArray())
                    .body();
            assertThat(new String(bytes, 4, 4, StandardCharsets.US_ASCII)).isEqualTo("moof");
        }
    }

    @ParameterizedTest
    @CsvSource({"/live/anna.flv, 464c56", "/live/anna.ts, 47", "/live/anna.mp4, 0000001c66747970"})
    void endlessAnswersComeOverHttp2(String path, String head) throws Exception {
        try (RtmpScript script = publisher()) {
            new MediaScript(script).headers().both(4);
            script.sync();
            HttpResponse<InputStream> answer = get(path, HttpResponse.BodyHandlers.ofInputStream());
            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
            try (InputStream body = answer.body()) {
                assertThat(body.readNBytes(head.length() / 2)).asHexString().isEqualToIgnoringCase(head);
                assertThat(body.readNBytes(2_000)).hasSize(2_000);
            }
        }
    }

    @Test
    void andOverASecureWebSocket() throws Exception {
        try (RtmpScript script = publisher()) {
            new MediaScript(script).headers().both(4);
            script.sync();
            CompletableFuture<byte[]> received = new CompletableFuture<>();
            WebSocket socket = http.newWebSocketBuilder()
                    .buildAsync(address("wss", "/live/anna.flv"), new WebSocket.Listener() {
                        @Override
                        public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
                            byte[] bytes = new byte[data.remaining()];
                            data.get(bytes);
                            received.complete(bytes);
                            from.request(1);
                            return CompletableFuture.completedStage(null);
                        }
                    })
                    .get(10, TimeUnit.SECONDS);
            assertThat(new String(received.get(10, TimeUnit.SECONDS), 0, 3, StandardCharsets.US_ASCII))
                    .isEqualTo("FLV");
            socket.abort();
        }
    }

    @Test
    void aRenewedCertificateIsShownToTheNextAndDropsNobody() throws Exception {
        try (RtmpScript script = publisher()) {
            MediaScript media = new MediaScript(script).headers().both(4);
            script.sync();
            assertThat(shown(engine.port("rtmps"))).isEqualTo(first.getCertificate());

            X509Bundle second = issued();
            install(second.getCertificatePathPEM(), second.getPrivateKeyPEM(), 2);
            engine.renewCertificate();
            assertThat(shown(engine.port("rtmps"))).isEqualTo(second.getCertificate());
            assertThat(shown(engine.port("https"))).isEqualTo(second.getCertificate());

            long before = frames();
            media.both(2);
            script.sync();
            assertThat(frames()).isGreaterThan(before);
        }
    }

    @Test
    void aBrokenRenewalLeavesTheOldOneInForce() throws Exception {
        install("-----BEGIN CERTIFICATE-----\nhalf of a", first.getPrivateKeyPEM(), 2);
        engine.renewCertificate();
        assertThat(shown(engine.port("https"))).isEqualTo(first.getCertificate());

        X509Bundle other = issued();
        install(first.getCertificatePathPEM(), other.getPrivateKeyPEM(), 3);
        engine.renewCertificate();
        assertThat(shown(engine.port("https"))).isEqualTo(first.getCertificate());
    }

    /** A greeting of TLS 1.1 (RFC 4346 §7.4.1.2), which no client of today would send. */
    @ParameterizedTest
    @ValueSource(strings = {"rtmps", "https"})
    void anOldVersionIsRefused(String listener) throws Exception {
        String hello = "0302" + "00".repeat(32) + "00" + "0006" + "c013" + "002f" + "0035" + "0100";
        String message = "01" + "%06x".formatted(hello.length() / 2) + hello;
        String record = "160301" + "%04x".formatted(message.length() / 2) + message;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), engine.port(listener))) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(HexFormat.of().parseHex(record));
            byte[] answer = socket.getInputStream().readNBytes(7);
            // A fatal alert: protocol_version.
            assertThat(answer).startsWith(0x15).endsWith(2, 70);
        }
    }

    @Test
    void whoSpeaksWithoutEncryptionIsClosed() throws Exception {
        for (int port : new int[] {engine.port("rtmps"), engine.port("https")}) {
            try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), port)) {
                plain.setSoTimeout(15_000);
                plain.getOutputStream()
                        .write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                Wait.until("the socket closes", () -> {
                    try {
                        return plain.getInputStream().read() < 0;
                    } catch (IOException reset) {
                        return true;
                    }
                });
            }
        }
        assertThat(shown(engine.port("https"))).isEqualTo(first.getCertificate());
    }

    @Test
    void aTakenEncryptedPortIsNamed() {
        int taken = engine.port("https");
        assertThatThrownBy(() -> OpenEngine.start(OpenEngine.cuttingAlways(directory.resolve("other"))
                        .with(new TlsConfig(
                                CertificateSource.pem(certificate, privateKey), Map.of("rtmps", taken, "https", 0)))))
                .isInstanceOfSatisfying(PortInUseException.class, e -> {
                    assertThat(e.listener()).isEqualTo("rtmps");
                    assertThat(e.port()).isEqualTo(taken);
                });
    }

    @Test
    void aStartWithoutAUsableCertificateSaysWhy() throws Exception {
        Files.delete(certificate);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> engine().close())
                .withMessageContaining("no readable file")
                .withMessageContaining("fullchain.pem");
    }
}
