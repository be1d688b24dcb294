// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.bucket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;

/** Against a server that checks each signature. */
class BucketTest {
    private static final String KEY = "millrace";
    private static final String SECRET = "a secret/with+signs";
    private static final String NAME = "2026-11/abc_-defghi/v0-0.mp4";

    @TempDir
    Path folder;

    private S3Proxy server;
    private Bucket bucket;

    @BeforeEach
    void start() throws Exception {
        TransientNio2BlobStore store = new TransientNio2BlobStore();
        store.createContainer(CreateBucketRequest.builder().bucket("recordings").build());
        server = S3Proxy.builder()
                .blobStore(store)
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V4, KEY, SECRET)
                .build();
        server.start();
        bucket = bucket(KEY, SECRET, InstantSource.system());
    }

    @AfterEach
    void stop() throws Exception {
        bucket.close();
        server.stop();
    }

    private Bucket bucket(String key, String secret, InstantSource clock) {
        return bucket(URI.create("http://127.0.0.1:" + server.getPort()), key, secret, clock);
    }

    private static Bucket bucket(URI endpoint, String key, String secret, InstantSource clock) {
        return new Bucket(new BucketConfig(endpoint, "us-east-1", "recordings", "millrace/", key, secret, true), clock);
    }

    private Path file(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("span"), bytes);
    }

    @Test
    void whatIsPutIsReadInAnyStretch() throws IOException {
        Random random = new Random(1);
        byte[] bytes = new byte[3_000_000];
        random.nextBytes(bytes);
        assertThat(bucket.length(NAME)).isEmpty();
        assertThat(bucket.put(NAME, file(bytes))).isEqualTo(RequestSignature.sha256(bytes));
        assertThat(bucket.length(NAME)).hasValue(bytes.length);
        for (int i = 0; i < 20; i++) {
            int from = random.nextInt(bytes.length);
            int length = 1 + random.nextInt(bytes.length - from);
            assertThat(bucket.read(NAME, from, length)).isEqualTo(Arrays.copyOfRange(bytes, from, from + length));
        }
        bucket.delete(NAME);
        assertThat(bucket.length(NAME)).isEmpty();
        bucket.delete(NAME);
    }

    @Test
    void aStretchBehindTheEndIsNone() throws IOException {
        bucket.put(NAME, new byte[10]);
        assertThatThrownBy(() -> bucket.read(NAME, 8, 5)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> bucket.read(NAME, 20, 5))
                .isInstanceOfSatisfying(
                        BucketException.class, e -> assertThat(e.status()).isEqualTo(416));
        assertThatThrownBy(() -> bucket.read("nothing", 0, 5)).isInstanceOfSatisfying(BucketException.class, e -> {
            assertThat(e.code()).isEqualTo("NoSuchKey");
            assertThat(e.refused()).isFalse();
        });
    }

    @Test
    void aSmallObjectIsReadWhole() throws IOException {
        byte[] heads = new byte[5_000];
        new Random(2).nextBytes(heads);
        bucket.put(NAME, heads);
        assertThat(bucket.readAll(NAME, 5_000, Duration.ofSeconds(30))).isEqualTo(heads);
        bucket.put(NAME, new byte[20_000]);
        assertThatThrownBy(() -> bucket.readAll(NAME, 19_999, Duration.ofSeconds(30)))
                .as("and no more than was allowed for")
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> bucket.readAll("nothing", 10, Duration.ofSeconds(30)))
                .isInstanceOfSatisfying(
                        BucketException.class, e -> assertThat(e.status()).isEqualTo(404));
    }

    /** The JDK's own time limit ends with the head of an answer. */
    @Test
    void aBodyThatNeverEndsIsNotWaitedFor() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        HttpServer slow = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        slow.setExecutor(Executors.newCachedThreadPool());
        slow.createContext("/", exchange -> {
            exchange.sendResponseHeaders(206, 10);
            exchange.getResponseBody().write(new byte[3]);
            exchange.getResponseBody().flush();
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        });
        slow.start();
        try (Bucket there = bucket(
                URI.create("http://127.0.0.1:" + slow.getAddress().getPort()), KEY, SECRET, InstantSource.system())) {
            assertThatThrownBy(() -> there.read(NAME, 0, 10, Duration.ofMillis(300)))
                    .isInstanceOf(HttpTimeoutException.class);
        } finally {
            over.countDown();
            slow.stop(0);
        }
    }

    @Test
    void whoHasAnotherSecretIsRefused() {
        try (Bucket stranger = bucket(KEY, "another", InstantSource.system())) {
            assertThatThrownBy(() -> stranger.put(NAME, new byte[10]))
                    .isInstanceOfSatisfying(BucketException.class, e -> {
                        assertThat(e.status()).isEqualTo(403);
                        assertThat(e.code()).isEqualTo("SignatureDoesNotMatch");
                        assertThat(e.refused()).isTrue();
                        assertThat(e.getMessage()).doesNotContain("another").doesNotContain(KEY);
                    });
        }
    }

    @Test
    void anAddressIsLentForAWhile() throws Exception {
        byte[] bytes = {1, 2, 3, 4};
        bucket.put(NAME, bytes);
        URI address = bucket.signed(NAME, Duration.ofMinutes(5), "evening.mp4");
        try (HttpClient browser = HttpClient.newHttpClient()) {
            var answer = browser.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofByteArray());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo(bytes);
            assertThat(answer.headers().firstValue("content-disposition"))
                    .hasValue("attachment; filename=\"evening.mp4\"");
            URI changed = URI.create(address.toString().replace("evening", "morning"));
            assertThat(browser.send(HttpRequest.newBuilder(changed).build(), BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(403);
            try (Bucket yesterday =
                    bucket(KEY, SECRET, InstantSource.fixed(Instant.now().minus(Duration.ofHours(1))))) {
                URI old = yesterday.signed(NAME, Duration.ofMinutes(5), "old.mp4");
                assertThat(browser.send(HttpRequest.newBuilder(old).build(), BodyHandlers.discarding())
                                .statusCode())
                        .isEqualTo(403);
            }
        }
    }

    @Test
    void nobodyReadsWithoutASignature() throws Exception {
        bucket.put(NAME, new byte[10]);
        try (HttpClient browser = HttpClient.newHttpClient()) {
            URI address = URI.create("http://127.0.0.1:" + server.getPort() + "/recordings/millrace/" + NAME);
            assertThat(browser.send(HttpRequest.newBuilder(address).build(), BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(403);
        }
    }

    /** A file that grows behind the back of whoever puts it is not what its hash says. */
    @Test
    void theServerComparesTheBytesWithTheirHash() throws IOException {
        HttpServer liar = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        liar.createContext("/", exchange -> {
            try (InputStream body = exchange.getRequestBody()) {
                String said = exchange.getRequestHeaders().getFirst("x-amz-content-sha256");
                boolean same = RequestSignature.sha256(body.readAllBytes()).equals(said);
                exchange.sendResponseHeaders(same ? 200 : 400, -1);
            }
            exchange.close();
        });
        liar.start();
        try (Bucket there = bucket(
                URI.create("http://127.0.0.1:" + liar.getAddress().getPort()), KEY, SECRET, InstantSource.system())) {
            there.put(NAME, file(new byte[100_000]));
        } finally {
            liar.stop(0);
        }
    }

    /** A redirect, an error without words and an endless one are all the same: not done. */
    @Test
    void strangeAnswersAreErrors() throws IOException {
        HttpServer strange = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        strange.createContext("/", exchange -> {
            int status = switch (exchange.getRequestMethod()) {
                case "GET" -> 301;
                case "HEAD" -> 500;
                default -> 503;
            };
            exchange.getResponseHeaders().add("Location", "http://127.0.0.1:1/");
            byte[] words = new byte[status == 503 ? 100_000 : 0];
            exchange.sendResponseHeaders(status, words.length == 0 ? -1 : words.length);
            if (words.length > 0) {
                exchange.getResponseBody().write(words);
            }
            exchange.close();
        });
        strange.start();
        try (Bucket there = bucket(
                URI.create("http://127.0.0.1:" + strange.getAddress().getPort()),
                KEY,
                SECRET,
                InstantSource.system())) {
            assertThatThrownBy(() -> there.read(NAME, 0, 10)).isInstanceOf(BucketException.class);
            assertThatThrownBy(() -> there.length(NAME)).isInstanceOf(BucketException.class);
            assertThatThrownBy(() -> there.delete(NAME))
                    .isInstanceOfSatisfying(
                            BucketException.class, e -> assertThat(e.status()).isEqualTo(503));
        } finally {
            strange.stop(0);
        }
    }

    @Test
    void aBucketThatCannotBeIsRefusedInWords() {
        URI good = URI.create("https://s3.example.org");
        for (String name : new String[] {"A", "ab", "-ab", "a/b", "a b"}) {
            assertThatThrownBy(() -> new BucketConfig(good, "r", name, "", "k", "s", true))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        for (String endpoint : new String[] {"s3.example.org", "ftp://s3.example.org", "https://a:b@s3.example.org"}) {
            assertThatThrownBy(() -> new BucketConfig(URI.create(endpoint), "r", "recordings", "", "k", "s", true))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> new BucketConfig(good, "r", "recordings", "../", "k", "s", true))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(new BucketConfig(good, "r", "recordings", "", "k", SECRET, true).toString())
                .doesNotContain(SECRET);
    }
}
