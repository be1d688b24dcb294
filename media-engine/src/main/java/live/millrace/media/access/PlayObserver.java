// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.access;

/** Is told when play sessions end, once for each that was allowed, also when the yes came too late. Implementations return at once. */
@FunctionalInterface
public interface PlayObserver {
    /** Nobody wants to know. */
    PlayObserver NOBODY = _ -> {};

    void stopped(PlayAttempt attempt);
}
