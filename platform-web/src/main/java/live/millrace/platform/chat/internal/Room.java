// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal;

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
import org.jspecify.annotations.Nullable;

/** A channel's room in memory: its rules, and its last lines, from which pages that come and come back are served. Thread-safe. */
final class Room {
    /** A page that missed more starts anew. */
    static final int KEPT = 500;

    static final int AT_JOIN = 50;

    /** In the place of a number of drafts. */
    private static final int CLOSED = -1;

    private final ChannelView channel;

    /** Lines that were accepted and are not stored; a room with such stays in memory. */
    final AtomicInteger drafts = new AtomicInteger();

    /** Held while what the database says of the room is read and put here: of two who do, the one who read later is the last. */
    final ReentrantLock loading = new ReentrantLock();

    private volatile ChatSettings settings;
    private volatile List<Emote> emotes;
    private volatile Map<String, String> emoteSources = Map.of();
    private volatile Map<Long, Set<ChatRight>> moderators;
    private volatile Map<Long, Sanction> sanctions = Map.of();
    private volatile OrderStore.Shield shield = OrderStore.Shield.DOWN;
    private volatile @Nullable ChatLine pinned;
    private volatile Instant lastUsed;

    // Guarded by this.
    private final ArrayDeque<ChatLine> lines = new ArrayDeque<>();
    private long lastSeq;

    /** Lines that somebody removed when they were stored and not here yet. */
    private final Set<Long> goneEarly = new HashSet<>();

    Room(
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

    ChannelView channel() {
        return channel;
    }

    ChatSettings settings() {
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

    boolean moderatedBy(long accountId) {
        return moderators.containsKey(accountId);
    }

    /** What somebody may do here beside talking. */
    Set<ChatRight> rights(@Nullable AccountPrincipal principal) {
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
    Optional<Sanction> sanction(long accountId, Instant now) {
        return Optional.ofNullable(sanctions.get(accountId)).filter(sanction -> sanction.active(now));
    }

    /** Those of names that nobody has yet are left out. */
    void changeSanctions(List<Sanction> changed) {
        Map<Long, Sanction> byAccount = new HashMap<>();
        for (Sanction sanction : changed) {
            if (sanction.accountId() != null) {
                byAccount.put(sanction.accountId(), sanction);
            }
        }
        sanctions = Map.copyOf(byAccount);
    }

    List<Sanction> sanctions() {
        return List.copyOf(sanctions.values());
    }

    OrderStore.Shield shield() {
        return shield;
    }

    void changeShield(OrderStore.Shield changed) {
        shield = changed;
    }

    void pin(@Nullable ChatLine line) {
        pinned = line;
    }

    /** What a page is told of the room itself. */
    ChatMessages.Room message(Instant now) {
        return new ChatMessages.Room(settings, emotes, pinned, shield.up(now) ? shield.hours() : 0);
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

    synchronized long lastSeq() {
        return lastSeq;
    }

    /** Adds lines that are stored; those that are there already are left out. Answers which of them are gone again already. */
    synchronized List<Long> append(List<ChatLine> stored) {
        List<Long> gone = new ArrayList<>();
        for (ChatLine line : stored) {
            if (line.seq() > lastSeq) {
                boolean early = goneEarly.remove(line.seq());
                if (early) {
                    gone.add(line.seq());
                }
                lines.addLast(early ? line.removed(true) : line);
                lastSeq = line.seq();
            }
        }
        while (lines.size() > KEPT) {
            lines.removeFirst();
        }
        return gone;
    }

    /** Numbers up to this one were given, also to lines that are forgotten. */
    synchronized void numberedTo(long seq) {
        lastSeq = Math.max(lastSeq, seq);
    }

    synchronized Optional<ChatLine> line(long seq) {
        return lines.stream().filter(line -> line.seq() == seq).findFirst();
    }

    /** Marks lines as gone, or as back; answers those that are still in memory, as they are now. */
    synchronized List<ChatLine> mark(Collection<Long> seqs, boolean gone) {
        Set<Long> wanted = new HashSet<>(seqs);
        for (long seq : wanted) {
            if (!gone) {
                goneEarly.remove(seq);
            } else if (seq > lastSeq && goneEarly.size() < KEPT) {
                goneEarly.add(seq);
            }
        }
        List<ChatLine> marked = new ArrayList<>();
        ArrayDeque<ChatLine> all = new ArrayDeque<>(lines.size());
        for (ChatLine line : lines) {
            ChatLine now = wanted.contains(line.seq()) ? line.removed(gone) : line;
            all.addLast(now);
            if (wanted.contains(line.seq())) {
                marked.add(now);
            }
        }
        lines.clear();
        lines.addAll(all);
        return marked;
    }

    /** The number of the oldest line in memory. */
    synchronized long firstSeq() {
        return lines.isEmpty() ? lastSeq + 1 : lines.getFirst().seq();
    }

    /**
     * What a page is told that has seen the lines up to a number; a negative one for a page that saw none.
     *
     * @param keeper whether it is shown what was removed
     */
    synchronized ChatMessages.History history(long since, boolean keeper) {
        boolean knows = since >= 0 && since <= lastSeq;
        List<ChatLine> newer = new ArrayList<>();
        List<Long> gone = new ArrayList<>();
        for (ChatLine line : lines) {
            if (!knows || line.seq() > since) {
                newer.add(line);
            } else if (line.isGone()) {
                gone.add(line.seq());
            }
        }
        long expected = lastSeq - since;
        if (knows && expected <= newer.size()) {
            return new ChatMessages.History(true, 0, visible(newer, keeper), gone);
        }
        List<ChatLine> shown = visible(newer, keeper);
        List<ChatLine> last = shown.subList(Math.max(0, shown.size() - AT_JOIN), shown.size());
        return new ChatMessages.History(false, knows ? expected - last.size() : 0, List.copyOf(last), List.of());
    }

    private static List<ChatLine> visible(List<ChatLine> lines, boolean keeper) {
        return keeper ? lines : lines.stream().filter(line -> !line.isGone()).toList();
    }
}
