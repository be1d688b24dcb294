// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The links by which a channel's owner brings people onto its list of guests. Thread-safe. */
public interface Invites {
    /** Of one channel, as many as can be used at a time: a list that somebody can still look through. */
    int MAX_PER_CHANNEL = 100;

    int MAX_USES = 1_000;

    /** In characters as people count them. */
    int MAX_LABEL = 60;

    /** A year, also one with a day more. */
    Duration MAX_LIFE = Duration.ofDays(366);

    /**
     * A link that somebody wants.
     *
     * @param label what its maker calls it
     * @param uses how many people may come by it
     * @param asksName whether those without an account are asked what they are called
     * @param withoutAccount whether people may come by it who have no account
     */
    record Wish(String label, int uses, Instant expiresAt, boolean asksName, boolean withoutAccount) {}

    /** What came of a wish. */
    sealed interface Made {
        /** @param secret for the link, at the one moment when it is known */
        record Done(long id, String secret) implements Made {
            @Override
            public String toString() {
                return "Done[" + id + "]";
            }
        }

        /** @param why the key of a text */
        record Refused(String why) implements Made {}
    }

    Made make(long channelId, Wish wish);

    /** Those that are not revoked, the newest first; without those that went out by mail, which belong to a guest. */
    List<InviteView> of(long channelId);

    /** Ends a link, and removes those who came by it; answers whether it was one of the channel. */
    boolean revoke(long channelId, long inviteId);

    /** Ends all links of {@link #of}, and removes those who came by them; answers how many links that were. */
    int revokeAll(long channelId);
}
