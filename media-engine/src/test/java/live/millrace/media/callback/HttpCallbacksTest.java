// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.callback;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import live.millrace.media.access.PublishAttempt;
import live.millrace.media.access.PublishDecision;
import live.millrace.media.access.RefusalCause;
import live.millrace.media.access.RequestedStream;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What comes of a question when whoever asked it has left, or waits with very many others. */
class HttpCallbacksTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    private record Received(String path, String body) {}

    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    private final AtomicInteger failuresLeft = new AtomicInteger();
    private final CountDownLatch released = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newFixedThreadPool(8);
    private final List<CompletableFuture<PublishDecision>> open = new ArrayList<>();
    private volatile boolean held;
    private HttpServer server;
    private HttpCallbacks callbacks;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
        callbacks = callbacks(List.of(address("/yes")));
    }

    private HttpCallbacks callbacks(List<URI> onPublish) {
        return new HttpCallbacks(
                new CallbackConfig(
                        CallbackContract.SRS,
                        onPublish,
                        List.of(address("/unpublish")),
                        List.of(),
                        List.of(),
                        List.of(),
                        TIMEOUT,
                        ""),
                InstantSource.system());
    }

    private URI address(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String path = exchange.getRequestURI().getPath();
        received.add(new Received(path, body));
        boolean event = path.equals("/unpublish");
        if (held && !event) {
            try {
                assertThat(released.await(20, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        byte[] answer = (path.equals("/no") ? "1" : "0").getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(!event && failuresLeft.getAndDecrement() > 0 ? 503 : 200, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    @AfterEach
    void stop() {
        released.countDown();
        open.forEach(each -> each.cancel(false));
        callbacks.close(Duration.ZERO);
        server.stop(0);
        threads.shutdownNow();
    }

    private static PublishAttempt attempt() {
        return new PublishAttempt(
                UUID.randomUUID(),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 40_000),
                "rtmp",
                "",
                Optional.empty(),
                Optional.empty(),
                new RequestedStream.Rtmp("live", "anna", "", "", "", ""));
    }

    private CompletableFuture<PublishDecision> ask(PublishAttempt attempt) {
        CompletableFuture<PublishDecision> question =
                callbacks.authorize(attempt).toCompletableFuture();
        open.add(question);
        return question;
    }

    private Received next(String path) throws InterruptedException {
        Received next = received.poll(15, TimeUnit.SECONDS);
        assertThat(next).as("waiting for %s", path).isNotNull();
        assertThat(next.path()).isEqualTo(path);
        return next;
    }

    @Test
    void aYesThatComesAfterThePeerLeftIsTakenBack() throws Exception {
        held = true;
        PublishAttempt attempt = attempt();
        CompletableFuture<PublishDecision> question = ask(attempt);
        next("/yes");
        assertThat(question.cancel(false)).isTrue();
        released.countDown();
        assertThat(next("/unpublish").body()).contains(attempt.sessionId().toString());
    }

    @Test
    void theYesOfOneIsTakenBackWhenAnotherSaysNo() throws Exception {
        callbacks.configure(new CallbackConfig(
                CallbackContract.SRS,
                List.of(address("/yes"), address("/no")),
                List.of(address("/unpublish")),
                List.of(),
                List.of(),
                List.of(),
                TIMEOUT,
                ""));
        assertThat(ask(attempt()).get(10, TimeUnit.SECONDS))
                .isEqualTo(new PublishDecision.Refused(RefusalCause.UNKNOWN_KEY));
        next("/yes");
        next("/no");
        next("/unpublish");
    }

    @Test
    void whoeverLeftIsNotAskedAboutAgain() throws Exception {
        failuresLeft.set(4);
        PublishAttempt left = attempt();
        CompletableFuture<PublishDecision> question = ask(left);
        next("/yes");
        question.cancel(false);
        PublishAttempt stayed = attempt();
        assertThat(ask(stayed).get(20, TimeUnit.SECONDS)).isInstanceOf(PublishDecision.Granted.class);
        assertThat(received)
                .extracting(Received::body)
                .isNotEmpty()
                .allSatisfy(body -> assertThat(body).contains(stayed.sessionId().toString()));
    }

    @Test
    void beyondSoManyThatAreAskedAgainTheFirstAnswerStands() throws Exception {
        server.stop(0);
        int more = 10;
        for (int i = 0; i < PublishQuestion.MAX_ASKED_AGAIN + more; i++) {
            ask(attempt());
        }
        Wait.until(
                "those beyond the limit have no answer",
                () -> open.stream()
                                .filter(CompletableFuture::isCompletedExceptionally)
                                .count()
                        == more);
        open.stream().filter(each -> !each.isDone()).findFirst().orElseThrow().cancel(false);
        Wait.until("there is room for one", () -> callbacks.askedAgain() < PublishQuestion.MAX_ASKED_AGAIN);
    }

    @Test
    void theLastTryEndsBeforeTheQuestionDoes() {
        Duration longest = Duration.ofSeconds(30);
        for (Duration timeout : List.of(Duration.ofMillis(1), Duration.ofSeconds(5), longest)) {
            assertThat(PublishQuestion.patience(timeout).plus(timeout)).isEqualTo(Duration.ofSeconds(55));
        }
    }

    @Test
    void whoWaitsWhenTheEngineStopsIsNotAnsweredAndNotRefused() throws Exception {
        failuresLeft.set(Integer.MAX_VALUE);
        CompletableFuture<PublishDecision> pausing = ask(attempt());
        next("/yes");
        held = true;
        CompletableFuture<PublishDecision> asking = ask(attempt());
        next("/yes");
        callbacks.close(Duration.ZERO);
        Wait.until("both have an end", () -> pausing.isDone() && asking.isDone());
        assertThat(pausing).isCompletedExceptionally();
        assertThat(asking).isCompletedExceptionally();
    }
}
