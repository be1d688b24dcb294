// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.room;

import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import live.millrace.platform.account.AccountView;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.Role;
import live.millrace.platform.channel.ChannelEdited;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.People;
import live.millrace.platform.chat.Talker;
import live.millrace.platform.picture.Pictures;
import live.millrace.platform.shared.FetchedCache;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/** Who people are beside their messages. */
@Component
class Authors {
    private static final int HUES = 8;
    private static final ChatMessage.Author GONE = new ChatMessage.Author("", "", 0, null, List.of());

    private record Face(
            String name, String display, @Nullable String avatar, Role role) {}

    private final Accounts accounts;
    private final Channels channels;
    private final People people;
    private final FetchedCache<Long, Face> faces =
            new FetchedCache<>(Caffeine.newBuilder().maximumSize(20_000).expireAfterWrite(Duration.ofMinutes(2)));

    Authors(Accounts accounts, Channels channels, People people) {
        this.accounts = accounts;
        this.channels = channels;
        this.people = people;
    }

    @TransactionalEventListener
    void on(ChannelEdited event) {
        channels.find(event.channelId()).ifPresent(channel -> faces.invalidate(channel.accountId()));
    }

    /** Fetches many at once, so that the next questions cost nothing. */
    void warm(Collection<Talker> talkers) {
        Set<Long> missing = new HashSet<>();
        for (Talker talker : talkers) {
            if (talker instanceof Talker.Person(long accountId)) {
                missing.add(accountId);
            }
        }
        missing.removeIf(id -> faces.present(id).isPresent());
        for (People.Person person : people.findAll(missing)) {
            faces.put(person.accountId(), face(person));
        }
    }

    /** Many at once; those that are no more are left out. */
    List<ChatMessage.Author> authors(Collection<? extends Talker> talkers, Room room) {
        warm(List.copyOf(talkers));
        List<ChatMessage.Author> found = new ArrayList<>();
        for (Talker talker : talkers) {
            if (!(talker instanceof Talker.Person(long id)) || faces.present(id).isPresent()) {
                found.add(author(talker, room));
            }
        }
        return found;
    }

    private Face face(People.Person person) {
        Optional<AccountView> account = accounts.find(person.accountId());
        return new Face(
                person.name(),
                person.displayName(),
                person.avatar() == null ? null : Pictures.address(person.avatar()),
                account.map(AccountView::role).orElse(Role.USER));
    }

    ChatMessage.Author author(@Nullable Talker talker, Room room) {
        return switch (talker) {
            case null -> GONE;
            case Talker.Person(long accountId) -> person(accountId, room);
            case Talker.Invited guest ->
                new ChatMessage.Author(
                        guest.handle(), guest.name(), hue(guest.guestId()), null, List.of(ChatMessage.Author.GUEST));
        };
    }

    /** The same for one person, wherever they are. */
    private static int hue(long id) {
        return Math.floorMod(Long.hashCode(id * 0x9E3779B97F4A7C15L), HUES);
    }

    private ChatMessage.Author person(long accountId, Room room) {
        Face face = faces.get(accountId, id -> face(people.find(id).orElseThrow()));
        List<String> badges = new ArrayList<>();
        if (accountId == room.channel().accountId()) {
            badges.add("owner");
        }
        if (room.moderatedBy(accountId) || face.role() == Role.MODERATOR) {
            badges.add("moderator");
        }
        if (face.role().atLeast(Role.ADMIN)) {
            badges.add("admin");
        }
        return new ChatMessage.Author(face.name(), face.display(), hue(accountId), face.avatar(), List.copyOf(badges));
    }
}
