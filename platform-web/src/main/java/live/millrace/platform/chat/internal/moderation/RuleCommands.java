// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.moderation;

import java.util.List;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.chat.ChatAction;
import live.millrace.platform.chat.ChatSettings;
import live.millrace.platform.chat.internal.moderation.ModerationCommand.Kind;
import live.millrace.platform.chat.internal.moderation.ModerationStore.Target;
import live.millrace.platform.chat.internal.room.LiveRooms;
import live.millrace.platform.chat.internal.room.Room;
import live.millrace.platform.chat.internal.room.RoomStore;
import live.millrace.platform.recording.VideoDesk;
import live.millrace.platform.shared.AfterCommit;
import org.springframework.stereotype.Component;

/** What moderators do to the rules of a room, and to its title. Within the transaction of a command. */
@Component
class RuleCommands {
    private final LiveRooms rooms;
    private final RoomStore store;
    private final ModerationLog log;
    private final Channels channels;
    private final VideoDesk videos;
    private final AfterCommit afterCommit;

    RuleCommands(
            LiveRooms rooms,
            RoomStore store,
            ModerationLog log,
            Channels channels,
            VideoDesk videos,
            AfterCommit afterCommit) {
        this.rooms = rooms;
        this.store = store;
        this.log = log;
        this.channels = channels;
        this.videos = videos;
        this.afterCommit = afterCommit;
    }

    ChatAction rule(Room room, AccountPrincipal principal, Kind kind, ModerationCommand command) {
        long channelId = room.channel().id();
        long seconds =
                command.seconds() == null ? 0 : Math.clamp(command.seconds(), 0, ChatSettings.MAX_FOLLOW_MINUTES * 60L);
        String detail;
        // One rule each: somebody else may be changing another.
        if (kind == Kind.SLOW) {
            int slow = (int) Math.min(seconds, ChatSettings.MAX_SLOW_SECONDS);
            store.slow(channelId, slow);
            detail = Integer.toString(slow);
        } else {
            boolean off = Boolean.FALSE.equals(command.on());
            int minutes = (int) (seconds / 60);
            store.writers(channelId, off ? ChatSettings.Writers.EVERYONE : ChatSettings.Writers.FOLLOWERS, minutes);
            // The unit is said where it is read.
            detail = off ? "–" : Integer.toString(minutes);
        }
        ChatAction action = log.record(room.channel(), principal.actor(), kind.name(), Target.NOBODY, detail, "", null);
        afterCommit.run(() -> rooms.changed(channelId));
        log.tell(room.channel(), action, List.of());
        return action;
    }

    ChatAction title(Room room, AccountPrincipal principal, String title) throws NotDoneException {
        ChannelView channel = channels.find(room.channel().id()).orElseThrow(() -> NotDoneException.because("nobody"));
        if (title.isEmpty() || title.length() > Channels.MAX_TITLE) {
            throw NotDoneException.because("title");
        }
        channels.retitle(channel.id(), title);
        ChatAction action = log.record(room.channel(), principal.actor(), "TITLE", Target.NOBODY, title, "", null);
        log.tell(room.channel(), action, List.of());
        return action;
    }

    /** Names the moment that is on air. */
    ChatAction marker(Room room, AccountPrincipal principal, String title) throws NotDoneException {
        if (title.length() > VideoDesk.MAX_CHAPTER_TITLE) {
            throw NotDoneException.because("marker");
        }
        String named = title.isBlank() ? VideoDesk.UNNAMED : title;
        if (videos.mark(room.channel().id(), named).isEmpty()) {
            throw NotDoneException.because("recorded");
        }
        ChatAction action = log.record(room.channel(), principal.actor(), "MARKER", Target.NOBODY, named, "", null);
        log.tell(room.channel(), action, List.of());
        return action;
    }
}
