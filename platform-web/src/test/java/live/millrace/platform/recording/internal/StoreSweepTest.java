// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import live.millrace.media.recording.Recording;
import live.millrace.media.recording.RecordingGap;
import live.millrace.media.recording.RecordingIndex;
import live.millrace.platform.TestPeople;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.database.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;

/** Files and rows that do not fit each other. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class StoreSweepTest {
    @Autowired
    private TestPeople people;

    @Autowired
    private RecordingIndex index;

    @Autowired
    private RecordingRetention retention;

    @Autowired
    private RecordingStore store;

    @Autowired
    private StoreSweep sweep;

    @Autowired
    private JdbcClient database;

    private ChannelView channel;

    @BeforeEach
    void somebody() {
        channel = people.channel(people.user());
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        UUID id =
                database.sql("select id from recording_store").query(UUID.class).single();
        Files.writeString(store.directory().resolve("store-id"), id + "\n");
        database.sql("update recording set removing = true, deleted_at = now(), state = 'READY'")
                .update();
        retention.remove();
    }

    /** One of so many spans, each with its file, all of them two days old. */
    private Recording whole(int spans) throws IOException {
        Recording recording = Recorded.begun(channel.name());
        index.begun(recording);
        for (int ordinal = 0; ordinal < spans; ordinal++) {
            index.span(recording.id(), Recorded.span("v0", ordinal, 10, true));
            put(Recording.object(recording.folder(), "v0", ordinal), 10_100);
        }
        index.ended(recording.id(), Instant.now());
        return recording;
    }

    private Path put(String object, int bytes) throws IOException {
        Path file = store.directory().resolve(object);
        Files.createDirectories(file.getParent());
        Files.write(file, new byte[bytes]);
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
        return file;
    }

    /** Others have files there too. */
    private void found(boolean anyway, long unknown, long missing, boolean refused) {
        StoreSweep.Found found = sweep.sweep(anyway);
        assertThat(found).isEqualTo(new StoreSweep.Found(found.files(), unknown, missing, refused));
    }

    @Test
    void aFileThatNobodyKnowsLiesAsideForAWeek() throws Exception {
        Recording recording = whole(30);
        Path unknown = put(recording.folder() + "/v0-900.mp4", 7);
        Path other = put("2026-01/abcdefghijk/a0-0.mp4", 7);
        Path young = put("2026-01/abcdefghijk/a0-1.mp4", 7);
        Files.setLastModifiedTime(young, FileTime.from(Instant.now()));
        found(false, 2, 0, false);
        assertThat(unknown).doesNotExist();
        assertThat(other).doesNotExist();
        assertThat(young).exists();
        assertThat(sweep.lostBytes()).isEqualTo(14);
        Path lost = store.directory().resolve(StoreSweep.LOST);
        try (var days = Files.list(lost)) {
            Files.move(days.findFirst().orElseThrow(), lost.resolve("2020-01-01"));
        }
        assertThat(sweep.sweep(false).unknown()).isZero();
        assertThat(sweep.lostBytes()).isZero();
        Files.delete(young);
        Files.delete(young.getParent());
    }

    @Test
    void aRowWithoutItsFileIsAGap() throws Exception {
        Recording recording = whole(40);
        Files.delete(store.directory().resolve(Recording.object(recording.folder(), "v0", 3)));
        Files.write(store.directory().resolve(Recording.object(recording.folder(), "v0", 7)), new byte[10]);
        found(false, 0, 2, false);
        Recording now = index.find(recording.id()).orElseThrow();
        assertThat(now.spans()).hasSize(38).noneMatch(span -> span.ordinal() == 3 || span.ordinal() == 7);
        assertThat(now.spans("v0").get(3).discontinuity()).isTrue();
        assertThat(now.gaps())
                .extracting(RecordingGap::atMillis, RecordingGap::cause)
                .containsExactly(
                        tuple(900_000L, RecordingGap.Cause.DAMAGED), tuple(2_100_000L, RecordingGap.Cause.DAMAGED));
        assertThat(database.sql("select state from recording where public_id = ?")
                        .param(recording.id())
                        .query(String.class)
                        .single())
                .isEqualTo("READY_WITH_GAPS");
        assertThat(database.sql("select bytes from recording_usage where channel_id = ?")
                        .param(channel.id())
                        .query(Long.class)
                        .single())
                .isEqualTo(38 * 10_100L);
    }

    @Test
    void nothingHappensByItselfWhereTooMuchDoesNotFit() throws Exception {
        Recording recording = whole(10);
        List<Path> unknown = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            unknown.add(put("2026-01/abcdefghijk/a0-" + i + ".mp4", 7));
        }
        found(false, 3, 0, true);
        assertThat(unknown).allMatch(Files::exists);
        found(true, 3, 0, false);
        assertThat(unknown).noneMatch(Files::exists);
        assertThat(index.find(recording.id()).orElseThrow().spans()).hasSize(10);
    }

    /** A new database, or a disk that is not mounted: whatever is missed, nothing is taken. */
    @Test
    void nothingEverHappensInADirectoryOfAnother() throws Exception {
        Recording recording = whole(10);
        Path unknown = put("2026-01/abcdefghijk/a0-0.mp4", 7);
        Path name = store.directory().resolve("store-id");
        for (String other : List.of(UUID.randomUUID().toString(), "", "nonsense")) {
            Files.writeString(name, other);
            assertThat(sweep.sweep(true).refused()).isTrue();
        }
        Files.delete(name);
        assertThat(sweep.sweep(true).refused()).isTrue();
        assertThat(unknown).exists();
        database.sql("update recording set removing = true, deleted_at = now()").update();
        retention.remove();
        assertThat(store.directory().resolve(Recording.object(recording.folder(), "v0", 0)))
                .as("not even what is due")
                .exists();
        Files.delete(unknown);
    }

    @Test
    void anObjectIsNeverOutsideOfTheStore() {
        assertThat(store.remove("../../etc/passwd")).isTrue();
        assertThat(store.remove("2026-01/abcdefghijk/../../store-id")).isTrue();
        assertThat(store.ours()).isTrue();
    }
}
