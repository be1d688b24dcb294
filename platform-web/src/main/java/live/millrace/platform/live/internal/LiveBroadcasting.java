// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live.internal;

import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.AccountSuspended;
import live.millrace.platform.channel.ChannelEdited;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.StreamKeyRevoked;
import live.millrace.platform.channel.StreamKeys;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.engine.LiveChanged;
import live.millrace.platform.engine.LiveState;
import live.millrace.platform.engine.LiveView;
import live.millrace.platform.live.AttemptView;
import live.millrace.platform.live.Broadcasting;
import live.millrace.platform.live.LiveCard;
import live.millrace.platform.live.LiveChannel;
import live.millrace.platform.live.LiveDirectory;
import live.millrace.platform.socket.PageSockets;
import live.millrace.platform.socket.Topic;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.event.EventListener;
import org.springframework.core.annotation.Order;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/** Live channels for pages: asked when a page is made, told over the socket when something changes. */
@Component
class LiveBroadcasting implements Broadcasting, Topic {
    private static final String CHANNEL = "channel:";
    private static final String HOME = "home";

    private final ObjectProvider<Engine> engine;
    private final Channels channels;
    private final StreamKeys keys;
    private final ConnectionLog log;
    private final PageSockets sockets;
    private final Clock clock;

    /** Viewer counts that pages were last told, so that silence means no change. */
    private final Map<String, Integer> toldViewers = new ConcurrentHashMap<>();

    LiveBroadcasting(
            ObjectProvider<Engine> engine,
            Channels channels,
            StreamKeys keys,
            ConnectionLog log,
            PageSockets sockets,
            Clock clock) {
        this.engine = engine;
        this.channels = channels;
        this.keys = keys;
        this.log = log;
        this.sockets = sockets;
        this.clock = clock;
    }

    private Engine engine() {
        return engine.getObject();
    }

    // ---- for pages --------------------------------------------------------------------------------------------

    @Override
    public LiveChannel channel(String name) {
        String title = channels.find(name).map(ChannelView::displayTitle).orElse(name);
        return engine().live(name)
                .map(view -> message(view, title))
                .orElseGet(() -> new LiveChannel("channel", name, LiveState.OFFLINE, null, null, false, title, 0));
    }

    private static LiveChannel message(LiveView view, String title) {
        return new LiveChannel(
                "channel",
                view.channel(),
                view.state(),
                view.broadcastId().toString(),
                view.liveSince(),
                view.audioOnly(),
                title,
                view.viewers());
    }

    @Override
    public LiveDirectory directory() {
        List<LiveView> live = engine().live().stream()
                .filter(view -> view.liveSince() != null && view.state() != LiveState.ENDED)
                .toList();
        Map<String, ChannelView> known = channels
                .find(live.stream().map(LiveView::channel).toList())
                .stream()
                .collect(Collectors.toMap(ChannelView::name, Function.identity()));
        return new LiveDirectory(live.stream()
                .filter(view -> known.containsKey(view.channel()))
                .map(view -> new LiveCard(
                        view.channel(),
                        java.util.Objects.requireNonNull(known.get(view.channel()))
                                .displayTitle(),
                        view.viewers(),
                        view.audioOnly(),
                        java.util.Objects.requireNonNull(view.liveSince())))
                .sorted(Comparator.comparingInt(LiveCard::viewers)
                        .reversed()
                        .thenComparing(LiveCard::startedAt, Comparator.reverseOrder()))
                .toList());
    }

    @Override
    public List<AttemptView> attempts(long channelId, String remote) {
        return log.of(channelId, remote);
    }

    @Override
    public List<AttemptView> strangers() {
        return log.strangers();
    }

    // ---- the socket -------------------------------------------------------------------------------------------

    @Override
    public boolean owns(String name) {
        return name.equals(HOME) || name.startsWith(CHANNEL);
    }

    @Override
    public Optional<List<?>> join(String name, @Nullable AccountPrincipal principal, String remote) {
        if (name.equals(HOME)) {
            return Optional.of(List.of(directory()));
        }
        return channels.find(name.substring(CHANNEL.length())).map(found -> List.of(channel(found.name())));
    }

    @EventListener
    @Order(2)
    void on(LiveChanged event) {
        LiveView view = event.view();
        String topic = CHANNEL + view.channel();
        if (sockets.anybody(topic)) {
            String title =
                    channels.find(view.channel()).map(ChannelView::displayTitle).orElse(view.channel());
            sockets.publish(topic, message(view, title));
        }
        tellHome();
    }

    @TransactionalEventListener
    void on(ChannelEdited event) {
        if (sockets.anybody(CHANNEL + event.name())) {
            sockets.publish(CHANNEL + event.name(), channel(event.name()));
        }
        tellHome();
    }

    private void tellHome() {
        if (sockets.anybody(HOME)) {
            sockets.publish(HOME, directory());
        }
    }

    /** Viewers come and go between events. */
    @Scheduled(fixedDelay = 3_000)
    void tellViewers() {
        boolean changed = false;
        List<LiveView> live = engine().live();
        toldViewers.keySet().retainAll(live.stream().map(LiveView::channel).collect(Collectors.toSet()));
        for (LiveView view : live) {
            Integer before = toldViewers.put(view.channel(), view.viewers());
            if (before == null || before != view.viewers()) {
                changed = true;
                if (sockets.anybody(CHANNEL + view.channel())) {
                    sockets.publish(CHANNEL + view.channel(), channel(view.channel()));
                }
            }
        }
        if (changed) {
            tellHome();
        }
    }

    // ---- taking off the air -----------------------------------------------------------------------------------

    @Override
    public boolean endAndBlock(String channel, Duration block) {
        Optional<LiveView> live = engine().live(channel);
        // The key first: an encoder is back within two seconds.
        live.map(LiveView::keyId)
                .ifPresent(keyId -> keys.block(keyId, clock.instant().plus(block)));
        return engine().end(channel);
    }

    @Override
    public boolean end(String channel) {
        return engine().end(channel);
    }

    @TransactionalEventListener
    void on(StreamKeyRevoked event) {
        engine().endKey(event.keyId());
    }

    /** A channel bears its owner's name. */
    @TransactionalEventListener
    void on(AccountSuspended event) {
        engine().end(event.username());
    }
}
