// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import live.millrace.media.recording.RecordedSpan;
import live.millrace.media.recording.Recording;
import live.millrace.media.recording.RecordingIndex;
import live.millrace.media.testing.TestPrograms;
import live.millrace.platform.TestPeople;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.ffmpeg.Ffmpeg;
import live.millrace.platform.ffmpeg.FfmpegSettings;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;

/** Small pictures of what was recorded, made by a child process that a script stands in for: it keeps what it was told and handed. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class StoryboardMakingTest {
    private static final int HEAD = 3;

    @TempDir
    Path directory;

    @Autowired
    private TestPeople people;

    @Autowired
    private RecordingIndex index;

    @Autowired
    private RecordingStore store;

    @Autowired
    private StoreSweep sweep;

    @Autowired
    private RecordingRetention retention;

    @Autowired
    private StoryboardRows rows;

    @Autowired
    private JdbcClient database;

    private Path program;
    private Recording recording;

    @BeforeEach
    void something() throws IOException {
        // What others left is theirs.
        database.sql("update recording_span set pictures = 0 where pictures is null")
                .update();
        program = directory.resolve("decoder");
        recording = Recorded.begun(people.channel(people.user()).name());
        index.begun(recording);
        index.track(recording.id(), Recorded.video());
    }

    @AfterEach
    void nothingIsLeft() {
        database.sql("update recording set removing = true, deleted_at = now(), state = 'READY'")
                .update();
        retention.remove();
    }

    private StoryboardMaking making(String script) throws IOException {
        TestPrograms.shell(program, script);
        return new StoryboardMaking(rows, store, new Ffmpeg(new FfmpegSettings(program.toString())), Clock.systemUTC());
    }

    private RecordedSpan span(int ordinal) throws IOException {
        RecordedSpan span = Recorded.fragments(store.directory(), recording, ordinal);
        index.span(recording.id(), span);
        return span;
    }

    private Path sheet(RecordedSpan span) {
        return store.directory().resolve(recording.object(span).replace(".mp4", ".jpg"));
    }

    private @Nullable Integer pictures(RecordedSpan span) {
        return database.sql("""
                select s.pictures from recording_span s join recording r on r.id = s.recording_id
                where r.public_id = ? and s.ordinal = ?
                """)
                .param(recording.id())
                .param(span.ordinal())
                .query((row, _) -> row.getObject(1, Integer.class))
                .list()
                .getFirst();
    }

    @Test
    void aPictureEveryTenSecondsIsOnASheetBesideTheSpan() throws Exception {
        RecordedSpan span = span(0);
        making("echo \"$@\" > $0.told; cat > $0.handed; printf picture").makeSome();
        assertThat(sheet(span)).hasContent("picture");
        assertThat(pictures(span)).isEqualTo(3);
        assertThat(Files.readString(directory.resolve("decoder.told")))
                .contains("-protocol_whitelist pipe", "scale=160:90", "tile=6x1");
        byte[] handed = Files.readAllBytes(directory.resolve("decoder.handed"));
        long whole = Files.size(store.directory().resolve(recording.object(span)));
        assertThat((long) handed.length).isEqualTo(HEAD + (whole - HEAD) / 30 * 3);

        // It is no file that nobody knows, and it goes with its span.
        assertThat(sweep.sweep(false).unknown()).isZero();
        assertThat(store.remove(recording.object(span))).isTrue();
        assertThat(sheet(span)).doesNotExist();
    }

    @Test
    void whatCannotBeDecodedHasNoneAndIsNotTriedAgain() throws Exception {
        RecordedSpan span = span(0);
        making("cat > /dev/null; exit 1").makeSome();
        assertThat(sheet(span)).doesNotExist();
        assertThat(pictures(span)).isZero();
        assertThat(rows.bare(10)).isEmpty();
    }

    @Test
    void aSpanThatIsDamagedDoesNotStopTheOthers() throws Exception {
        RecordedSpan torn = span(0);
        Files.write(store.directory().resolve(recording.object(torn)), new byte[10]);
        RecordedSpan whole = span(1);
        making("cat > /dev/null; printf picture").makeSome();
        assertThat(pictures(torn)).isZero();
        assertThat(sheet(whole)).exists();
    }

    @Test
    void aSpanThatGoesMeanwhileLeavesNothing() throws Exception {
        RecordedSpan span = span(0);
        StoryboardRows.Bare bare = rows.bare(1).getFirst();
        database.sql("delete from recording_span where recording_id = ?")
                .param(bare.recording())
                .update();
        making("cat > /dev/null; printf picture").make(bare);
        assertThat(sheet(span)).doesNotExist();
    }

    /** For want of memory it is killed by the system. */
    @Test
    void whatBreaksItIsTriedAgainSomeTimes() throws Exception {
        RecordedSpan span = span(0);
        StoryboardMaking making = making("kill -9 $$");
        making.makeSome();
        assertThat(pictures(span)).isNull();
        making("printf picture").makeSome();
        assertThat(sheet(span)).hasContent("picture");
    }

    @Test
    void whatBreaksItEachTimeIsLeftAlone() throws Exception {
        RecordedSpan span = span(0);
        StoryboardMaking making = making("kill -9 $$");
        for (int i = 0; i < 4; i++) {
            making.makeSome();
            assertThat(pictures(span)).isNull();
        }
        making.makeSome();
        assertThat(pictures(span)).isEqualTo(0);
    }
}
