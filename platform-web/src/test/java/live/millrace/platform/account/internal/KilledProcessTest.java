// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.internet.MimeMessage;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import live.millrace.media.testing.Wait;
import live.millrace.platform.account.internal.QueueProcess.Mode;
import live.millrace.platform.database.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * Processes killed between a decision and what follows from it: nothing is lost and nothing done twice, but for a mail whose server's
 * answer was not written down, which comes again under the same Message-ID. {@code -Dmillrace.kill.rounds=50} kills that often,
 * and the figures are in {@code target/killed-processes.txt}.
 */
class KilledProcessTest {
    private static final Duration CATCHES_UP_WITHIN = Duration.ofMinutes(2);

    private final GreenMail mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    private final List<Process> processes = new ArrayList<>();
    private TestDatabase.Place place;
    private JdbcClient database;

    @BeforeEach
    void begin() {
        mail.start();
        place = TestDatabase.fresh();
        database = JdbcClient.create(new DriverManagerDataSource(place.url(), place.username(), place.password()));
        database.sql(
                        "create table test_decision (id bigint generated always as identity primary key, mail boolean not null)")
                .update();
        database.sql("create table test_effect (decision bigint not null)").update();
        database.sql(
                        "insert into account (username, username_skeleton, email, password_hash) values ('anna', 'anna', 'anna@example.org', '')")
                .update();
    }

    @AfterEach
    void end() throws Exception {
        for (Process process : processes) {
            kill(process);
        }
        mail.stop();
    }

    private Process start(Mode mode) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        QueueProcess.class.getName(),
                        place.url(),
                        place.username(),
                        place.password(),
                        Integer.toString(mail.getSmtp().getPort()),
                        mode.name())
                .redirectErrorStream(true)
                .start();
        processes.add(process);
        return process;
    }

    /** Reads what it says until it says that; not for ever, for it may have nothing to say. */
    private static void await(Process process, String word) throws Exception {
        BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
        List<String> before = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> heard = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            said.lines().forEach(line -> {
                if (line.equals(word)) {
                    heard.complete(null);
                } else if (!heard.isDone()) {
                    before.add(line);
                }
            });
            heard.completeExceptionally(new AssertionError("it ended before it was \"" + word + "\": " + before));
        });
        try {
            heard.get(CATCHES_UP_WITHIN.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException silent) {
            throw new AssertionError("it was not \"" + word + "\" within " + CATCHES_UP_WITHIN + ": " + before, silent);
        }
    }

    /** SIGKILL: it has no say in it. */
    private static void kill(Process process) throws InterruptedException {
        process.destroyForcibly();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }

    private long count(String what) {
        return database.sql("select count(*) from " + what).query(Long.class).single();
    }

    private void catchUp() throws Exception {
        Process last = start(Mode.CATCH_UP);
        await(last, QueueProcess.READY);
        Wait.until(
                "all is carried out",
                CATCHES_UP_WITHIN,
                () -> count("delivery where state <> 'DONE'") == 0
                        && count("delivery_task where task_name = 'delivery'") == 0);
        kill(last);
    }

    /** Message-IDs of what the mail server got. */
    private Map<String, Long> mails() throws Exception {
        List<String> ids = new ArrayList<>();
        for (MimeMessage message : mail.getReceivedMessages()) {
            ids.add(message.getMessageID());
        }
        return ids.stream().collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }

    private void nothingIsLostOrDoubled() throws Exception {
        assertThat(count("test_decision d where not exists (select from test_effect e where e.decision = d.id)"))
                .as("decisions without their effect")
                .isZero();
        assertThat(count("(select decision from test_effect group by decision having count(*) > 1) doubled"))
                .as("effects that happened twice")
                .isZero();
        assertThat(count("test_effect")).isEqualTo(count("test_decision"));
        assertThat(count("(select distinct text from notification_notice) told"))
                .as("decisions that were told")
                .isEqualTo(count("test_decision"));
        assertThat(count("notification_notice")).as("notices").isEqualTo(count("test_decision"));
        assertThat((long) mails().size()).as("mails that differ").isEqualTo(count("test_decision where mail"));
        assertThat(count("delivery where kind = 'mail'")).isEqualTo(count("test_decision where mail"));
    }

    @Test
    void whatWasCommittedJustBeforeTheEndIsCarriedOutByTheNext() throws Exception {
        Process first = start(Mode.BEFORE_EFFECT);
        await(first, QueueProcess.STANDS);
        kill(first);
        assertThat(count("test_decision")).isEqualTo(1);
        assertThat(count("test_effect")).isZero();
        assertThat(mail.getReceivedMessages()).isEmpty();

        catchUp();

        nothingIsLostOrDoubled();
        assertThat(mails().values()).containsExactly(1L);
    }

    @Test
    void anEffectThatWasNotCommittedIsDoneOnceByTheNext() throws Exception {
        Process first = start(Mode.IN_EFFECT);
        await(first, QueueProcess.STANDS);
        kill(first);
        assertThat(count("test_effect")).isZero();

        catchUp();

        nothingIsLostOrDoubled();
    }

    @Test
    void aMailWhoseEndWasNotWrittenDownComesAgainUnderTheSameMessageId() throws Exception {
        Process first = start(Mode.AFTER_MAIL);
        await(first, QueueProcess.STANDS);
        kill(first);
        assertThat(mails().values()).containsExactly(1L);

        catchUp();

        nothingIsLostOrDoubled();
        assertThat(mails().values()).containsExactly(2L);
    }

    @Test
    void whoeverIsKilledAtRandomLosesNothing() throws Exception {
        int rounds = Integer.getInteger("millrace.kill.rounds", 3);
        for (int round = 0; round < rounds; round++) {
            Process worker = start(Mode.WORK);
            await(worker, QueueProcess.READY);
            long before = count("delivery where state = 'DONE'");
            long more = ThreadLocalRandom.current().nextLong(1, 60);
            Wait.until(
                    "some are done", CATCHES_UP_WITHIN, () -> count("delivery where state = 'DONE'") >= before + more);
            kill(worker);
        }
        long open = count("delivery where state <> 'DONE'");
        catchUp();
        nothingIsLostOrDoubled();
        long sent = mails().values().stream().mapToLong(Long::longValue).sum();
        Files.writeString(
                Path.of("target", "killed-processes.txt"),
                "%d kills: %d decisions with a notice each, %d mails, %d of them sent again under the same Message-ID; %d deliveries open after the last kill%n"
                        .formatted(rounds, count("test_decision"), mails().size(), sent - mails().size(), open));
    }
}
