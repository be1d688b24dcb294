// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.below;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.audience.Viewer;
import live.millrace.platform.audience.Viewers;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.People;
import live.millrace.platform.channel.People.Person;
import live.millrace.platform.chat.ChatRight;
import live.millrace.platform.chat.ChatSettings;
import live.millrace.platform.chat.Talker;
import live.millrace.platform.chat.internal.room.LiveRooms;
import live.millrace.platform.chat.internal.room.Talkers;
import live.millrace.platform.picture.Pictures;
import live.millrace.platform.recording.BelowVideo;
import live.millrace.platform.recording.VideoView;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.ui.Model;

/** Comments as pages and programs see them. Whoever calls has found that the video may be seen. Thread-safe. */
@Component
public class ShownComments implements BelowVideo {
    static final int PAGE = 20;

    /** Of a page's address: only those before this one. */
    private static final String BEFORE = "comments";

    private final CommentStore store;
    private final LiveRooms rooms;
    private final People people;
    private final Talkers talkers;
    private final Viewers viewers;

    ShownComments(CommentStore store, LiveRooms rooms, People people, Talkers talkers, Viewers viewers) {
        this.store = store;
        this.rooms = rooms;
        this.people = people;
        this.talkers = talkers;
        this.viewers = viewers;
    }

    @Override
    public void show(
            VideoView video,
            ChannelView channel,
            @Nullable AccountPrincipal watcher,
            HttpServletRequest request,
            Model model) {
        Commenter who = commenter(channel, viewers.of(request)).orElse(null);
        String asked = request.getParameter(BEFORE);
        boolean older = asked != null && asked.matches("[1-9]\\d{0,17}");
        model.addAttribute("commentsOlder", older);
        model.addAttribute("commentsKnown", who != null);
        model.addAttribute("commentsWritten", who != null && (!who.guest() || guestsWrite(channel)));
        model.addAttribute("comments", page(video, channel, who, older ? Long.parseLong(asked) : Long.MAX_VALUE));
    }

    /** Whoever sent a request, as somebody who may have comments of their own; empty for whoever only reads. */
    public Optional<Commenter> commenter(ChannelView channel, Viewer viewer) {
        return talkers.of(channel, viewer).map(talker -> new Commenter(talker, viewer.person()));
    }

    /** As the owner wishes: what is for a while is said to whoever tries. */
    private boolean guestsWrite(ChannelView channel) {
        ChatSettings rules = rooms.room(channel).settings();
        return rules.guests() && rules.writers() == ChatSettings.Writers.EVERYONE;
    }

    /** @param before only those with a smaller id; {@link Long#MAX_VALUE} for the newest */
    public CommentPage page(VideoView video, ChannelView channel, @Nullable Commenter watcher, long before) {
        if (!store.open(channel.id())) {
            return CommentPage.CLOSED;
        }
        List<CommentStore.Row> found = store.page(video.id(), before, PAGE + 1);
        List<CommentStore.Row> shown = found.subList(0, Math.min(PAGE, found.size()));
        return new CommentPage(
                true,
                store.count(video.id()),
                comments(video, channel, watcher, shown),
                found.size() > PAGE ? shown.getLast().id() : null);
    }

    /** One that was just written. */
    CommentPage.Comment one(VideoView video, ChannelView channel, Commenter author, CommentStore.Row row) {
        return comments(video, channel, author, List.of(row)).getFirst();
    }

    private List<CommentPage.Comment> comments(
            VideoView video, ChannelView channel, @Nullable Commenter watcher, List<CommentStore.Row> rows) {
        boolean moderator = watcher != null && mayRemove(channel, watcher);
        // What is recorded now grows while somebody reads.
        long seconds = video.recording() ? Long.MAX_VALUE : video.durationMillis() / 1_000;
        Map<Long, Person> authors = people
                .findAll(rows.stream()
                        .flatMap(row -> Stream.ofNullable(row.talker().account()))
                        .distinct()
                        .toList())
                .stream()
                .collect(Collectors.toMap(Person::accountId, Function.identity()));
        // Whoever goes at this moment takes their comments with them.
        return rows.stream()
                .flatMap(row -> Stream.ofNullable(author(row.talker(), authors, channel))
                        .map(author -> {
                            boolean mine = watcher != null && row.talker().equals(watcher.talker());
                            return new CommentPage.Comment(
                                    row.id(),
                                    row.at(),
                                    author,
                                    CommentToken.of(row.text(), seconds, row.movedMillis()),
                                    mine,
                                    mine || moderator);
                        }))
                .toList();
    }

    private static CommentPage.@Nullable Author author(Talker talker, Map<Long, Person> authors, ChannelView channel) {
        return switch (talker) {
            case Talker.Person(long accountId) -> {
                Person person = authors.get(accountId);
                yield person == null ? null : author(person, channel);
            }
            case Talker.Invited guest -> new CommentPage.Author(guest.handle(), guest.name(), null, false, true);
        };
    }

    private static CommentPage.Author author(Person person, ChannelView channel) {
        return new CommentPage.Author(
                person.name(),
                person.displayName(),
                person.avatar() == null ? null : Pictures.address(person.avatar()),
                person.accountId() == channel.accountId(),
                null);
    }

    /** Whether somebody may delete what others wrote below a channel's videos. */
    boolean mayRemove(ChannelView channel, Commenter who) {
        return rooms.room(channel).rights(who.person()).contains(ChatRight.DELETE);
    }
}
