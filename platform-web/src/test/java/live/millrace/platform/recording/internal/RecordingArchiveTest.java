// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import live.millrace.media.recording.Recording;
import live.millrace.media.recording.RecordingIndex;
import live.millrace.media.testing.MediaScript;
import live.millrace.media.testing.RtmpScript;
import live.millrace.media.testing.Wait;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Role;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.engine.EngineSettings;
import live.millrace.platform.recording.FakeBucket;
import live.millrace.platform.recording.FakeBucket.Mood;
import live.millrace.platform.recording.RecordingStorage.Trouble;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.MockMvc;

/** Recordings go to a bucket, play from there, and are deleted there; whatever the bucket does meanwhile, nothing is lost. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class RecordingArchiveTest {
    private static final FakeBucket BUCKET = bucket();

    private static FakeBucket bucket() {
        try {
            return new FakeBucket();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @DynamicPropertySource
    static void settings(DynamicPropertyRegistry registry) {
        registry.add("millrace.recording.bucket.endpoint", BUCKET::endpoint);
        registry.add("millrace.recording.bucket.name", () -> "recordings");
        registry.add("millrace.recording.bucket.prefix", () -> "site/");
        registry.add("millrace.recording.bucket.access-key", () -> FakeBucket.KEY);
        registry.add("millrace.recording.bucket.secret-key", () -> FakeBucket.SECRET);
        registry.add("millrace.recording.bucket.cdn-base", () -> "https://cdn.example.org/r/");
        registry.add("millrace.recording.span-length", () -> "4s");
    }

    @AfterAll
    static void close() {
        BUCKET.keptTheSecret();
        BUCKET.close();
    }

    private static final class Hand extends Clock {
        private Instant now = Instant.now();

        void turn(Duration by) {
            now = now.plus(by);
        }

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

    @Autowired
    private TestPeople people;

    @Autowired
    private MockMvc site;

    @Autowired
    private Engine engine;

    @Autowired
    private EngineSettings settings;

    @Autowired
    private RecordingIndex index;

    @Autowired
    private ArchiveThread thread;

    @Autowired
    private RecordingArchive ofTheSite;

    @Autowired
    private RecordingBucket bucket;

    @Autowired
    private ArchiveRows rows;

    @Autowired
    private RecordingStore store;

    @Autowired
    private RecordingRetention retention;

    @Autowired
    private StoreSweep sweep;

    @Autowired
    private JdbcClient database;

    private final HttpClient browser = HttpClient.newHttpClient();
    private final Hand clock = new Hand();
    private AccountPrincipal anna;
    private ChannelView channel;
    private RecordingArchive archive;

    @BeforeEach
    void byHand() {
        thread.stop();
        BUCKET.is(Mood.WELL);
        anna = people.user();
        channel = people.channel(anna);
        archive = another();
    }

    /** As a process that starts now has one. */
    private RecordingArchive another() {
        return new RecordingArchive(bucket, rows, store, retention, settings, clock);
    }

    @AfterEach
    void nothingIsLeft() {
        browser.shutdownNow();
        BUCKET.is(Mood.WELL);
        delete();
        archive = another();
        rounds();
        assertThat(database.sql("select object from recording_garbage")
                        .query(String.class)
                        .list())
                .isEmpty();
        assertThat(BUCKET.objects()).isEmpty();
        assertThat(database.sql("select coalesce(sum(bytes), 0) from recording_usage")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    private void delete() {
        database.sql("update recording set removing = true, deleted_at = now(), state = 'READY'")
                .update();
        retention.remove();
    }

    /** Until there is nothing to do for a while. */
    private Duration rounds() {
        Duration pause = Duration.ZERO;
        while (pause.isZero()) {
            pause = archive.round();
        }
        return pause;
    }

    /** One of so many spans, each with a file. */
    private Recording whole(int spans) throws IOException {
        Recording recording = Recorded.begun(channel.name());
        index.begun(recording);
        index.track(recording.id(), Recorded.video());
        for (int ordinal = 0; ordinal < spans; ordinal++) {
            index.span(recording.id(), Recorded.span("v0", ordinal, 10, true));
            Path file = file(recording, ordinal);
            Files.createDirectories(file.getParent());
            byte[] bytes = new byte[10_100];
            Arrays.fill(bytes, (byte) (ordinal + 1));
            Files.write(file, bytes);
        }
        index.ended(recording.id(), Instant.now());
        return recording;
    }

    private Path file(Recording recording, int ordinal) {
        return store.directory().resolve(object(recording, ordinal));
    }

    private static String object(Recording recording, int ordinal) {
        return Recording.object(recording.folder(), "v0", ordinal);
    }

    private long waiting() {
        return rows.figures().waiting();
    }

    private long count(String condition) {
        return database.sql("select count(*) from recording_span where " + condition)
                .query(Long.class)
                .single();
    }

    private HttpResponse<byte[]> media(String path, String... headers) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + engine.httpPort() + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return browser.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    // ---- there and back ---------------------------------------------------------------------------------------

    private String broadcast() throws Exception {
        try (RtmpScript encoder = new RtmpScript(engine.rtmpPort()).handshake().connect("live")) {
            assertThat(encoder.publish(people.key(anna).secret())).isEqualTo("NetStream.Publish.Start");
            new MediaScript(encoder).headers().both(21);
            encoder.sync();
            Wait.until(
                    "it is recorded",
                    () -> count("closed and recording_id in (select id from recording where channel_id = "
                                    + channel.id() + ")")
                            >= 6);
        }
        engine.end(channel.name());
        Wait.until(
                "it is over",
                () -> database.sql(
                                "select exists (select from recording where channel_id = ? and state <> 'RECORDING')")
                        .param(channel.id())
                        .query(Boolean.class)
                        .single());
        return database.sql("select public_id from recording where channel_id = ?")
                .param(channel.id())
                .query(String.class)
                .single();
    }

    @Test
    void whatWasBroadcastPlaysFromTheBucket() throws Exception {
        String id = broadcast();
        database.sql("update recording set visibility = 'UNLISTED' where public_id = ?")
                .param(id)
                .update();
        engine.forgetRecording(id);
        Recording recording = index.find(id).orElseThrow();
        List<String> paths = new ArrayList<>(List.of(
                "/videos/" + id + "/index.m3u8",
                "/videos/" + id + "/v0.m3u8",
                "/videos/" + id + ".mp4",
                "/videos/" + id + ".m4a"));
        recording
                .spans()
                .forEach(span -> paths.add("/videos/" + id + "/" + span.track() + "/"
                        + span.segments().lastSequence() + ".m4s"));
        Map<String, byte[]> before = new LinkedHashMap<>();
        for (String path : paths) {
            HttpResponse<byte[]> answer = media(path);
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            before.put(path, answer.body());
        }
        assertThat(rounds()).isEqualTo(RecordingArchive.LOOK);
        assertThat(waiting()).isZero();
        assertThat(count("sha256 is not null and local"))
                .isEqualTo(recording.spans().size());
        recording
                .spans()
                .forEach(span -> assertThat(BUCKET.objects())
                        .containsKey(recording.object(span))
                        .containsKey(recording.object(span).replace(".mp4", ".heads")));
        clock.turn(Duration.ofHours(25));
        rounds();
        assertThat(count("local")).isZero();
        recording
                .spans()
                .forEach(span -> assertThat(store.directory().resolve(recording.object(span)))
                        .doesNotExist());
        for (int cached = 0; cached < 2; cached++) {
            for (String path : paths) {
                assertThat(media(path).body()).as(path).isEqualTo(before.get(path));
            }
            engine.forgetRecording(id);
        }
        byte[] file = before.get("/videos/" + id + ".mp4");
        HttpResponse<byte[]> range =
                media("/videos/" + id + ".mp4", "Range", "bytes=" + (file.length / 2) + "-" + (file.length - 2));
        assertThat(range.statusCode()).isEqualTo(206);
        assertThat(range.body()).isEqualTo(Arrays.copyOfRange(file, file.length / 2, file.length - 1));
        assertThat(sweep.sweep(false).missing()).as("what the bucket has").isZero();
        assertThat(index.find(id).orElseThrow().gaps()).isEqualTo(recording.gaps());
    }

    @Test
    void onlyPublicVideosAreListedFromTheCdn() throws Exception {
        Recording recording = whole(2);
        String list = "/videos/" + recording.id() + "/v0.m3u8";
        String cdn = "https://cdn.example.org/r/" + object(recording, 0) + "\n";
        assertThat(new String(media(list).body(), StandardCharsets.UTF_8)).doesNotContain("cdn");
        rounds();
        engine.forgetRecording(recording.id());
        assertThat(new String(media(list).body(), StandardCharsets.UTF_8))
                .contains("#EXT-X-BYTERANGE:1000@100\n" + cdn);
        site.perform(get("/videos/" + recording.id()))
                .andExpect(header().string(
                                "Content-Security-Policy",
                                matchesPattern(".*connect-src [^;]* https://cdn.example.org;.*"
                                        + "media-src [^;]* https://cdn.example.org;.*")));
        database.sql("update recording set visibility = 'UNLISTED' where public_id = ?")
                .param(recording.id())
                .update();
        engine.forgetRecording(recording.id());
        assertThat(new String(media(list).body(), StandardCharsets.UTF_8))
                .contains(".m4s")
                .doesNotContain("cdn");
    }

    /** The file has what its hash says, in the database as in the bucket. */
    @Test
    void whatIsStoredIsWhatWasRecorded() throws Exception {
        Recording recording = whole(3);
        rounds();
        for (int ordinal = 0; ordinal < 3; ordinal++) {
            byte[] bytes = Files.readAllBytes(file(recording, ordinal));
            assertThat(BUCKET.objects().get(object(recording, ordinal))).isEqualTo(bytes);
            assertThat(database.sql("select encode(sha256, 'hex') from recording_span where ordinal = ?")
                            .param(ordinal)
                            .query(String.class)
                            .single())
                    .isEqualTo(FakeBucket.sha256(bytes));
        }
        int asked = BUCKET.asked().size();
        rounds();
        assertThat(BUCKET.asked()).as("nothing is put twice").hasSize(asked);
    }

    @Test
    void whatIsStillWrittenStaysWhereItIs() throws Exception {
        Recording recording = Recorded.begun(channel.name());
        index.begun(recording);
        index.span(recording.id(), Recorded.span("v0", 0, 10, true));
        index.span(recording.id(), Recorded.span("v0", 1, 10, false));
        for (int ordinal = 0; ordinal < 2; ordinal++) {
            Files.createDirectories(file(recording, ordinal).getParent());
            Files.write(file(recording, ordinal), new byte[10_100]);
        }
        rounds();
        clock.turn(Duration.ofHours(25));
        rounds();
        assertThat(BUCKET.objects()).containsKey(object(recording, 0)).doesNotContainKey(object(recording, 1));
        assertThat(file(recording, 0)).doesNotExist();
        assertThat(file(recording, 1)).exists();
    }

    // ---- a bucket that does not do its part -------------------------------------------------------------------

    @Test
    void keysThatAreRefusedAreToldAndTriedAgainLaterAndLater() throws Exception {
        Recording recording = whole(2);
        BUCKET.is(Mood.REFUSES);
        List<Long> pauses = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            Duration pause = archive.round();
            pauses.add(pause.toSeconds());
            assertThat(archive.round()).as("not before").isEqualTo(pause);
            clock.turn(pause);
        }
        assertThat(pauses).containsExactly(10L, 20L, 40L, 80L, 160L, 320L, 640L, 900L, 900L);
        Trouble trouble = archive.trouble();
        assertThat(trouble).isNotNull();
        assertThat(trouble.kind()).isEqualTo(Trouble.Kind.REFUSED);
        assertThat(trouble.detail()).isEqualTo("PUT: 403 AccessDenied");
        assertThat(file(recording, 0)).exists();
        BUCKET.is(Mood.WELL);
        rounds();
        assertThat(archive.trouble()).isNull();
        assertThat(waiting()).isZero();
    }

    @Test
    void anHourWithoutABucketIsNothingButLate() throws Exception {
        whole(3);
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        ArchiveState state = new ArchiveState(archive, bucket, rows, settings, meters, clock);
        BUCKET.is(Mood.AWAY);
        Instant end = clock.instant().plus(Duration.ofMinutes(61));
        int tries = 0;
        while (clock.instant().isBefore(end)) {
            clock.turn(archive.round());
            tries++;
        }
        assertThat(tries).as("of an hour").isLessThan(12);
        state.measure();
        assertThat(state.health().getStatus()).isEqualTo(new Status("DEGRADED"));
        assertThat(meters.get("millrace.recording.archive.waiting").gauge().value())
                .isEqualTo(3);
        assertThat(meters.get("millrace.recording.archive.oldest.seconds")
                        .gauge()
                        .value())
                .isGreaterThan(3_600);
        assertThat(meters.get("millrace.recording.archive.failures")
                        .functionCounter()
                        .count())
                .isEqualTo(tries);
        assertThat(state.view().orElseThrow().late()).isTrue();
        assertThat(count("local")).isEqualTo(3);
        BUCKET.is(Mood.WELL);
        clock.turn(RecordingArchive.LONGEST_PAUSE);
        rounds();
        state.measure();
        assertThat(state.health().getStatus()).isEqualTo(Status.UP);
        assertThat(meters.get("millrace.recording.archive.put")
                        .functionCounter()
                        .count())
                .isEqualTo(3);
    }

    @Test
    void whatItKeptTheHalfOfIsPutAgain() throws Exception {
        Recording recording = whole(1);
        BUCKET.is(Mood.SHORT, "PUT");
        assertThat(archive.round()).isEqualTo(RecordingArchive.FIRST_PAUSE);
        assertThat(archive.trouble().kind()).isEqualTo(Trouble.Kind.LENGTH);
        assertThat(waiting()).isEqualTo(1);
        BUCKET.is(Mood.WELL);
        clock.turn(RecordingArchive.FIRST_PAUSE);
        rounds();
        assertThat(waiting()).isZero();
        assertThat(BUCKET.objects().get(object(recording, 0))).hasSize(10_100);
    }

    @Test
    void oneThatCannotBePutKeepsNoOtherBack() throws Exception {
        Recording recording = whole(3);
        Files.delete(file(recording, 0));
        rounds();
        assertThat(waiting()).isEqualTo(1);
        assertThat(BUCKET.objects()).containsKeys(object(recording, 1), object(recording, 2));
        assertThat(sweep.sweep(true).missing()).isEqualTo(1);
        assertThat(waiting()).isZero();
    }

    /** A process that ends between two steps leaves the next one nothing that it would count twice, or forget. */
    @Test
    void whoDiesInTheMiddleIsFollowedByWhoBeginsAnew() throws Exception {
        Recording recording = whole(2);
        BUCKET.is(Mood.AWAY, "HEAD");
        archive.round();
        assertThat(BUCKET.objects()).isNotEmpty();
        assertThat(count("put_at is not null and archived_at is null")).isEqualTo(1);
        BUCKET.is(Mood.WELL);
        archive = another();
        rounds();
        assertThat(waiting()).isZero();
        assertThat(database.sql("select bytes from recording where public_id = ?")
                        .param(recording.id())
                        .query(Long.class)
                        .single())
                .isEqualTo(2 * 10_100);
    }

    @Test
    void whatADeadProcessPutIsDeletedToo() throws Exception {
        whole(1);
        BUCKET.is(Mood.AWAY, "HEAD");
        archive.round();
        assertThat(BUCKET.objects()).hasSize(2);
        BUCKET.is(Mood.WELL);
        delete();
        archive = another();
        rounds();
        assertThat(BUCKET.objects()).isEmpty();
    }

    // ---- leaving and going ------------------------------------------------------------------------------------

    @Test
    void noFileLeavesTheDiskThatTheBucketHasNotAnyMore() throws Exception {
        Recording recording = whole(2);
        rounds();
        BUCKET.objects().remove(object(recording, 0));
        clock.turn(Duration.ofHours(25));
        archive.round();
        assertThat(file(recording, 0)).exists();
        assertThat(file(recording, 1)).doesNotExist();
        rounds();
        assertThat(BUCKET.objects()).containsKey(object(recording, 0));
    }

    @Test
    void theShareOfTheDiskTakesCopiesAndNoVideo() throws Exception {
        Recording recording = whole(3);
        rounds();
        assertThat(rows.leavingFor(0)).isEmpty();
        assertThat(rows.leavingFor(1)).hasSize(1);
        assertThat(rows.leavingFor(10_101)).extracting(ArchiveRows.Span::object).doesNotContain(object(recording, 2));
        assertThat(rows.leavingFor(1_000_000)).hasSize(3);
        database.sql("update recording set bytes = 1::bigint << 50").update();
        retention.run();
        assertThat(index.find(recording.id())).isPresent();
    }

    @Test
    void deletingIsTriedAgainUntilItIsDone() throws Exception {
        Recording recording = whole(3);
        rounds();
        clock.turn(Duration.ofHours(25));
        rounds();
        BUCKET.is(Mood.AWAY);
        delete();
        assertThat(index.find(recording.id())).isEmpty();
        assertThat(archive.round()).isEqualTo(RecordingArchive.FIRST_PAUSE);
        assertThat(BUCKET.objects()).hasSize(6);
        assertThat(database.sql("select count(*) from recording_garbage where archived and not local")
                        .query(Long.class)
                        .single())
                .isEqualTo(3);
        BUCKET.is(Mood.WELL);
        clock.turn(RecordingArchive.FIRST_PAUSE);
        rounds();
        assertThat(BUCKET.objects()).isEmpty();
    }

    /** The folder was not copied back, or was; neither is a gap. */
    @Test
    void aDatabaseThatWasRestoredFindsWhatWentThereAfterItsBackup() throws Exception {
        Recording recording = whole(3);
        rounds();
        database.sql("update recording_span set archived_at = null, put_at = null, sha256 = null")
                .update();
        Files.delete(file(recording, 0));
        rounds();
        assertThat(waiting()).isZero();
        assertThat(count("local")).isEqualTo(2);
        clock.turn(Duration.ofHours(25));
        rounds();
        Files.createDirectories(file(recording, 1).getParent());
        Files.write(file(recording, 1), new byte[10_100]);
        assertThat(sweep.sweep(false).missing()).isZero();
        assertThat(count("local and ordinal = 1")).isEqualTo(1);
        assertThat(count("local")).isEqualTo(1);
    }

    // ---- the console ------------------------------------------------------------------------------------------

    @Test
    void theConsoleSaysHowItStandsInWords() throws Exception {
        whole(2);
        AccountPrincipal admin = people.account(Role.ADMIN);
        BUCKET.is(Mood.REFUSES);
        ofTheSite.round();
        site.perform(get("/admin/storage").with(user(admin)).header("Accept-Language", "en"))
                .andExpect(status().isOk())
                .andExpect(content().string(containsString("Object storage refuses the keys.")))
                .andExpect(content().string(containsString("PUT: 403 AccessDenied")))
                .andExpect(content().string(containsString("2 files")))
                .andExpect(content().string(containsString("recordings at " + BUCKET.endpoint())))
                .andExpect(content().string(not(containsString(FakeBucket.KEY))))
                .andExpect(content().string(not(containsString(FakeBucket.SECRET))));
        site.perform(get("/admin").with(user(admin)).header("Accept-Language", "en"))
                .andExpect(status().isOk())
                .andExpect(content().string(containsString("2 files waiting")));
        String metrics = site.perform(get("/actuator/prometheus").with(user(admin)))
                .andReturn()
                .getResponse()
                .getContentAsString();
        assertThat(metrics).doesNotContain(FakeBucket.KEY).doesNotContain(FakeBucket.SECRET);
        assertThat(Stream.of(settings.toString(), settings.recording().toString()))
                .noneMatch(text -> text.contains(FakeBucket.KEY) || text.contains(FakeBucket.SECRET));
    }
}
