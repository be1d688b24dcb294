// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live.internal;

import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import live.millrace.platform.account.AccountView;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.AddressBans;
import live.millrace.platform.account.Role;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.engine.Refusal;
import live.millrace.platform.site.Setting;
import live.millrace.platform.site.SiteSettings;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** What stands against somebody who publishes to a channel, whatever they do it with. */
@Component
class PublishRules {
    private final Accounts accounts;
    private final AddressBans addresses;
    private final SiteSettings settings;
    private final ObjectProvider<Engine> engine;
    private final Clock clock;

    PublishRules(
            Accounts accounts,
            AddressBans addresses,
            SiteSettings settings,
            ObjectProvider<Engine> engine,
            Clock clock) {
        this.accounts = accounts;
        this.addresses = addresses;
        this.settings = settings;
        this.engine = engine;
        this.clock = clock;
    }

    /** Whether the owner of a channel may stream also where only some may. */
    boolean streamer(ChannelView channel) {
        return owner(channel).role().atLeast(Role.STREAMER);
    }

    private AccountView owner(ChannelView channel) {
        return accounts.find(channel.accountId()).orElseThrow();
    }

    /**
     * Asks the database.
     *
     * @param blockedUntil of the key; null where it never was
     */
    Optional<Refusal> against(ChannelView channel, String remote, @Nullable Instant blockedUntil) {
        AccountView account = owner(channel);
        if (account.suspended()) {
            return Optional.of(Refusal.ACCOUNT_SUSPENDED);
        }
        if (account.streamSuspended()) {
            return Optional.of(Refusal.STREAMING_SUSPENDED);
        }
        if (addresses.banned(remote)) {
            return Optional.of(Refusal.ADDRESS_BANNED);
        }
        if (onlySomeStream() && !account.role().atLeast(Role.STREAMER)) {
            return Optional.of(Refusal.NOT_A_STREAMER);
        }
        if (maintenance(channel.name())) {
            return Optional.of(Refusal.MAINTENANCE);
        }
        return blockedUntil != null && blockedUntil.isAfter(clock.instant())
                ? Optional.of(Refusal.KEY_BLOCKED)
                : Optional.empty();
    }

    /**
     * What of it is known without the database.
     *
     * @param streamer as it was known before
     */
    boolean mayByMemory(String channel, String remote, boolean streamer) {
        return !addresses.banned(remote) && (streamer || !onlySomeStream()) && !maintenance(channel);
    }

    private boolean onlySomeStream() {
        return settings.text(Setting.WHO_STREAMS).equals("streamers");
    }

    /** Whoever is on air stays there, also when the encoder has to come back. */
    private boolean maintenance(String channel) {
        return settings.text(Setting.MAINTENANCE).equals("on")
                && engine.getObject().live(channel).isEmpty();
    }
}
