// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.AccountView;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.Role;
import live.millrace.platform.audience.GuestList;
import live.millrace.platform.audience.GuestView;
import live.millrace.platform.audience.Guests;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.Follows;
import live.millrace.platform.channel.People;
import live.millrace.platform.chat.ChatAction;
import live.millrace.platform.chat.Sanction;
import live.millrace.platform.chat.Talker;
import live.millrace.platform.chat.internal.moderation.ModerationStore;
import live.millrace.platform.chat.internal.room.LiveRooms;
import live.millrace.platform.chat.internal.room.MessageHistory;
import live.millrace.platform.chat.internal.room.Room;
import live.millrace.platform.picture.Pictures;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Who somebody is, for the moderators of a room. Whether one is a moderator is asked for each room. */
@RestController
@RequestMapping("/api/v1/channels/{name}/moderation")
class PersonCardController {
    private static final int ACTIONS_SHOWN = 20;

    /**
     * What moderators see of somebody.
     *
     * @param joined when the account was made; of a guest, when they came onto the list, null once they are off it
     * @param invite of a guest, what the invite is called by which they came; empty of whom the owner named
     * @param messages how many messages of theirs this room has
     * @param protectedPerson whether nothing can be done against them here
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record PersonCard(
            String name,
            String display,
            @Nullable String avatar,
            @Nullable Instant joined,
            @Nullable String invite,
            @Nullable Instant followedSince,
            int messages,
            boolean suspended,
            boolean protectedPerson,
            @Nullable Sanction sanction,
            List<ChatAction> actions) {}

    private final LiveRooms rooms;
    private final ModerationStore store;
    private final MessageHistory written;
    private final Channels channels;
    private final People people;
    private final Accounts accounts;
    private final Follows follows;
    private final Guests guests;
    private final GuestList list;
    private final Clock clock;

    PersonCardController(
            LiveRooms rooms,
            ModerationStore store,
            MessageHistory written,
            Channels channels,
            People people,
            Accounts accounts,
            Follows follows,
            Guests guests,
            GuestList list,
            Clock clock) {
        this.rooms = rooms;
        this.store = store;
        this.written = written;
        this.channels = channels;
        this.people = people;
        this.accounts = accounts;
        this.follows = follows;
        this.guests = guests;
        this.list = list;
        this.clock = clock;
    }

    @GetMapping("/people/{username}")
    PersonCard person(
            @PathVariable String name,
            @PathVariable String username,
            @AuthenticationPrincipal AccountPrincipal principal) {
        ChannelView channel = channel(name);
        Room room = rooms.room(channel);
        if (room.rights(principal).isEmpty()) {
            throw new ResponseStatusException(HttpStatus.FORBIDDEN);
        }
        OptionalLong guestId = Talker.Invited.id(username);
        if (guestId.isPresent()) {
            return guest(room, guestId.getAsLong());
        }
        AccountView account =
                accounts.findByUsername(username).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
        People.Person own = people.find(account.id()).orElseThrow();
        Talker person = new Talker.Person(account.id());
        Optional<Sanction> sanction = room.sanction(person, clock.instant());
        return new PersonCard(
                own.name(),
                own.displayName(),
                own.avatar() == null ? null : Pictures.address(own.avatar()),
                account.createdAt(),
                null,
                follows.since(account.id(), channel.id()).orElse(null),
                written.count(channel.id(), person),
                account.suspended(),
                account.id() == channel.accountId() || account.role().atLeast(Role.MODERATOR),
                sanction.orElse(null),
                // Notes about oneself are for the others.
                account.id() == principal.accountId()
                        ? List.of()
                        : store.actions(channel.id(), person, Long.MAX_VALUE, ACTIONS_SHOWN));
    }

    private PersonCard guest(Room room, long guestId) {
        long channelId = room.channel().id();
        Talker.Invited guest = guests.known(channelId, guestId)
                .map(known -> new Talker.Invited(known.id(), known.name()))
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
        Optional<GuestView> listed = list.find(channelId, guestId);
        return new PersonCard(
                guest.handle(),
                guest.name(),
                null,
                listed.map(GuestView::since).orElse(null),
                listed.map(GuestView::label).orElse(""),
                null,
                written.count(channelId, guest),
                false,
                false,
                room.sanction(guest, clock.instant()).orElse(null),
                store.actions(channelId, guest, Long.MAX_VALUE, ACTIONS_SHOWN));
    }

    private ChannelView channel(String name) {
        return channels.find(name).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    }
}
