// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.room;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Visibility;
import live.millrace.platform.chat.ChatSettings;
import live.millrace.platform.chat.internal.text.Token;
import org.junit.jupiter.api.Test;

/** What a room in memory has, in which order whatever happens to it. */
class RoomTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final Room room = new Room(
            new ChannelView(
                    1,
                    1,
                    true,
                    "anna",
                    "Anna",
                    "",
                    "",
                    null,
                    null,
                    null,
                    null,
                    List.of(),
                    "en",
                    false,
                    0,
                    false,
                    Visibility.PUBLIC,
                    null),
            ChatSettings.DEFAULT,
            List.of(),
            Map.of(),
            NOW);

    private static ChatMessage message(long seq) {
        return new ChatMessage(
                seq,
                NOW,
                new ChatMessage.Author("bob", "Bob", 0, null, List.of()),
                List.of(Token.text("message " + seq)),
                null,
                null);
    }

    private List<Long> seen(boolean moderator) {
        return room.history(-1, moderator).messages().stream()
                .map(ChatMessage::seq)
                .toList();
    }

    @Test
    void aLineIsThereOnce() {
        assertThat(room.append(List.of(message(1), message(2)))).isEmpty();
        assertThat(room.append(List.of(message(2), message(3)))).isEmpty();
        assertThat(seen(false)).containsExactly(1L, 2L, 3L);
    }

    @Test
    void aLineThatWasRemovedBeforeItCameIsGoneWhenItComes() {
        room.append(List.of(message(1)));
        assertThat(room.mark(List.of(2L), true)).isEmpty();
        assertThat(room.append(List.of(message(2), message(3)))).containsExactly(2L);
        assertThat(seen(false)).containsExactly(1L, 3L);
        assertThat(seen(true)).containsExactly(1L, 2L, 3L);
    }

    @Test
    void aLineThatIsBackBeforeItCameIsThere() {
        room.mark(List.of(1L), true);
        room.mark(List.of(1L), false);
        assertThat(room.append(List.of(message(1)))).isEmpty();
        assertThat(seen(false)).containsExactly(1L);
    }

    @Test
    void whatIsBelowTheFloorIsForModerators() {
        room.append(List.of(message(1), message(2), message(3)));
        room.raiseFloor(2);
        room.raiseFloor(1);
        assertThat(room.floor()).isEqualTo(2);
        assertThat(seen(false)).containsExactly(3L);
        assertThat(seen(true)).containsExactly(1L, 2L, 3L);
    }

    @Test
    void whoComesBackIsNotToldHowMuchWasSaidBelowIt() {
        room.append(LongStream.rangeClosed(1, 200).mapToObj(RoomTest::message).toList());
        room.raiseFloor(199);
        ChatEvents.History history = room.history(1, false);
        assertThat(history.messages()).extracting(ChatMessage::seq).containsExactly(200L);
        assertThat(history.missed()).isZero();
        assertThat(room.history(200, false).messages()).isEmpty();
        room.mark(List.of(1L), true);
        assertThat(room.history(1, false).removed()).containsExactly(1L);
    }

    @Test
    void aClosedRoomTakesNoDrafts() {
        assertThat(room.beginDraft()).isTrue();
        assertThat(room.close()).isFalse();
        room.drafts.decrementAndGet();
        assertThat(room.close()).isTrue();
        assertThat(room.beginDraft()).isFalse();
    }
}
