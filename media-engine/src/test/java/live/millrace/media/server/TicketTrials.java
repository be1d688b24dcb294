// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import live.millrace.media.access.PlaySignature;
import live.millrace.media.access.PlayTicket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many requests for every address of a channel and a video that are not for everybody, by those who may not have them: how many bytes of media
 * came. By hand, {@code ./mvnw -pl media-engine test -Dtest=TicketTrials -Dtrials=100}; {@link TicketRoutesTest} asks each once in every build.
 */
class TicketTrials {
    private static final int TRIALS = Integer.getInteger("trials", 100);

    /** What waits for a stream that is not there waits for fifteen seconds. */
    private static final int SOCKETS = 4_000;

    private static final int CONNECTIONS = 20;
    private static final int STREAMS = 90;

    private static final String UPGRADE = String.join(
            "\r\n",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "");

    @TempDir
    Path directory;

    private final Semaphore sockets = new Semaphore(SOCKETS);
    private final List<Connection> http2 = new ArrayList<>();
    private int turn;

    /** One of HTTP/2, which takes so many requests at a time. */
    private record Connection(HttpClient client, Semaphore streams) {}

    /** What came of one kind. */
    private static final class Count {
        final LongAdder requests = new LongAdder();
        final LongAdder refused = new LongAdder();
        final LongAdder busy = new LongAdder();
        final LongAdder others = new LongAdder();
        final LongAdder media = new LongAdder();

        void answered(int status, long bytes) {
            requests.increment();
            LongAdder said = switch (status) {
                case 404 -> refused;
                case 429, 503 -> busy;
                default -> others;
            };
            said.increment();
            // What a refusal says is none.
            media.add(status < 300 ? bytes : 0);
        }
    }

