// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.signin.internal.openid;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import live.millrace.platform.shared.OutwardPlaces;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** What a service says of itself, and where the site calls because of it. */
class DiscoveryTest {
    private final CountDownLatch over = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Discovery discovery =
            new Discovery(new OutwardCalls(), JsonMapper.builder().build());
    private HttpServer service;
    private String issuer;

    @BeforeEach
    void serve() throws IOException {
        service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        service.setExecutor(threads);
        service.start();
        issuer = "http://127.0.0.1:" + service.getAddress().getPort();
    }

    @AfterEach
    void stop() {
        over.countDown();
        service.stop(0);
        threads.shutdownNow();
    }

    private void says(int status, String body) {
        service.createContext("/", exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }

    private String document(String issuer, String tokens, String keys, String algorithms) {
        return """
                {"issuer":"%s","authorization_endpoint":"%s/a","token_endpoint":"%s","jwks_uri":"%s",
                 "subject_types_supported":["public"],"response_types_supported":["code"],
                 "id_token_signing_alg_values_supported":[%s]}
                """.formatted(issuer, this.issuer, tokens, keys, algorithms);
    }

    private String problem() {
        return discovery.ask(issuer) instanceof Discovery.Unusable unusable
                ? unusable.problem().messageKey().replace("openid.problem.", "")
                : "none";
    }

    @Test
    void aServiceThatSaysWhatItHasToIsFound() {
        says(200, document(issuer, issuer + "/t", issuer + "/k", "\"ES256\",\"none\",\"HS256\""));
        assertThat(discovery.ask(issuer)).isInstanceOfSatisfying(Discovery.Found.class, found -> {
            // No key of ours, and no signature at all, is none of a service.
            assertThat(found.algorithms()).extracting(Object::toString).containsExactly("ES256");
            assertThat(found.issuer()).isEqualTo(issuer);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "https://evil.example, {i}/t, {i}/k, RS256, issuer",
        "{i}/x, {i}/t, {i}/k, RS256, issuer",
        "{i}, http://10.0.0.1/t, {i}/k, RS256, endpoint",
        "{i}, https://10.0.0.1/t, {i}/k, RS256, endpoint",
        "{i}, {i}/t, https://169.254.169.254/latest, RS256, endpoint",
        "{i}, {i}/t, https://[fd00::1]/k, RS256, endpoint",
        "{i}, file:///etc/passwd, {i}/k, RS256, endpoint",
        "{i}, {i}/t, {i}/k, HS256, algorithm",
        "{i}, {i}/t, {i}/k, none, algorithm",
    })
    void whatASiteMustNotBelieveIsRefused(String says, String tokens, String keys, String algorithm, String expected) {
        says(
                200,
                document(
                        says.replace("{i}", issuer),
                        tokens.replace("{i}", issuer),
                        keys.replace("{i}", issuer),
                        "\"" + algorithm + "\""));
        assertThat(problem()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "{}", "{", "<html>", "{\"issuer\":7}", "{\"issuer\":\"{i}\"}"})
    void whatIsNoDescriptionIsNone(String body) {
        says(200, body.replace("{i}", issuer));
        assertThat(problem()).isIn("document", "issuer", "status");
    }

    @Test
    void nobodyIsSentOnToAnotherPlace() {
        AtomicInteger elsewhere = new AtomicInteger();
        service.createContext("/inside", exchange -> {
            elsewhere.incrementAndGet();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        service.createContext(Discovery.WELL_KNOWN, exchange -> {
            exchange.getResponseHeaders().set("Location", "/inside");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        assertThat(problem()).isEqualTo("status");
        assertThat(elsewhere).hasValue(0);
    }

    @Test
    void anAnswerWithoutAnEndIsNotReadToIt() {
        service.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                byte[] spaces = " ".repeat(8192).getBytes(StandardCharsets.US_ASCII);
                while (over.getCount() > 0) {
                    out.write(spaces);
                }
            } catch (IOException hungUp) {
                // As it should be.
                over.countDown();
            }
        });
        assertThat(problem()).isIn("document", "unreachable");
    }

    @Test
    void aServiceThatIsSilentIsNotWaitedForForLong() {
        service.createContext("/", exchange -> {
            try {
                over.await();
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        });
        Instant before = Instant.now();
        assertThat(problem()).isEqualTo("slow");
        assertThat(Duration.between(before, Instant.now()))
                .isLessThan(OutwardCalls.CONNECT.plus(OutwardCalls.ANSWER).multipliedBy(3));
    }

    @ParameterizedTest
    @CsvSource({
        "https://accounts.example.org/t, https://accounts.example.org, true",
        "https://192.168.1.20/t, https://192.168.1.20, true",
        "http://127.0.0.1:9/t, http://127.0.0.1:9, true",
        "https://192.168.1.20/t, https://accounts.example.org, false",
        "https://127.0.0.1/t, https://accounts.example.org, false",
        "https://[::1]/t, https://accounts.example.org, false",
        "https://[::ffff:10.0.0.1]/t, https://accounts.example.org, false",
        "https://100.64.0.1/t, https://accounts.example.org, false",
        "https://224.0.0.1/t, https://accounts.example.org, false",
        "http://192.168.1.20/t, http://192.168.1.20, false",
        "https://8.8.8.8/t, https://accounts.example.org, true",
    })
    void onlyWhereItMayTheSiteCalls(String address, String entered, boolean allowed) {
        boolean called = true;
        try {
            OutwardPlaces.check(URI.create(address), URI.create(entered));
        } catch (IOException refused) {
            called = false;
        }
        assertThat(called).isEqualTo(allowed);
    }

    /** A stranger's document breaks nothing, whatever is in it. */
    @Test
    void documentsThatAreBentAreRefusedOrRead() {
        String whole = document("https://a.example", "https://a.example/t", "https://a.example/k", "\"RS256\"");
        long seed = System.nanoTime();
        Random random = new Random(seed);
        JsonMapper json = JsonMapper.builder().build();
        for (int round = 0; round < 2_000; round++) {
            StringBuilder bent = new StringBuilder(whole);
            for (int i = random.nextInt(4); i >= 0; i--) {
                bent.setCharAt(random.nextInt(bent.length()), (char) (32 + random.nextInt(95)));
            }
            Map<String, Object> read;
            try {
                read = json.readValue(bent.toString(), new TypeReference<>() {});
            } catch (JacksonException malformed) {
                continue;
            }
            assertThat(Discovery.read(URI.create("https://a.example"), "https://a.example", read))
                    .as("seed %d: %s", seed, bent)
                    .isNotNull();
        }
    }
}
