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
}
