// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import live.millrace.media.testing.FreePort;
import live.millrace.media.testing.MediaScript;
import live.millrace.media.testing.RtmpScript;
import live.millrace.media.testing.Wait;
import live.millrace.platform.PlatformApplication;
import live.millrace.platform.database.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Whole sites, one after the other, the first killed or asked to leave while somebody publishes: one broadcast, one recording. */
class BroadcastOutlivesProcessTest {
    private static final Duration STARTS_WITHIN = Duration.ofMinutes(3);
    private static final String PREFIX = "abcdefgh";
    private static final String KEY = "mr_" + PREFIX + "abcdefghijklmnopqrstuvwxyz";

    private final List<Process> processes = new ArrayList<>();
    private JdbcClient database;
    private TestDatabase.Place place;
    private int rtmp;

    @TempDir
    private Path data;

    @BeforeEach
    void somebody() throws Exception {
        place = TestDatabase.fresh();
        database = JdbcClient.create(new DriverManagerDataSource(place.url(), place.username(), place.password()));
        rtmp = FreePort.next();
        database.sql("""
                insert into account (username, username_skeleton, email, password_hash) values ('anna', 'anna', 'anna@example.org', '')
                """).update();
        database.sql("insert into channel (account_id, name) select id, 'anna' from account")
                .update();
        database.sql("""
                insert into channel_stream_key (channel_id, name, prefix, secret_hash) select id, 'home PC', ?, ? from channel
                """)
                .param(PREFIX)
                .param(MessageDigest.getInstance("SHA-256").digest(KEY.getBytes(StandardCharsets.UTF_8)))
                .update();
    }

    @AfterEach
    void end() throws Exception {
        for (Process process : processes) {
            process.destroyForcibly();
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** @param grace how long a broadcast waits */
    private Process start(String grace) throws Exception {
        Path said = data.resolve("said-" + processes.size());
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx384m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        PlatformApplication.class.getName(),
                        "--server.port=0",
                        "--millrace.http.port=0",
                        "--millrace.rtmp.port=" + rtmp,
                        "--millrace.rtsp.port=0",
                        "--millrace.srt.port=0",
                        "--millrace.webrtc.port=0",
                        "--millrace.rtmp.grace=" + grace,
                        "--millrace.data-dir=" + data.resolve("site"),
                        "--spring.datasource.url=" + place.url(),
                        "--spring.datasource.username=" + place.username(),
                        "--spring.datasource.password=" + place.password())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        processes.add(process);
        Wait.until("a site listens", STARTS_WITHIN, () -> {
            assertThat(process.isAlive()).as(() -> read(said)).isTrue();
            try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), rtmp)) {
                return true;
            } catch (IOException notYet) {
                return false;
            }
        });
        return process;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException gone) {
            return gone.toString();
        }
    }

    /** One that is on air until its site is gone. */
    private RtmpScript publish() throws Exception {
        RtmpScript encoder = new RtmpScript(rtmp).handshake().connect("live");
        assertThat(encoder.publish(KEY)).isEqualTo("NetStream.Publish.Start");
        new MediaScript(encoder).headers().both(12);
        encoder.sync();
        return encoder;
    }

    private record Row(
            UUID engine, long epoch, Instant startedAt, boolean live, boolean ended, boolean waits, long media) {}

    private List<Row> rows() {
        return database.sql("""
                select engine_id, epoch, started_at, live_at is not null, ended_at is not null, resume_until is not null,
                    media_sequence from live_broadcast order by id
                """)
                .query((row, _) -> new Row(
                        row.getObject(1, UUID.class),
                        row.getLong(2),
                        row.getTimestamp(3).toInstant(),
                        row.getBoolean(4),
                        row.getBoolean(5),
                        row.getBoolean(6),
                        row.getLong(7)))
                .list();
    }

    private long recordings() {
        return database.sql("select count(*) from recording").query(Long.class).single();
    }

    /** As its owner chooses while it runs. */
    private void shownOnce() {
        database.sql("update channel set visibility = 'PRIVATE', visibility_after = 'PUBLIC'")
                .update();
    }

    private String visibility() {
        return database.sql("select visibility from channel")
                .query(String.class)
                .single();
    }

    @Test
    void whoComesBackAfterAKillGoesOn() throws Exception {
        Process first = start("60s");
        try (RtmpScript _ = publish()) {
            Wait.until(
                    "it is noted",
                    () -> database.sql(
                                    "select exists (select from live_broadcast where alive_at is not null and live_at is not null)")
                            .query(Boolean.class)
                            .single());
            Wait.until("it is recorded", () -> recordings() == 1);
            shownOnce();
            first.destroyForcibly();
            assertThat(first.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
        Row before = rows().getFirst();
        assertThat(before.ended()).isFalse();
        start("60s");
        assertThat(rows()).singleElement().satisfies(row -> {
            assertThat(row.ended()).isFalse();
            assertThat(row.waits()).isTrue();
        });
        try (RtmpScript _ = publish()) {
            Wait.until(
                    "it goes on",
                    () -> rows().getFirst().epoch() == 2 && !rows().getFirst().waits());
            Wait.until(
                    "it is recorded behind the break",
                    () -> database.sql("select exists (select from recording_span where ordinal > 0 and discontinuity)")
                            .query(Boolean.class)
                            .single());
            assertThat(rows()).singleElement().satisfies(row -> {
                assertThat(row.engine()).isEqualTo(before.engine());
                assertThat(row.startedAt()).isEqualTo(before.startedAt());
                assertThat(row.ended()).isFalse();
            });
        }
        assertThat(visibility()).as("it is not over").isEqualTo("PRIVATE");
        assertThat(recordings()).isEqualTo(1);
        assertThat(database.sql("select state from recording")
                        .query(String.class)
                        .single())
                .isEqualTo("RECORDING");
    }

    @Test
    void whoIsAskedToLeaveEndsNoBroadcastAndWhoeverStaysAwayEndsIt() throws Exception {
        Process first = start("60s");
        try (RtmpScript _ = publish()) {
            Wait.until(
                    "it is noted",
                    () -> database.sql(
                                    "select exists (select from live_broadcast where alive_at is not null and live_at is not null)")
                            .query(Boolean.class)
                            .single());
            Wait.until("it is recorded", () -> recordings() == 1);
            shownOnce();
            first.destroy();
            assertThat(first.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(rows())
                .singleElement()
                .satisfies(row -> assertThat(row.ended()).isFalse());
        start("1s");
        Wait.until("nobody came", () -> rows().getFirst().ended());
        assertThat(visibility())
                .as("what was for this broadcast alone is over with it")
                .isEqualTo("PUBLIC");
        Instant ended = database.sql("select ended_at from live_broadcast")
                .query(Timestamp.class)
                .single()
                .toInstant();
        assertThat(ended)
                .isEqualTo(database.sql("select alive_at from live_broadcast")
                        .query(Timestamp.class)
                        .single()
                        .toInstant());
        Wait.until(
                "its recording is finished",
                () -> database.sql("select state from recording")
                        .query(String.class)
                        .single()
                        .startsWith("READY"));
        try (RtmpScript _ = publish()) {
            Wait.until("another broadcast begins", () -> rows().size() == 2);
        }
    }
}
