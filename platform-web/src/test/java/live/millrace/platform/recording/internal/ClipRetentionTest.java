// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.delete;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import com.jayway.jsonpath.JsonPath;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import live.millrace.media.recording.RecordedSegment;
import live.millrace.media.recording.RecordedSpan;
import live.millrace.media.recording.Recording;
import live.millrace.media.recording.RecordingIndex;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.audience.RecordedVisibility;
import live.millrace.platform.audit.Actor;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Visibility;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.recording.ClipView;
import live.millrace.platform.recording.Clips;
import live.millrace.platform.recording.Recordings;
import live.millrace.platform.recording.Videos;
import live.millrace.platform.site.Setting;
import live.millrace.platform.site.SiteSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.util.ReflectionTestUtils;
import org.springframework.test.web.servlet.MockMvc;

/** Clips outlive their videos: their bytes are copied before those go, and not a moment earlier. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class ClipRetentionTest {
    private static final int SPANS = 3;

    /** Of two seconds: five minutes. */
    private static final int SEGMENTS = 150;

    @Autowired
    private TestPeople people;

    @Autowired
    private MockMvc site;

    @Autowired
    private RecordingIndex index;

    @Autowired
    private RecordingRetention retention;

    @Autowired
    private ClipBytes bytes;

    @Autowired
    private RecordingStore store;

    @Autowired
    private SiteSettings settings;

    @Autowired
    private Clips clips;

    @Autowired
    private RecordedVisibility recorded;

    @Autowired
    private Videos videos;

    @Autowired
    private Engine engine;

    @Autowired
    private JdbcClient database;

    private final HttpClient http = HttpClient.newHttpClient();
    private AccountPrincipal anna;
    private AccountPrincipal viewer;
    private ChannelView channel;

    @BeforeEach
    void somebody() {
        nothingIsLeft();
        anna = people.user();
        viewer = people.user();
        channel = people.channel(anna);
    }

    @AfterEach
    void nothingIsLeft() {
        settings.change(Setting.RECORDING_CHANNEL_QUOTA, "", Actor.SITE);
        database.sql("delete from recording_clip").update();
        database.sql("update recording set removing = true, deleted_at = now(), state = 'READY'")
                .update();
        retention.remove();
        assertThat(count("select count(*) from recording_garbage")).isZero();
    }

    private long count(String sql) {
        return database.sql(sql).query(Long.class).single();
    }

    /** A quarter of an hour of two tracks with their files, that ended so long ago. */
    private Recording ended(Duration ago) throws IOException {
        Recording recording = Recorded.begun(channel.name());
        index.begun(recording);
        index.track(recording.id(), Recorded.video());
        Random random = new Random(7);
        for (int ordinal = 0; ordinal < SPANS; ordinal++) {
            RecordedSpan span = Recorded.span("v0", ordinal, SEGMENTS, true);
            index.span(recording.id(), span);
            byte[] content = new byte[(int) span.bytes()];
            random.nextBytes(content);
            Path file = store.directory().resolve(recording.object(span));
            Files.createDirectories(file.getParent());
            Files.write(file, content);
        }
        index.ended(recording.id(), Instant.now().minus(ago));
        return recording;
    }

    private void expire(Recording recording) {
        database.sql("""
                update recording set ended_at = now() - interval '40 days', expires_at = now() - interval '1 day',
                    warned_at = now() - interval '5 days' where public_id = ?
                """).param(recording.id()).update();
    }

    private boolean there(Recording recording) {
        boolean row = database.sql("select exists (select from recording where public_id = ?)")
                .param(recording.id())
                .query(Boolean.class)
                .single();
        for (int ordinal = 0; ordinal < SPANS; ordinal++) {
            assertThat(Files.exists(store.directory().resolve(Recording.object(recording.folder(), "v0", ordinal))))
                    .isEqualTo(row);
        }
        return row;
    }

    private String media(String path) throws Exception {
        return new String(fetch(path), java.nio.charset.StandardCharsets.UTF_8);
    }

    private byte[] fetch(String path) throws Exception {
        HttpResponse<byte[]> answer = http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + engine.httpPort() + path))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        assertThat(answer.statusCode()).as(path).isEqualTo(200);
        return answer.body();
    }

    /** The bytes of all segments that the playlist of a clip names, in order. */
    private List<byte[]> played(ClipView clip) throws Exception {
        String query = clip.range().isEmpty() ? "" : "?" + clip.range();
        assertThat(media("/videos/" + clip.recording() + "/index.m3u8" + query)).contains("v0.m3u8");
        String list = media("/videos/" + clip.recording() + "/v0.m3u8" + query);
        assertThat(list).contains("#EXT-X-ENDLIST");
        List<byte[]> segments = new ArrayList<>();
        for (String name : Pattern.compile("(?m)^[^#\\s].*\\.m4s.*$")
                .matcher(list)
                .results()
                .map(MatchResult::group)
                .toList()) {
            segments.add(fetch("/videos/" + clip.recording() + "/" + name));
        }
        return segments;
    }

    private ClipView clip(String id) {
        return clips.find(id).orElseThrow();
    }

    @Test
    void whatWasCopiedForAClipIsForWhomTheClipWas() throws Exception {
        Recording video = ended(Duration.ofDays(1));
        String id = Recordings.clip(database, video.id(), viewer, "Mine");
        database.sql(
                        "update recording_clip set visibility = 'PASSWORD', from_ms = 60000, to_ms = 80000 where public_id = ?")
                .param(id)
                .update();
        database.sql("update recording set visibility = 'REGISTERED' where public_id = ?")
                .param(video.id())
                .update();
        expire(video);
        retention.run();
        retention.remove();
        assertThat(there(video)).isFalse();
        ClipView own = clip(id);
        assertThat(own.own()).isTrue();
        assertThat(own.shown()).as("of those who may see both").isEqualTo(Visibility.INVITED);
        RecordedVisibility.Of of = recorded.of(own.recording()).orElseThrow();
        assertThat(of.visibility()).isEqualTo(Visibility.INVITED);
        assertThat(of.maker()).isEqualTo(viewer.accountId());
        site.perform(get("/clips/" + id).with(user(viewer))).andExpect(status().isOk());
        site.perform(get("/clips/" + id).with(user(people.user()))).andExpect(status().isNotFound());
        site.perform(post("/clips/" + id + "/visibility")
                .with(csrf())
                .with(user(anna))
                .param("visibility", "PUBLIC"));
        assertThat(recorded.of(own.recording()).orElseThrow().visibility()).isEqualTo(Visibility.PUBLIC);
        site.perform(get("/clips/" + id)).andExpect(status().isOk());
    }

    @Test
    void aClipOfMinuteFivePlaysAfterItsVideoIsGone() throws Exception {
        Recording video = ended(Duration.ofDays(1));
        String answer = site.perform(post("/api/v1/videos/" + video.id() + "/clips")
                        .with(csrf())
                        .with(user(viewer))
                        .contentType(MediaType.APPLICATION_JSON)
                        .content("{\"fromMillis\":285000,\"toMillis\":315000,\"title\":\"Minute five\"}"))
                .andExpect(status().isCreated())
                .andReturn()
                .getResponse()
                .getContentAsString();
        String id = JsonPath.read(answer, "$.id");
        List<byte[]> before = played(clip(id));
        // From the beginning of its segment to the end of its last one, over the border of two spans.
        assertThat(before).hasSize(16);
        retention.run();
        assertThat(clip(id).own()).isFalse();
        expire(video);
        retention.run();
        assertThat(there(video)).isFalse();
        ClipView after = clip(id);
        assertThat(after.own()).isTrue();
        assertThat(after.video()).isNull();
        assertThat(after.recording()).isNotEqualTo(video.id());
        assertThat(played(after)).hasSameSizeAs(before);
        List<byte[]> now = played(after);
        for (int at = 0; at < before.size(); at++) {
            assertThat(now.get(at)).isEqualTo(before.get(at));
        }
        String page = site.perform(get("/clips/" + id))
                .andExpect(status().isOk())
                .andReturn()
                .getResponse()
                .getContentAsString();
        assertThat(page)
                .contains("/videos/" + after.recording() + "/index.m3u8")
                .contains("no longer there")
                .doesNotContain("start=");
        // What it has of its own counts, is no video, and never goes by itself.
        assertThat(usage())
                .isEqualTo(database.sql("select bytes from recording where public_id = ?")
                        .param(after.recording())
                        .query(Long.class)
                        .single());
        assertThat(videos.find(after.recording())).isEmpty();
        assertThat(videos.allOfChannel(channel.id(), java.util.Optional.empty(), 10))
                .isEmpty();
        database.sql("update recording set ended_at = now() - interval '900 days' where kind = 'CLIP'")
                .update();
        retention.run();
        assertThat(clip(id).own()).isTrue();
        assertThat(
                        count(
                                "select count(*) from recording where kind = 'CLIP' and (warned_at is not null or expires_at is not null)"))
                .isZero();
        // It goes with the clip.
        site.perform(delete("/api/v1/clips/" + id).with(csrf()).with(user(viewer)))
                .andExpect(status().isNoContent());
        retention.run();
        assertThat(count("select count(*) from recording where kind = 'CLIP'")).isZero();
        assertThat(store.directory().resolve("2026-11").resolve(after.recording()))
                .doesNotExist();
        assertThat(usage()).isZero();
    }

    private long usage() {
        return database.sql("select coalesce(sum(bytes), 0) from recording_usage where channel_id = ?")
                .param(channel.id())
                .query(Long.class)
                .single();
    }

    @Test
    void aVideoWaitsWhileItsClipsHaveNoRoom() throws Exception {
        Recording video = ended(Duration.ofDays(1));
        String id = Recordings.clip(database, video.id(), viewer, "Waiting", 10_000, 20_000);
        expire(video);
        Object free = ReflectionTestUtils.getField(bytes, "leastFree");
        ReflectionTestUtils.setField(bytes, "leastFree", Long.MAX_VALUE / 2);
        try {
            retention.run();
            assertThat(videos.find(video.id())).isPresent();
            assertThat(clip(id).own()).isFalse();
        } finally {
            ReflectionTestUtils.setField(bytes, "leastFree", free);
        }
        assertThat(there(video)).isTrue();
        retention.run();
        assertThat(there(video)).isFalse();
        assertThat(played(clip(id))).hasSize(5);
    }

    @Test
    void forWantOfRoomTheOldestGoesAndItsClipsStay() throws Exception {
        Recording old = ended(Duration.ofDays(2));
        Recording young = ended(Duration.ofDays(1));
        String id = Recordings.clip(database, old.id(), viewer, "Kept", 0, 4_000);
        database.sql("update recording set bytes = 700000000 where public_id in (?, ?)")
                .param(old.id())
                .param(young.id())
                .update();
        database.sql("update recording set started_at = started_at - interval '1 day' where public_id = ?")
                .param(old.id())
                .update();
        settings.change(Setting.RECORDING_CHANNEL_QUOTA, "1", Actor.SITE);
        retention.run();
        assertThat(there(old)).isFalse();
        assertThat(there(young)).isTrue();
        assertThat(played(clip(id))).hasSize(2);
    }

    @Test
    void whatSomebodyDeletedTakesItsClipsAlong() throws Exception {
        Recording video = ended(Duration.ofDays(1));
        String reference = Recordings.clip(database, video.id(), viewer, "Reference", 0, 4_000);
        String own = Recordings.clip(database, video.id(), viewer, "Own", 4_000, 8_000);
        database.sql("update recording_clip set deleted_at = now() where public_id = ?")
                .param(reference)
                .update();
        bytes.ownBytes(video.id());
        database.sql("update recording_clip set deleted_at = null where public_id = ?")
                .param(reference)
                .update();
        assertThat(clip(own).own()).isTrue();
        assertThat(clip(reference).own()).isFalse();
        database.sql("update recording set deleted_at = now() - interval '8 days', deleted_by = ? where public_id = ?")
                .param(anna.accountId())
                .param(video.id())
                .update();
        assertThat(clips.find(own)).isEmpty();
        assertThat(clips.find(reference)).isEmpty();
        retention.run();
        assertThat(there(video)).isFalse();
        assertThat(clips.find(own)).isEmpty();
        assertThat(clips.find(reference)).isEmpty();
        assertThat(count("select count(*) from recording where kind = 'CLIP'")).isZero();
        assertThat(usage()).isZero();
    }

    @Test
    void allClipsOfAVideoGetTheirBytesAtOnce() throws Exception {
        Recording video = ended(Duration.ofDays(1));
        List<String> all = new ArrayList<>();
        for (int at = 0; at < 120; at++) {
            all.add(Recordings.clip(database, video.id(), viewer, "Number " + at, at * 5_000L, at * 5_000L + 6_000));
        }
        bytes.ownBytes(video.id());
        assertThat(all).allMatch(id -> clip(id).own());
        assertThat(clip(all.getFirst()).video()).isEqualTo(new ClipView.Source(video.id(), channel.title()));
        assertThat(usage()).isEqualTo(count("select sum(bytes) from recording"));
        bytes.ownBytes(video.id());
        assertThat(count("select count(*) from recording where kind = 'CLIP'")).isEqualTo(120);
        // Their video goes as any other now.
        expire(video);
        retention.run();
        assertThat(there(video)).isFalse();
        assertThat(all).allMatch(id -> clips.find(id).isPresent());
    }

    @Test
    void aClipWhoseBytesAreLostHoldsNothingUp() throws Exception {
        Recording video = ended(Duration.ofDays(1));
        String lost = Recordings.clip(database, video.id(), viewer, "Lost", 310_000, 314_000);
        String there = Recordings.clip(database, video.id(), viewer, "There", 0, 4_000);
        Files.delete(store.directory().resolve(Recording.object(video.folder(), "v0", 1)));
        expire(video);
        retention.run();
        assertThat(count("select count(*) from recording where kind <> 'CLIP' and not removing"))
                .isZero();
        assertThat(clips.find(lost)).isEmpty();
        assertThat(clip(there).own()).isTrue();
    }

    private void gone(AccountPrincipal person) {
        for (String statement :
                List.of("delete from channel where account_id = ?", "delete from account where id = ?")) {
            database.sql(statement).param(person.accountId()).update();
        }
    }

    @Test
    void aClipOutlivesWhoMadeItButNotItsChannel() throws Exception {
        Recording video = ended(Duration.ofDays(1));
        String id = Recordings.clip(database, video.id(), viewer, "Left", 0, 4_000);
        bytes.ownBytes(video.id());
        String own = clip(id).recording();
        gone(viewer);
        assertThat(clip(id).maker()).isNull();
        gone(anna);
        assertThat(clips.find(id)).isEmpty();
        retention.run();
        assertThat(count("select count(*) from recording")).isZero();
        retention.run();
        assertThat(count("select count(*) from recording_clip")).isZero();
        assertThat(own).isNotEmpty();
    }

    @Test
    void inADirectoryOfAnotherDatabaseNothingIsCopied() throws Exception {
        Recording video = ended(Duration.ofDays(1));
        Recordings.clip(database, video.id(), viewer, "Elsewhere", 0, 4_000);
        Path name = store.directory().resolve("store-id");
        String known = Files.readString(name);
        Files.writeString(name, "00000000-0000-0000-0000-000000000000\n");
        try {
            assertThatThrownBy(() -> bytes.ownBytes(video.id())).isInstanceOf(IOException.class);
        } finally {
            Files.writeString(name, known);
        }
        assertThat(count("select count(*) from recording where kind = 'CLIP'")).isZero();
    }

    /** Of a hundred videos; files are there where clips are. */
    @Test
    void tenThousandSpansWithClipsGo() throws Exception {
        Set<Path> others;
        try (Stream<Path> there = Files.walk(store.directory())) {
            others = there.collect(Collectors.toSet());
        }
        int recordings = 100;
        int spans = 100;
        int each = 10;
        RecordedSpan span = Recorded.span("v0", 0, each, true);
        byte[] table = span.segments().packed();
        database.sql("""
                insert into recording (public_id, channel_id, engine_id, folder, state, started_at, ended_at, duration_ms, bytes,
                    expires_at, warned_at)
                select 'M' || lpad(n::text, 10, '0'), ?, gen_random_uuid(), '2026-11/M' || lpad(n::text, 10, '0'), 'READY',
                    now() - interval '50 days', now() - interval '40 days', 30000000, ?, now() - interval '1 day',
                    now() - interval '5 days'
                from generate_series(1, ?) n
                """)
                .param(channel.id())
                .param(spans * span.bytes())
                .param(recordings)
                .update();
        database.sql("""
                insert into recording_track (recording_id, track, format, codec, timescale, width, height, initialization)
                select id, 'v0', 0, 'avc1.64001f', 90000, 1280, 720, '\\x010203' from recording where public_id like 'M%'
                """).update();
        database.sql("""
                insert into recording_span (recording_id, track, ordinal, format, discontinuity, start_ms, base_decode_time,
                    duration_ms, bytes, segments, closed)
                select r.id, 'v0', o, 0, o > 0, o * 300000, 0, ?, ?, case when o = 0 then ? else ''::bytea end, true
                from recording r, generate_series(0, ?) o where r.public_id like 'M%'
                """)
                .param(span.durationMillis())
                .param(span.bytes())
                .param(table)
                .param(spans - 1)
                .update();
        database.sql("""
                insert into recording_usage (channel_id, bytes) values (?, ?)
                on conflict (channel_id) do update set bytes = excluded.bytes
                """)
                .param(channel.id())
                .param((long) recordings * spans * span.bytes())
                .update();
        database.sql("""
                insert into recording_clip (public_id, recording_id, account_id, from_ms, to_ms, title, made_at)
                select 'C' || right(public_id, 10), id, ?, 4000, 9000, 'Clip', now() from recording where public_id like 'M%'
                """).param(viewer.accountId()).update();
        byte[] content = new byte[(int) span.bytes()];
        Arrays.fill(content, (byte) 9);
        for (int n = 1; n <= recordings; n++) {
            Path file = store.directory().resolve("2026-11/M%010d/v0-0.mp4".formatted(n));
            Files.createDirectories(file.getParent());
            Files.write(file, content);
        }
        database.sql("analyze recording").update();
        database.sql("analyze recording_clip").update();
        long start = System.nanoTime();
        retention.run();
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertThat(count("select count(*) from recording where kind <> 'CLIP'")).isZero();
        assertThat(count("select count(*) from recording where kind = 'CLIP'")).isEqualTo(recordings);
        assertThat(count("select count(*) from recording_clip where own_recording is not null"))
                .isEqualTo(recordings);
        assertThat(usage()).isEqualTo(count("select sum(bytes) from recording"));
        System.out.println(
                recordings * spans + " spans with " + recordings + " clips were removed in " + took.toMillis() + " ms");
        try (Stream<Path> left = Files.walk(store.directory())) {
            assertThat(left.filter(path -> path.toString().endsWith(".mp4") && !others.contains(path)))
                    .hasSize(recordings);
        }
    }

    @Test
    void theSegmentsOfAClipAreThoseOfItsVideo() throws Exception {
        Recording video = ended(Duration.ofDays(1));
        String id = Recordings.clip(database, video.id(), viewer, "Same", 7_000, 12_500);
        bytes.ownBytes(video.id());
        Recording own = index.find(clip(id).recording()).orElseThrow();
        assertThat(own.spans()).singleElement().satisfies(span -> {
            assertThat(span.segments().segments())
                    .extracting(RecordedSegment::sequence)
                    .containsExactly(1_003L, 1_004L, 1_005L, 1_006L);
            assertThat(span.startMillis()).isZero();
        });
        assertThat(own.startedAt()).isEqualTo(Recorded.START.plusSeconds(6));
    }
}
