// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.chat.ChatRight;
import live.millrace.platform.chat.ChatRooms;
import live.millrace.platform.chat.ChatSettings;
import live.millrace.platform.chat.Emote;
import live.millrace.platform.picture.BadPictureException;
import live.millrace.platform.picture.PictureKind;
import live.millrace.platform.picture.Pictures;
import live.millrace.platform.shared.AfterRelease;
import live.millrace.platform.shared.DatabaseBack;
import live.millrace.platform.shared.FetchedCache;
import live.millrace.platform.socket.PageSockets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** The rooms that somebody is in. One is loaded when the first page comes and forgotten some time after the last. */
@Component
class LiveRooms implements ChatRooms {
    private static final Logger LOG = LoggerFactory.getLogger(LiveRooms.class);
    private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(10);
    private static final Pattern CODE = Pattern.compile("[a-z0-9]{2,20}");

    private static final int MAX_SANCTIONS = 50_000;

    private final ChatStore store;
    private final OrderStore order;
    private final SanctionStore sanctions;
    private final ModeratedMessages messages;
    private final Authors authors;
    private final Channels channels;
    private final Pictures pictures;
    private final PageSockets sockets;
    private final Clock clock;
    private final FetchedCache<Long, Room> rooms = new FetchedCache<>(Caffeine.newBuilder());
    private final Set<Long> stale = ConcurrentHashMap.newKeySet();
    private final Cache<String, ChannelView> byName = Caffeine.newBuilder()
            .maximumSize(10_000)
            .expireAfterWrite(Duration.ofSeconds(30))
            .build();

    LiveRooms(
            ChatStore store,
            OrderStore order,
            SanctionStore sanctions,
            ModeratedMessages messages,
            Authors authors,
            Channels channels,
            Pictures pictures,
            PageSockets sockets,
            Clock clock) {
        this.store = store;
        this.order = order;
        this.sanctions = sanctions;
        this.messages = messages;
        this.authors = authors;
        this.channels = channels;
        this.pictures = pictures;
        this.sockets = sockets;
        this.clock = clock;
    }

    /** The channel of a name, up to half a minute old. A crowd that joins holds the room's lock for no query. */
    Optional<ChannelView> channel(String name) {
        ChannelView known = byName.getIfPresent(name);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<ChannelView> found = channels.find(name);
        found.ifPresent(channel -> byName.put(name, channel));
        return found;
    }

    /** The room of a channel; loaded when it is not there. */
    Room room(ChannelView channel) {
        assert !AfterRelease.holdsConnection() : "a room is waited for with a connection in hand";
        Room room = rooms.get(channel.id(), _ -> load(channel));
        room.used(clock.instant());
        return room;
    }

    /** The same, kept in memory until the draft that is being made is stored. */
    Room roomForDraft(ChannelView channel) {
        while (true) {
            Room room = room(channel);
            if (room.beginDraft()) {
                return room;
            }
            rooms.remove(channel.id(), room);
        }
    }

    private Room load(ChannelView channel) {
        Map<Long, Set<ChatRight>> moderators = order.moderators(channel.id());
        Room room = new Room(channel, store.settings(channel.id()), emotes(channel.id()), moderators, clock.instant());
        // The number first: what is stored behind it comes with the lines.
        long lastSeq = store.lastSeq(channel.id());
        room.append(missing(room));
        room.numberedTo(lastSeq);
        loadOrder(room);
        return room;
    }

    /** The last lines that are stored and that a room has not. */
    List<ChatLine> missing(Room room) {
        List<ChatStore.StoredLine> stored = store.last(room.channel().id(), Room.KEPT).stream()
                .filter(line -> line.seq() > room.lastSeq())
                .toList();
        authors.warm(stored.stream()
                .map(ChatStore.StoredLine::accountId)
                .filter(Objects::nonNull)
                .toList());
        Map<Long, ChatLine> lines = new LinkedHashMap<>();
        for (ChatStore.StoredLine line : stored) {
            lines.put(
                    line.seq(),
                    line(room, lines, line.seq(), line.accountId(), line.text(), line.replyTo(), line.at())
                            .removed(line.removed()));
        }
        return List.copyOf(lines.values());
    }

