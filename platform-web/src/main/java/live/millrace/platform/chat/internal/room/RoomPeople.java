// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.room;

import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import live.millrace.platform.chat.Sanction;
import live.millrace.platform.chat.Talker;
import live.millrace.platform.shared.FetchedCache;
import live.millrace.platform.socket.Page;
import live.millrace.platform.socket.PageSockets;
import org.springframework.stereotype.Component;

/** Who is in a room, by what they are to it. Those who are banned from it are not told of. Thread-safe. */
@Component
public class RoomPeople {
    /** Of one role; more names nobody reads. */
    static final int MOST_NAMED = 200;

    /** Every open list asks each half minute, and all get the same. */
    private static final Duration KEPT = Duration.ofSeconds(3);

    private static final int MAX_ROOMS = 1_000;

    /**
     * People of one role.
     *
     * @param named by name, as many as are told
     * @param more how many others there are
     */
    public record Group(List<ChatMessage.Author> named, int more) {}

    /**
     * @param staff of the site, where they are nothing else to the room
     * @param invited guests of the channel who have no account
     * @param guests pages of whom nobody knows who they are
     */
    public record Present(Group owner, Group moderators, Group staff, Group people, Group invited, int guests) {}

    private final PageSockets sockets;
    private final Authors authors;
    private final Clock clock;
    private final FetchedCache<Long, Present> known =
            new FetchedCache<>(Caffeine.newBuilder().maximumSize(MAX_ROOMS).expireAfterWrite(KEPT));

    RoomPeople(PageSockets sockets, Authors authors, Clock clock) {
        this.sockets = sockets;
        this.authors = authors;
        this.clock = clock;
    }

    public Present present(Room room) {
        return known.get(room.channel().id(), _ -> look(room));
    }

    /** Who somebody is beside their messages. */
    public ChatMessage.Author author(Room room, Talker talker) {
        return authors.author(talker, room);
    }

    private Present look(Room room) {
        PageSockets.Followers there = sockets.followers(LiveRooms.topic(room.channel()));
        Instant now = clock.instant();
        Set<Long> owner = new TreeSet<>();
        Set<Long> moderators = new TreeSet<>();
        Set<Long> staff = new TreeSet<>();
        Set<Long> people = new TreeSet<>();
        for (Long id : there.accounts()) {
            if (id == room.channel().accountId()) {
                owner.add(id);
            } else if (!banned(room, new Talker.Person(id), now)) {
                (room.moderatedBy(id) ? moderators : there.staff().contains(id) ? staff : people).add(id);
            }
        }
        Set<Talker> invited = new LinkedHashSet<>();
        int strangers = 0;
        for (Page page : there.strangers()) {
            Optional<Talker> guest = Talkers.noted(room.channel(), page);
            if (guest.isEmpty()) {
                strangers++;
            } else if (!banned(room, guest.get(), now)) {
                invited.add(guest.get());
            }
        }
        return new Present(
                group(room, people(owner)),
                group(room, people(moderators)),
                group(room, people(staff)),
                group(room, people(people)),
                group(room, invited),
                strangers);
    }

    private static boolean banned(Room room, Talker talker, Instant now) {
        return room.sanction(talker, now)
                .filter(sanction -> sanction.kind() == Sanction.Kind.BAN)
                .isPresent();
    }

    private static List<Talker.Person> people(Collection<Long> ids) {
        return ids.stream().map(Talker.Person::new).toList();
    }

    private Group group(Room room, Collection<? extends Talker> all) {
        List<? extends Talker> told = all.stream().limit(MOST_NAMED).toList();
        List<ChatMessage.Author> named = new ArrayList<>(authors.authors(told, room));
        named.sort(Comparator.comparing(ChatMessage.Author::display, String.CASE_INSENSITIVE_ORDER));
        return new Group(List.copyOf(named), all.size() - told.size());
    }
}
