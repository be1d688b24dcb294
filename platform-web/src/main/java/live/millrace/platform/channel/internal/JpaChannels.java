// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel.internal;

import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import live.millrace.platform.account.AccountRegistered;
import live.millrace.platform.account.UsernameRules;
import live.millrace.platform.channel.BroadcastInfo;
import live.millrace.platform.channel.ChannelEdited;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.DisplayNames;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

@Service
class JpaChannels implements Channels {
    private final ChannelRepository channels;
    private final CategoryRepository categories;
    private final ApplicationEventPublisher events;
    private final TransactionTemplate transaction;
    private final Clock clock;

    JpaChannels(
            ChannelRepository channels,
            CategoryRepository categories,
            ApplicationEventPublisher events,
            TransactionTemplate transaction,
            Clock clock) {
        this.channels = channels;
        this.categories = categories;
        this.events = events;
        this.transaction = transaction;
        this.clock = clock;
    }

    /** In the transaction that registers: no account is ever without a channel. */
    @EventListener
    void on(AccountRegistered event) {
        channels.save(new Channel(event.accountId(), event.username()));
        channels.flush();
        edited(channels.findByAccountId(event.accountId()).orElseThrow());
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
        return channels.findByAccountId(accountId).orElseThrow().view();
    }

    @Override
    @Transactional(readOnly = true)
    public List<ChannelView> ofAccounts(Collection<Long> accountIds) {
        return accountIds.isEmpty()
                ? List.of()
                : channels.findByAccountIdIn(accountIds).stream()
                        .map(Channel::view)
                        .toList();
    }

    @Override
    @Transactional
    public void describe(long channelId, BroadcastInfo info) {
        Channel channel = channels.findById(channelId).orElseThrow();
        Long categoryId = info.categoryId();
        channel.describe(
                info.title().strip(),
                categoryId == null ? null : categories.findById(categoryId).orElse(null),
                info.tags(),
                info.language(),
                info.mature());
        edited(channel);
    }

    @Override
    @Transactional
    public void edit(long channelId, String description) {
        Channel channel = channels.findById(channelId).orElseThrow();
        channel.edit(description.strip());
        edited(channel);
    }

    @Override
    public boolean rename(long channelId, String displayName) {
        try {
            return Boolean.TRUE.equals(transaction.execute(_ -> {
                Channel channel = channels.findById(channelId).orElseThrow();
                boolean own = displayName.isEmpty()
                        || UsernameRules.skeleton(displayName).equals(UsernameRules.skeleton(channel.name()));
                String skeleton = DisplayNames.skeleton(displayName);
                if (!own
                        && (UsernameRules.reserved(skeleton)
                                || channels.anyUsernameLooksLike(UsernameRules.skeleton(skeleton), channel.accountId())
                                || channels.existsByDisplaySkeletonAndIdNot(skeleton, channelId))) {
                    return false;
                }
                channel.rename(displayName, displayName.isEmpty() ? null : skeleton);
                channels.flush();
                edited(channel);
                return true;
            }));
        } catch (DataIntegrityViolationException raced) {
            return false;
        }
    }

    @Override
    @Transactional
    public Optional<String> setAvatar(long channelId, @Nullable String picture) {
        Channel channel = channels.findById(channelId).orElseThrow();
        String before = channel.setAvatar(picture);
        edited(channel);
        return Optional.ofNullable(before);
    }

    @Override
    @Transactional
    public Optional<String> setBanner(long channelId, @Nullable String picture) {
        Channel channel = channels.findById(channelId).orElseThrow();
        String before = channel.setBanner(picture);
        edited(channel);
        return Optional.ofNullable(before);
    }

    @Override
    @Transactional
    public void hide(long channelId, boolean hidden) {
        Channel channel = channels.findById(channelId).orElseThrow();
        channel.hide(hidden ? clock.instant() : null);
        edited(channel);
    }

    @Override
    @Transactional
    public void wentLive(long channelId, Instant at) {
        channels.findById(channelId).ifPresent(channel -> channel.wentLive(at));
    }

    private void edited(Channel channel) {
        events.publishEvent(new ChannelEdited(channel.view().id(), channel.name()));
    }
}
