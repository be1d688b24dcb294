// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.writing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.atLeastOnce;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.timeout;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Visibility;
import live.millrace.platform.chat.ChatSettings;
import live.millrace.platform.chat.Talker;
import live.millrace.platform.chat.internal.room.Room;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The one thread that writes for all rooms goes on, whatever becomes of one. */
class MessageWriterTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final int PATIENCE_MILLIS = 10_000;

    private final MessageCommits moderator = mock();
    private final MessageWriter writer = new MessageWriter(moderator);

    @AfterEach
    void stop() {
        writer.stop();
    }

    private static Room room(String name) {
        return new Room(
                new ChannelView(
                        1,
                        1,
                        true,
                        name,
                        name,
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
    }

    private static Draft draft(Room room) {
        return new Draft(room, new Talker.Person(1), UUID.randomUUID(), "hello", null, NOW, null, null);
    }

    @Test
    void aRoomThatBreaksStopsNoOther() {
        Room bad = room("bad");
        Room good = room("good");
        when(moderator.write(any(), any())).thenReturn(true);
        when(moderator.write(eq(bad), any())).thenThrow(new IllegalStateException("ours"));
        doThrow(new IllegalStateException("ours")).when(moderator).heal();
        writer.start();
        Draft first = draft(good);
        assertThat(writer.offer(draft(bad))).isTrue();
        assertThat(writer.offer(first)).isTrue();
        verify(moderator, timeout(PATIENCE_MILLIS)).write(good, List.of(first));
        Draft second = draft(good);
        assertThat(writer.offer(second)).isTrue();
        verify(moderator, timeout(PATIENCE_MILLIS)).write(good, List.of(second));
        verify(moderator, atLeastOnce()).heal();
    }

    @Test
    void withoutADatabaseNoRoomIsTriedAfterTheFirst() {
        Room one = room("one");
        Room other = room("other");
        CountDownLatch queued = new CountDownLatch(1);
        when(moderator.write(any(), any()))
                .thenAnswer(_ -> queued.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS))
                .thenReturn(false);
        Draft late = draft(other);
        writer.start();
        Draft first = draft(one);
        assertThat(writer.offer(first)).isTrue();
        verify(moderator, timeout(PATIENCE_MILLIS)).write(one, List.of(first));
        // These two come together: the writer is busy with the first.
        assertThat(writer.offer(draft(one))).isTrue();
        assertThat(writer.offer(late)).isTrue();
        queued.countDown();
        verify(moderator, timeout(PATIENCE_MILLIS)).refuse(List.of(late));
    }
}
