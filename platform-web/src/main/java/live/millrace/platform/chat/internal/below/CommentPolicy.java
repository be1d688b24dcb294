// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.below;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.AccountView;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.chat.ChatSettings;
import live.millrace.platform.chat.Talker;
import live.millrace.platform.chat.WordLists;
import live.millrace.platform.chat.internal.room.ChatEvents.Refused;
import live.millrace.platform.chat.internal.room.LiveRooms;
import live.millrace.platform.chat.internal.room.Room;
import live.millrace.platform.chat.internal.text.MessageParser;
import live.millrace.platform.chat.internal.text.MessageText;
import live.millrace.platform.chat.internal.writing.WriterPolicy;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * What may be written below a channel's videos: the rules of its room, of the site, and how much one person writes. Nothing waits here
 * to be allowed: what would in the chat is refused. Thread-safe.
 */
@Component
class CommentPolicy {
    static final int MAX_GRAPHEMES = 500;

    /** Whoever writes more in a minute than a person types does not read what they comment on. */
    static final int MOST_IN_A_MINUTE = 5;

    static final Duration MINUTE = Duration.ofMinutes(1);

    /** Below any videos; beyond it one person would fill the pages of a site. */
    static final int MOST_IN_A_DAY = 100;

    static final Duration DAY = Duration.ofDays(1);

    private final CommentStore store;
    private final WriterPolicy writers;
    private final Accounts accounts;
    private final WordLists words;
    private final LiveRooms rooms;

    CommentPolicy(CommentStore store, WriterPolicy writers, Accounts accounts, WordLists words, LiveRooms rooms) {
        this.store = store;
        this.writers = writers;
        this.accounts = accounts;
        this.words = words;
        this.rooms = rooms;
    }

    /**
     * What stands against a text whoever wrote it.
     *
     * @param typed as it came
     * @param text made harmless by {@link MessageText}
     */
    static Optional<Refused> misshapen(String typed, String text) {
        if (typed.length() > MessageText.MAX_CHARS || MessageText.graphemes(text) > MAX_GRAPHEMES) {
            return Optional.of(Refused.because("long"));
        }
        return text.isEmpty() ? Optional.of(Refused.because("empty")) : Optional.empty();
    }

    /** What stands against somebody's comment. Outside any transaction: the channel's room may have to be loaded. */
    Optional<Refused> refusal(ChannelView channel, Commenter author, String remote, String text, Instant now) {
        AccountPrincipal person = author.person();
        AccountView account =
                person == null ? null : accounts.find(person.accountId()).orElse(null);
        if (person != null && account == null) {
            return Optional.of(Refused.because("suspended"));
        }
        if (!store.open(channel.id())) {
            return Optional.of(refusedHere("closed"));
        }
        Room room = rooms.room(channel);
        Optional<Refused> barred = barred(room, author, account, remote, now);
        if (barred.isPresent() || room.moderates(person)) {
            return barred;
        }
        Optional<Refused> here =
                account == null ? WriterPolicy.guestsNotHere(room, now) : writers.notHere(room, account, now);
        return here.or(() -> unwelcome(room, text, now));
    }

    private Optional<Refused> barred(
            Room room, Commenter author, @Nullable AccountView account, String remote, Instant now) {
        AccountPrincipal person = author.person();
        if (person != null && account != null) {
            return writers.barred(room, person, account, remote, now);
        }
        return author.talker() instanceof Talker.Invited guest
                ? writers.barred(room, guest, remote, now)
                : Optional.of(Refused.because("suspended"));
    }

    /** What the text holds. */
    private Optional<Refused> unwelcome(Room room, String text, Instant now) {
        Optional<WordLists.Effect> verdict = words.verdict(room.channel().id(), text);
        if (verdict.isPresent()) {
            return Optional.of(verdict.get() == WordLists.Effect.BLOCK ? refusedHere("words") : refusedHere("held"));
        }
        return (room.shield().up(now) || room.settings().links() != ChatSettings.Links.ALLOWED)
                        && MessageParser.holdsLink(text)
                ? Optional.of(Refused.because("links"))
                : Optional.empty();
    }

    /** For a reason that is said in other words than in the chat, which has to know none of them. */
    private static Refused refusedHere(String reason) {
        return Refused.because(reason);
    }

    /** Whether somebody wrote too much lately, or the same. In the transaction that stores it, when {@link CommentStore#lockWriter} holds them. */
    Optional<Refused> tooMuch(String video, Talker talker, String text, Instant now) {
        return over(talker, "fast", MOST_IN_A_MINUTE, MINUTE, now)
                .or(() -> over(talker, "day", MOST_IN_A_DAY, DAY, now))
                .or(() ->
                        store.said(video, talker, text) ? Optional.of(Refused.because("duplicate")) : Optional.empty());
    }

    private Optional<Refused> over(Talker talker, String reason, int most, Duration within, Instant now) {
        return store.written(talker, most)
                .map(oldest -> oldest.plus(within))
                .filter(again -> again.isAfter(now))
                .map(again -> Refused.until(reason, Duration.between(now, again).toMillis()));
    }
}
