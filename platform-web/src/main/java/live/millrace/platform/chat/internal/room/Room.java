// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.room;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.chat.ChatRight;
import live.millrace.platform.chat.ChatSettings;
import live.millrace.platform.chat.Emote;
import live.millrace.platform.chat.Sanction;
import live.millrace.platform.chat.Talker;
import org.jspecify.annotations.Nullable;

/**
 * A channel's room in memory: its rules, and its last messages, from which pages that come and come back are served. Thread-safe.
 */
public final class Room {
    /** A page that missed more starts anew. */
    static final int KEPT = 500;

    static final int AT_JOIN = 50;

    /** In the place of a number of drafts. */
    private static final int CLOSED = -1;

    private final ChannelView channel;

    /** Messages that were accepted and are not stored; a room with such stays in memory. */
    public final AtomicInteger drafts = new AtomicInteger();

    /** Held while what the database says of the room is read and put here: of two who do, the one who read later is the last. */
    final ReentrantLock loading = new ReentrantLock();

    private volatile ChatSettings settings;
    private volatile List<Emote> emotes;
    private volatile Map<String, String> emoteSources = Map.of();
    private volatile Map<Long, Set<ChatRight>> moderators;
    private volatile Map<Talker, Sanction> sanctions = Map.of();
    private volatile Shield shield = Shield.DOWN;
    private volatile @Nullable ChatMessage pinned;
    private volatile Instant lastUsed;

    /** Up to this number messages were for fewer than the room is for now. */
    private volatile long floor;

    // Guarded by this.
    private final ArrayDeque<ChatMessage> messages = new ArrayDeque<>();
    private long lastSeq;

    /** Messages that somebody removed when they were stored and not here yet. */
    private final Set<Long> goneEarly = new HashSet<>();

    public Room(
            ChannelView channel,
            ChatSettings settings,
            List<Emote> emotes,
            Map<Long, Set<ChatRight>> moderators,
            Instant now) {
        this.channel = channel;
        this.settings = settings;
        this.emotes = List.of();
        this.moderators = moderators;
        this.lastUsed = now;
        changeEmotes(emotes);
    }

    public ChannelView channel() {
        return channel;
    }

    public ChatSettings settings() {
        return settings;
    }

    void change(ChatSettings changed) {
        settings = changed;
    }

    List<Emote> emotes() {
        return emotes;
    }

    /** Addresses by code. */
    Map<String, String> emoteSources() {
        return emoteSources;
    }

    void changeEmotes(List<Emote> changed) {
        emotes = List.copyOf(changed);
        Map<String, String> sources = new LinkedHashMap<>();
        changed.forEach(emote -> sources.put(emote.code(), emote.src()));
        emoteSources = Map.copyOf(sources);
    }

    public boolean moderatedBy(long accountId) {
        return moderators.containsKey(accountId);
    }

    /** Whether somebody is a moderator of this room by name; no guest is. */
    boolean moderatedBy(Talker talker) {
        return talker instanceof Talker.Person(long accountId) && moderatedBy(accountId);
    }

    /** Whether somebody moderates this room. */
    public boolean moderates(@Nullable AccountPrincipal principal) {
        return !rights(principal).isEmpty();
    }

    /** What somebody may do here beside talking. */
    public Set<ChatRight> rights(@Nullable AccountPrincipal principal) {
        if (principal == null) {
            return Set.of();
        }
        return principal.staff() || principal.accountId() == channel.accountId()
                ? ChatRight.ALL
                : moderators.getOrDefault(principal.accountId(), Set.of());
    }

    void changeModerators(Map<Long, Set<ChatRight>> changed) {
        moderators = Map.copyOf(changed);
    }

    /** What keeps somebody from writing; empty when nothing does. */
    public Optional<Sanction> sanction(Talker talker, Instant now) {
        return Optional.ofNullable(sanctions.get(talker)).filter(sanction -> sanction.active(now));
    }

    /** Those of names that nobody has yet are left out. */
    void changeSanctions(List<Sanction> changed) {
        Map<Talker, Sanction> byTalker = new HashMap<>();
        for (Sanction sanction : changed) {
            if (sanction.whom() != null) {
                byTalker.put(sanction.whom(), sanction);
            }
        }
        sanctions = Map.copyOf(byTalker);
    }

    public List<Sanction> sanctions() {
        return List.copyOf(sanctions.values());
    }

    public Shield shield() {
        return shield;
    }

    void changeShield(Shield changed) {
        shield = changed;
    }

    void pin(@Nullable ChatMessage message) {
        pinned = message;
    }

    /** What a page is told of the room itself. */
    public ChatEvents.Room message(Instant now) {
        return new ChatEvents.Room(settings, emotes, pinned, shield.up(now) ? shield.hours() : 0);
    }

