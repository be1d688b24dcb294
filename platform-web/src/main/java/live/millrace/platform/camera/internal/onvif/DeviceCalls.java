// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.camera.internal.onvif;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import live.millrace.platform.camera.CameraSearch.Failure;
import live.millrace.platform.engine.FetchedStreams;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/** Calls to devices: each past the guard, with a deadline and a bound on its answer, through no proxy, and never sent on to another place. Thread-safe. */
@Component
class DeviceCalls {
    /** For a whole answer: who sends a byte now and then gets no more. */
    static final Duration ANSWER = Duration.ofSeconds(5);

    /** A recorder with 64 channels says some hundred KiB. */
    static final int MOST_BYTES = 512 << 10;

    /** Kinds of refusal (ONVIF Core 5.11.2.2, WSS SOAP Message Security 12). */
    private static final Set<String> REFUSALS = Set.of(
            "NotAuthorized", "SenderNotAuthorized", "FailedAuthentication", "FailedCheck", "InvalidSecurityToken");

    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(ANSWER)
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(HttpClient.Builder.NO_PROXY)
            // Some cameras hang up when they are offered another version.
            .version(HttpClient.Version.HTTP_1_1)
            .build();

    private final FetchedStreams guard;
    private final Duration patience;

    @Autowired
    DeviceCalls(FetchedStreams guard) {
        this(guard, ANSWER);
    }

    DeviceCalls(FetchedStreams guard, Duration patience) {
        this.guard = guard;
        this.patience = patience;
    }

    /**
     * Asks a device. Blocks.
     *
     * @param end when there has to be an answer at the latest, as {@link System#nanoTime} says it
     * @return the answer's body
     * @throws OnvifException if there is none, it is a refusal, or no answer of a device
     */
    Element call(URI service, byte[] envelope, long end) throws OnvifException, InterruptedException {
        if (!guard.neighbour(DeviceAddresses.socket(service))) {
            throw new OnvifException(Failure.UNREACHABLE, "an address that may not be asked for");
        }
        HttpResponse<byte[]> answer = answer(service, envelope, end);
        int status = answer.statusCode();
        if (status == 401 || status == 403) {
            throw new OnvifException(Failure.WRONG_LOGIN, "refused");
        }
        if (status != 200 && status != 400 && status != 500) {
            throw new OnvifException(Failure.PROTOCOL, "answered with " + status);
        }
        Element said = Answers.read(answer.body());
        Element body = said.all("Body")
                .findFirst()
                .orElseThrow(() -> new OnvifException(Failure.PROTOCOL, "an answer without a body"));
        if (body.all("Fault").findFirst().isPresent()) {
            boolean refused = Stream.concat(body.all("Value"), body.all("faultcode"))
                    .map(Element::text)
                    .anyMatch(value -> REFUSALS.contains(value.substring(value.indexOf(':') + 1)));
            throw new OnvifException(refused ? Failure.WRONG_LOGIN : Failure.PROTOCOL, "a fault");
        }
        if (status != 200) {
            throw new OnvifException(Failure.PROTOCOL, "answered with " + status);
        }
        return body;
    }

    private HttpResponse<byte[]> answer(URI service, byte[] envelope, long end)
            throws OnvifException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(service)
                .header("Content-Type", "application/soap+xml; charset=utf-8")
                .POST(HttpRequest.BodyPublishers.ofByteArray(envelope))
                .build();
        long nanos = Math.min(patience.toNanos(), end - System.nanoTime());
        CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(
                request, HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), MOST_BYTES));
        try {
            return answer.get(Math.max(1, nanos), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException none) {
            throw new OnvifException(Failure.UNREACHABLE, "no answer");
        } finally {
            // Ends what is still on its way.
            answer.cancel(true);
        }
    }
}
