// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.room;

import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import live.millrace.platform.account.AccountView;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.Role;
import live.millrace.platform.channel.ChannelEdited;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.People;
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
    void warm(Collection<Long> accountIds) {
        Set<Long> missing = new HashSet<>(accountIds);
        missing.removeIf(id -> faces.present(id).isPresent());
        for (People.Person person : people.findAll(missing)) {
            faces.put(person.accountId(), face(person));
        }
    }

    /** Many at once, by account; those that are no more are left out. */
    Map<Long, ChatMessage.Author> authors(Collection<Long> accountIds, ChannelView room, Predicate<Long> moderator) {
        warm(accountIds);
        Map<Long, ChatMessage.Author> found = new LinkedHashMap<>();
        for (Long id : accountIds) {
            if (faces.present(id).isPresent()) {
                found.put(id, author(id, room, moderator.test(id)));
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

    ChatMessage.Author author(@Nullable Long accountId, ChannelView room, boolean moderator) {
        if (accountId == null) {
            return GONE;
        }
        Face face = faces.get(accountId, id -> face(people.find(id).orElseThrow()));
        List<String> badges = new ArrayList<>();
        if (accountId == room.accountId()) {
            badges.add("owner");
        }
        if (moderator || face.role() == Role.MODERATOR) {
            badges.add("moderator");
        }
        if (face.role().atLeast(Role.ADMIN)) {
            badges.add("admin");
        }
        return new ChatMessage.Author(
                face.name(),
                face.display(),
                Math.floorMod(Long.hashCode(accountId * 0x9E3779B97F4A7C15L), HUES),
                face.avatar(),
                List.copyOf(badges));
    }
}