    /** Counts a draft; answers false when the room is about to be forgotten, and another has to be asked for. */
    boolean beginDraft() {
        return drafts.getAndUpdate(count -> count == CLOSED ? CLOSED : count + 1) != CLOSED;
    }

    /** Takes no more drafts; answers false when it has some. */
    boolean close() {
        return drafts.compareAndSet(0, CLOSED);
    }

    void used(Instant now) {
        lastUsed = now;
    }

    Instant lastUsed() {
        return lastUsed;
    }

    public synchronized long lastSeq() {
        return lastSeq;
    }

    /** Up to this number messages were written for fewer than whoever is in the room now: those who keep it in order see them. */
    public long floor() {
        return floor;
    }

    synchronized void raiseFloor(long seq) {
        floor = Math.max(floor, seq);
    }

    /** Adds messages that are stored; those that are there already are left out. Answers which of them are gone again already. */
    public synchronized List<Long> append(List<ChatMessage> stored) {
        List<Long> gone = new ArrayList<>();
        for (ChatMessage message : stored) {
            if (message.seq() > lastSeq) {
                boolean early = goneEarly.remove(message.seq());
                if (early) {
                    gone.add(message.seq());
                }
                ChatMessage now = withoutGone(message);
                messages.addLast(early ? now.removed(true) : now);
                lastSeq = message.seq();
            }
        }
        while (messages.size() > KEPT) {
            messages.removeFirst();
        }
        return gone;
    }

    /** A message as it may be shown: what it answers may have been removed while it was on its way. */
    private ChatMessage withoutGone(ChatMessage message) {
        ChatMessage.Reply reply = message.reply();
        return reply != null && message(reply.seq()).filter(ChatMessage::isGone).isPresent()
                ? message.answering(Map.of(), Set.of(reply.seq()))
                : message;
    }

    /** Numbers up to this one were given, also to messages that are forgotten. */
    synchronized void numberedTo(long seq) {
        lastSeq = Math.max(lastSeq, seq);
    }

    synchronized Optional<ChatMessage> message(long seq) {
        return messages.stream().filter(message -> message.seq() == seq).findFirst();
    }

    /** Marks messages as gone, or as back; answers those that are still in memory, as they are now. */
    public synchronized List<ChatMessage> mark(Collection<Long> seqs, boolean gone) {
        Set<Long> wanted = new HashSet<>(seqs);
        for (long seq : wanted) {
            if (!gone) {
                goneEarly.remove(seq);
            } else if (seq > lastSeq && goneEarly.size() < KEPT) {
                goneEarly.add(seq);
            }
        }
        Map<Long, ChatMessage> marked = new LinkedHashMap<>();
        for (ChatMessage message : messages) {
            if (wanted.contains(message.seq())) {
                marked.put(message.seq(), message.removed(gone));
            }
        }
        ArrayDeque<ChatMessage> all = new ArrayDeque<>(messages.size());
        for (ChatMessage message : messages) {
            // What was removed is no longer to be read above its answers either.
            ChatMessage now = marked.getOrDefault(message.seq(), message)
                    .answering(gone ? Map.of() : marked, gone ? wanted : Set.of());
            marked.replace(message.seq(), now);
            all.addLast(now);
        }
        messages.clear();
        messages.addAll(all);
        return List.copyOf(marked.values());
    }

    /** The number of the oldest message in memory. */
    public synchronized long firstSeq() {
        return messages.isEmpty() ? lastSeq + 1 : messages.getFirst().seq();
    }

    /**
     * What a page is told that has seen the messages up to a number; a negative one for a page that saw none.
     *
     * @param moderator whether it is shown what was removed, and what was for fewer
     */
    public synchronized ChatEvents.History history(long since, boolean moderator) {
        boolean knows = since >= 0 && since <= lastSeq;
        long least = moderator ? 0 : floor;
        long from = knows ? Math.max(since, least) : least;
        List<ChatMessage> newer = new ArrayList<>();
        List<Long> gone = new ArrayList<>();
        for (ChatMessage message : messages) {
            if (message.seq() > from) {
                newer.add(message);
            } else if (knows && message.seq() <= since && message.isGone()) {
                gone.add(message.seq());
            }
        }
        long expected = lastSeq - from;
        if (knows && expected <= newer.size()) {
            return new ChatEvents.History(true, 0, visible(newer, moderator), gone);
        }
        List<ChatMessage> shown = visible(newer, moderator);
        List<ChatMessage> last = shown.subList(Math.max(0, shown.size() - AT_JOIN), shown.size());
        return new ChatEvents.History(false, knows ? expected - last.size() : 0, List.copyOf(last), List.of());
    }

    private static List<ChatMessage> visible(List<ChatMessage> messages, boolean moderator) {
        return moderator
                ? messages
                : messages.stream().filter(message -> !message.isGone()).toList();
    }
}
