// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.writing;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.AccountView;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.chat.ChatSettings;
import live.millrace.platform.chat.Talker;
import live.millrace.platform.chat.WordLists;
import live.millrace.platform.chat.internal.room.ChatEvents.Refused;
import live.millrace.platform.chat.internal.room.Room;
import live.millrace.platform.chat.internal.text.MessageParser;
import live.millrace.platform.chat.internal.text.MessageText;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;

/** What may be said in a room: the rules of the room, of the site, and what each says of the text. Thread-safe. */
@Component
class MessagePolicy {
    private static final Duration DUPLICATE_WITHIN = Duration.ofSeconds(30);
    private static final int SHIELD_SLOW_SECONDS = 10;

    /** A stroke and a letter are a command, and no command is for all to read: not one that does not exist, nor a moderator's. */
    private static final Pattern COMMAND = Pattern.compile("/[A-Za-z]");

    /** What somebody said last in a room, for slow mode and against repetition. */
    private record LastMessage(String text, Instant at) {}

    private record Speaker(long roomId, Talker talker) {}

    private final WriterPolicy writers;
    private final Accounts accounts;
    private final MessageStore store;
    private final TalkLimits limits;
    private final WordLists words;
    private final Trusted trusted;
    private final FloodWatch flood;
    private final ApplicationEventPublisher events;
    private final Clock clock;
    private final Cache<Speaker, LastMessage> lastMessages = Caffeine.newBuilder()
            .maximumSize(100_000)
            .expireAfterWrite(Duration.ofSeconds(ChatSettings.MAX_SLOW_SECONDS))
            .build();

    MessagePolicy(
            WriterPolicy writers,
            Accounts accounts,
            MessageStore store,
            TalkLimits limits,
            WordLists words,
            Trusted trusted,
            FloodWatch flood,
            ApplicationEventPublisher events,
            Clock clock) {
        this.writers = writers;
        this.accounts = accounts;
        this.store = store;
        this.limits = limits;
        this.words = words;
        this.trusted = trusted;
        this.flood = flood;
        this.events = events;
        this.clock = clock;
    }

    /**
     * What stands against a text whoever wrote it.
     *
     * @param typed as it came
     * @param text made harmless by {@link MessageText}
     */
    static Optional<Refused> misshapen(String typed, String text) {
        if (typed.length() > MessageText.MAX_CHARS || MessageText.graphemes(text) > MessageText.MAX_GRAPHEMES) {
            return Optional.of(Refused.because("long"));
        }
        if (COMMAND.matcher(text).lookingAt()) {
            return Optional.of(Refused.because("command"));
        }
        return text.isEmpty() ? Optional.of(Refused.because("empty")) : Optional.empty();
    }

    /** Why a message has to be looked at first; empty when it has not. */
    Optional<String> holdReason(Room room, @Nullable AccountPrincipal principal, Talker talker, String text) {
        if (room.moderates(principal) || trusted.trusts(room, talker)) {
            return Optional.empty();
        }
        if (room.settings().links() == ChatSettings.Links.HELD && MessageParser.holdsLink(text)) {
            return Optional.of("links");
        }
        return words.verdict(room.channel().id(), text)
                .filter(WordLists.Effect.HOLD::equals)
                .map(_ -> "words");
    }

    /**
     * What stands against a message. Cheap questions first, and the limits last: who is refused for another reason loses nothing.
     *
     * @param principal null of a guest
     * @param id by which its sender knows it: sent again after a cut, it is no repetition
     */
    Optional<Refused> refusal(
            Room room, @Nullable AccountPrincipal principal, Talker talker, String remote, UUID id, String text) {
        AccountView account =
                principal == null ? null : accounts.find(principal.accountId()).orElse(null);
        Instant now = clock.instant();
        Optional<Refused> barred = barred(room, principal, account, talker, remote, now);
        if (barred.isPresent()) {
            return barred;
        }
        Speaker speaker = new Speaker(room.channel().id(), talker);
        if (!room.moderates(principal)) {
            if (flood.flooded(room, talker, account, text)) {
                events.publishEvent(new RoomFlooded(room));
            }
            Optional<Refused> here =
                    account == null ? WriterPolicy.guestsNotHere(room, now) : writers.notHere(room, account, now);
            Optional<Refused> refused = here.or(() -> unwelcome(room, text, now))
                    .or(() -> tooSoon(room, text, now, lastMessages.getIfPresent(speaker)));
            if (refused.isPresent()) {
                // Sent again after a cut, it may be stored: then it is no repetition.
                return store.find(talker, id).isPresent() ? Optional.empty() : refused;
            }
        }
        long wait = limits.take(talker, remote);
        if (wait > 0) {
            return Optional.of(Refused.until("fast", wait));
        }
        lastMessages.put(speaker, new LastMessage(text, now));
        return Optional.empty();
    }

    private Optional<Refused> barred(
            Room room,
            @Nullable AccountPrincipal principal,
            @Nullable AccountView account,
            Talker talker,
            String remote,
            Instant now) {
        if (principal != null && account != null) {
            return writers.barred(room, principal, account, remote, now);
        }
        return talker instanceof Talker.Invited guest
                ? writers.barred(room, guest, remote, now)
                : Optional.of(Refused.because("suspended"));
    }

    /** What the text holds. */
    private Optional<Refused> unwelcome(Room room, String text, Instant now) {
        if (words.verdict(room.channel().id(), text)
                .filter(WordLists.Effect.BLOCK::equals)
                .isPresent()) {
            return Optional.of(Refused.because("words"));
        }
        return (room.shield().up(now) || room.settings().links() == ChatSettings.Links.BLOCKED)
                        && MessageParser.holdsLink(text)
                ? Optional.of(Refused.because("links"))
                : Optional.empty();
    }

    private static Optional<Refused> tooSoon(Room room, String text, Instant now, @Nullable LastMessage last) {
        if (last == null) {
            return Optional.empty();
        }
        ChatSettings rules = room.settings();
        int slow = room.shield().up(now) ? Math.max(rules.slowSeconds(), SHIELD_SLOW_SECONDS) : rules.slowSeconds();
        Instant slowUntil = last.at().plusSeconds(slow);
        if (slowUntil.isAfter(now)) {
            return Optional.of(
                    new Refused("slow", Duration.between(now, slowUntil).toMillis(), slow));
        }
        return !rules.allowDuplicates()
                        && last.text().equalsIgnoreCase(text)
                        && last.at().plus(DUPLICATE_WITHIN).isAfter(now)
                ? Optional.of(Refused.because("duplicate"))
                : Optional.empty();
    }
}
