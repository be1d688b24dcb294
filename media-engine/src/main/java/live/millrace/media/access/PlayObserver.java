// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.access;

/** Is told when play sessions end, once for each that was allowed, also when the yes came too late. Implementations return at once. */
@FunctionalInterface
public interface PlayObserver {
    /** Nobody wants to know. */
    PlayObserver NOBODY = _ -> {};

    void stopped(PlayAttempt attempt);

    /**
     * A ticket was used from more networks within a minute than one person has; the sessions of the one that was seen least lately were
     * refused.
     *
     * @param attempt the one that came from the last of them
     * @param networks how many there were, IPv4 by /24 and IPv6 by /48
     */
    default void spread(PlayAttempt attempt, int networks) {}
}
