// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.room;

import com.github.benmanes.caffeine.cache.Caffeine;
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
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.ChannelVisibilityChanged;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.chat.ChatRight;
import live.millrace.platform.chat.Emote;
import live.millrace.platform.chat.Talker;
import live.millrace.platform.chat.internal.text.MessageParser;
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
import org.springframework.transaction.event.TransactionalEventListener;

/** The rooms that somebody is in. One is loaded when the first page comes and forgotten some time after the last. */
@Component
public class LiveRooms {
    private static final Logger LOG = LoggerFactory.getLogger(LiveRooms.class);
    private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(10);

    /** Before a channel's name. */
    public static final String TOPIC = "chat:";

    private static final int MAX_SANCTIONS = 50_000;

    private final RoomStore store;
    private final MessageHistory messages;
    private final Authors authors;
    private final Channels channels;
    private final PageSockets sockets;
    private final Clock clock;
    private final FetchedCache<Long, Room> rooms = new FetchedCache<>(Caffeine.newBuilder());
    private final Set<Long> stale = ConcurrentHashMap.newKeySet();
    private final FetchedCache<String, Optional<ChannelView>> byName =
            new FetchedCache<>(Caffeine.newBuilder().maximumSize(10_000).expireAfterWrite(Duration.ofSeconds(30)));

    LiveRooms(
            RoomStore store,
            MessageHistory messages,
            Authors authors,
            Channels channels,
            PageSockets sockets,
            Clock clock) {
        this.store = store;
        this.messages = messages;
        this.authors = authors;
        this.channels = channels;
        this.sockets = sockets;
        this.clock = clock;
    }

    /**
     * The channel of a name, up to half a minute old but for who may see it. A crowd that joins holds the room's lock for no query.
     */
    public Optional<ChannelView> channel(String name) {
        Optional<ChannelView> found = byName.get(name, channels::find);
        if (found.isEmpty()) {
            byName.remove(name, found);
        }
        return found;
    }

    /** Whoever may not see it any more does not hear it for half a minute either. */
    @TransactionalEventListener
    void on(ChannelVisibilityChanged event) {
        byName.invalidate(event.name());
    }

    /** The room of a channel; loaded when it is not there. */
    public Room room(ChannelView channel) {
        assert !AfterRelease.holdsConnection() : "a room is waited for with a connection in hand";
        Room room = rooms.get(channel.id(), _ -> load(channel));
        room.used(clock.instant());
        return room;
    }

    /** The same, kept in memory until the draft that is being made is stored. */
    public Room roomForDraft(ChannelView channel) {
        while (true) {
            Room room = room(channel);
            if (room.beginDraft()) {
                return room;
            }
            rooms.remove(channel.id(), room);
        }
    }

    private Room load(ChannelView channel) {
        Map<Long, Set<ChatRight>> moderators = store.moderators(channel.id());
        Room room = new Room(channel, store.settings(channel.id()), emotes(channel.id()), moderators, clock.instant());
        // The number first: what is stored behind it comes with the messages.
        long lastSeq = messages.lastSeq(channel.id());
        room.append(missing(room));
        room.numberedTo(lastSeq);
        loadModeration(room);
        return room;
    }

    /** The last messages that are stored and that a room has not. */
    public List<ChatMessage> missing(Room room) {
        List<MessageHistory.KeptMessage> stored = messages.last(room.channel().id(), Room.KEPT).stream()
                .filter(message -> message.seq() > room.lastSeq())
                .toList();
        authors.warm(stored.stream()
                .map(MessageHistory.KeptMessage::talker)
                .filter(Objects::nonNull)
                .toList());
        Map<Long, ChatMessage> known = new LinkedHashMap<>();
        for (MessageHistory.KeptMessage message : stored) {
            known.put(
                    message.seq(),
                    message(
                                    room,
                                    known,
                                    message.seq(),
                                    message.talker(),
                                    message.text(),
                                    message.replyTo(),
                                    message.at())
                            .removed(message.removed()));
        }
        return List.copyOf(known.values());
    }

