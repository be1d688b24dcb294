// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.admission;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import live.millrace.media.access.PublishDecision;
import live.millrace.media.access.RefusalCause;
import live.millrace.media.hub.PublisherHandle;

/**
 * What a protocol does for a peer that publishes, in its own words. Every call comes on the executor that its question named.
 *
 * <p>{@link #leave} comes when the session is over already: what is left is to say goodbye and to close.
 */
public interface PublishPeer extends PublisherHandle {
    /**
     * Whoever decides on keys said yes, and the hub was not asked yet: whether the peer has proved what the grant wants of it and only its
     * protocol can tell. Nobody is sent away for one who has not.
     *
     * @return empty for yes, else why not; a failure is {@link RefusalCause#NO_ANSWER}
     */
    default CompletionStage<Optional<RefusalCause>> prove(PublishDecision.Granted grant) {
        return CompletableFuture.completedStage(Optional.empty());
    }

    /** Asks the peer for a sign of life: no media came for a while. For protocols that can. */
    default void probe() {}

    /**
     * Looks whether its media is worth anything; comes every quarter of the silence limit. It may end the session, for a reason
     * that only the protocol knows.
     */
    default void look() {}

    /**
     * Something failed here, by no fault of the peer, in a turn that nobody else can hear of: the protocol ends the connection as it
     * does after any error of ours.
     */
    void failed(Throwable cause);
}
