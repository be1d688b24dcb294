// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.writing;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.AccountView;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.TokenScope;
import live.millrace.platform.audit.Audit;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.chat.ChatAction;
import live.millrace.platform.chat.ChatRight;
import live.millrace.platform.chat.Talker;
import live.millrace.platform.chat.internal.room.ChatEvents;
import live.millrace.platform.chat.internal.room.LiveRooms;
import live.millrace.platform.chat.internal.room.Room;
import live.millrace.platform.chat.internal.text.Token;
import live.millrace.platform.socket.Page;
import live.millrace.platform.socket.PageSockets;
import live.millrace.platform.socket.Topic;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** {@code held:{channel}}: messages that wait, for the moderators of the room; they {@code allow} or {@code deny} them. */
@Component
public class HeldTopic implements Topic {
    static final String PREFIX = "held:";
    private static final int SHOWN = 50;

    private final LiveRooms rooms;
    private final MessageWriter writer;
    private final HeldStore store;
    private final Trusted trusted;
    private final PageSockets sockets;
    private final Clock clock;
    private final Audit audit;
    private final Accounts accounts;

    HeldTopic(
            LiveRooms rooms,
            MessageWriter writer,
            HeldStore store,
            Trusted trusted,
            PageSockets sockets,
            Clock clock,
            Audit audit,
            Accounts accounts) {
        this.rooms = rooms;
        this.writer = writer;
        this.store = store;
        this.trusted = trusted;
        this.sockets = sockets;
        this.clock = clock;
        this.audit = audit;
        this.accounts = accounts;
    }

    @Override
    public TokenScope scope() {
        return TokenScope.MODERATE;
    }

    @Override
    public boolean owns(String name) {
        return name.startsWith(PREFIX);
    }

    @Override
    public void prepare(String name) {
        rooms.channel(name.substring(PREFIX.length())).ifPresent(rooms::room);
    }

    @Override
    public Optional<List<?>> join(String name, Page page, long since) {
        return rooms.channel(name.substring(PREFIX.length()))
                .map(rooms::room)
                .filter(room -> !room.rights(page.principal()).isEmpty())
                .map(room -> List.of(message(room)));
    }

    private ChatEvents.Held message(Room room) {
        return new ChatEvents.Held(store.all(room.channel().id(), SHOWN).stream()
                .map(message -> new ChatEvents.HeldMessage(
                        message.id(),
                        message.at(),
                        rooms.message(room, 0, message.talker(), message.text(), null, message.at())
                                .author(),
                        List.of(Token.text(message.text())),
                        message.reason()))
                .toList());
    }

    /** Tells the moderators of the room what one of them did. */
    public void acted(ChannelView channel, ChatAction action, List<Long> seqs) {
        sockets.publish(PREFIX + channel.name(), new ChatEvents.Acted(action, seqs));
    }

    /** Tells the moderators of the room that something waits, or waits no more. */
    public void changed(Room room) {
        String topic = PREFIX + room.channel().name();
        if (sockets.anybody(topic)) {
            sockets.publish(topic, message(room));
        }
    }

    @Override
    public void receive(String name, Page page, JsonNode said) {
        String type = said.path("type").asString("");
        Optional<ChannelView> channel = rooms.channel(name.substring(PREFIX.length()));
        if (channel.isEmpty() || !(type.equals("allow") || type.equals("deny"))) {
            return;
        }
        Room room = rooms.roomForDraft(channel.get());
        boolean taken = false;
        try {
            // Asked again: a moderator may be none any more.
            if (room.rights(page.principal()).contains(ChatRight.DELETE)) {
                long id = said.path("id").asLong(-1);
                // Nobody decides about what they wrote themselves: they may moderate since.
                Optional<HeldStore.StoredHeld> message =
                        store.find(room.channel().id(), id).filter(held -> !by(page, held));
                if (type.equals("deny")) {
                    message.flatMap(held -> store.take(room.channel().id(), held.id()))
                            .ifPresent(held -> trace(page, room, held, "chat.held-deny"));
                    changed(room);
                    return;
                }
                taken = message.isPresent() && allow(room, message.get());
                if (taken) {
                    trace(page, room, message.get(), "chat.held-allow");
                }
                if (taken && said.path("trust").asBoolean(false)) {
                    trusted.trust(room, message.get().talker());
                }
                if (!taken) {
                    changed(room);
                }
            }
        } finally {
            if (!taken) {
                room.drafts.decrementAndGet();
            }
        }
    }

    private static boolean by(Page page, HeldStore.StoredHeld held) {
        AccountPrincipal principal = page.principal();
        return principal != null && new Talker.Person(principal.accountId()).equals(held.talker());
    }

    /** What the site's staff decide is written down, as everything else that they do in a room. */
    private void trace(Page page, Room room, HeldStore.StoredHeld held, String action) {
        AccountPrincipal principal = page.principal();
        if (principal != null && principal.staff()) {
            audit.add(
                    principal.actor(),
                    action,
                    room.channel().name() + " / " + name(held.talker()),
                    held.talker().account(),
                    "",
                    held.text());
        }
    }

    private String name(Talker talker) {
        return switch (talker) {
            case Talker.Person(long accountId) ->
                accounts.find(accountId).map(AccountView::username).orElse("");
            case Talker.Invited invited -> invited.handle();
        };
    }

    /** It waits on until it is stored: neither a full queue nor a failure loses it. */
    private boolean allow(Room room, HeldStore.StoredHeld message) {
        return writer.offer(new Draft(
                room,
                message.talker(),
                message.clientId(),
                message.text(),
                message.replyTo(),
                clock.instant(),
                null,
                () -> changed(room)));
    }
}
