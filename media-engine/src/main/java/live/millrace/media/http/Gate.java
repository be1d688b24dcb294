// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import io.netty.channel.Channel;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Decides who may have what a route is about. Asked by the server before any target that is about something. */
@FunctionalInterface
public interface Gate {
    /** Everybody may pass. To be returned as it is: then nothing is allocated. */
    CompletionStage<Passage> FREE = CompletableFuture.completedStage(Passage.FREE);

    /**
     * Decides. Called on the socket's event loop: returns at once.
     *
     * @param socket what an answer without an end will be written to. Who passes and is sent away later is closed by the gate, which
     *     also learns by itself that the socket closed
     */
    CompletionStage<Passage> ask(Subject.Guarded subject, HttpRequest request, Channel socket);

    /** What the gate decided. */
    sealed interface Passage {
        /** Everybody's. */
        Free FREE = new Free();

        /** No; the answer says so in the words of the gate. */
        record Refused(HttpAnswer answer) implements Passage {}

        /** Yes. */
        sealed interface Open extends Passage {
            /** The refusal of one who may not any more; empty while he may. Asked before an answer that came later is sent. */
            Optional<HttpAnswer> revoked();

            /** Nothing came of it: there was no answer without an end. */
            void unused();
        }

        /** Yes, and what is being written goes on whatever happens. */
        non-sealed interface Loose extends Open {}

        /** Yes, and who passed may be sent away while the answer is waited for or written: it is held for so long. */
        non-sealed interface Held extends Open {
            /**
             * Something is on its way, until {@link #release}.
             *
             * @param end run, on any thread, when the one who passed is sent away
             */
            void hold(Runnable end);

            /** It has arrived, or never will. Idempotent. */
            void release(Runnable end);

            /** Whether nobody else may have what is answered: then no cache may. */
            boolean exclusive();

            /** How long caches may have it that answer all who ask by the same address; empty where that is not asked by. */
            default Optional<Lease> lease() {
                return Optional.empty();
            }
        }

        /** Yes, whoever it is and however long it takes. */
        record Free() implements Loose {
            @Override
            public Optional<HttpAnswer> revoked() {
                return Optional.empty();
            }

            @Override
            public void unused() {}
        }
    }
}
