// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrl;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import live.millrace.media.recording.RecordedSegment;
import live.millrace.media.recording.RecordedSpan;
import live.millrace.media.recording.Recording;
import live.millrace.media.recording.RecordingIndex;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.recording.VideoDesk;
import live.millrace.platform.recording.VideoTrim;
import live.millrace.platform.recording.VideoView;
import live.millrace.platform.recording.Videos;
import org.hamcrest.Matchers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.transaction.support.TransactionTemplate;

/** What is trimmed is what stays, byte for byte; what it was before comes back, or goes in a week. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class VideoTrimmingTest {
    private static final int SPANS = 3;
    private static final int SPAN_MILLIS = 300_000;
    private static final int SEGMENTS = 150;

    @Autowired
    private TestPeople people;

    @Autowired
    private RecordingIndex index;

    @Autowired
    private IndexRows rows;

    @Autowired
    private RecordingStore store;

    @Autowired
    private RecordingRetention retention;

    @Autowired
    private StoreSweep sweep;

    @Autowired
    private VideoTrim trim;

    @Autowired
    private Videos videos;

    @Autowired
    private VideoDesk desk;

    @Autowired
    private JdbcClient database;

    @Autowired
    private TransactionTemplate transaction;

    @Autowired
    private MockMvc site;

    private Set<Path> othersFiles = Set.of();
    private AccountPrincipal anna;
    private ChannelView channel;
    private Recording before;

    /** A quarter of an hour in spans of five minutes, whose files hold numbers. */
    @BeforeEach
    void video() throws IOException {
        try (var all = Files.walk(store.directory())) {
            othersFiles = all.filter(Files::isRegularFile).collect(Collectors.toSet());
        }
        anna = people.user();
        channel = people.channel(anna);
        Recording recording = Recorded.begun(channel.name());
        index.begun(recording);
        index.track(recording.id(), Recorded.video());
        for (int ordinal = 0; ordinal < SPANS; ordinal++) {
            RecordedSpan span = Recorded.span("v0", ordinal, SEGMENTS, true);
            index.span(recording.id(), span);
            byte[] bytes = new byte[Math.toIntExact(span.bytes())];
            for (int at = 0; at < bytes.length; at++) {
                bytes[at] = (byte) (at / 1_000 + ordinal);
            }
            System.arraycopy(new byte[] {1, 2, 3}, 0, bytes, 0, 3);
            Path file = store.directory().resolve(Recording.object(recording.folder(), "v0", ordinal));
            Files.createDirectories(file.getParent());
            Files.write(file, bytes);
        }
        index.ended(recording.id(), Recorded.START.plusMillis(SPANS * SPAN_MILLIS));
        before = whole(recording.id());
    }

    @AfterEach
    void nothingIsLeft() {
        database.sql("update recording set removing = true, deleted_at = now(), state = 'READY'")
                .update();
        retention.remove();
    }

    private Recording whole(String id) {
        return Objects.requireNonNull(transaction.execute(_ -> rows.whole(id).orElseThrow()));
    }

    private VideoView view() {
        return videos.find(before.id()).orElseThrow();
    }

    private List<String> segments(Recording recording) throws IOException {
        List<String> all = new ArrayList<>();
        for (RecordedSpan span : recording.spans("v0")) {
            byte[] file = Files.readAllBytes(store.directory().resolve(recording.object(span)));
            for (RecordedSegment each : span.segments().segments()) {
                byte[] bytes = Arrays.copyOfRange(file, (int) each.offset(), (int) each.offset() + each.bytes());
                all.add(each.sequence() + " " + Arrays.hashCode(bytes));
            }
        }
        return all;
    }

    private long used() {
        return database.sql("select bytes from recording_usage where channel_id = ?")
                .param(channel.id())
                .query(Long.class)
                .single();
    }

    /** Those that came since the video did: others have files there too. */
    private long files() throws IOException {
        try (var all = Files.walk(store.directory())) {
            return all.filter(file -> file.toString().endsWith(".mp4"))
                    .filter(file -> !othersFiles.contains(file))
                    .count();
        }
    }

    @Test
    void whatLiesBetweenStaysAndTheWholeComesBack() throws Exception {
        String id = before.id();
        desk.chapter(id, 10_000, "Too early");
        desk.chapter(id, 400_000, "In the middle");
        assertThat(trim.trim(id, 101_000, 700_000)).isEmpty();

        Recording now = whole(id);
        List<String> all = segments(before);
        assertThat(segments(now)).isEqualTo(all.subList(50, 350));
        // An address that was fetched never means something else.
        assertThat(now.spans("v0")).extracting(RecordedSpan::ordinal).containsExactly(3, 4, 5);
        VideoView view = view();
        assertThat(view.durationMillis()).isEqualTo(600_000);
        assertThat(view.startedAt()).isEqualTo(Recorded.START.plusSeconds(100));
        assertThat(view.endedAt()).isEqualTo(Recorded.START.plusSeconds(700));
        assertThat(videos.chapters(view)).singleElement().satisfies(chapter -> {
            assertThat(chapter.title()).isEqualTo("In the middle");
            assertThat(chapter.atMillis()).isEqualTo(300_000);
        });
        assertThat(used()).isEqualTo(before.bytes() + now.bytes());
        assertThat(videos.deleted(channel.id(), 10)).isEmpty();
        assertThat(videos.allOfChannel(channel.id(), Optional.empty(), 10)).hasSize(1);
        assertThat(trim.until(id)).isPresent();
        sweepFindsNothing();

        // Once more, and then all of it back.
        assertThat(trim.trim(id, 0, 60_000)).isEmpty();
        assertThat(segments(whole(id))).isEqualTo(all.subList(50, 80));
        // What a bucket may have of what is thrown away goes there as well.
        database.sql(
                        "update recording_span set put_at = now() where recording_id = (select id from recording where public_id = ?)")
                .param(id)
                .update();
        assertThat(trim.restore(id)).isTrue();
        assertThat(database.sql("select count(*) from recording_garbage where archived")
                        .query(Long.class)
                        .single())
                .isPositive();
        assertThat(trim.restore(id)).isFalse();
        assertThat(whole(id).spans()).isEqualTo(before.spans());
        assertThat(view().startedAt()).isEqualTo(Recorded.START);
        assertThat(videos.chapters(view())).hasSize(2);
        assertThat(used()).isEqualTo(before.bytes());
        assertThat(trim.until(id)).isEmpty();
        database.sql("update recording_garbage set archived = false").update();
        retention.removeGarbage();
        assertThat(files()).isEqualTo(SPANS);
        assertThat(segments(whole(id))).isEqualTo(all);
    }

    @Test
    void whatWasCutOffGoesInAWeekAndTheVideoStays() throws Exception {
        String id = before.id();
        assertThat(trim.trim(id, 0, 310_000)).isEmpty();
        List<String> kept = segments(whole(id));
        database.sql("update recording set deleted_at = deleted_at - interval '8 days' where kind = 'ORIGINAL'")
                .update();
        retention.run();
        assertThat(trim.until(id)).isEmpty();
        assertThat(trim.restore(id)).isFalse();
        Recording now = whole(id);
        assertThat(segments(now)).isEqualTo(kept).hasSize(155);
        assertThat(used()).isEqualTo(now.bytes());
        assertThat(files()).isEqualTo(2);
    }

    @Test
    void whatIsNoPartOfItIsRefused() throws Exception {
        String id = before.id();
        for (long[] wrong :
                new long[][] {{5_000, 5_500}, {9_000, 8_000}, {-1, 9_000}, {0, 999_000_000}, {0, 900_000}}) {
            assertThat(trim.trim(id, wrong[0], wrong[1])).contains("video.said.trim");
        }
        assertThat(trim.trim("AbCdEfGhIjK", 0, 5_000)).contains("video.said.gone");
        Files.delete(store.directory().resolve(Recording.object(before.folder(), "v0", 1)));
        assertThat(trim.trim(id, 100_000, 500_000)).contains("video.said.damaged");
        assertThat(whole(id).spans()).isEqualTo(before.spans());
        sweepFindsNothing();
    }

    /** Whether files are taken for unknown ones, however old they are; those of others may be. */
    private void sweepFindsNothing() throws IOException {
        long before = files();
        try (var all = Files.walk(store.directory())) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                if (!othersFiles.contains(file)) {
                    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
                }
            }
        }
        sweep.sweep(true);
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void thePageTakesTimesAsPeopleWriteThem() throws Exception {
        String path = "/studio/videos/" + before.id() + "/trim";
        String playlist = view().playlist();
        site.perform(get(path).with(user(anna)))
                .andExpect(status().isOk())
                .andExpect(content().string(Matchers.containsString("value=\"15:00\"")));
        site.perform(post(path).with(user(anna)).with(csrf()).param("from", "x").param("to", "2:00"))
                .andExpect(status().isUnprocessableContent())
                .andExpect(content().string(Matchers.containsString("value=\"2:00\"")));
        site.perform(post(path)
                        .with(user(anna))
                        .with(csrf())
                        .param("from", "1:00")
                        .param("to", "0:02:00"))
                .andExpect(redirectedUrl(path + "?trimmed"));
        // What was fetched of it before is kept for a while, and is not what it plays now.
        assertThat(view().playlist()).startsWith(before.id() + "/index.m3u8?v=").isNotEqualTo(playlist);
        site.perform(get(path).with(user(anna)))
                .andExpect(content().string(Matchers.containsString(view().playlist())));
        assertThat(view().durationMillis()).isEqualTo(60_000);
        site.perform(post(path + "/undo").with(user(anna)).with(csrf())).andExpect(redirectedUrl(path + "?whole"));
        assertThat(view().durationMillis()).isEqualTo(SPANS * SPAN_MILLIS);
    }
}
