// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal;

import java.util.List;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.chat.ChatAction;
import live.millrace.platform.chat.ChatSettings;
import live.millrace.platform.chat.internal.Act.Kind;
import live.millrace.platform.chat.internal.OrderStore.Target;
import live.millrace.platform.shared.AfterCommit;
import org.springframework.stereotype.Component;

/** What moderators do to the rules of a room, and to its title. Within the transaction of an act. */
@Component
class RuleActs {
    private final LiveRooms rooms;
    private final OrderStore store;
    private final RoomLedger ledger;
    private final Channels channels;
    private final AfterCommit afterCommit;

    RuleActs(LiveRooms rooms, OrderStore store, RoomLedger ledger, Channels channels, AfterCommit afterCommit) {
        this.rooms = rooms;
        this.store = store;
        this.ledger = ledger;
        this.channels = channels;
        this.afterCommit = afterCommit;
    }

    ChatAction rule(Room room, AccountPrincipal principal, Kind kind, Act act) {
        long channelId = room.channel().id();
        long seconds = act.seconds() == null ? 0 : Math.clamp(act.seconds(), 0, ChatSettings.MAX_FOLLOW_MINUTES * 60L);
        String detail;
        // One rule each: somebody else may be changing another.
        if (kind == Kind.SLOW) {
            int slow = (int) Math.min(seconds, ChatSettings.MAX_SLOW_SECONDS);
            store.slow(channelId, slow);
            detail = slow + " s";
        } else {
            boolean off = Boolean.FALSE.equals(act.on());
            int minutes = (int) (seconds / 60);
            store.writers(channelId, off ? ChatSettings.Writers.EVERYONE : ChatSettings.Writers.FOLLOWERS, minutes);
            detail = off ? "–" : minutes + " min";
        }
        ChatAction action =
                ledger.record(room.channel(), principal.actor(), kind.name(), Target.NOBODY, detail, "", null);
        afterCommit.run(() -> rooms.changed(channelId));
        ledger.tell(room.channel(), action, List.of());
        return action;
    }

    ChatAction title(Room room, AccountPrincipal principal, String title) throws NotDoneException {
        ChannelView channel = channels.find(room.channel().id()).orElseThrow(() -> NotDoneException.because("nobody"));
        if (title.isEmpty() || title.length() > Channels.MAX_TITLE) {
            throw NotDoneException.because("title");
        }
        channels.retitle(channel.id(), title);
        ChatAction action = ledger.record(room.channel(), principal.actor(), "TITLE", Target.NOBODY, title, "", null);
        ledger.tell(room.channel(), action, List.of());
        return action;
    }
}