    @Test
    void nobodyHasAByte() throws Exception {
        TicketScene scene = new TicketScene(directory);
        ExecutorService askers = Executors.newVirtualThreadPerTaskExecutor();
        Map<String, Count> counts = new LinkedHashMap<>();
        Instant begin = Instant.now();
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                http2.add(new Connection(
                        HttpClient.newBuilder()
                                .version(HttpClient.Version.HTTP_2)
                                .sslContext(TicketRoutesTest.trusting())
                                .build(),
                        new Semaphore(STREAMS)));
            }
            PlayTicket ticket = scene.invite();
            Map<String, String> addresses = scene.addresses(ticket);
            assertThat(scene.get(TicketScene.below(ticket) + "/live/anna/v0.m3u8")
                            .status())
                    .isEqualTo(200);
            for (Map.Entry<String, String> wrong : wrong(scene).entrySet()) {
                for (String way : List.of("GET", "HEAD", "range", "HTTP/2", "upgrade")) {
                    Count count = counts.computeIfAbsent(wrong.getKey() + " | " + way, _ -> new Count());
                    for (String address : addresses.values()) {
                        String path = wrong.getValue() + address;
                        IntStream.range(0, TRIALS).forEach(_ -> {
                            Connection connection = http2.get(turn++ % CONNECTIONS);
                            Semaphore room = way.equals("HTTP/2") ? connection.streams() : sockets;
                            room.acquireUninterruptibly();
                            askers.execute(() -> {
                                try {
                                    ask(scene, way, path, connection, count);
                                } catch (IOException | InterruptedException e) {
                                    count.requests.increment();
                                    count.others.increment();
                                } finally {
                                    room.release();
                                }
                            });
                        });
                    }
                }
            }
            askers.shutdown();
            assertThat(askers.awaitTermination(10, TimeUnit.MINUTES)).isTrue();
            String table = table(counts, addresses.size(), Duration.between(begin, Instant.now()));
            System.out.println(table);
            Files.writeString(Files.createDirectories(Path.of("target")).resolve("ticket-trials.md"), table);
            assertThat(counts.values())
                    .allSatisfy(count ->
                            assertThat(count.media.sum() + count.others.sum()).isZero());
        } finally {
            askers.shutdownNow();
            http2.forEach(each -> each.client().shutdownNow());
            scene.close();
        }
    }

    private static void ask(TicketScene scene, String way, String path, Connection connection, Count count)
            throws IOException, InterruptedException {
        switch (way) {
            case "HTTP/2" -> {
                HttpResponse<InputStream> answer = connection
                        .client()
                        .send(
                                HttpRequest.newBuilder(
                                                URI.create("https://localhost:" + scene.engine.port("https") + path))
                                        .build(),
                                HttpResponse.BodyHandlers.ofInputStream());
                try (InputStream body = answer.body()) {
                    count.answered(answer.statusCode(), body.readNBytes(1_000).length);
                }
            }
            case "upgrade" -> {
                try (Socket socket = scene.connect()) {
                    TicketScene.say(socket, "GET", path, UPGRADE);
                    TicketScene.Answer answer = TicketScene.Answer.read(socket.getInputStream(), false);
                    count.answered(
                            answer.status(),
                            answer.status() == 101
                                    ? socket.getInputStream().readNBytes(1_000).length
                                    : answer.body().length());
                }
            }
            default -> {
                TicketScene.Answer answer = scene.ask(
                        way.equals("HEAD") ? "HEAD" : "GET", path, way.equals("range") ? "Range: bytes=0-99\r\n" : "");
                count.answered(answer.status(), answer.body().length());
            }
        }
    }

    /** What stands before the path, by what is wrong with it. */
    private static Map<String, String> wrong(TicketScene scene) throws IOException {
        Map<String, String> wrong = new LinkedHashMap<>();
        wrong.put("no ticket", "");
        wrong.put("ticket: malformed", "/t/nonsense");
        wrong.put("ticket: unknown", TicketScene.below(PlayTicket.fresh()));
        wrong.put("ticket: foreign", TicketScene.below(scene.invite("clara", Optional.empty())));
        wrong.put("ticket: expired", TicketScene.below(scene.invite("anna", Optional.of(Instant.EPOCH))));
        PlayTicket revoked = scene.invite();
        assertThat(scene.get(TicketScene.below(revoked) + "/live/anna.m3u8").status())
                .isEqualTo(200);
        String ended = scene.signed(revoked);
        String video = scene.signedVideo(revoked);
        assertThat(scene.get(ended + "/live/anna/v0.m3u8").status()).isEqualTo(200);
        assertThat(scene.get(video + "/videos/" + TicketScene.VIDEO + "/v0.m3u8")
                        .status())
                .isEqualTo(200);
        assertThat(scene.revoke(revoked)).isPositive();
        wrong.put("ticket: revoked", TicketScene.below(revoked));
        wrong.put("signature: malformed", "/k/nonsense");
        wrong.put("signature: a ticket", "/k/" + scene.invite().secret());
        wrong.put("signature: of the epoch before", ended);
        wrong.put("signature: of a video, of the epoch before", video);
        String live = scene.signed(scene.invite());
        wrong.put("signature: forged", live.replaceFirst("\\.[A-Za-z0-9_-]{4}([^.]*)$", ".AAAA$1"));
        wrong.put("signature: expired", live.replaceFirst("/k/\\d+", "/k/1700000000"));
        wrong.put("signature: of another key", live.replace(".20002.", ".20001."));
        wrong.put("signature: foreign", foreign());
        return wrong;
    }

    /** Signed by the right key, for another channel. */
    private static String foreign() {
        long expires = Instant.now().getEpochSecond() + 50;
        return "/k/"
                + PlaySignature.make(
                                TicketScene.KEYS.key(20_002).orElseThrow(),
                                20_002,
                                PlaySignature.Kind.LIVE,
                                "live/clara",
                                0,
                                expires)
                        .text();
    }

    private static String table(Map<String, Count> counts, int addresses, Duration took) {
        StringBuilder table = new StringBuilder("""
                | what was wrong | way | requests | 404 | busy | other | bytes of media |
                |---|---|---|---|---|---|---|
                """);
        long requests = 0;
        long media = 0;
        for (Map.Entry<String, Count> each : counts.entrySet()) {
            Count count = each.getValue();
            table.append(String.format(
                    Locale.ROOT,
                    "| %s | %d | %d | %d | %d | %d |%n",
                    each.getKey(),
                    count.requests.sum(),
                    count.refused.sum(),
                    count.busy.sum(),
                    count.others.sum(),
                    count.media.sum()));
            requests += count.requests.sum();
            media += count.media.sum();
        }
        return table
                + String.format(
                        Locale.ROOT,
                        "%n%d addresses, %d trials each: %d requests, %d bytes of media, in %d s%n",
                        addresses,
                        TRIALS,
                        requests,
                        media,
                        took.toSeconds());
    }
}