    /** A line as pages get it, with what the room has now. */
    ChatLine line(Room room, long seq, @Nullable Long accountId, String text, @Nullable Long replyTo, Instant at) {
        return line(room, Map.of(), seq, accountId, text, replyTo, at);
    }

    private ChatLine line(
            Room room,
            Map<Long, ChatLine> beside,
            long seq,
            @Nullable Long accountId,
            String text,
            @Nullable Long replyTo,
            Instant at) {
        return new ChatLine(
                seq,
                at,
                authors.author(accountId, room.channel(), accountId != null && room.moderatedBy(accountId)),
                LineParser.parse(text, room.emoteSources()),
                replyTo == null
                        ? null
                        : Optional.ofNullable(beside.get(replyTo))
                                .or(() -> room.line(replyTo))
                                .filter(answered -> !answered.isGone())
                                .map(LiveRooms::excerpt)
                                .orElse(null),
                null);
    }

    /** Who may not write, the shield, the pinned line. */
    void loadOrder(Room room) {
        room.loading.lock();
        try {
            readOrder(room);
        } finally {
            room.loading.unlock();
        }
    }

    private void readOrder(Room room) {
        long channelId = room.channel().id();
        room.changeSanctions(sanctions.sanctions(channelId, clock.instant(), MAX_SANCTIONS));
        room.changeShield(order.shield(channelId));
        room.pin(messages.pinned(channelId)
                .flatMap(seq -> messages.comment(channelId, seq))
                .filter(comment -> !comment.removed())
                .map(comment -> line(room, comment.seq(), comment.accountId(), comment.text(), null, comment.at()))
                .orElse(null));
    }

    /** A room that somebody is in, or comes into at this moment; empty when there is none in memory. */
    Optional<Room> loaded(long channelId) {
        assert !AfterRelease.holdsConnection() : "a room is waited for with a connection in hand";
        return rooms.awaited(channelId);
    }

    /** Whether this is the room that pages of its channel get. */
    boolean isCurrent(Room room) {
        return rooms.present(room.channel().id()).filter(room::equals).isPresent();
    }

    /** Tells a room what it is like now. */
    void tellRoom(Room room) {
        sockets.publish(topic(room.channel()), room.message(clock.instant()));
    }

    private static ChatLine.Reply excerpt(ChatLine line) {
        StringBuilder text = new StringBuilder();
        for (Token token : line.tokens()) {
            text.append(
                    switch (token.t()) {
                        case "emote" -> ":" + token.v() + ":";
                        case "mention" -> "@" + token.v();
                        default -> token.v();
                    });
        }
        int end = text.offsetByCodePoints(0, Math.min(80, text.codePointCount(0, text.length())));
        return new ChatLine.Reply(line.seq(), line.author().display(), text.substring(0, end));
    }

    static String topic(ChannelView channel) {
        return ChatTopic.PREFIX + channel.name();
    }

    @Scheduled(fixedDelay = 60_000)
    void forget() {
        Instant before = clock.instant().minus(FORGOTTEN_AFTER);
        for (Long id : rooms.keys()) {
            rooms.present(id)
                    .filter(room ->
                            room.lastUsed().isBefore(before) && !sockets.anybody(topic(room.channel())) && room.close())
                    .ifPresent(room -> rooms.remove(id, room));
        }
    }

    // ---- for those who keep rooms -----------------------------------------------------------------------------

    @Override
    public ChatSettings settings(long channelId) {
        return store.settings(channelId);
    }

    @Override
    public void change(long channelId, ChatSettings settings) {
        changing(channelId, () -> store.change(channelId, settings));
    }

