// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel.internal;

import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityNotFoundException;
import jakarta.persistence.LockModeType;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import live.millrace.platform.account.AccountRegistered;
import live.millrace.platform.account.UsernameRules;
import live.millrace.platform.channel.BroadcastInfo;
import live.millrace.platform.channel.CategoryView;
import live.millrace.platform.channel.ChannelEdited;
import live.millrace.platform.channel.ChannelGoneException;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.ChannelVisibilityChanged;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.Description;
import live.millrace.platform.channel.DisplayNames;
import live.millrace.platform.channel.Visibility;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

@Service
class JpaChannels implements Channels {
    private final ChannelRepository channels;
    private final CategoryRepository categories;
    private final EntityManager session;
    private final JdbcClient database;
    private final ApplicationEventPublisher events;
    private final TransactionTemplate transaction;
    private final Clock clock;

    JpaChannels(
            ChannelRepository channels,
            CategoryRepository categories,
            EntityManager session,
            JdbcClient database,
            ApplicationEventPublisher events,
            TransactionTemplate transaction,
            Clock clock) {
        this.channels = channels;
        this.categories = categories;
        this.session = session;
        this.database = database;
        this.events = events;
        this.transaction = transaction;
        this.clock = clock;
    }

    /** In the transaction that registers: no account is ever without a channel. */
    @EventListener
    void on(AccountRegistered event) {
        Channel own = channels.save(new Channel(event.accountId(), event.username(), true));
        channels.flush();
        edited(own);
    }

    @Override
    @Transactional(readOnly = true)
    public Optional<ChannelView> find(String name) {
        return channels.findByName(name.toLowerCase(Locale.ROOT)).map(Channel::view);
    }

    @Override
    @Transactional(readOnly = true)
    public Optional<ChannelView> find(long channelId) {
        return channels.findById(channelId).map(Channel::view);
    }

    @Override
    @Transactional(readOnly = true)
    public List<ChannelView> find(Collection<String> names) {
        return names.isEmpty()
                ? List.of()
                : channels.findByNameIn(names).stream().map(Channel::view).toList();
    }

    @Override
    @Transactional(readOnly = true)
    public List<ChannelView> findAll(List<Long> channelIds) {
        if (channelIds.isEmpty()) {
            return List.of();
        }
        Map<Long, ChannelView> found = channels.findByIdIn(channelIds).stream()
                .map(Channel::view)
                .collect(Collectors.toMap(ChannelView::id, Function.identity()));
        return channelIds.stream().map(found::get).filter(Objects::nonNull).toList();
    }

    @Override
    @Transactional(readOnly = true)
    public ChannelView ofAccount(long accountId) {
        return channels.findByAccountIdAndOwnTrue(accountId).orElseThrow().view();
    }

    @Override
    @Transactional(readOnly = true)
    public List<ChannelView> allOf(long accountId) {
        return channels.findByAccountIdOrderByOwnDescNameAsc(accountId).stream()
                .map(Channel::view)
                .toList();
    }

    @Override
    @Transactional
    public void describe(long channelId, BroadcastInfo info) {
        Channel channel = locked(channelId);
        describe(channel, info);
        edited(channel);
    }

    private void describe(Channel channel, BroadcastInfo info) {
        Long categoryId = info.categoryId();
        channel.describe(
                info.title().strip(),
                categoryId == null ? null : categories.findById(categoryId).orElse(null),
                info.tags().toArray(String[]::new),
                info.language(),
                info.mature());
    }

    @Override
    @Transactional
    public void redescribe(long channelId, UnaryOperator<Description> change) {
        Channel channel = locked(channelId);
        ChannelView now = channel.view();
        CategoryView category = now.category();
        Description changed = change.apply(new Description(
                now.description(),
                new BroadcastInfo(
                        now.title(),
                        category == null ? null : category.id(),
                        now.tags(),
                        now.language(),
                        now.mature())));
        channel.edit(changed.about().strip());
        describe(channel, changed.broadcast());
        edited(channel);
    }

    @Override
    @Transactional
    public void retitle(long channelId, String title) {
        Channel channel = locked(channelId);
        channel.retitle(title.strip());
        edited(channel);
    }

