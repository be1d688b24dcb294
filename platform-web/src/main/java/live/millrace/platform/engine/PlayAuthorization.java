// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine;

/** Decides who may watch what of the site's media: the engine asks. Thread-safe. */
public interface PlayAuthorization {
    /**
     * Whether everybody may watch a channel. Asked for every request, on an event loop: reads memory and allocates nothing.
     *
     * @param channel as an address says it, in any capitals; perhaps one that no channel can have
     */
    boolean isPublic(String channel);

    /** Whether the bearer of a ticket may. May block. */
    boolean mayPlay(PlayQuestion question);

    /**
     * A ticket was used from more networks within a minute than one person has: the oldest was sent away.
     *
     * @param ticket its hash
     */
    default void spread(String ticket) {}
}
