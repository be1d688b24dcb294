// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.webrtc;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import live.millrace.media.protocol.dtls.DtlsIdentity;

/** The certificate of the day, made anew every month, beside whoever waits for media. Thread-safe. */
final class Identities {
    private static final Duration FRESH = Duration.ofDays(30);

    private final InstantSource clock;
    private final Executor executor;
    private Instant made;
    private CompletableFuture<DtlsIdentity> current;

    /** @param executor makes certificates */
    Identities(InstantSource clock, Executor executor) {
        this.clock = clock;
        this.executor = executor;
        this.made = clock.instant();
        this.current = make(made);
    }

    /** The one to be shown now. Completes on any thread. */
    synchronized CompletionStage<DtlsIdentity> current() {
        Instant now = clock.instant();
        boolean old = Duration.between(made, now).abs().compareTo(FRESH) > 0;
        if (current.isCompletedExceptionally() || (old && current.isDone())) {
            made = now;
            current = make(now);
        }
        return current;
    }

    private CompletableFuture<DtlsIdentity> make(Instant now) {
        CompletableFuture<DtlsIdentity> making = new CompletableFuture<>();
        try {
            executor.execute(() -> {
                try {
                    making.complete(DtlsIdentity.generate(now));
                } catch (RuntimeException e) {
                    making.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            making.completeExceptionally(e);
        }
        return making;
    }
}