    @Override
    @Transactional
    public void edit(long channelId, String description) {
        Channel channel = locked(channelId);
        channel.edit(description.strip());
        edited(channel);
    }

    @Override
    public boolean rename(long channelId, String displayName) {
        try {
            return Boolean.TRUE.equals(transaction.execute(_ -> {
                Channel channel = locked(channelId);
                boolean own = displayName.isEmpty()
                        || UsernameRules.skeleton(displayName).equals(UsernameRules.skeleton(channel.name()));
                String skeleton = DisplayNames.skeleton(displayName);
                if (!own
                        && (UsernameRules.reserved(skeleton)
                                || channels.anyNameLooksLike(UsernameRules.skeleton(skeleton), channel.accountId())
                                || channels.existsByDisplaySkeletonAndIdNot(skeleton, channelId))) {
                    return false;
                }
                channel.rename(displayName, displayName.isEmpty() ? null : skeleton);
                edited(channel);
                return true;
            }));
        } catch (DataIntegrityViolationException raced) {
            return false;
        }
    }

    @Override
    @Transactional
    public Optional<String> setAvatar(long channelId, @Nullable String picture, @Nullable Integer hue) {
        Channel channel = locked(channelId);
        Optional<String> before = Optional.ofNullable(channel.showAvatar(picture, hue));
        edited(channel);
        return before;
    }

    @Override
    @Transactional
    public Optional<String> setBanner(long channelId, @Nullable String picture) {
        Channel channel = locked(channelId);
        Optional<String> before = Optional.ofNullable(channel.showBanner(picture));
        edited(channel);
        return before;
    }

    /** A channel as it is at this moment, which nobody changes before this transaction ends. */
    private Channel locked(long channelId) {
        // What this transaction changed before is written first: reading again would forget it.
        channels.flush();
        Channel channel = channels.findById(channelId).orElseThrow(ChannelGoneException::new);
        try {
            session.refresh(channel, LockModeType.PESSIMISTIC_WRITE);
        } catch (EntityNotFoundException meanwhile) {
            throw new ChannelGoneException();
        }
        return channel;
    }

    @Override
    @Transactional
    public void hide(long channelId, boolean hidden) {
        Channel channel = locked(channelId);
        channel.hide(hidden ? clock.instant() : null);
        edited(channel);
    }

    @Override
    @Transactional
    public boolean show(long channelId, Visibility visibility) {
        return shown(locked(channelId), channel -> channel.show(visibility));
    }

    @Override
    @Transactional
    public boolean showOnce(long channelId, Visibility visibility) {
        return shown(locked(channelId), channel -> channel.showOnce(visibility));
    }

    private boolean shown(Channel channel, Consumer<Channel> change) {
        Visibility before = channel.visibility();
        change.accept(channel);
        Visibility now = channel.visibility();
        if (now == before) {
            return false;
        }
        edited(channel);
        events.publishEvent(new ChannelVisibilityChanged(channel.view().id(), channel.name(), before, now));
        return true;
    }

    @Override
    @Transactional(readOnly = true)
    public Optional<Visibility> shownAfter(long channelId) {
        return channels.findById(channelId).map(Channel::visibilityAfter);
    }

    @Override
    @Transactional
    public boolean broadcastOver(long channelId) {
        Channel channel = locked(channelId);
        Visibility after = channel.visibilityAfter();
        return after != null && shown(channel, over -> over.over(after));
    }

    @Override
    @Transactional
    public void wasLive(long channelId, Instant at) {
        database.sql("""
                update channel set last_live_at = :at where id = :id and (last_live_at is null or last_live_at < :at)
                """).param("at", Timestamp.from(at)).param("id", channelId).update();
    }

    @Override
    @Transactional
    public void lastLive(long channelId, @Nullable Instant at) {
        channels.flush();
        database.sql("update channel set last_live_at = ? where id = ?")
                .param(at == null ? null : Timestamp.from(at))
                .param(channelId)
                .update();
    }

    /** Writes what was changed, and tells it to whoever listens: they read the same tables. */
    private void edited(Channel channel) {
        channels.flush();
        events.publishEvent(new ChannelEdited(channel.view().id(), channel.name()));
    }
}
