// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.notification.internal;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.audience.Audience;
import live.millrace.platform.audience.Viewer;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.FollowersChanged;
import live.millrace.platform.channel.Follows;
import live.millrace.platform.engine.LiveChanged;
import live.millrace.platform.engine.LiveState;
import live.millrace.platform.live.Broadcasting;
import live.millrace.platform.notification.NoticeView;
import live.millrace.platform.socket.Page;
import live.millrace.platform.socket.PageSockets;
import live.millrace.platform.socket.Topic;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;
import tools.jackson.databind.JsonNode;

/** {@code me:{accountId}}: one's own notices and how many followed channels are live, the same on all tabs. */
@Component
class MeTopic implements Topic {
    private static final String PREFIX = "me:";
    private static final int SHOWN = 20;

    /** @param followedLive how many channels are live that one follows, or was invited to */
    record Me(String type, int unread, int followedLive, List<NoticeView> notices) {}

    private final JdbcNotices notices;
    private final Follows follows;
    private final Channels channels;
    private final Broadcasting broadcasting;
    private final PageSockets sockets;
    private final Audience audience;
    private final Accounts accounts;

    MeTopic(
            JdbcNotices notices,
            Follows follows,
            Channels channels,
            Broadcasting broadcasting,
            PageSockets sockets,
            Audience audience,
            Accounts accounts) {
        this.notices = notices;
        this.follows = follows;
        this.channels = channels;
        this.broadcasting = broadcasting;
        this.sockets = sockets;
        this.audience = audience;
        this.accounts = accounts;
    }

    @Override
    public boolean owns(String name) {
        return name.startsWith(PREFIX);
    }

    @Override
    public Optional<List<?>> join(String name, Page page, long since) {
        AccountPrincipal principal = page.principal();
        return principal != null && name.equals(PREFIX + principal.accountId())
                ? Optional.of(List.of(me(principal.accountId())))
                : Optional.empty();
    }

    @Override
    public void receive(String name, Page page, JsonNode message) {
        AccountPrincipal principal = page.principal();
        if (principal != null && message.path("type").asString("").equals("read")) {
            notices.read(principal.accountId());
        }
    }

    private Me me(long accountId) {
        Set<Long> followed = follows.followedBy(accountId);
        long live = broadcasting.directory().live().stream()
                .filter(card -> followed.contains(card.channel().id()))
                .count();
        live += viewer(accountId)
                .map(viewer -> broadcasting.live(audience.shownTo(viewer)).size())
                .orElse(0);
        return new Me("me", notices.unread(accountId), (int) live, notices.of(accountId, Long.MAX_VALUE, SHOWN));
    }

    private Optional<Viewer> viewer(long accountId) {
        return accounts.find(accountId).map(account -> Viewer.named(account.id(), account.username()));
    }

    void tell(long accountId) {
        if (sockets.anybody(PREFIX + accountId)) {
            sockets.publish(PREFIX + accountId, me(accountId));
        }
    }

    @TransactionalEventListener
    void on(JdbcNotices.NoticesChanged event) {
        tell(event.accountId());
    }

    @TransactionalEventListener
    void on(FollowersChanged event) {
        tell(event.accountId());
    }

    /** Counts change with every stream that begins or ends, for those followers who have a page open. */
    @EventListener
    void on(LiveChanged event) {
        if (event.view().state() != LiveState.LIVE && event.view().state() != LiveState.ENDED) {
            return;
        }
        Set<Long> online = sockets.topics(PREFIX).stream()
                .map(MeTopic::accountId)
                .filter(OptionalLong::isPresent)
                .map(OptionalLong::getAsLong)
                .collect(Collectors.toSet());
        if (!online.isEmpty()) {
            channels.find(event.view().channel()).ifPresent(channel -> tell(channel, online));
        }
    }

    /** That something was told at this moment would tell of what is not for everybody: those who may not watch are told nothing. */
    private void tell(ChannelView channel, Set<Long> online) {
        if (channel.listed()) {
            notices.followers(channel.id(), online).forEach(this::tell);
        } else if (!channel.visibility().open()) {
            notices.named(channel.id(), online).stream()
                    .filter(accountId -> viewer(accountId)
                            .filter(viewer -> audience.access(channel, viewer).open())
                            .isPresent())
                    .forEach(this::tell);
        }
    }

    private static OptionalLong accountId(String topic) {
        try {
            return OptionalLong.of(Long.parseLong(topic.substring(PREFIX.length())));
        } catch (NumberFormatException malformed) {
            return OptionalLong.empty();
        }
    }
}
