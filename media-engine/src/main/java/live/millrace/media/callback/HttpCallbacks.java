// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.callback;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import live.millrace.media.access.PlayAttempt;
import live.millrace.media.access.PlayAuthorizer;
import live.millrace.media.access.PlayObserver;
import live.millrace.media.access.PublishAttempt;
import live.millrace.media.access.PublishAuthorizer;
import live.millrace.media.access.PublishDecision;
import live.millrace.media.access.PublishEnd;
import live.millrace.media.access.PublishObserver;
import live.millrace.media.access.RefusalCause;
import live.millrace.media.callback.CallbackContract.Answer;
import live.millrace.media.hub.StreamPath;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks and tells an HTTP server of the operator's. Questions have a time limit, and everything but a clear yes is a no; only that a
 * publisher's question was not answered at all is none, and it is asked again. Events are delivered in order and tried again.
 * Redirections are never followed.
 *
 * <p>Thread-safe; no method blocks.
 */
public final class HttpCallbacks
        implements PublishAuthorizer, PublishObserver, PlayAuthorizer, PlayObserver, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpCallbacks.class);

    /** An answer is a number or a line of JSON. */
    private static final long MAX_ANSWER = 16 << 10;

    /** Questions at a time; a callback that takes all of its time with every one still answers a hundred in a few seconds. */
    private static final int ASKERS = 64;

    /** Beyond these a question is not asked and stays without an answer. */
    private static final int MAX_QUESTIONS = 4_096;

    private static final long ASKER_IDLE_SECONDS = 30;

    /** For how long a publisher's question is asked again, and how often; RTMP's own limit for the answer is a little longer. */
    private static final Duration PATIENCE = Duration.ofSeconds(55);

    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** Whoever the callback accepts holds the stream's name: the newest publisher wins. */
    private static final String CREDENTIAL = "callback";

    private final ExecutorService askers = askers();
    // With threads of its own: an asker waits for them.
    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(5))
            .followRedirects(HttpClient.Redirect.NEVER)
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    private final EventQueue events = new EventQueue(this::deliver);
    private final String serverId = "vid-" + UUID.randomUUID();
    private final InstantSource clock;
    private final AtomicBoolean away = new AtomicBoolean();
    private volatile CallbackConfig config;

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

    public HttpCallbacks(CallbackConfig config, InstantSource clock) {
        this.config = config;
        this.clock = clock;
    }

    /** Other addresses, from the next callback on. */
    public void configure(CallbackConfig next) {
        config = next;
    }

    /** Events that nobody took. */
    public long lostEvents() {
        return events.lost();
    }

    @Override
    public CompletionStage<PublishDecision> authorize(PublishAttempt attempt) {
        CallbackConfig now = config;
        String body = now.contract().publish(attempt, serverId);
        return untilAnswered(now, body, System.nanoTime() + PATIENCE.toNanos()).thenApply(answer -> {
            if (!answer.yes()) {
                return new PublishDecision.Refused(RefusalCause.UNKNOWN_KEY);
            }
            String name = answer.name().orElse(attempt.requested().stream()).toLowerCase(Locale.ROOT);
            return StreamPath.of(name)
                    .<PublishDecision>map(path -> new PublishDecision.Granted(path.name(), CREDENTIAL))
                    .orElseGet(() -> new PublishDecision.Refused(RefusalCause.WRONG_CHANNEL));
        });
    }

    @Override
    public CompletionStage<Boolean> authorize(PlayAttempt attempt) {
        CallbackConfig now = config;
        return now.onPlay().isEmpty()
                ? CompletableFuture.completedStage(true)
                : ask(now, now.onPlay(), now.contract().play(attempt, serverId))
                        .thenApply(Answer::yes)
                        .exceptionally(unanswered -> false);
    }

    @Override
    public void refused(PublishAttempt attempt, RefusalCause cause, Optional<PublishDecision.Granted> granted) {
        // They said no themselves, or their yes came to nothing: either way the publisher was never there.
        if (granted.isPresent()) {
            tell(config.onUnpublish(), config.contract().unpublish(attempt, serverId));
        }
    }

    @Override
    public void started(PublishAttempt attempt, PublishDecision.Granted granted) {
        // Their yes is what they know it by.
    }

    @Override
    public void ended(PublishAttempt attempt, PublishDecision.Granted granted, PublishEnd end) {
        CallbackConfig now = config;
        tell(now.onUnpublish(), now.contract().unpublish(attempt, serverId));
    }

    @Override
    public void stopped(PlayAttempt attempt) {
        CallbackConfig now = config;
        tell(now.onStop(), now.contract().stop(attempt, serverId));
    }

    private void tell(List<URI> addresses, String body) {
        String contentType = config.contract().contentType();
        for (URI address : addresses) {
            events.add(new EventQueue.Event(address, contentType, body, UUID.randomUUID()));
        }
    }

    /** A server that is away for a moment has refused nobody. */
    private CompletionStage<Answer> untilAnswered(CallbackConfig now, String body, long endNanos) {
        return ask(now, now.onPublish(), body)
                .handle((answer, failure) -> {
                    if (answer != null) {
                        return CompletableFuture.completedStage(answer);
                    }
                    if (System.nanoTime() > endNanos || !unanswered(failure)) {
                        return CompletableFuture.<Answer>failedStage(failure);
                    }
                    return CompletableFuture.supplyAsync(
                                    () -> endNanos,
                                    CompletableFuture.delayedExecutor(PAUSE.toMillis(), TimeUnit.MILLISECONDS, askers))
                            .thenCompose(end -> untilAnswered(now, body, end));
                })
                .thenCompose(Function.identity());
    }

    private static boolean unanswered(@Nullable Throwable failure) {
        return failure instanceof UncheckedIOException
                || (failure != null && failure.getCause() instanceof UncheckedIOException);
    }

    /**
     * Asks one address after the other; the first no is the answer.
     *
     * @return fails with {@link UncheckedIOException} when one did not answer in time
     */
    private CompletionStage<Answer> ask(CallbackConfig now, List<URI> addresses, String body) {
        try {
            return CompletableFuture.supplyAsync(() -> askEach(now, addresses, body), askers);
        } catch (RejectedExecutionException tooMany) {
            return CompletableFuture.failedStage(tooMany);
        }
    }

    private Answer askEach(CallbackConfig now, List<URI> addresses, String body) {
        long end = System.nanoTime() + now.timeout().toNanos();
        Answer answer = addresses.isEmpty() ? Answer.NO : Answer.YES;
        for (URI address : addresses) {
            Duration left = Duration.ofNanos(end - System.nanoTime());
            if (left.isNegative() || left.isZero()) {
                throw new UncheckedIOException(new IOException("no time is left"));
            }
            Answer next = question(now, address, body, left);
            if (!next.yes()) {
                return next;
            }
            answer = next.name().isPresent() ? next : answer;
        }
        return answer;
    }

    private Answer question(CallbackConfig now, URI address, String body, Duration left) {
        try {
            HttpResponse<byte[]> response =
                    send(request(address, now.contract().contentType(), body, now.secret(), UUID.randomUUID()), left);
            if (response.statusCode() / 100 == 5) {
                throw new IOException("status " + response.statusCode());
            }
            if (away.getAndSet(false)) {
                LOG.info("Callbacks are answered again");
            }
            return now.contract()
                    .answer(
                            response.statusCode(),
                            new String(response.body(), StandardCharsets.UTF_8),
                            response.headers().firstValue("Location"));
        } catch (IOException e) {
            if (away.getAndSet(true)) {
                LOG.debug("The callback to {} failed: {}", address.getHost(), e.toString());
            } else {
                LOG.warn(
                        "The callback to {} is not answered; publishers wait, viewers are refused: {}",
                        address.getHost(),
                        e.toString());
            }
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Answer.NO;
        }
    }

    private boolean deliver(EventQueue.Event event) throws InterruptedException {
        CallbackConfig now = config;
        try {
            int status = send(
                            request(event.address(), event.contentType(), event.body(), now.secret(), event.id()),
                            now.timeout())
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

    /** Delivers the events that wait, for {@code time} at most. */
    public void close(Duration time) {
        events.close(time);
        client.shutdownNow();
        askers.shutdownNow();
    }

    @Override
    public void close() {
        close(Duration.ofSeconds(10));
    }
}
