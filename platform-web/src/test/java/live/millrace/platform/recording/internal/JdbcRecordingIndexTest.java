// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import live.millrace.media.recording.RecordedSpan;
import live.millrace.media.recording.Recording;
import live.millrace.media.recording.RecordingGap;
import live.millrace.media.recording.RecordingGap.Cause;
import live.millrace.media.recording.RecordingIndex;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.BroadcastInfo;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.Visibility;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.recording.RecordingRules;
import live.millrace.platform.recording.VideoChanged;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.transaction.event.TransactionalEventListener;

/** What an engine tells of recordings is in the database as it told it, however often it did. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
@Import(JdbcRecordingIndexTest.Heard.class)
class JdbcRecordingIndexTest {
    @TestConfiguration
    static class Heard {
        final List<VideoChanged> all = new CopyOnWriteArrayList<>();

        @TransactionalEventListener
        void on(VideoChanged event) {
            all.add(event);
        }
    }

    @Autowired
    private TestPeople people;

    @Autowired
    private RecordingIndex index;

    @Autowired
    private RecordingRules rules;

    @Autowired
    private Channels channels;

    @Autowired
    private JdbcClient database;

    @Autowired
    private Heard heard;

    private AccountPrincipal anna;
    private ChannelView channel;

    @BeforeEach
    void somebody() {
        anna = people.user();
        channel = people.channel(anna);
        heard.all.clear();
    }

    private List<VideoChanged.What> heardOf(Recording recording) {
        return heard.all.stream()
                .filter(event -> event.id().equals(recording.id()))
                .map(VideoChanged::what)
                .toList();
    }

    private <T> T column(Recording recording, String column, Class<T> type) {
        return database.sql("select " + column + " from recording where public_id = ?")
                .param(recording.id())
                .query((row, _) -> row.getObject(1, type))
                .single();
    }

    private long used() {
        return database.sql("select coalesce(sum(bytes), 0) from recording_usage where channel_id = ?")
                .param(channel.id())
                .query(Long.class)
                .single();
    }

    private long spansOfTheChannel() {
        return database.sql("""
                select coalesce(sum(s.bytes), 0) from recording_span s join recording r on r.id = s.recording_id where channel_id = ?
                """).param(channel.id()).query(Long.class).single();
    }

    @Test
    void whatIsToldTwiceIsThereOnceAndIsReadAsItWasTold() throws Exception {
        Recording recording = Recorded.begun(channel.name());
        RecordedSpan open = Recorded.span("v0", 0, 3, false);
        RecordedSpan closed = Recorded.span("v0", 0, 150, true);
        RecordedSpan second = Recorded.span("v0", 1, 2, false);
        RecordingGap gap = new RecordingGap(300_000, 4_000, Cause.ENCODER);
        for (int i = 0; i < 2; i++) {
            index.begun(recording);
            index.track(recording.id(), Recorded.video());
            index.span(recording.id(), open);
            index.span(recording.id(), closed);
            index.gap(recording.id(), gap);
            index.span(recording.id(), second);
        }
        Recording read = index.find(recording.id()).orElseThrow();
        assertThat(read.folder()).isEqualTo(recording.folder());
        assertThat(read.broadcast()).isEqualTo(recording.broadcast());
        assertThat(read.stream()).isEqualTo("live/" + channel.name());
        assertThat(read.startedAt()).isEqualTo(Recorded.START);
        assertThat(read.endedAt()).isEmpty();
        assertThat(read.tracks()).containsExactly(Recorded.video());
        assertThat(read.spans()).containsExactly(closed, second);
        assertThat(read.gaps()).containsExactly(gap);
        assertThat(column(recording, "bytes", Long.class))
                .isEqualTo(closed.bytes() + second.bytes())
                .isEqualTo(used());
        assertThat(column(recording, "duration_ms", Long.class)).isEqualTo(304_000);
        assertThat(index.unfinished()).extracting(Recording::id).contains(recording.id());
        assertThat(heardOf(recording)).containsExactly(VideoChanged.What.BEGAN);
    }

    @Test
    void theEndComesOnceAndSaysHowLongItIsKept() throws Exception {
        Recording recording = Recorded.begun(channel.name());
        rules.choose(channel.id(), new RecordingRules.Choice(null, 7, null, null, null, null));
        index.begun(recording);
        index.span(recording.id(), Recorded.span("v0", 0, 5, true));
        Instant end = Recorded.START.plusSeconds(10);
        index.ended(recording.id(), end);
        index.ended(recording.id(), end.plusSeconds(5));
        assertThat(column(recording, "state", String.class)).isEqualTo("READY");
        assertThat(column(recording, "ended_at", Timestamp.class).toInstant()).isEqualTo(end);
        assertThat(column(recording, "expires_at", Timestamp.class).toInstant())
                .isEqualTo(end.plus(Duration.ofDays(7)));
        assertThat(index.unfinished()).extracting(Recording::id).doesNotContain(recording.id());
        assertThat(heardOf(recording)).containsExactly(VideoChanged.What.BEGAN, VideoChanged.What.ENDED);
        index.gap(recording.id(), new RecordingGap(0, 2_000, Cause.DAMAGED));
        assertThat(column(recording, "state", String.class)).isEqualTo("READY_WITH_GAPS");
        assertThat(heardOf(recording)).endsWith(VideoChanged.What.EDITED);
    }

    @Test
    void gapsShowInTheStateAtTheEnd() throws Exception {
        Recording recording = Recorded.begun(channel.name());
        index.begun(recording);
        index.gap(recording.id(), new RecordingGap(0, 2_000, Cause.DISK));
        assertThat(column(recording, "state", String.class)).isEqualTo("RECORDING");
        index.ended(recording.id(), Recorded.START);
        assertThat(column(recording, "state", String.class)).isEqualTo("READY_WITH_GAPS");
    }

    @Test
    void whatIsNotForEverybodyIsFoundForTicketsAlone() throws Exception {
        Recording recording = Recorded.begun(channel.name());
        index.begun(recording);
        for (Visibility visibility : Visibility.values()) {
            database.sql("update recording set visibility = ? where public_id = ?")
                    .param(visibility.name())
                    .param(recording.id())
                    .update();
            assertThat(index.find(recording.id()).orElseThrow().access())
                    .isEqualTo(visibility.open() ? Recording.Access.EVERYBODY : Recording.Access.TICKET);
        }
        database.sql("update recording set visibility = 'PUBLIC', deleted_at = now() where public_id = ?")
                .param(recording.id())
                .update();
        assertThat(index.find(recording.id())).isEmpty();
        assertThat(index.find("nothing_ther")).isEmpty();
    }

    @Test
    void itIsAboutWhatTheChannelSaysTillTheEnd() throws Exception {
        rules.choose(channel.id(), new RecordingRules.Choice(null, null, null, Visibility.UNLISTED, null, null));
        channels.describe(channel.id(), new BroadcastInfo("First", null, List.of(), "en", false));
        Recording recording = Recorded.begun(channel.name());
        index.begun(recording);
        assertThat(column(recording, "title", String.class)).isEqualTo("First");
        assertThat(column(recording, "language", String.class)).isEqualTo("en");
        assertThat(column(recording, "visibility", String.class)).isEqualTo("UNLISTED");
        channels.describe(channel.id(), new BroadcastInfo("Second", null, List.of(), "zh", true));
        channels.describe(channel.id(), new BroadcastInfo("Third", null, List.of(), "zh", false));
        assertThat(column(recording, "title", String.class)).isEqualTo("Third");
        assertThat(column(recording, "mature", Boolean.class))
                .as("once it was not for everybody")
                .isTrue();
        index.ended(recording.id(), Recorded.START);
        channels.describe(channel.id(), new BroadcastInfo("Another one", null, List.of(), "zh", false));
        assertThat(column(recording, "title", String.class)).isEqualTo("Third");
    }

    @Test
    void oneThatHadEndedGoesOnWithItsBroadcast() throws Exception {
        Recording recording = Recorded.begun(channel.name());
        index.begun(recording);
        index.ended(recording.id(), Recorded.START);
        index.begun(recording);
        assertThat(column(recording, "state", String.class)).isEqualTo("RECORDING");
        assertThat(column(recording, "expires_at is null", Boolean.class)).isTrue();
    }

    @Test
    void whatIsNotOfAChannelIsHeardAndGoes() throws Exception {
        Recording recording = Recorded.begun("nobody-there");
        index.begun(recording);
        index.span(recording.id(), Recorded.span("v0", 0, 3, true));
        assertThat(index.find(recording.id())).isEmpty();
        index.ended(recording.id(), Recorded.START);
        index.span("never_was_it", Recorded.span("v0", 0, 3, true));
        index.gap("never_was_it", new RecordingGap(0, 1, Cause.DISK));
        index.ended("never_was_it", Recorded.START);
    }

    /** Whatever is told, in whatever order and how often: what the channel uses is what its spans take. */
    @Test
    void whatAChannelUsesNeverDrifts() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<Recording> all = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Recording recording = Recorded.begun(channel.name(), UUID.randomUUID());
            index.begun(recording);
            all.add(recording);
        }
        for (int i = 0; i < 300; i++) {
            doSomething(all.get(random.nextInt(all.size())), random);
            if (i % 20 == 0) {
                assertThat(used()).as("seed %s, step %s", seed, i).isEqualTo(spansOfTheChannel());
            }
        }
        assertThat(used()).as("seed %s", seed).isEqualTo(spansOfTheChannel()).isPositive();
    }

    @Test
    void aTicketsListHoldsWhatIsForSomeAndIsAskedAbout() throws IOException {
        List<String> ids = new ArrayList<>();
        for (String visibility : List.of("PUBLIC", "UNLISTED", "FOLLOWERS", "PRIVATE")) {
            Recording recording = Recorded.begun(channel.name());
            index.begun(recording);
            database.sql("update recording set visibility = ? where public_id = ?")
                    .param(visibility)
                    .param(recording.id())
                    .update();
            ids.add(recording.id());
        }
        assertThat(index.ofStream("live/" + channel.name(), 10)).containsExactly(ids.getFirst());
        assertThat(index.ofStreamByTicket("live/" + channel.name(), 10))
                .as("the unlisted is listed nowhere")
                .containsExactlyInAnyOrder(ids.get(0), ids.get(2), ids.get(3));
    }

    private void doSomething(Recording recording, Random random) throws IOException {
        switch (random.nextInt(8)) {
            case 0 -> index.begun(recording);
            case 1 -> index.ended(recording.id(), Recorded.START);
            case 2 -> index.gap(recording.id(), new RecordingGap(random.nextInt(9), 10, Cause.SLOW));
            default ->
                index.span(
                        recording.id(),
                        Recorded.span(
                                random.nextBoolean() ? "v0" : "a0",
                                random.nextInt(4),
                                1 + random.nextInt(100),
                                random.nextInt(5) == 0));
        }
    }
}
