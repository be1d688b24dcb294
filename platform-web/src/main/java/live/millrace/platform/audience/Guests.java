// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The guests of channels. Thread-safe. */
public interface Guests {
    /** As whom somebody is on a channel's list now; empty for one who is not, was removed, or came by an invite that was revoked. */
    Optional<Guest> of(long channelId, Viewer viewer);

    /** Notes that somebody looks at a channel, or plays what is on it, if they are on its list. That a list names it to them is no look. */
    void came(long channelId, Viewer viewer);

    /** Of some channels those whose list an account is on. */
    Set<Long> invitedTo(long accountId, Collection<Long> channelIds);

    /** A guest who is on a list now. */
    Optional<Guest> find(long guestId);

    /** A guest without an account who is on a channel's list, or was and is not forgotten yet. */
    Optional<Guest> known(long channelId, long guestId);

    /**
     * The guests without an account that a browser is, by channel.
     *
     * @param cookie as it came; anything
     */
    Map<Long, Guest> ofBrowser(String cookie);
}
