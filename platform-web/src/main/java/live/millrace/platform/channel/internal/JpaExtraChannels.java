// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel.internal;

import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityNotFoundException;
import java.util.Objects;
import java.util.Optional;
import live.millrace.platform.account.AccountDeleted;
import live.millrace.platform.account.AccountView;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.ChannelNames;
import live.millrace.platform.account.Role;
import live.millrace.platform.account.UsernameRules;
import live.millrace.platform.channel.ChannelEdited;
import live.millrace.platform.channel.ChannelRemoved;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.ExtraChannels;
import live.millrace.platform.picture.Pictures;
import live.millrace.platform.site.Setting;
import live.millrace.platform.site.SiteSettings;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

@Service
class JpaExtraChannels implements ExtraChannels {
    private final ChannelRepository channels;
    private final EntityManager session;
    private final ChannelNames names;
    private final Accounts accounts;
    private final SiteSettings settings;
    private final Pictures pictures;
    private final JdbcClient database;
    private final ApplicationEventPublisher events;
    private final TransactionTemplate transaction;

    JpaExtraChannels(
            ChannelRepository channels,
            EntityManager session,
            ChannelNames names,
            Accounts accounts,
            SiteSettings settings,
            Pictures pictures,
            JdbcClient database,
            ApplicationEventPublisher events,
            TransactionTemplate transaction) {
        this.channels = channels;
        this.session = session;
        this.names = names;
        this.accounts = accounts;
        this.settings = settings;
        this.pictures = pictures;
        this.database = database;
        this.events = events;
        this.transaction = transaction;
    }

    @Override
    @Transactional(readOnly = true)
    public Allowance allowance(long accountId) {
        Optional<Integer> given = database.sql("select channels from channel_allowance where account_id = ?")
                .param(accountId)
                .query(Integer.class)
                .optional();
        int made = Math.toIntExact(channels.countByAccountIdAndOwnFalse(accountId));
        return new Allowance(given.orElseGet(() -> byRole(accountId)), given.isPresent(), made);
    }

    private int byRole(long accountId) {
        Role role = accounts.find(accountId).map(AccountView::role).orElse(Role.USER);
        return settings.number(role.atLeast(Role.MODERATOR) ? Setting.CHANNELS_PER_STAFF : Setting.CHANNELS_PER_USER);
    }

    @Override
    @Transactional
    public void allow(long accountId, @Nullable Integer number) {
        if (number == null) {
            database.sql("delete from channel_allowance where account_id = ?")
                    .param(accountId)
                    .update();
            return;
        }
        database.sql("""
                insert into channel_allowance (account_id, channels) values (?, ?)
                on conflict (account_id) do update set channels = excluded.channels
                """).param(accountId).param(Math.clamp(number, 0, MOST)).update();
    }

    @Override
    public Wish make(long accountId, String name) {
        Optional<String> refusal = refusal(name);
        if (refusal.isPresent()) {
            return new Wish.Refused(refusal.get());
        }
        try {
            return Objects.requireNonNull(transaction.execute(_ -> {
                lock(accountId);
                if (allowance(accountId).left() == 0) {
                    return new Wish.Refused("studio.channels.not.left");
                }
                ChannelView made = channels.save(new Channel(accountId, UsernameRules.fold(name), false))
                        .view();
                channels.flush();
                events.publishEvent(new ChannelEdited(made.id(), made.name()));
                return new Wish.Made(made);
            }));
        } catch (DataIntegrityViolationException raced) {
            // Somebody was faster between the question and the answer; ask again to say it as exactly.
            return new Wish.Refused(refusal(name).orElse("studio.channels.not.taken"));
        }
    }

    private Optional<String> refusal(String name) {
        if (!UsernameRules.wellFormed(name)) {
            return Optional.of("studio.channels.not.malformed");
        }
        if (UsernameRules.reserved(name)) {
            return Optional.of("studio.channels.not.reserved");
        }
        if (names.taken(name)) {
            return Optional.of("studio.channels.not.taken");
        }
        return names.confusable(name) ? Optional.of("studio.channels.not.confusable") : Optional.empty();
    }

    /**
     * One change of an account's channels after the other: two at once must not both be the last that is allowed. Rows that point to the
     * account are written beside it.
     */
    private void lock(long accountId) {
        database.sql("select id from account where id = ? for no key update")
                .param(accountId)
                .query(Long.class)
                .single();
    }

    @Override
    @Transactional
    public Removal remove(long channelId) {
        Optional<Channel> found = channels.findById(channelId);
        if (found.isEmpty()) {
            return Removal.DONE;
        }
        if (found.get().own()) {
            return Removal.OWN_CHANNEL;
        }
        lock(found.get().view().accountId());
        // As it is now: somebody may have given it another picture, or taken it away.
        if (!held(found.get())) {
            return Removal.DONE;
        }
        ChannelView channel = found.get().view();
        long resting = database.sql("select count(*) from channel_resting_name where account_id = ? and until > now()")
                .param(channel.accountId())
                .query(Long.class)
                .single();
        if (resting >= MOST_RESTING) {
            return Removal.TOO_MANY_REST;
        }
        events.publishEvent(new ChannelRemoved(channelId, channel.accountId(), channel.name()));
        database.sql("delete from channel where id = ?").param(channelId).update();
        Optional.ofNullable(channel.avatar()).ifPresent(pictures::delete);
        Optional.ofNullable(channel.banner()).ifPresent(pictures::delete);
        return Removal.DONE;
    }

    /** Reads a channel again; false when it is gone. */
    private boolean held(Channel channel) {
        try {
            session.refresh(channel);
            return true;
        } catch (EntityNotFoundException meanwhile) {
            return false;
        }
    }

    /** Before the account's row goes, and its channels with it. */
    @EventListener
    void on(AccountDeleted event) {
        for (Channel channel : channels.findByAccountIdOrderByOwnDescNameAsc(event.accountId())) {
            events.publishEvent(new ChannelRemoved(channel.view().id(), event.accountId(), channel.name()));
        }
    }
}
