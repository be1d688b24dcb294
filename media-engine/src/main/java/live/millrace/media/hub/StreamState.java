// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

/**
 * The life of a broadcast. A stream that is not in the registry is offline.
 *
 * <pre>
 * (offline) → PROBING → LIVE ⇄ RECONNECTING → ENDED → (offline)
 *                └────────────────↗   ↑
 *                       LIVE ─────────┘ ended by its owner, an admin or the site
 * </pre>
 */
public enum StreamState {
    /**
     * A publisher is there and nothing can be played yet. In: the first publisher. Out: to LIVE with the first playable
     * segment; to RECONNECTING when the publisher leaves before; to ENDED when somebody ends it.
     */
    PROBING,

    /**
     * Somebody who opens the page sees a picture. In: from PROBING; from RECONNECTING when media flows again. Out: to
     * RECONNECTING when the publisher leaves, to ENDED when somebody ends it.
     */
    LIVE,

    /**
     * The publisher is gone, viewers and playlists stay. In: from LIVE or PROBING. Out: to LIVE (or PROBING, when
     * nothing was ever playable) when a publisher returns, to ENDED when the grace time is over.
     */
    RECONNECTING,

    /** Over. The registry has forgotten the stream; the next publisher starts a new broadcast. */
    ENDED
}
