// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.OptionalLong;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.AccountView;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.audience.Audience;
import live.millrace.platform.audience.Guests;
import live.millrace.platform.audience.Viewers;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.Follows;
import live.millrace.platform.chat.Talker;
import live.millrace.platform.chat.internal.room.ChatMessage;
import live.millrace.platform.chat.internal.room.LiveRooms;
import live.millrace.platform.chat.internal.room.MessageHistory;
import live.millrace.platform.chat.internal.room.Room;
import live.millrace.platform.chat.internal.room.RoomPeople;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Who is in a room, and who somebody in it is: as public as what is said there. */
@RestController
@RequestMapping("/api/v1/channels/{name}/people")
class RoomPeopleController {
    /**
     * What everybody may know of somebody.
     *
     * @param joined for whoever is signed in
     * @param followedSince for themselves and the room's moderators
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Card(
            ChatMessage.Author author,
            @Nullable Instant joined,
            @Nullable Instant followedSince) {}

    private final LiveRooms rooms;
    private final RoomPeople people;
    private final MessageHistory written;
    private final Channels channels;
    private final Accounts accounts;
    private final Follows follows;
    private final Guests guests;
    private final Audience audience;
    private final Viewers viewers;

    RoomPeopleController(
            LiveRooms rooms,
            RoomPeople people,
            MessageHistory written,
            Channels channels,
            Accounts accounts,
            Follows follows,
            Guests guests,
            Audience audience,
            Viewers viewers) {
        this.rooms = rooms;
        this.people = people;
        this.written = written;
        this.channels = channels;
        this.accounts = accounts;
        this.follows = follows;
        this.guests = guests;
        this.audience = audience;
        this.viewers = viewers;
    }

    @GetMapping
    RoomPeople.Present present(@PathVariable String name) {
        return people.present(rooms.room(channel(name)));
    }

    @GetMapping("/{username}")
    Card card(
            @PathVariable String name,
            @PathVariable String username,
            @AuthenticationPrincipal @Nullable AccountPrincipal principal) {
        Room room = rooms.room(channel(name));
        boolean moderates = room.moderates(principal);
        OptionalLong guestId = Talker.Invited.id(username);
        if (guestId.isPresent()) {
            return guests.known(room.channel().id(), guestId.getAsLong())
                    .map(known -> new Talker.Invited(known.id(), known.name()))
                    .filter(guest -> moderates || shows(room, guest))
                    .map(guest -> new Card(people.author(room, guest), null, null))
                    .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
        }
        AccountView account = accounts.findByUsername(username)
                .filter(found -> moderates || !found.suspended())
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
        boolean self = principal != null && principal.accountId() == account.id();
        return new Card(
                people.author(room, new Talker.Person(account.id())),
                principal == null ? null : account.createdAt(),
                moderates || self
                        ? follows.since(account.id(), room.channel().id()).orElse(null)
                        : null);
    }

    /** Whether a guest is to be seen in the room, by what they said or in the list of who is here: a channel's list of guests is its owner's. */
    private boolean shows(Room room, Talker.Invited guest) {
        return written.count(room.channel().id(), guest) > 0
                || people.present(room).invited().named().stream()
                        .anyMatch(author -> author.name().equals(guest.handle()));
    }

    private ChannelView channel(String name) {
        return channels.find(name)
                .filter(channel -> audience.access(channel, viewers.current()).open())
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    }
}
