// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.AccountView;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.AddressBans;
import live.millrace.platform.account.MailLinks;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Follows;
import live.millrace.platform.chat.ChatSettings;
import live.millrace.platform.chat.WordLists;
import live.millrace.platform.chat.internal.ChatMessages.Refused;
import live.millrace.platform.site.Setting;
import live.millrace.platform.site.SiteSettings;
import live.millrace.platform.socket.Page;
import live.millrace.platform.socket.Topic;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/**
 * {@code chat:{channel}}: a room. Everybody may listen; whoever the rules allow may {@code say}. Every line is answered: said, not
 * said and why, or waiting.
 */
@Component
class ChatTopic implements Topic {
    static final String PREFIX = "chat:";

    private static final Duration DUPLICATE_WITHIN = Duration.ofSeconds(30);
    private static final int MAX_HELD = 200;
    private static final int SHIELD_SLOW_SECONDS = 10;

    /** What somebody said last in a room, for slow mode and against repetition. */
    private record LastLine(String text, Instant at) {}

    private record Speaker(long roomId, long accountId) {}

    private final LiveRooms rooms;
    private final LineWriter writer;
    private final ChatStore store;
    private final Accounts accounts;
    private final Follows follows;
    private final TalkLimits limits;
    private final HeldTopic held;
    private final WordLists words;
    private final Trusted trusted;
    private final FloodWatch flood;
    private final RoomShield shield;
    private final AddressBans addresses;
    private final MailLinks mail;
    private final SiteSettings settings;
    private final Clock clock;
    private final Cache<Speaker, LastLine> lastLines = Caffeine.newBuilder()
            .maximumSize(100_000)
            .expireAfterWrite(Duration.ofSeconds(ChatSettings.MAX_SLOW_SECONDS))
            .build();

