// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.below;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.audit.Audit;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.chat.StoredMessage;
import live.millrace.platform.chat.Talker;
import live.millrace.platform.chat.VideoComments.Kept;
import live.millrace.platform.chat.internal.room.ChatEvents.Refused;
import live.millrace.platform.chat.internal.text.MessageText;
import live.millrace.platform.notification.Notices;
import live.millrace.platform.recording.VideoView;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/** Writes comments below videos, and removes them. Whoever calls has found that the video may be seen. Thread-safe. */
@Service
public class WrittenComments {
    /** An owner is told of all comments of an hour at once. */
    private static final Duration TOLD_TOGETHER = Duration.ofHours(1);

    /** How a comment went. */
    public sealed interface Written {
        record Stored(CommentPage.Comment comment) implements Written {}

        record Not(Refused why) implements Written {}
    }

    public enum Removal {
        DONE,
        /** It is not there, or not any more. */
        GONE,
        /** Somebody else might. */
        FORBIDDEN
    }

    /** @param id of what is stored, where nothing is refused */
    private record Outcome(long id, @Nullable Refused refused) {}

    private final CommentStore store;
    private final CommentPolicy policy;
    private final ShownComments shown;
    private final Notices notices;
    private final Audit audit;
    private final TransactionTemplate transaction;
    private final Clock clock;

    WrittenComments(
            CommentStore store,
            CommentPolicy policy,
            ShownComments shown,
            Notices notices,
            Audit audit,
            TransactionTemplate transaction,
            Clock clock) {
        this.store = store;
        this.policy = policy;
        this.shown = shown;
        this.notices = notices;
        this.audit = audit;
        this.transaction = transaction;
        this.clock = clock;
    }

    /**
     * Writes a comment, and tells the channel's owner of it.
     *
     * @param remote the address that it came from
     * @param typed as it came
     */
    public Written write(VideoView video, ChannelView channel, Commenter author, String remote, String typed) {
        Instant now = clock.instant();
        String text = MessageText.clean(typed.length() > MessageText.MAX_CHARS ? "" : typed);
        Optional<Refused> refused =
                CommentPolicy.misshapen(typed, text).or(() -> policy.refusal(channel, author, remote, text, now));
        if (refused.isPresent()) {
            return new Written.Not(refused.get());
        }
        Outcome outcome =
                Objects.requireNonNull(transaction.execute(_ -> store(video, channel, author.talker(), text, now)));
        // The room is asked what its author may, which is not waited for within the transaction.
        return outcome.refused() != null
                ? new Written.Not(outcome.refused())
                : new Written.Stored(shown.one(
                        video, channel, author, new CommentStore.Row(outcome.id(), author.talker(), text, now, 0)));
    }

    private Outcome store(VideoView video, ChannelView channel, Talker author, String text, Instant now) {
        store.lockWriter(author);
        Optional<Refused> much = policy.tooMuch(video.id(), author, text, now);
        if (much.isPresent()) {
            return new Outcome(0, much.get());
        }
        OptionalLong id = store.insert(video.id(), author, text, now);
        if (id.isEmpty()) {
            return new Outcome(0, Refused.because("gone"));
        }
        if (!author.equals(new Talker.Person(channel.accountId()))) {
            notices.gather(
                    channel.accountId(),
                    "COMMENTS",
                    video.title().isBlank() ? channel.displayName() : video.title(),
                    "/videos/" + video.id() + "#comments",
                    TOLD_TOGETHER);
        }
        return new Outcome(id.getAsLong(), null);
    }

    /** Removes a comment for whoever wrote it, moderates the channel or the site. */
    public Removal remove(VideoView video, ChannelView channel, Commenter by, long id) {
        Optional<StoredMessage> found = store.find(id)
                .filter(kept -> kept.video().equals(video.id()))
                .map(Kept::comment)
                .filter(comment -> !comment.removed());
        if (found.isEmpty()) {
            return Removal.GONE;
        }
        StoredMessage comment = found.get();
        boolean mine = comment.by().filter(by.talker()::equals).isPresent();
        if (!mine && !shown.mayRemove(channel, by)) {
            return Removal.FORBIDDEN;
        }
        AccountPrincipal person = by.person();
        boolean done = Boolean.TRUE.equals(transaction.execute(_ -> {
            boolean removed = store.remove(id, by.talker().account(), mine, clock.instant());
            if (removed && !mine && person != null && person.staff()) {
                audit.add(
                        person.actor(),
                        "comment.remove",
                        channel.name() + " / " + named(comment),
                        comment.accountId(),
                        "",
                        comment.text());
            }
            return removed;
        }));
        return done ? Removal.DONE : Removal.GONE;
    }

    /** As the log of a room has it: a guest's name is set apart from that of every account. */
    private static String named(StoredMessage comment) {
        return comment.guest() == null ? comment.author() : "guest:" + comment.guest();
    }
}
