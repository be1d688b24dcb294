// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.admission;

import live.millrace.media.hub.PublisherHandle;

/**
 * What a protocol does for a peer that publishes, in its own words. Every call comes on the executor that its question named.
 *
 * <p>{@link #leave} comes when the session is over already: what is left is to say goodbye and to close.
 */
public interface PublishPeer extends PublisherHandle {
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