    ChatTopic(
            LiveRooms rooms,
            LineWriter writer,
            ChatStore store,
            Accounts accounts,
            Follows follows,
            TalkLimits limits,
            HeldTopic held,
            WordLists words,
            Trusted trusted,
            FloodWatch flood,
            RoomShield shield,
            AddressBans addresses,
            MailLinks mail,
            SiteSettings settings,
            Clock clock) {
        this.rooms = rooms;
        this.writer = writer;
        this.store = store;
        this.accounts = accounts;
        this.follows = follows;
        this.limits = limits;
        this.held = held;
        this.words = words;
        this.trusted = trusted;
        this.flood = flood;
        this.shield = shield;
        this.addresses = addresses;
        this.mail = mail;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public boolean owns(String name) {
        return name.startsWith(PREFIX);
    }

    @Override
    public void prepare(String name) {
        rooms.channel(name.substring(PREFIX.length())).ifPresent(rooms::room);
    }

    @Override
    public Optional<List<?>> join(String name, Page page, long since) {
        return rooms.channel(name.substring(PREFIX.length())).map(channel -> {
            Room room = rooms.room(channel);
            AccountPrincipal principal = page.principal();
            return List.of(
                    room.message(clock.instant()),
                    new ChatMessages.You(
                            principal == null ? null : principal.getUsername(),
                            room.rights(principal),
                            principal == null
                                    ? null
                                    : room.sanction(principal.accountId(), clock.instant())
                                            .orElse(null)),
                    room.history(since, keeper(principal, room)));
        });
    }

    static boolean keeper(@Nullable AccountPrincipal principal, Room room) {
        return !room.rights(principal).isEmpty();
    }

    @Override
    public void receive(String name, Page page, JsonNode message) {
        if (message.path("type").asString("").equals("say")) {
            clientId(message.path("id").asString(""))
                    .ifPresent(id -> rooms.channel(name.substring(PREFIX.length()))
                            .ifPresent(channel -> say(name, page, channel, id, message)));
        }
    }

    private static Optional<UUID> clientId(String text) {
        try {
            return Optional.of(UUID.fromString(text));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    private void say(String topic, Page page, ChannelView channel, UUID id, JsonNode message) {
        AccountPrincipal principal = page.principal();
        String typed = message.path("text").asString("");
        String text = LineText.clean(typed.length() > LineText.MAX_CHARS ? "" : typed);
        Room room = rooms.roomForDraft(channel);
        boolean taken = false;
        try {
            Optional<Refused> refused =
                    typed.length() > LineText.MAX_CHARS || LineText.graphemes(text) > LineText.MAX_GRAPHEMES
                            ? Optional.of(Refused.because("long"))
                            : text.isEmpty()
                                    ? Optional.of(Refused.because("empty"))
                                    : principal == null
                                            ? Optional.of(Refused.because("signed-out"))
                                            : refusal(room, principal, page, id, text);
            if (refused.isPresent() || principal == null) {
                page.send(
                        topic, new ChatMessages.NotSaid(id.toString(), refused.orElse(Refused.because("signed-out"))));
                return;
            }
            JsonNode reply = message.path("replyTo");
            Draft draft = new Draft(
                    room,
                    principal.accountId(),
                    id,
                    text,
                    reply.isIntegralNumber() ? reply.asLong() : null,
                    clock.instant(),
                    page,
                    null);
            Optional<String> waitsFor = keeper(principal, room) || trusted.trusts(room, principal.accountId())
                    ? Optional.empty()
                    : holdReason(room, text);
            if (waitsFor.isPresent()) {
                hold(topic, page, draft, waitsFor.get());
            } else if (writer.offer(draft)) {
                taken = true;
            } else {
                page.send(topic, new ChatMessages.NotSaid(id.toString(), Refused.until("unavailable", 2_000)));
            }
        } finally {
            if (!taken) {
                room.drafts.decrementAndGet();
            }
        }
    }

    /** Why a line has to be looked at first; empty when it has not. */
    private Optional<String> holdReason(Room room, String text) {
        if (room.settings().links() == ChatSettings.Links.HELD && LineParser.holdsLink(text)) {
            return Optional.of("links");
        }
        return words.verdict(room.channel().id(), text)
                .filter(WordLists.Effect.HOLD::equals)
                .map(_ -> "words");
    }

    private void hold(String topic, Page page, Draft draft, String reason) {
        ChannelView channel = draft.room().channel();
        OptionalLong stored = store.find(draft.accountId(), draft.clientId());
        if (stored.isPresent()) {
            // Sent again after a cut: it was allowed meanwhile.
            page.send(topic, new ChatMessages.Said(draft.clientId().toString(), stored.getAsLong()));
            return;
        }
        if (store.heldCount(channel.id()) >= MAX_HELD) {
            page.send(topic, new ChatMessages.NotSaid(draft.clientId().toString(), Refused.because("full")));
            return;
        }
        store.hold(draft, reason);
        page.send(topic, new ChatMessages.Waits(draft.clientId().toString()));
        held.changed(draft.room());
    }

    /** What stands against a line. Cheap questions first, and the limits last: who is refused for another reason loses nothing. */
    private Optional<Refused> refusal(Room room, AccountPrincipal principal, Page page, UUID id, String text) {
        AccountView account = accounts.find(principal.accountId()).orElse(null);
        if (account == null || account.suspended()) {
            return Optional.of(Refused.because("suspended"));
        }
        if (room.sanction(principal.accountId(), clock.instant()).isPresent()) {
            return Optional.of(Refused.because("banned"));
        }
        if (!principal.staff()) {
            if (addresses.banned(page.remote())) {
                return Optional.of(Refused.because("address"));
            }
            if (settings.text(Setting.MAINTENANCE).equals("on")) {
                return Optional.of(Refused.because("maintenance"));
            }
        }
        Speaker speaker = new Speaker(room.channel().id(), principal.accountId());
        Instant now = clock.instant();
        ChatSettings rules = room.settings();
        LastLine last = lastLines.getIfPresent(speaker);
        if (!keeper(principal, room)) {
            if (flood.flooded(room, account, text)) {
                shield.flooded(room);
            }
            Optional<Refused> refused = ruledOut(rules, room, account, now, text, last);
            if (refused.isPresent()) {
                // Sent again after a cut, it may be stored: then it is no repetition.
                return store.find(principal.accountId(), id).isPresent() ? Optional.empty() : refused;
            }
        }
        long wait = limits.take(principal.accountId(), page.remote());
        if (wait > 0) {
            return Optional.of(Refused.until("fast", wait));
        }
        lastLines.put(speaker, new LastLine(text, now));
        return Optional.empty();
    }

    private Optional<Refused> ruledOut(
            ChatSettings rules, Room room, AccountView account, Instant now, String text, @Nullable LastLine last) {
        switch (rules.writers()) {
            case NOBODY -> {
                return Optional.of(Refused.because("off"));
            }
            case VERIFIED -> {
                if (!account.verified()) {
                    return Optional.of(Refused.because("verified"));
                }
            }
            case FOLLOWERS -> {
                Optional<Instant> since =
                        follows.since(account.id(), room.channel().id());
                if (since.isEmpty()) {
                    return Optional.of(new Refused("followers", 0, rules.followMinutes()));
                }
                Instant from = since.get().plus(Duration.ofMinutes(rules.followMinutes()));
                if (from.isAfter(now)) {
                    return Optional.of(new Refused(
                            "followers-wait", Duration.between(now, from).toMillis(), rules.followMinutes()));
                }
            }
            case EVERYONE -> {
                // whoever is signed in
            }
        }
        boolean shielded = room.shield().up(now);
        if (shielded) {
            if (account.createdAt()
                    .isAfter(now.minus(Duration.ofHours(room.shield().hours())))) {
                return Optional.of(new Refused("shield", 0, room.shield().hours()));
            }
            if (mail.available() && !account.verified()) {
                return Optional.of(Refused.because("verified"));
            }
        }
        if (words.verdict(room.channel().id(), text)
                .filter(WordLists.Effect.BLOCK::equals)
                .isPresent()) {
            return Optional.of(Refused.because("words"));
        }
        if ((shielded || rules.links() == ChatSettings.Links.BLOCKED) && LineParser.holdsLink(text)) {
            return Optional.of(Refused.because("links"));
        }
        if (last == null) {
            return Optional.empty();
        }
        int slow = shielded ? Math.max(rules.slowSeconds(), SHIELD_SLOW_SECONDS) : rules.slowSeconds();
        Instant slowUntil = last.at().plusSeconds(slow);
        if (slowUntil.isAfter(now)) {
            return Optional.of(
                    new Refused("slow", Duration.between(now, slowUntil).toMillis(), slow));
        }
        if (!rules.allowDuplicates()
                && last.text().equalsIgnoreCase(text)
                && last.at().plus(DUPLICATE_WITHIN).isAfter(now)) {
            return Optional.of(Refused.because("duplicate"));
        }
        return Optional.empty();
    }
}
