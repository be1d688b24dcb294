// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat;

/**
 * The rules of a room.
 *
 * @param followMinutes how long somebody must have followed, where only followers write
 * @param slowSeconds between two messages of one person; 0 for no such rule
 * @param allowDuplicates whether somebody may say the same twice in half a minute
 * @param guests whether guests of the channel write who have no account, where everyone writes
 */
public record ChatSettings(
        Writers writers, int followMinutes, int slowSeconds, Links links, boolean allowDuplicates, boolean guests) {
    public static final int MAX_FOLLOW_MINUTES = 43_200;
    public static final int MAX_SLOW_SECONDS = 300;

    public static final ChatSettings DEFAULT = new ChatSettings(Writers.EVERYONE, 0, 0, Links.ALLOWED, false, true);

    /** The rules where guests may write. */
    public ChatSettings(Writers writers, int followMinutes, int slowSeconds, Links links, boolean allowDuplicates) {
        this(writers, followMinutes, slowSeconds, links, allowDuplicates, true);
    }

    public ChatSettings {
        followMinutes = Math.clamp(followMinutes, 0, MAX_FOLLOW_MINUTES);
        slowSeconds = Math.clamp(slowSeconds, 0, MAX_SLOW_SECONDS);
    }

    /** Who may write. The channel's own people always may. */
    public enum Writers {
        /** Whoever is signed in, and guests where {@link #guests} says so. */
        EVERYONE,
        /** Whose e-mail address is known to be theirs. */
        VERIFIED,
        FOLLOWERS,
        NOBODY
    }

    /** What happens to a message with an address in it. */
    public enum Links {
        ALLOWED,
        /** It waits until one of the channel's people allows it. */
        HELD,
        BLOCKED
    }
}
