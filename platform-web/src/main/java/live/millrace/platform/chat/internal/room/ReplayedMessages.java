// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.room;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import live.millrace.platform.chat.internal.room.MessageHistory.KeptMessage;
import live.millrace.platform.chat.internal.text.MessageParser;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What was said at a time that is past, for whoever looks at its picture now. What was removed is left out. Thread-safe. */
@Component
public class ReplayedMessages {
    /** More in one window nobody reads; a page asks again where it was cut. */
    public static final int MOST = 500;

    /** Above this number every message is. */
    public static final long ALL = 0;

    /** What stands above the first message of a window. */
    public static final int LAST = 50;

    /**
     * Messages, the oldest first.
     *
     * @param more whether there are others of the same time: behind the last of a window, or before the first of the last ones
     */
    public record Replay(List<ChatMessage> messages, boolean more) {
        public static final Replay NONE = new Replay(List.of(), false);
    }

    private final MessageHistory history;
    private final Authors authors;

    ReplayedMessages(MessageHistory history, Authors authors) {
        this.history = history;
        this.authors = authors;
    }

    /**
     * All of a window, as far as they are not too many.
     *
     * @param from included
     * @param to excluded
     * @param above of those with higher numbers
     */
    public Replay between(Room room, Instant from, Instant to, long above) {
        List<KeptMessage> found = history.between(room.channel().id(), from, to, above, MOST + 1);
        return replay(room, found.subList(0, Math.min(MOST, found.size())), found.size() > MOST);
    }

    /**
     * All of a time, window by window, however many they are.
     *
     * @param from included
     * @param to excluded
     */
    public void all(Room room, Instant from, Instant to, Consumer<ChatMessage> receiver) {
        Instant at = from;
        long told = 0;
        boolean more = true;
        while (more) {
            Replay window = between(room, at, to, ALL);
            long before = told;
            for (ChatMessage message : window.messages()) {
                if (message.seq() > told) {
                    receiver.accept(message);
                    told = message.seq();
                    at = message.at();
                }
            }
            // A window that begins with the last one's end has something new, or nothing at all.
            more = window.more() && told > before;
        }
    }

    /** The last before a moment. */
    public Replay lastBefore(Room room, Instant from, Instant to, long above) {
        List<KeptMessage> found = history.lastBetween(room.channel().id(), from, to, above, LAST + 1);
        return replay(room, found.subList(Math.max(0, found.size() - LAST), found.size()), found.size() > LAST);
    }

    private Replay replay(Room room, List<KeptMessage> kept, boolean more) {
        Map<Long, KeptMessage> answered = answered(room, kept);
        authors.warm(Stream.concat(kept.stream(), answered.values().stream())
                .map(KeptMessage::talker)
                .filter(Objects::nonNull)
                .distinct()
                .toList());
        return new Replay(
                kept.stream()
                        .map(message -> message(room, message, reply(room, message, answered)))
                        .toList(),
                more);
    }

    /** The messages that these answer, by number. */
    private Map<Long, KeptMessage> answered(Room room, List<KeptMessage> kept) {
        Map<Long, KeptMessage> found = new LinkedHashMap<>();
        kept.forEach(message -> found.put(message.seq(), message));
        Set<Long> missing = new TreeSet<>();
        for (KeptMessage message : kept) {
            if (message.replyTo() != null && !found.containsKey(message.replyTo())) {
                missing.add(message.replyTo());
            }
        }
        if (!missing.isEmpty()) {
            history.of(room.channel().id(), missing).forEach(message -> found.put(message.seq(), message));
        }
        return found;
    }

    private ChatMessage.@Nullable Reply reply(Room room, KeptMessage message, Map<Long, KeptMessage> answered) {
        KeptMessage to = message.replyTo() == null ? null : answered.get(message.replyTo());
        return to == null ? null : message(room, to, null).removed(to.removed()).quoted();
    }

    private ChatMessage message(Room room, KeptMessage message, ChatMessage.@Nullable Reply reply) {
        return new ChatMessage(
                message.seq(),
                message.at(),
                authors.author(message.talker(), room),
                MessageParser.parse(message.text(), room.emoteSources()),
                reply,
                null);
    }
}
