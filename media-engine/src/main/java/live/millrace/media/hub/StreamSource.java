// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

import java.util.concurrent.CompletionStage;

/**
 * Brings streams that nobody sends: a camera's, another server's, a file's. It is started when somebody wants such a stream and stopped
 * when nobody takes it any more. Methods are called on any thread and return at once.
 *
 * <p>What it brings it publishes like anybody else: to the {@link StreamRegistry}, under the path that it was started with.
 */
public interface StreamSource {
    /** A source at work on one stream. */
    interface Run {
        /** Ends when it works no more, with a failure or without: it was stopped, had no more to bring, or could not. */
        CompletionStage<?> ended();

        /** Asks it to end. Idempotent. */
        void stop();
    }

    /** Whether it brings the stream of a path, as far as can be told without asking anybody. */
    boolean brings(StreamPath path);

    /** Begins to bring a stream. Not called again for its path before the run has ended. */
    Run start(StreamPath path);
}
