// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

/** What an account may do beyond its own channel. Each may all that those before it may. */
public enum Role {
    USER,
    /** May go on air where the site lets not everybody. */
    STREAMER,
    /** Moderates the whole site: decides reports, removes messages, ends streams, suspends people. */
    MODERATOR,
    /** Runs the site: settings, categories, who joins, the audit log. */
    ADMIN,
    /** Says who the admins are. There is always one. */
    OWNER;

    public boolean atLeast(Role other) {
        return compareTo(other) >= 0;
    }

    /** Whether this role decides about people of that one: about plain people all staff do, about staff those above them. */
    public boolean mayJudge(Role other) {
        // Nobody is above an owner, so that one owner answers for another.
        return atLeast(MODERATOR) && (!other.atLeast(MODERATOR) || compareTo(other) > 0 || this == OWNER);
    }
}
