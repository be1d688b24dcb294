// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.https.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import live.millrace.media.testing.FreePort;
import live.millrace.media.testing.Wait;
import org.jspecify.annotations.Nullable;

/** An ACME server made for tests, and its name server: Debian's packages {@code pebble} and {@code pebble-challtestsrv}. */
final class Pebble implements AutoCloseable {
    private static final Path APT = Path.of("/usr/bin/apt-get");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path directory;
    private final int port = FreePort.next();
    private final int management = FreePort.next();
    private final int dns = FreePort.next();
    private final int names = FreePort.next();
    private @Nullable Process server;
    private @Nullable Process nameServer;

    /** Where it will ask, and what it is like; it does not run yet. */
    Pebble(Path directory, int httpPort, int tlsPort) {
        this.directory = directory;
        try {
            configure(httpPort, tlsPort);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void configure(int httpPort, int tlsPort) throws IOException {
        Files.createDirectories(directory);
        KeyPair keys = KeyPairs.make();
        Files.writeString(
                authority(), KeptCertificates.pem(List.of(SelfSigned.forNow(keys, "localhost", Instant.now()))));
        Files.writeString(
                directory.resolve("key.pem"),
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'})
                                .encodeToString(keys.getPrivate().getEncoded())
                        + "\n-----END PRIVATE KEY-----\n");
        Files.writeString(directory.resolve("config.json"), """
                {"pebble": {"listenAddress": "127.0.0.1:%d", "managementListenAddress": "127.0.0.1:%d",
                  "certificate": "%s", "privateKey": "%s", "httpPort": %d, "tlsPort": %d,
                  "ocspResponderURL": "", "externalAccountBindingRequired": false}}
                """.formatted(
                        port, management, authority(), directory.resolve("key.pem"), httpPort, tlsPort));
    }

    /** Whether there is one. The CI, which is root on a Debian that may have none, installs it: there it is not left out. */
    static boolean installed() throws IOException, InterruptedException {
        if (isThere() || !"true".equals(System.getenv("CI")) || !Files.isExecutable(APT)) {
            return isThere();
        }
        return apt("update") && apt("install", "-y", "--no-install-recommends", "pebble") && isThere();
    }

    private static boolean isThere() {
        return Stream.of("pebble", "pebble-challtestsrv")
                .allMatch(program -> Files.isExecutable(Path.of("/usr/bin", program)));
    }

    private static boolean apt(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(APT.toString(), "-qq", "-o", "Acquire::http::Timeout=20", "-o", "DPkg::Lock::Timeout=60"));
        command.addAll(List.of(words));
        ProcessBuilder apt = new ProcessBuilder(command).redirectErrorStream(true);
        apt.redirectOutput(ProcessBuilder.Redirect.DISCARD);
        apt.environment().put("DEBIAN_FRONTEND", "noninteractive");
        Process running = apt.start();
        if (!running.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            running.destroyForcibly();
            return false;
        }
        return running.exitValue() == 0;
    }

    /** What vouches for the directory itself. */
    Path authority() {
        return directory.resolve("ca.pem");
    }

    String address() {
        return "https://localhost:" + port + "/dir";
    }

    void start() throws Exception {
        if (nameServer == null) {
            nameServer = run(new ProcessBuilder(
                    "/usr/bin/pebble-challtestsrv",
                    "-dns01",
                    "127.0.0.1:" + dns,
                    "-management",
                    "127.0.0.1:" + names,
                    "-http01",
                    "",
                    "-https01",
                    "",
                    "-tlsalpn01",
                    "",
                    "-defaultIPv4",
                    "127.0.0.1",
                    "-defaultIPv6",
                    ""));
        }
        ProcessBuilder made = new ProcessBuilder(
                "/usr/bin/pebble",
                "-config",
                directory.resolve("config.json").toString(),
                "-dnsserver",
                "127.0.0.1:" + dns);
        made.environment().put("PEBBLE_WFE_NONCEREJECT", "30");
        made.environment().put("PEBBLE_VA_NOSLEEP", "1");
        made.environment().put("PEBBLE_AUTHZREUSE", "0");
        server = run(made);
        Wait.until("Pebble answers", PATIENCE, () -> answers(address()));
    }

    private Process run(ProcessBuilder program) throws IOException {
        Path log = directory.resolve(Path.of(program.command().getFirst()).getFileName() + ".log");
        return program.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    private boolean answers(String address) {
        try (HttpClient client =
                HttpClient.newBuilder().sslContext(trusting(authority())).build()) {
            return client.send(
                                    HttpRequest.newBuilder(URI.create(address)).build(),
                                    HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException notYet) {
            return false;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Says what all names mean from now on; nothing: there are none. */
    void names(String address) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            int status = client.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + names + "/set-default-ipv4"))
                                    .POST(HttpRequest.BodyPublishers.ofString("{\"ip\":\"" + address + "\"}"))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
            if (status != 200) {
                throw new IOException("the name server says " + status);
            }
        }
    }

    /** What trusts the certificates that it issues. It makes another root at each start. */
    SSLContext trust() throws Exception {
        try (HttpClient client =
                HttpClient.newBuilder().sslContext(trusting(authority())).build()) {
            String root = client.send(
                            HttpRequest.newBuilder(URI.create("https://localhost:" + management + "/roots/0"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString(StandardCharsets.US_ASCII))
                    .body();
            Path file = Files.writeString(directory.resolve("root.pem"), root);
            return trusting(file);
        }
    }

    private static SSLContext trusting(Path pem) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream in = Files.newInputStream(pem)) {
            for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry(
                        ((X509Certificate) each).getSerialNumber().toString(), each);
            }
        }
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }

    /** The directory goes away. */
    void stop() {
        end(server);
    }

    private static void end(@Nullable Process process) {
        if (process != null) {
            process.destroy();
            process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
        }
    }

    @Override
    public void close() {
        end(server);
        end(nameServer);
    }
}
