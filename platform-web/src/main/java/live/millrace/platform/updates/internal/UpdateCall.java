// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.updates.internal;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import live.millrace.platform.shared.OutwardPlaces;
import live.millrace.platform.shared.ProgramVersion;
import live.millrace.platform.updates.Trouble;
import live.millrace.platform.updates.UpdatesSettings;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Asks the operator's address: with a deadline and a bound on its answer, to allowed places alone, and without a word about the site but which
 * Millrace it is. Thread-safe.
 */
@Component
class UpdateCall {
    /** For all of it, places that it is sent on to among them. */
    static final Duration DEADLINE = Duration.ofSeconds(10);

    /** What GitHub says of a release with many files is some ten KiB. */
    static final int MOST_BYTES = 64 << 10;

    static final int MOST_REDIRECTS = 3;

    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final int OK = 200;

    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(DEADLINE)
            .followRedirects(HttpClient.Redirect.NEVER)
            // Another one is offered by headers that say more than is asked for.
            .version(HttpClient.Version.HTTP_1_1)
            .build();

    private final Duration patience;

    @Autowired
    UpdateCall() {
        this(DEADLINE);
    }

    UpdateCall(Duration patience) {
        this.patience = patience;
    }

    /**
     * Asks. Blocks.
     *
     * @return the body of the answer
     * @throws UpdateFailure when there is none
     */
    byte[] ask(URI entered) throws UpdateFailure, InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        URI address = entered;
        for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
            HttpResponse<byte[]> answer = answer(address, end);
            int status = answer.statusCode();
            if (status == OK) {
                return answer.body();
            }
            if (!REDIRECTS.contains(status)) {
                throw new UpdateFailure(Trouble.STATUS, Integer.toString(status));
            }
            address = next(address, answer.headers().firstValue("Location"));
            allow(address, entered);
        }
        throw new UpdateFailure(Trouble.REDIRECT, "sent on more than " + MOST_REDIRECTS + " times");
    }

    private static URI next(URI from, Optional<String> location) throws UpdateFailure {
        try {
            URI to = from.resolve(location.orElse(""));
            boolean web = "https".equals(to.getScheme())
                    // What was encrypted stays so.
                    || ("http".equals(to.getScheme()) && "http".equals(from.getScheme()));
            if (location.isPresent() && web && to.getHost() != null && to.getRawUserInfo() == null) {
                return to;
            }
        } catch (IllegalArgumentException malformed) {
            // Refused with the others.
        }
        throw new UpdateFailure(Trouble.REDIRECT, "sent on to no address of the web");
    }

    private static void allow(URI address, URI entered) throws UpdateFailure {
        try {
            OutwardPlaces.reach(address, entered);
        } catch (OutwardPlaces.ForbiddenException forbidden) {
            throw new UpdateFailure(Trouble.REDIRECT, "sent on to a private address");
        } catch (IOException unknown) {
            throw new UpdateFailure(Trouble.UNREACHABLE, "sent on to a name that is not known");
        }
    }

    private HttpResponse<byte[]> answer(URI address, long end) throws UpdateFailure, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address)
                .header("User-Agent", "Millrace/" + ProgramVersion.packaged().orElse("0"))
                .GET()
                .build();
        CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(
                request, HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), MOST_BYTES));
        try {
            return answer.get(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException slow) {
            throw new UpdateFailure(Trouble.SLOW, UpdatesSettings.shown(address));
        } catch (ExecutionException failed) {
            throw new UpdateFailure(trouble(failed.getCause()), UpdatesSettings.shown(address));
        } finally {
            // Ends what is still on its way.
            answer.cancel(true);
        }
    }

    private static Trouble trouble(@Nullable Throwable cause) {
        for (@Nullable Throwable each = cause; each != null; each = each.getCause()) {
            if (each instanceof SSLException) {
                return Trouble.CERTIFICATE;
            }
            // The JDK's word for what a limiting handler does not take.
            if (String.valueOf(each.getMessage()).contains("body exceeds capacity")) {
                return Trouble.LONG;
            }
        }
        return Trouble.UNREACHABLE;
    }
}
