// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.chat.internal.ChatMessages.Refused;
import live.millrace.platform.socket.Page;
import live.millrace.platform.socket.Topic;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/**
 * {@code chat:{channel}}: a room. Everybody may listen; whoever the rules allow may {@code say}. Every line is answered: said, not
 * said and why, or waiting.
 */
@Component
class ChatTopic implements Topic {
    static final String PREFIX = "chat:";

    private static final int MAX_HELD = 200;

    private final LiveRooms rooms;
    private final LineWriter writer;
    private final ChatStore store;
    private final HeldTopic held;
    private final MessagePolicy policy;
    private final Clock clock;

    ChatTopic(LiveRooms rooms, LineWriter writer, ChatStore store, HeldTopic held, MessagePolicy policy, Clock clock) {
        this.rooms = rooms;
        this.writer = writer;
        this.store = store;
        this.held = held;
        this.policy = policy;
        this.clock = clock;
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
        return rooms.channel(name.substring(PREFIX.length())).map(channel -> {
            Room room = rooms.room(channel);
            AccountPrincipal principal = page.principal();
            return List.of(
                    room.message(clock.instant()),
                    new ChatMessages.You(
                            principal == null ? null : principal.getUsername(),
                            room.rights(principal),
                            principal == null
                                    ? null
                                    : room.sanction(principal.accountId(), clock.instant())
                                            .orElse(null)),
                    room.history(since, keeper(principal, room)));
        });
    }

    static boolean keeper(@Nullable AccountPrincipal principal, Room room) {
        return !room.rights(principal).isEmpty();
    }

    @Override
    public void receive(String name, Page page, JsonNode message) {
        if (message.path("type").asString("").equals("say")) {
            clientId(message.path("id").asString(""))
                    .ifPresent(id -> rooms.channel(name.substring(PREFIX.length()))
                            .ifPresent(channel -> say(name, page, channel, id, message)));
        }
    }

    private static Optional<UUID> clientId(String text) {
        try {
            return Optional.of(UUID.fromString(text));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    private void say(String topic, Page page, ChannelView channel, UUID id, JsonNode message) {
        AccountPrincipal principal = page.principal();
        String typed = message.path("text").asString("");
        String text = LineText.clean(typed.length() > LineText.MAX_CHARS ? "" : typed);
        Room room = rooms.roomForDraft(channel);
        boolean taken = false;
        try {
            Optional<Refused> refused =
                    typed.length() > LineText.MAX_CHARS || LineText.graphemes(text) > LineText.MAX_GRAPHEMES
                            ? Optional.of(Refused.because("long"))
                            : text.isEmpty()
                                    ? Optional.of(Refused.because("empty"))
                                    : principal == null
                                            ? Optional.of(Refused.because("signed-out"))
                                            : policy.refusal(room, principal, page.remote(), id, text);
            if (refused.isPresent() || principal == null) {
                page.send(
                        topic, new ChatMessages.NotSaid(id.toString(), refused.orElse(Refused.because("signed-out"))));
                return;
            }
            JsonNode reply = message.path("replyTo");
            Draft draft = new Draft(
                    room,
                    principal.accountId(),
                    id,
                    text,
                    reply.isIntegralNumber() ? reply.asLong() : null,
                    clock.instant(),
                    page,
                    null);
            Optional<String> waitsFor = policy.holdReason(room, principal, text);
            if (waitsFor.isPresent()) {
                hold(topic, page, draft, waitsFor.get());
            } else if (writer.offer(draft)) {
                taken = true;
            } else {
                page.send(topic, new ChatMessages.NotSaid(id.toString(), Refused.until("unavailable", 2_000)));
            }
        } finally {
            if (!taken) {
                room.drafts.decrementAndGet();
            }
        }
    }

    private void hold(String topic, Page page, Draft draft, String reason) {
        ChannelView channel = draft.room().channel();
        OptionalLong stored = store.find(draft.accountId(), draft.clientId());
        if (stored.isPresent()) {
            // Sent again after a cut: it was allowed meanwhile.
            page.send(topic, new ChatMessages.Said(draft.clientId().toString(), stored.getAsLong()));
            return;
        }
        if (store.heldCount(channel.id()) >= MAX_HELD) {
            page.send(topic, new ChatMessages.NotSaid(draft.clientId().toString(), Refused.because("full")));
            return;
        }
        store.hold(draft, reason);
        page.send(topic, new ChatMessages.Waits(draft.clientId().toString()));
        held.changed(draft.room());
    }
}
