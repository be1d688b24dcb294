// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live.internal;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Collectors;
import live.millrace.platform.audience.Access;
import live.millrace.platform.audience.Audience;
import live.millrace.platform.audience.Viewer;
import live.millrace.platform.audience.Viewers;
import live.millrace.platform.channel.ChannelEdited;
import live.millrace.platform.channel.ChannelRemoved;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.ChannelVisibilityChanged;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.FollowersChanged;
import live.millrace.platform.channel.StreamKeys;
import live.millrace.platform.channel.Visibility;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.engine.LiveChanged;
import live.millrace.platform.engine.LiveState;
import live.millrace.platform.engine.LiveView;
import live.millrace.platform.live.AttemptView;
import live.millrace.platform.live.Broadcasting;
import live.millrace.platform.live.LiveCard;
import live.millrace.platform.live.LiveChannel;
import live.millrace.platform.live.LiveDirectory;
import live.millrace.platform.live.PastBroadcast;
import live.millrace.platform.shared.AfterCommit;
import live.millrace.platform.socket.Page;
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
    private static final Duration LISTED_FOR = Duration.ofSeconds(1);
    private static final Comparator<LiveCard> MOST_WATCHED = Comparator.comparingInt(LiveCard::viewers)
            .reversed()
            .thenComparing(LiveCard::startedAt, Comparator.reverseOrder());

    private final ObjectProvider<Engine> engine;
    private final Channels channels;
    private final StreamKeys keys;
    private final BroadcastStore broadcasts;
    private final ConnectionLog log;
    private final PageSockets sockets;
    private final LivePictures pictures;
    private final AfterCommit afterCommit;
    private final Audience audience;
    private final Clock clock;

    /** The directory as it was a moment ago: a page view costs no query. */
    private record Listed(LiveDirectory directory, Instant at) {
        boolean fresh(Instant now) {
            return Duration.between(at, now).compareTo(LISTED_FOR) < 0;
        }
    }

    private final ReentrantLock listing = new ReentrantLock();
    private volatile @Nullable Listed listed;

    private final Set<Long> followed = ConcurrentHashMap.newKeySet();
    private volatile boolean homeChanged;

    /** Viewer counts that pages were last told, so that silence means no change. */
    private final Map<String, Integer> toldViewers = new ConcurrentHashMap<>();

    LiveBroadcasting(
            ObjectProvider<Engine> engine,
            Channels channels,
            StreamKeys keys,
            BroadcastStore broadcasts,
            ConnectionLog log,
            PageSockets sockets,
            LivePictures pictures,
            AfterCommit afterCommit,
            Audience audience,
            Clock clock) {
        this.engine = engine;
        this.channels = channels;
        this.keys = keys;
        this.broadcasts = broadcasts;
        this.log = log;
        this.sockets = sockets;
        this.pictures = pictures;
        this.afterCommit = afterCommit;
        this.audience = audience;
        this.clock = clock;
    }

    private Engine engine() {
        return engine.getObject();
    }

    // ---- for pages --------------------------------------------------------------------------------------------

    @Override
    public LiveChannel channel(ChannelView channel) {
        return LiveChannel.of(channel, engine().live(channel.name()).orElse(null));
    }

    @Override
    public LiveChannel channel(ChannelView channel, Viewer viewer) {
        Access access = audience.access(channel, viewer);
        return access.open() ? channel(channel) : LiveChannel.withheld(channel, access);
    }

    @Override
    public Optional<Long> channelOf(UUID broadcast) {
        return engine().live().stream()
                .filter(view -> view.broadcastId().equals(broadcast))
                .findFirst()
                .flatMap(view -> channels.find(view.channel()))
                .map(ChannelView::id)
                .or(() -> broadcasts.find(broadcast).map(BroadcastStore.Broadcast::channelId));
    }

    @Override
    public LiveDirectory directory() {
        Listed now = listed;
        if (now != null && now.fresh(clock.instant())) {
            return now.directory();
        }
        listing.lock();
        try {
            Listed another = listed;
            if (another == null || !another.fresh(clock.instant())) {
                another = new Listed(list(), clock.instant());
                listed = another;
            }
            return another.directory();
        } finally {
            listing.unlock();
        }
    }

    private static boolean watched(LiveView view) {
        return view.liveSince() != null && view.state() != LiveState.ENDED;
    }

    @Override
    public List<LiveCard> live(List<ChannelView> among) {
        return among.stream()
                .flatMap(
                        channel -> engine()
                                .live(channel.name())
                                .filter(LiveBroadcasting::watched)
                                .map(view -> card(view, channel))
                                .stream())
                .sorted(MOST_WATCHED)
                .toList();
    }

    private LiveDirectory list() {
        List<LiveView> live =
                engine().live().stream().filter(LiveBroadcasting::watched).toList();
        Map<String, ChannelView> known = channels
                .find(live.stream().map(LiveView::channel).toList())
                .stream()
                .collect(Collectors.toMap(ChannelView::name, Function.identity()));
        return new LiveDirectory(live.stream()
                .filter(view -> known.containsKey(view.channel())
                        && Objects.requireNonNull(known.get(view.channel())).listed())
                .map(view -> card(view, Objects.requireNonNull(known.get(view.channel()))))
                .sorted(MOST_WATCHED)
                .toList());
    }

    private LiveCard card(LiveView view, ChannelView channel) {
        Optional<Thumbnails.Thumbnail> newest = pictures.newest(view.broadcastId());
        return new LiveCard(
                channel,
                view.viewers(),
                view.audioOnly(),
                Objects.requireNonNull(view.liveSince()),
                view.fetched(),
                newest.map(picture -> picture.address(view.broadcastId())).orElse(null),
                newest.map(Thumbnails.Thumbnail::palette).orElse(null));
    }

    @Override
    public List<AttemptView> attempts(long channelId, String remote) {
        return log.of(channelId, remote);
    }

    @Override
    public List<AttemptView> strangers() {
        return log.strangers();
    }

    @Override
    public Optional<String> thumbnail(UUID broadcast) {
        return pictures.address(broadcast);
    }

    @Override
    public Optional<byte[]> picture(UUID broadcast) {
        return pictures.newest(broadcast).map(Thumbnails.Thumbnail::jpeg);
    }

    @Override
    public Optional<Snapshot> snapshot(ChannelView channel) throws InterruptedException {
        return pictures.snapshot(channel, engine().live(channel.name()).orElse(null));
    }

    @Override
    public Optional<String> lastPicture(ChannelView channel) {
        return pictures.last(channel);
    }

    @Override
    public boolean takeDownPicture(String channel) {
        Optional<ChannelView> known = channels.find(channel);
        String name = known.map(ChannelView::name).orElse(channel);
        return pictures.takeDown(
                name, known, engine().live(name).map(LiveView::broadcastId).orElse(null));
    }

    @Override
    public void putPictureBack(String channel) {
        engine().live(channel).map(LiveView::broadcastId).ifPresent(pictures::putBack);
    }

    @Override
    public List<PastBroadcast> past(ChannelView channel, int most) {
        return broadcasts.past(channel.id(), EnumSet.allOf(Visibility.class), most);
    }

    @Override
    public List<PastBroadcast> past(ChannelView channel, Viewer viewer, int most) {
        Visibility now = channel.visibility();
        Set<Visibility> shown = EnumSet.copyOf(now.around());
        broadcasts.narrower(channel.id(), shown).stream()
                .filter(seen -> seen == Visibility.UNLISTED
                        ? audience.runs(channel, viewer)
                        : audience.access(channel, seen, viewer).open())
                .forEach(shown::add);
        return broadcasts.past(channel.id(), shown, most);
    }

    // ---- the socket -------------------------------------------------------------------------------------------

    @Override
    public boolean owns(String name) {
        return name.equals(HOME) || name.startsWith(CHANNEL);
    }

    @Override
    public Optional<List<?>> join(String name, Page page, long since) {
        return name.equals(HOME)
                ? Optional.of(List.of(DirectoryEvent.of(directory())))
                : channels.find(name.substring(CHANNEL.length()))
                        .map(found -> List.of(channel(found, Viewers.of(page))));
    }

    @Override
    public boolean tells(String name, Page page) {
        return name.equals(HOME)
                || channels.find(name.substring(CHANNEL.length()))
                        .filter(found ->
                                audience.access(found, Viewers.of(page)).open())
                        .isPresent();
    }

    @TransactionalEventListener
    void on(ChannelVisibilityChanged event) {
        listed = null;
        homeChanged = true;
        // Fewer see from now on what is kept of before; what was for fewer is never kept for more.
        if (event.widened()) {
            pictures.renew(event.name());
        }
    }

    /** Those who could see it hear that it is over before others may see the channel. */
    @EventListener
    @Order(0)
    void before(LiveChanged event) {
        if (event.view().state() == LiveState.ENDED) {
            tell(event);
        }
    }

    @EventListener
    @Order(2)
    void on(LiveChanged event) {
        listed = null;
        if (event.view().state() != LiveState.ENDED) {
            tell(event);
        }
        homeChanged = true;
    }

    /** As the event says it: of a stream that ended the engine knows nothing any more. */
    private void tell(LiveChanged event) {
        tell(event.view().channel(), channel -> LiveChannel.of(channel, event.view()));
    }

    @TransactionalEventListener
    void on(ChannelEdited event) {
        listed = null;
        tell(event.name());
        homeChanged = true;
        if (channels.find(event.channelId()).filter(ChannelView::mature).isPresent()) {
            pictures.withhold(event.channelId(), event.name());
        }
    }

    /** Open pages of a channel that goes are told that nothing is on, while it is still known what it was. */
    @EventListener
    void on(ChannelRemoved event) {
        channels.find(event.channelId())
                .ifPresent(gone -> afterCommit.run(() -> {
                    listed = null;
                    homeChanged = true;
                    if (channels.find(event.channelId()).isEmpty()) {
                        sockets.publish(CHANNEL + event.name(), LiveChannel.of(gone, null));
                    }
                }));
    }

    @TransactionalEventListener
    void on(FollowersChanged event) {
        followed.add(event.channelId());
    }

    private void tell(String name) {
        tell(name, this::channel);
    }

    private void tell(String name, Function<ChannelView, LiveChannel> message) {
        if (sockets.anybody(CHANNEL + name)) {
            channels.find(name).ifPresent(channel -> sockets.publish(CHANNEL + name, message.apply(channel)));
        }
    }

    /** A hundred who follow at once are one message. */
    @Scheduled(fixedDelay = 1_000)
    void tellChanges() {
        for (Long channelId : List.copyOf(followed)) {
            followed.remove(channelId);
            channels.find(channelId).map(ChannelView::name).ifPresent(this::tell);
        }
        if (homeChanged) {
            homeChanged = false;
            if (sockets.anybody(HOME)) {
                sockets.publish(HOME, DirectoryEvent.of(directory()));
            }
        }
    }

    /** Viewers come and go between events. */
    @Scheduled(fixedDelay = 3_000)
    void tellViewers() {
        List<LiveView> live = engine().live();
        toldViewers.keySet().retainAll(live.stream().map(LiveView::channel).collect(Collectors.toSet()));
        for (LiveView view : live) {
            Integer before = toldViewers.put(view.channel(), view.viewers());
            if (before == null || before != view.viewers()) {
                homeChanged = true;
                tell(view.channel());
            }
        }
    }

    // ---- taking off the air -----------------------------------------------------------------------------------

    @Override
    public boolean endAndBlock(String channel, Duration block) {
        // The key first: an encoder is back within two seconds.
        block(channel, block);
        return engine().end(channel);
    }

    @Override
    public boolean endByOwner(String channel, Duration block) {
        publishedBy(channel)
                .flatMap(keys::find)
                .filter(key -> !key.browser())
                .ifPresent(key -> keys.block(key.id(), until(block)));
        return engine().end(channel);
    }

    @Override
    public Optional<KeyBlock> block(String channel, Duration block) {
        Optional<KeyBlock> blocked = publishedBy(channel).map(keyId -> new KeyBlock(keyId, until(block)));
        blocked.ifPresent(made -> keys.block(made.keyId(), made.until()));
        return blocked;
    }

    /** The key of what is on air: an encoder that is away for a moment is back within two seconds as well. */
    private Optional<Long> publishedBy(String channel) {
        return engine().live(channel)
                .flatMap(
                        live -> Optional.ofNullable(live.keyId()).or(() -> broadcasts.publishedBy(live.broadcastId())));
    }

    /** As exactly as the database keeps it. */
    private Instant until(Duration block) {
        return clock.instant().plus(block).truncatedTo(ChronoUnit.MICROS);
    }

    @Override
    public void unblock(long keyId, Instant until) {
        keys.unblock(keyId, until);
    }

    @Override
    public boolean end(String channel) {
        return engine().end(channel);
    }
}
