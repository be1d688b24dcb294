// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel.internal;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import live.millrace.platform.account.AccountRegistered;
import live.millrace.platform.channel.ChannelEdited;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
class JpaChannels implements Channels {
    private final ChannelRepository channels;
    private final ApplicationEventPublisher events;

    JpaChannels(ChannelRepository channels, ApplicationEventPublisher events) {
        this.channels = channels;
        this.events = events;
    }

    /** In the transaction that registers: no account is ever without a channel. */
    @EventListener
    void on(AccountRegistered event) {
        channels.save(new Channel(event.accountId(), event.username()));
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
    public ChannelView ofAccount(long accountId) {
        return channels.findByAccountId(accountId).orElseThrow().view();
    }

    @Override
    @Transactional
    public void edit(long channelId, String title, String description) {
        Channel channel = channels.findById(channelId).orElseThrow();
        channel.edit(title.strip(), description.strip());
        events.publishEvent(new ChannelEdited(channelId, channel.name()));
    }
}