    /** Changes what is stored of a room, and reads it again; later, when nobody knows whether it was changed. */
    private void changing(long channelId, Runnable change) {
        try {
            change.run();
            changed(channelId);
        } catch (DataAccessException e) {
            stale.add(channelId);
            throw e;
        }
    }

    /** Reads a room's rules and people again, and tells it. */
    void changed(long channelId) {
        loaded(channelId).ifPresent(room -> {
            room.loading.lock();
            try {
                room.change(store.settings(channelId));
                room.changeEmotes(emotes(channelId));
                room.changeModerators(order.moderators(channelId));
                readOrder(room);
            } finally {
                room.loading.unlock();
            }
            tellRoom(room);
        });
    }

    /** What was done to a room while nobody could say whether it stands is read again, soon and by another thread. */
    @EventListener
    void on(DatabaseBack back) {
        stale.addAll(rooms.keys());
    }

    @Scheduled(fixedDelay = 1_000)
    void readStaleRooms() {
        for (Long channelId : Set.copyOf(stale)) {
            // Before it is read: what becomes stale meanwhile is read once more.
            stale.remove(channelId);
            try {
                changed(channelId);
            } catch (DataAccessException e) {
                stale.add(channelId);
                LOG.debug("Rooms are read again later", e);
                return;
            }
        }
    }

    @Override
    public List<Emote> emotes(long channelId) {
        List<Emote> all = new ArrayList<>(BuiltInEmotes.ALL);
        all.addAll(store.emotes(channelId));
        return List.copyOf(all);
    }

    @Override
    public List<Emote> ownEmotes(long channelId) {
        return store.emotes(channelId);
    }

    @Override
    public void addEmote(ChannelView channel, String code, InputStream upload) throws BadPictureException {
        if (!CODE.matcher(code).matches() || BuiltInEmotes.has(code)) {
            throw new BadPictureException("chat.emote.code");
        }
        List<Emote> own = store.emotes(channel.id());
        if (own.size() >= MAX_EMOTES
                && own.stream().noneMatch(emote -> emote.code().equals(code))) {
            throw new BadPictureException("chat.emote.many");
        }
        String picture = pictures.store(PictureKind.EMOTE, channel.accountId(), upload);
        changing(channel.id(), () -> store.addEmote(channel.id(), code, picture).ifPresent(pictures::delete));
    }

    @Override
    public void removeEmote(long channelId, String code) {
        // Lines that were told show its code from now on.
        changing(channelId, () -> store.removeEmote(channelId, code).ifPresent(pictures::delete));
    }

    @Override
    public List<Moderator> moderators(long channelId) {
        Map<Long, Set<ChatRight>> rights = order.moderators(channelId);
        return channels.ofAccounts(rights.keySet()).stream()
                .map(channel -> new Moderator(channel, rights.getOrDefault(channel.accountId(), Set.of())))
                .toList();
    }

    @Override
    public boolean putModerator(long channelId, long accountId, Set<ChatRight> rights) {
        Map<Long, Set<ChatRight>> before = order.moderators(channelId);
        if (before.size() >= MAX_MODERATORS && !before.containsKey(accountId)) {
            return false;
        }
        changing(channelId, () -> order.putModerator(channelId, accountId, rights));
        // Their pages come back and are told anew what they may.
        sockets.disconnect(accountId);
        return true;
    }

    @Override
    public void removeModerator(long channelId, long accountId) {
        changing(channelId, () -> store.removeModerator(channelId, accountId));
        sockets.disconnect(accountId);
    }

    @Override
    public void configureShield(long channelId, boolean auto, int hours) {
        changing(channelId, () -> order.configureShield(channelId, auto, Math.clamp(hours, 1, MAX_SHIELD_HOURS)));
    }

    @Override
    public ShieldRules shield(long channelId) {
        OrderStore.Shield shield = order.shield(channelId);
        return new ShieldRules(shield.auto(), shield.hours());
    }
}