    /** A message as pages get it, with what the room has now. */
    public ChatMessage message(
            Room room, long seq, @Nullable Talker talker, String text, @Nullable Long replyTo, Instant at) {
        return message(room, Map.of(), seq, talker, text, replyTo, at);
    }

    private ChatMessage message(
            Room room,
            Map<Long, ChatMessage> beside,
            long seq,
            @Nullable Talker talker,
            String text,
            @Nullable Long replyTo,
            Instant at) {
        return new ChatMessage(
                seq,
                at,
                authors.author(talker, room),
                MessageParser.parse(text, room.emoteSources()),
                replyTo == null
                        ? null
                        : Optional.ofNullable(beside.get(replyTo))
                                .or(() -> room.message(replyTo))
                                .map(ChatMessage::quoted)
                                .orElse(null),
                null);
    }

    /** Who may not write, the shield, the pinned message. */
    public void loadModeration(Room room) {
        room.loading.lock();
        try {
            readModeration(room);
        } finally {
            room.loading.unlock();
        }
    }

    private void readModeration(Room room) {
        long channelId = room.channel().id();
        room.raiseFloor(store.floor(channelId));
        room.changeSanctions(store.sanctions(channelId, clock.instant(), MAX_SANCTIONS));
        room.changeShield(store.shield(channelId));
        room.pin(store.pinned(channelId)
                .flatMap(seq -> messages.message(channelId, seq))
                .filter(message -> !message.removed())
                .map(message ->
                        message(room, message.seq(), message.by().orElse(null), message.text(), null, message.at()))
                .orElse(null));
    }

    /** A room that somebody is in, or comes into at this moment; empty when there is none in memory. */
    public Optional<Room> loaded(long channelId) {
        assert !AfterRelease.holdsConnection() : "a room is waited for with a connection in hand";
        return rooms.awaited(channelId);
    }

    /** Whether this is the room that pages of its channel get. */
    public boolean isCurrent(Room room) {
        return rooms.present(room.channel().id()).filter(room::equals).isPresent();
    }

    /** Tells a room what it is like now. */
    public void tellRoom(Room room) {
        sockets.publish(topic(room.channel()), room.message(clock.instant()));
    }

    public static String topic(ChannelView channel) {
        return TOPIC + channel.name();
    }

    /**
     * More people see a channel as soon as the caller's transaction stands: what was written up to a number is not for them. Not waited for:
     * a room that is being loaded hears of it after that.
     */
    void raiseFloor(long channelId, long seq) {
        rooms.present(channelId).ifPresent(room -> room.raiseFloor(seq));
    }

    /** Others may see a channel, or fewer. */
    void shown(long channelId, String name) {
        byName.invalidate(name);
        changed(channelId);
    }

    /** The channel is no more. */
    public void gone(long channelId, String name) {
        byName.invalidate(name);
        rooms.present(channelId).ifPresent(room -> rooms.remove(channelId, room));
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

    /** Changes what is stored of a room, and reads it again; later, when nobody knows whether it was changed. */
    void changing(long channelId, Runnable change) {
        try {
            change.run();
            changed(channelId);
        } catch (DataAccessException e) {
            stale.add(channelId);
            throw e;
        }
    }

    /** Reads a room's rules and people again, and tells it. */
    public void changed(long channelId) {
        loaded(channelId).ifPresent(room -> {
            room.loading.lock();
            try {
                room.change(store.settings(channelId));
                room.changeEmotes(emotes(channelId));
                room.changeModerators(store.moderators(channelId));
                readModeration(room);
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

    /** Those of the site, then the channel's own. */
    List<Emote> emotes(long channelId) {
        List<Emote> all = new ArrayList<>(BuiltInEmotes.ALL);
        all.addAll(store.emotes(channelId));
        return List.copyOf(all);
    }
}
