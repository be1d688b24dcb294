// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.below;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.audit.Audit;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.chat.Talker;
import live.millrace.platform.chat.internal.below.WrittenComments.Written;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.notification.Notices;
import live.millrace.platform.recording.Recordings;
import live.millrace.platform.recording.VideoView;
import live.millrace.platform.recording.Videos;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.transaction.support.TransactionTemplate;

/** How much one person writes below videos, by a clock that the test moves. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class CommentLimitsTest {
    private static final String ADDRESS = "127.0.0.1";

    @Autowired
    private TestPeople people;

    @Autowired
    private Videos videos;

    @Autowired
    private JdbcClient database;

    @Autowired
    private CommentStore store;

    @Autowired
    private CommentPolicy policy;

    @Autowired
    private ShownComments shown;

    @Autowired
    private Notices notices;

    @Autowired
    private Audit audit;

    @Autowired
    private TransactionTemplate transaction;

    private final MovedClock clock = new MovedClock();
    private WrittenComments comments;
    private ChannelView channel;
    private Commenter bob;

    private static final class MovedClock extends Clock {
        private volatile Instant now = Instant.parse("2026-11-27T12:00:00Z");

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @BeforeEach
    void people() {
        comments = new WrittenComments(store, policy, shown, notices, audit, transaction, clock);
        channel = people.channel(people.user());
        AccountPrincipal person = people.user();
        bob = new Commenter(new Talker.Person(person.accountId()), person);
    }

    private VideoView video() {
        return videos.find(Recordings.ready(database, channel.id(), "The match"))
                .orElseThrow();
    }

    /** Why not, or nothing. */
    private String write(VideoView video, String text) {
        return switch (comments.write(video, channel, bob, ADDRESS, text)) {
            case Written.Stored _ -> "";
            case Written.Not not -> not.why().reason();
        };
    }

    @Test
    void fiveInAMinuteWhereverTheyAre() {
        VideoView one = video();
        VideoView other = video();
        for (int i = 1; i <= 5; i++) {
            assertThat(write(i % 2 == 0 ? one : other, "number " + i)).isEmpty();
            clock.now = clock.now.plusSeconds(10);
        }
        Written.Not not = (Written.Not) comments.write(one, channel, bob, ADDRESS, "number 6");
        assertThat(not.why().reason()).isEqualTo("fast");
        assertThat(not.why().retryMillis())
                .as("until the first is a minute old")
                .isEqualTo(10_000);
        clock.now = clock.now.plusSeconds(10);
        assertThat(write(one, "number 6")).isEmpty();
        assertThat(write(one, "number 7")).isEqualTo("fast");
    }

    @Test
    void aHundredInADay() {
        VideoView video = video();
        Instant morning = clock.now;
        for (int i = 0; i < 100; i++) {
            database.sql("""
                    insert into chat_video_comment (recording_id, account_id, text, written_at)
                    select id, ?, ?, ? from recording where public_id = ?
                    """)
                    .param(bob.talker().account())
                    .param("number " + i)
                    .param(Timestamp.from(morning.plusSeconds(i * 600L)))
                    .param(video.id())
                    .update();
        }
        clock.now = morning.plus(Duration.ofHours(23));
        Written.Not not = (Written.Not) comments.write(video, channel, bob, ADDRESS, "one more");
        assertThat(not.why().reason()).isEqualTo("day");
        assertThat(not.why().retryMillis()).isEqualTo(Duration.ofHours(1).toMillis());
        clock.now = morning.plus(Duration.ofHours(24));
        assertThat(write(video, "one more")).isEmpty();
    }

    @Test
    void theSameOnceBelowAVideoHoweverOftenItIsSentAtOnce() throws Exception {
        VideoView video = video();
        try (ExecutorService many = Executors.newFixedThreadPool(8)) {
            List<Future<String>> answers = many.invokeAll(IntStream.range(0, 8)
                    .<Callable<String>>mapToObj(_ -> () -> write(video, "Well done"))
                    .toList());
            int stored = 0;
            for (Future<String> answer : answers) {
                stored += answer.get().isEmpty() ? 1 : 0;
            }
            assertThat(stored).isEqualTo(1);
        }
        assertThat(store.count(video.id())).isEqualTo(1);
        clock.now = clock.now.plus(Duration.ofDays(2));
        assertThat(write(video, "  well   DONE ")).isEqualTo("duplicate");
        assertThat(write(video(), "Well done")).as("below another").isEmpty();
        long id = store.page(video.id(), Long.MAX_VALUE, 1).getFirst().id();
        assertThat(comments.remove(video, channel, bob, id)).isEqualTo(WrittenComments.Removal.DONE);
        assertThat(write(video, "Well done")).as("taken back by its author").isEmpty();
    }
}
