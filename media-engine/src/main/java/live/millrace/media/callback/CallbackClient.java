// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.callback;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import live.millrace.media.callback.CallbackContract.Answer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends what the operator's servers are asked and told, and reads what they answer. Thread-safe. */
final class CallbackClient implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CallbackClient.class);

    /** An answer is a number or a line of JSON. */
    private static final long MAX_ANSWER = 16 << 10;

    /** Questions at a time; a callback that takes all of its time with every one still answers a hundred in a few seconds. */
    private static final int ASKERS = 64;

    /** Beyond these a question is not asked and stays without an answer. */
    private static final int MAX_QUESTIONS = 4_096;

    private static final long ASKER_IDLE_SECONDS = 30;

    private final ExecutorService askers = askers();
    // With threads of its own: an asker waits for them.
    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(5))
            .followRedirects(HttpClient.Redirect.NEVER)
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    private final ConcurrentHashMap<URI, Reachability> reachable = new ConcurrentHashMap<>();
    private final InstantSource clock;

    CallbackClient(InstantSource clock) {
        this.clock = clock;
    }

    private static ExecutorService askers() {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                ASKERS,
                ASKERS,
                ASKER_IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MAX_QUESTIONS),
                Thread.ofPlatform().name("callback-questions-", 0).daemon().factory());
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** Forgets of every other address whether it answered. */
    void keep(Collection<URI> addresses) {
        reachable.keySet().retainAll(addresses);
    }

    /**
     * Asks one address after the other; the first no is the answer. Returns at once.
     *
     * @param wanted looked at before each address: whether anybody still wants to know
     * @param agreed run after each yes, on another thread
     * @return fails with {@link UncheckedIOException} when one did not answer in time
     */
    CompletionStage<Answer> ask(
            CallbackConfig config, List<URI> addresses, String body, BooleanSupplier wanted, Runnable agreed) {
        try {
            return CompletableFuture.supplyAsync(() -> askEach(config, addresses, body, wanted, agreed), askers);
        } catch (RejectedExecutionException tooMany) {
            return CompletableFuture.failedStage(tooMany);
        }
    }

    private Answer askEach(
            CallbackConfig config, List<URI> addresses, String body, BooleanSupplier wanted, Runnable agreed) {
        long end = System.nanoTime() + config.timeout().toNanos();
        Answer answer = addresses.isEmpty() ? Answer.NO : Answer.YES;
        for (URI address : addresses) {
            if (!wanted.getAsBoolean()) {
                throw new CancellationException("nobody wants to know any more");
            }
            Duration left = Duration.ofNanos(end - System.nanoTime());
            if (left.isNegative() || left.isZero()) {
                throw new UncheckedIOException(new IOException("no time is left"));
            }
            Answer next = question(config, address, body, left);
            if (!next.yes()) {
                return next;
            }
            agreed.run();
            answer = answer.and(next);
        }
        return answer;
    }

    private Answer question(CallbackConfig config, URI address, String body, Duration left) {
        Reachability server =
                reachable.computeIfAbsent(address, _ -> new Reachability(address.getHost(), System::nanoTime));
        try {
            HttpResponse<byte[]> response = send(
                    request(address, config.contract().contentType(), body, config.secret(), UUID.randomUUID()), left);
            if (response.statusCode() / 100 == 5) {
                throw new IOException("status " + response.statusCode());
            }
            server.answered();
            return config.contract()
                    .answer(
                            response.statusCode(),
                            new String(response.body(), StandardCharsets.UTF_8),
                            response.headers().firstValue("Location"));
        } catch (IOException e) {
            server.failed(e);
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            // The engine stops, which says nothing of the key.
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new InterruptedIOException("the engine stops"));
        }
    }

    /** Tells of an event and waits; answers whether it was taken. */
    boolean deliver(CallbackConfig config, EventQueue.Event event) throws InterruptedException {
        try {
            int status = send(
                            request(event.address(), event.contentType(), event.body(), config.secret(), event.id()),
                            config.timeout())
                    .statusCode();
            return status / 100 == 2 || status / 100 == 3;
        } catch (IOException e) {
            LOG.debug("A callback to {} failed", event.address().getHost(), e);
            return false;
        }
    }

    private HttpRequest.Builder request(URI address, String contentType, String body, String secret, UUID id) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .header("Content-Type", contentType)
                .header("User-Agent", "Millrace")
                .header("X-Millrace-Event-Id", id.toString())
                .POST(HttpRequest.BodyPublishers.ofString(body));
        return secret.isEmpty()
                ? request
                : request.header(Signature.HEADER, Signature.of(secret, clock.instant(), body));
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request, Duration limit)
            throws IOException, InterruptedException {
        return client.send(
                request.timeout(limit).build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_ANSWER));
    }

    @Override
    public void close() {
        client.shutdownNow();
        askers.shutdownNow();
    }
}
