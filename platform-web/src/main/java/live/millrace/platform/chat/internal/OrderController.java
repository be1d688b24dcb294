// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.AccountView;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.Role;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.Follows;
import live.millrace.platform.chat.ChatAction;
import live.millrace.platform.chat.Sanction;
import live.millrace.platform.shared.WellFormed;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Order in a channel's room, for whoever may keep it. Whether they may is asked for each act. */
@RestController
@RequestMapping("/api/v1/channels/{name}/moderation")
class OrderController {
    private static final int ACTIONS_SHOWN = 20;
    private static final int MAX_COMMAND = 500;

    /** @param said what was done, in words */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Done(ChatAction action, String said, boolean undoable) {}

    record Command(@Nullable String text) {}

    /**
     * What those who keep order see of somebody.
     *
     * @param comments how many lines of theirs this room has
     * @param protectedPerson whether nothing can be done against them here
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record PersonCard(
            String name,
            String display,
            @Nullable String avatar,
            Instant joined,
            @Nullable Instant followedSince,
            int comments,
            boolean suspended,
            boolean protectedPerson,
            @Nullable Sanction sanction,
            List<ChatAction> actions) {}

    private final RoomActs acts;
    private final RoomUndo undo;
    private final RoomCommands commands;
    private final LiveRooms rooms;
    private final OrderStore store;
    private final ModeratedMessages written;
    private final Channels channels;
    private final Accounts accounts;
    private final Follows follows;
    private final MessageSource messages;
    private final java.time.Clock clock;

    OrderController(
            RoomActs acts,
            RoomUndo undo,
            RoomCommands commands,
            LiveRooms rooms,
            OrderStore store,
            ModeratedMessages written,
            Channels channels,
            Accounts accounts,
            Follows follows,
            MessageSource messages,
            java.time.Clock clock) {
        this.acts = acts;
        this.undo = undo;
        this.commands = commands;
        this.rooms = rooms;
        this.store = store;
        this.written = written;
        this.channels = channels;
        this.accounts = accounts;
        this.follows = follows;
        this.messages = messages;
        this.clock = clock;
    }

    @PostMapping("/actions")
    Done act(
            @PathVariable String name,
            @RequestBody Act act,
            @AuthenticationPrincipal AccountPrincipal principal,
            Locale locale) {
        return done(() -> acts.act(rooms.room(channel(name)), principal, act), locale);
    }

    @PostMapping("/actions/{id}/undo")
    Done undo(
            @PathVariable String name,
            @PathVariable long id,
            @AuthenticationPrincipal AccountPrincipal principal,
            Locale locale) {
        Done done = done(() -> undo.undo(rooms.room(channel(name)), principal, id), locale);
        return new Done(done.action(), messages.getMessage("moderation.undone", null, locale), false);
    }

    @PostMapping("/commands")
    Done command(
            @PathVariable String name,
            @RequestBody Command command,
            @AuthenticationPrincipal AccountPrincipal principal,
            Locale locale) {
        String text = command.text() == null ? "" : command.text();
        return done(
                () -> commands.run(rooms.room(channel(name)), principal, WellFormed.cut(text, MAX_COMMAND)), locale);
    }

    private interface Work {
        ChatAction run() throws NotDoneException;
    }

    private Done done(Work work, Locale locale) {
        try {
            ChatAction action = work.run();
            return new Done(
                    action,
                    messages.getMessage(
                            "moderation.did." + action.kind(),
                            new Object[] {action.target(), action.excerpt()},
                            locale),
                    Act.Kind.of(action.kind()).filter(Act.Kind::undoable).isPresent());
        } catch (NotDoneException refused) {
            throw new ResponseStatusException(
                    refused.isForbidden() ? HttpStatus.FORBIDDEN : HttpStatus.UNPROCESSABLE_CONTENT,
                    messages.getMessage(refused.key(), null, locale));
        }
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
        AccountView account =
                accounts.findByUsername(username).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
        ChannelView own = channels.ofAccount(account.id());
        Optional<Sanction> sanction = room.sanction(account.id(), clock.instant());
        return new PersonCard(
                own.name(),
                own.displayName(),
                own.avatar() == null ? null : live.millrace.platform.picture.Pictures.address(own.avatar()),
                account.createdAt(),
                follows.since(account.id(), channel.id()).orElse(null),
                written.comments(channel.id(), account.id()),
                account.suspended(),
                account.id() == channel.accountId() || account.role().atLeast(Role.MODERATOR),
                sanction.orElse(null),
                store.actions(channel.id(), account.id(), Long.MAX_VALUE, ACTIONS_SHOWN));
    }

    private ChannelView channel(String name) {
        return channels.find(name).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    }
}
