// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.writing;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.TokenScope;
import live.millrace.platform.audience.Audience;
import live.millrace.platform.audience.Viewers;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.chat.Sanction;
import live.millrace.platform.chat.Talker;
import live.millrace.platform.chat.internal.room.ChatEvents;
import live.millrace.platform.chat.internal.room.ChatEvents.Refused;
import live.millrace.platform.chat.internal.room.LiveRooms;
import live.millrace.platform.chat.internal.room.Room;
import live.millrace.platform.chat.internal.room.Talkers;
import live.millrace.platform.chat.internal.text.MessageText;
import live.millrace.platform.socket.Page;
import live.millrace.platform.socket.Topic;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/**
 * {@code chat:{channel}}: a room. Everybody may listen; whoever the rules allow may {@code say}. Every message is answered: said,
 * not said and why, or waiting.
 */
@Component
class ChatTopic implements Topic {
    private static final int MAX_HELD = 200;

    private final LiveRooms rooms;
    private final MessageWriter writer;
    private final MessageStore store;
    private final HeldStore heldMessages;
    private final HeldTopic held;
    private final MessagePolicy policy;
    private final Audience audience;
    private final Talkers talkers;
    private final Clock clock;

    ChatTopic(
            LiveRooms rooms,
            MessageWriter writer,
            MessageStore store,
            HeldStore heldMessages,
            HeldTopic held,
            MessagePolicy policy,
            Audience audience,
            Talkers talkers,
            Clock clock) {
        this.rooms = rooms;
        this.writer = writer;
        this.store = store;
        this.heldMessages = heldMessages;
        this.held = held;
        this.policy = policy;
        this.audience = audience;
        this.talkers = talkers;
        this.clock = clock;
    }

    @Override
    public TokenScope scope() {
        return TokenScope.CHAT;
    }

    @Override
    public boolean owns(String name) {
        return name.startsWith(LiveRooms.TOPIC);
    }

    @Override
    public void prepare(String name) {
        rooms.channel(name.substring(LiveRooms.TOPIC.length())).ifPresent(rooms::room);
    }

    @Override
    public Optional<List<?>> join(String name, Page page, long since) {
        return rooms.channel(name.substring(LiveRooms.TOPIC.length())).map(channel -> {
            Room room = rooms.room(channel);
            if (!hears(channel, page)) {
                return List.of(ChatEvents.History.NOTHING);
            }
            return List.of(
                    room.message(clock.instant()),
                    you(room, page),
                    room.history(since, room.moderates(page.principal())));
        });
    }

    private ChatEvents.You you(Room room, Page page) {
        AccountPrincipal principal = page.principal();
        Talker talker = Talkers.noted(room.channel(), page).orElse(null);
        Sanction sanction =
                talker == null ? null : room.sanction(talker, clock.instant()).orElse(null);
        return talker instanceof Talker.Invited guest
                ? new ChatEvents.You(guest, sanction)
                : new ChatEvents.You(
                        principal == null ? null : principal.getUsername(), room.rights(principal), sanction);
    }

    @Override
    public boolean tells(String name, Page page) {
        return rooms.channel(name.substring(LiveRooms.TOPIC.length()))
                .filter(channel -> hears(channel, page))
                .isPresent();
    }

    /** Who may not see what is broadcast hears nothing of it either. */
    private boolean hears(ChannelView channel, Page page) {
        return audience.access(channel, Viewers.of(page)).open();
    }

    @Override
    public void receive(String name, Page page, JsonNode said) {
        if (said.path("type").asString("").equals("say")) {
            clientId(said.path("id").asString(""))
                    .ifPresent(id -> rooms.channel(name.substring(LiveRooms.TOPIC.length()))
                            .ifPresentOrElse(
                                    channel -> say(name, page, channel, id, said),
                                    () -> page.send(
                                            name, new ChatEvents.NotSaid(id.toString(), Refused.because("gone")))));
        }
    }

    private static Optional<UUID> clientId(String text) {
        try {
            return Optional.of(UUID.fromString(text));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    private void say(String topic, Page page, ChannelView channel, UUID id, JsonNode said) {
        AccountPrincipal principal = page.principal();
        String typed = said.path("text").asString("");
        String text = MessageText.clean(typed.length() > MessageText.MAX_CHARS ? "" : typed);
        if (!hears(channel, page)) {
            page.send(topic, new ChatEvents.NotSaid(id.toString(), WriterPolicy.CLOSED));
            return;
        }
        Room room = rooms.roomForDraft(channel);
        boolean taken = false;
        try {
            Talker talker = talkers.of(channel, page).orElse(null);
            Optional<Refused> refused = MessagePolicy.misshapen(typed, text)
                    .or(() -> talker == null
                            ? Optional.of(Refused.because("signed-out"))
                            : policy.refusal(room, principal, talker, page.remote(), id, text));
            if (refused.isPresent() || talker == null) {
                page.send(topic, new ChatEvents.NotSaid(id.toString(), refused.orElse(Refused.because("signed-out"))));
                return;
            }
            JsonNode reply = said.path("replyTo");
            Draft draft = new Draft(
                    room,
                    talker,
                    id,
                    text,
                    reply.isIntegralNumber() && reply.canConvertToLong() ? reply.asLong() : null,
                    clock.instant(),
                    page,
                    null);
            Optional<String> waitsFor = policy.holdReason(room, principal, talker, text);
            if (waitsFor.isPresent()) {
                hold(topic, page, draft, waitsFor.get());
            } else if (writer.offer(draft)) {
                taken = true;
            } else {
                page.send(topic, new ChatEvents.NotSaid(id.toString(), Refused.until("unavailable", 2_000)));
            }
        } finally {
            if (!taken) {
                room.drafts.decrementAndGet();
            }
        }
    }

    private void hold(String topic, Page page, Draft draft, String reason) {
        ChannelView channel = draft.room().channel();
        OptionalLong stored = store.find(draft.talker(), draft.clientId());
        if (stored.isPresent()) {
            // Sent again after a cut: it was allowed meanwhile.
            page.send(topic, new ChatEvents.Said(draft.clientId().toString(), stored.getAsLong()));
            return;
        }
        if (heldMessages.count(channel.id()) >= MAX_HELD) {
            page.send(topic, new ChatEvents.NotSaid(draft.clientId().toString(), Refused.because("full")));
            return;
        }
        heldMessages.hold(draft, reason);
        page.send(topic, new ChatEvents.Waits(draft.clientId().toString()));
        held.changed(draft.room());
    }
}
