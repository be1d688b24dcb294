// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.chat.ChatSettings;
import live.millrace.platform.chat.Emote;

/** A channel's room in memory: its rules, and its last lines, from which pages that come and come back are served. Thread-safe. */
final class Room {
    /** A page that missed more starts anew. */
    static final int KEPT = 500;

    static final int AT_JOIN = 50;

    private final ChannelView channel;

    /** Lines that were accepted and are not stored; a room with such stays in memory. */
    final AtomicInteger drafts = new AtomicInteger();

    private volatile ChatSettings settings;
    private volatile List<Emote> emotes;
    private volatile Map<String, String> emoteSources = Map.of();
    private volatile Set<Long> moderators;
    private volatile Instant lastUsed;

    // Guarded by this.
    private final ArrayDeque<ChatLine> lines = new ArrayDeque<>();
    private long lastSeq;

    Room(
            ChannelView channel,
            ChatSettings settings,
            List<Emote> emotes,
            Set<Long> moderators,
            List<ChatLine> last,
            long lastSeq,
            Instant now) {
        this.channel = channel;
        this.settings = settings;
        this.emotes = List.of();
        this.moderators = moderators;
        this.lines.addAll(last);
        this.lastSeq = lastSeq;
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
        return moderators.contains(accountId);
    }

    void changeModerators(Set<Long> changed) {
        moderators = Set.copyOf(changed);
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

    synchronized void append(List<ChatLine> stored) {
        for (ChatLine line : stored) {
            lines.addLast(line);
            lastSeq = Math.max(lastSeq, line.seq());
        }
        while (lines.size() > KEPT) {
            lines.removeFirst();
        }
    }

    synchronized Optional<ChatLine> line(long seq) {
        return lines.stream().filter(line -> line.seq() == seq).findFirst();
    }

    /** What a page is told that has seen the lines up to a number; a negative one for a page that saw none. */
    synchronized ChatMessages.History history(long since) {
        boolean knows = since >= 0 && since <= lastSeq;
        List<ChatLine> newer = new ArrayList<>();
        for (ChatLine line : lines) {
            if (!knows || line.seq() > since) {
                newer.add(line);
            }
        }
        long expected = lastSeq - since;
        if (knows && expected <= newer.size()) {
            return new ChatMessages.History(true, 0, newer);
        }
        List<ChatLine> last = newer.subList(Math.max(0, newer.size() - AT_JOIN), newer.size());
        return new ChatMessages.History(false, knows ? expected - last.size() : 0, List.copyOf(last));
    }
}
