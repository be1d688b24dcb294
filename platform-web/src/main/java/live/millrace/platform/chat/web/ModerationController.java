// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Locale;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.chat.ChatAction;
import live.millrace.platform.chat.internal.moderation.ModerationCommand;
import live.millrace.platform.chat.internal.moderation.ModerationCommands;
import live.millrace.platform.chat.internal.moderation.ModerationUndo;
import live.millrace.platform.chat.internal.moderation.NotDoneException;
import live.millrace.platform.chat.internal.moderation.TypedCommands;
import live.millrace.platform.chat.internal.room.LiveRooms;
import live.millrace.platform.shared.WellFormed;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Moderation of a channel's room, for whoever may. Whether they may is asked for each command. */
@RestController
@RequestMapping("/api/v1/channels/{name}/moderation")
class ModerationController {
    private static final int MAX_COMMAND = 500;

    /** @param said what was done, in words */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Done(ChatAction action, String said, boolean undoable) {}

    record Typed(@Nullable String text) {}

    private final ModerationCommands commands;
    private final ModerationUndo undo;
    private final TypedCommands typedCommands;
    private final LiveRooms rooms;
    private final Channels channels;
    private final MessageSource messages;

    ModerationController(
            ModerationCommands commands,
            ModerationUndo undo,
            TypedCommands typedCommands,
            LiveRooms rooms,
            Channels channels,
            MessageSource messages) {
        this.commands = commands;
        this.undo = undo;
        this.typedCommands = typedCommands;
        this.rooms = rooms;
        this.channels = channels;
        this.messages = messages;
    }

    @PostMapping("/actions")
    Done command(
            @PathVariable String name,
            @RequestBody ModerationCommand command,
            @AuthenticationPrincipal AccountPrincipal principal,
            Locale locale) {
        return done(() -> commands.run(rooms.room(channel(name)), principal, command), locale);
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
    Done typed(
            @PathVariable String name,
            @RequestBody Typed typed,
            @AuthenticationPrincipal AccountPrincipal principal,
            Locale locale) {
        String text = typed.text() == null ? "" : typed.text();
        return done(
                () -> typedCommands.run(rooms.room(channel(name)), principal, WellFormed.cut(text, MAX_COMMAND)),
                locale);
    }

    private interface Work {
        ChatAction run() throws NotDoneException;
    }

    private Done done(Work work, Locale locale) {
        try {
            ChatAction action = work.run();
            return new Done(
                    action,
                    said(action, locale),
                    ModerationCommand.Kind.of(action.kind())
                            .filter(ModerationCommand.Kind::undoable)
                            .isPresent());
        } catch (NotDoneException refused) {
            throw new ResponseStatusException(
                    refused.isForbidden() ? HttpStatus.FORBIDDEN : HttpStatus.UNPROCESSABLE_CONTENT,
                    messages.getMessage(refused.key(), null, locale));
        }
    }

    private String said(ChatAction action, Locale locale) {
        String target = action.guest()
                ? messages.getMessage("chat.guest.named", new Object[] {action.target()}, locale)
                : action.target();
        boolean removed = action.guest() && action.kind().equals("BAN");
        return messages.getMessage(
                "moderation.did." + action.kind() + (removed ? ".guest" : ""),
                new Object[] {target, action.number()},
                locale);
    }

    private ChannelView channel(String name) {
        return channels.find(name).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    }
}
