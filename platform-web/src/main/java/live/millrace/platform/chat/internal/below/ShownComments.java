// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.below;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.People;
import live.millrace.platform.channel.People.Person;
import live.millrace.platform.chat.ChatRight;
import live.millrace.platform.chat.internal.room.LiveRooms;
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

    ShownComments(CommentStore store, LiveRooms rooms, People people) {
        this.store = store;
        this.rooms = rooms;
        this.people = people;
    }

    @Override
    public void show(
            VideoView video,
            ChannelView channel,
            @Nullable AccountPrincipal watcher,
            HttpServletRequest request,
            Model model) {
        String asked = request.getParameter(BEFORE);
        boolean older = asked != null && asked.matches("[1-9]\\d{0,17}");
        model.addAttribute("commentsOlder", older);
        model.addAttribute("comments", page(video, channel, watcher, older ? Long.parseLong(asked) : Long.MAX_VALUE));
    }

    /** @param before only those with a smaller id; {@link Long#MAX_VALUE} for the newest */
    public CommentPage page(VideoView video, ChannelView channel, @Nullable AccountPrincipal watcher, long before) {
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
    CommentPage.Comment one(VideoView video, ChannelView channel, AccountPrincipal author, CommentStore.Row row) {
        return comments(video, channel, author, List.of(row)).getFirst();
    }

    private List<CommentPage.Comment> comments(
            VideoView video, ChannelView channel, @Nullable AccountPrincipal watcher, List<CommentStore.Row> rows) {
        boolean moderator = watcher != null && mayRemove(channel, watcher);
        // What is recorded now grows while somebody reads.
        long seconds = video.recording() ? Long.MAX_VALUE : video.durationMillis() / 1_000;
        Map<Long, Person> authors =
                people
                        .findAll(rows.stream()
                                .map(CommentStore.Row::accountId)
                                .distinct()
                                .toList())
                        .stream()
                        .collect(Collectors.toMap(Person::accountId, Function.identity()));
        // Whoever goes at this moment takes their comments with them.
        return rows.stream()
                .flatMap(row -> Stream.ofNullable(authors.get(row.accountId())).map(author -> {
                    boolean mine = watcher != null && row.accountId() == watcher.accountId();
                    return new CommentPage.Comment(
                            row.id(),
                            row.at(),
                            author(author, channel),
                            CommentToken.of(row.text(), seconds, row.movedMillis()),
                            mine,
                            mine || moderator);
                }))
                .toList();
    }

    private static CommentPage.Author author(Person person, ChannelView channel) {
        return new CommentPage.Author(
                person.name(),
                person.displayName(),
                person.avatar() == null ? null : Pictures.address(person.avatar()),
                person.accountId() == channel.accountId());
    }

    /** Whether somebody may delete what others wrote below a channel's videos. */
    boolean mayRemove(ChannelView channel, AccountPrincipal person) {
        return rooms.room(channel).rights(person).contains(ChatRight.DELETE);
    }
}
