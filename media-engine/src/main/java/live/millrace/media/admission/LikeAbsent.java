// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.admission;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import live.millrace.media.hub.StreamPath;

/**
 * How whoever may not watch is refused, in every protocol whose players wait for a stream: in the words for one that is not there, and, where
 * not everybody may know that it is, after the time that those have to wait.
 */
public final class LikeAbsent {
    private LikeAbsent() {}

    /**
     * Refuses.
     *
     * @param patience how long the protocol waits for a stream that is not there
     * @param executor of the player: answers come on it
     * @param answer says what is said of a stream that is not there; may come when the player has left
     */
    public static void refuse(
            PlayAdmission admission, StreamPath path, Duration patience, EventExecutor executor, Runnable answer) {
        if (admission.isPublic(path.application(), path.name())) {
            answer.run();
        } else {
            ScheduledFuture<?> _ = executor.schedule(answer, patience.toMillis(), TimeUnit.MILLISECONDS);
        }
    }
}
