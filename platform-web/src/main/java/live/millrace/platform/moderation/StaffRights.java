// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.moderation;

import java.time.Instant;
import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.AccountView;
import live.millrace.platform.channel.ChannelView;

/**
 * What staff may do to people and channels by hand, beside cases: nothing to themselves, to whoever is as high, to a channel that
 * they own or moderate, and nothing that takes back or shortens what somebody above them decided. Thread-safe.
 */
public interface StaffRights {
    /** What is done to somebody, and lasts. */
    enum Measure {
        SUSPENSION,
        STREAMING,
        CHANNEL,
        ADDRESS_BAN
    }

    /** @return what stands against it, a key under {@code admin.said}; empty when they may */
    Optional<String> againstPerson(AccountPrincipal staff, AccountView person);

    /** The same for a channel. */
    Optional<String> againstChannel(AccountPrincipal staff, ChannelView channel);

    /** Whether the one who does it is below whoever owns a channel. */
    boolean senior(AccountPrincipal staff, ChannelView channel);

    /**
     * The same for what is in force already: it is replaced or taken back by those only who are at least what its maker was.
     *
     * @param ref the account, the channel or the ban
     */
    Optional<String> againstChange(AccountPrincipal staff, Measure measure, long ref);

    /**
     * Writes down who did it.
     *
     * @param at when it began; for a channel, anything
     */
    void took(AccountPrincipal staff, Measure measure, long ref, Instant at);
}
