// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import live.millrace.media.segment.SegmentedBroadcasts;
import live.millrace.media.segment.SegmenterConfig;
import live.millrace.media.segment.SequenceNumbers;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Processes that record one broadcast, one after the other, each killed at any moment: what was offered a second before is kept. */
class KilledProcessTest {
    private static final Logger LOG = LoggerFactory.getLogger(KilledProcessTest.class);
    private static final int KILLS = 10;
    private static final int LONGEST_LIFE_MILLIS = 1_600;
    private static final Instant BEGIN = Instant.parse("2026-11-27T10:00:00Z");
    private static final Duration APART = Duration.ofMinutes(10);

    @TempDir
    private Path directory;

    /** A segment that a playlist had: when, and what. */
    private record Offer(long nanos, String name, int length, long sum) {}

    /** What a process offered until it was killed. */
    private record Life(List<Offer> offers, long killedNanos) {}

    private Process start(UUID broadcast, int number) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Victim.class.getName(),
                        directory.toString(),
                        broadcast.toString(),
                        BEGIN.plus(APART.multipliedBy(number)).toString())
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("victims.log").toFile()))
                .start();
    }

    private static Life live(Process process, int millis) throws Exception {
        List<Offer> offers = new ArrayList<>();
        CountDownLatch begun = new CountDownLatch(1);
        Thread reader = Thread.ofPlatform().start(() -> {
            try (BufferedReader lines = process.inputReader()) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    String[] words = line.split(" ", -1);
                    if (words.length == 4 && words[0].matches("[va]0")) {
                        offers.add(new Offer(
                                System.nanoTime(),
                                words[0] + ' ' + words[1],
                                Integer.parseInt(words[2]),
                                Long.parseLong(words[3])));
                        begun.countDown();
                    }
                }
            } catch (IOException | NumberFormatException cutOff) {
                LOG.debug("The last line was not whole", cutOff);
            }
        });
        try (OutputStream go = process.getOutputStream()) {
            go.write('\n');
            go.flush();
            assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
            process.waitFor(millis, TimeUnit.MILLISECONDS);
            assertThat(process.isAlive()).as("until it is killed").isTrue();
            long killed = System.nanoTime();
            process.destroyForcibly();
            process.waitFor();
            reader.join();
            return new Life(offers, killed);
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void whatWasOfferedASecondBeforeIsKeptAndNothingTwice() throws Exception {
        Random random = new Random();
        UUID broadcast = UUID.randomUUID();
        List<Life> lives = new ArrayList<>();
        Process next = start(broadcast, 0);
        try {
            for (int i = 0; i < KILLS; i++) {
                Process now = next;
                next = start(broadcast, i + 1);
                lives.add(live(now, random.nextInt(LONGEST_LIFE_MILLIS)));
            }
        } finally {
            next.destroyForcibly().waitFor();
        }
        Recording whole = mended(broadcast);
        Map<String, String> kept = segments(whole);
        long worstMillis = 0;
        int offered = 0;
        int lost = 0;
        for (Life life : lives) {
            for (Offer each : life.offers()) {
                offered++;
                if (!(each.length() + " " + each.sum()).equals(kept.get(each.name()))) {
                    lost++;
                    worstMillis = Math.max(worstMillis, (life.killedNanos() - each.nanos()) / 1_000_000);
                }
            }
        }
        LOG.info(
                "{} processes were killed: of {} segments that were offered {} are lost, the oldest {} ms before",
                KILLS,
                offered,
                lost,
                worstMillis);
        assertThat(worstMillis).isLessThan(1_000);
        filesAre(whole);
        // A process that was killed before its first part was written left nothing.
        long wrote =
                whole.spans("v0").stream().filter(RecordedSpan::discontinuity).count();
        assertThat(wrote).isBetween((long) KILLS / 2, KILLS - 1L);
        assertThat(whole.gaps())
                .hasSize((int) wrote)
                .allSatisfy(gap -> assertThat(gap.cause()).isEqualTo(RecordingGap.Cause.PROCESS));
        long position = 0;
        for (RecordedSpan span : whole.spans("v0")) {
            assertThat(span.startMillis()).isBetween(position, position + 300);
            position = span.endMillis();
        }
    }

    private Recording mended(UUID broadcast) throws Exception {
        SegmentedBroadcasts none = new SegmentedBroadcasts(
                SegmenterConfig.defaults(),
                new SequenceNumbers(directory.resolve("numbers"), Instant::now, Runnable::run));
        RecordingIndex index = Victim.index(directory);
        try (Recorder recorder = new Recorder(Victim.config(directory), index, none, Instant::now)) {
            recorder.mend();
            assertThat(recorder.unfinished()).containsExactly(broadcast);
            recorder.finish(broadcast);
            Wait.until(
                    "the end is heard",
                    () -> index.find(OnAir.ID).orElseThrow().endedAt().isPresent());
        }
        return index.find(OnAir.ID).orElseThrow();
    }

    /** Length and sum of each, by track and number. */
    private Map<String, String> segments(Recording recording) throws IOException {
        Map<String, String> kept = new HashMap<>();
        for (RecordedSpan span : recording.spans()) {
            byte[] bytes = Files.readAllBytes(file(recording, span));
            for (RecordedSegment each : span.segments().segments()) {
                String before = kept.put(
                        span.track() + ' ' + each.sequence(),
                        each.bytes() + " " + Victim.sum(bytes, (int) each.offset(), each.bytes()));
                assertThat(before).as("%s %d", span.track(), each.sequence()).isNull();
            }
        }
        return kept;
    }

    private Path file(Recording recording, RecordedSpan span) {
        return Victim.config(directory).directory().resolve(recording.object(span));
    }

    private void filesAre(Recording recording) throws IOException {
        List<String> files = new ArrayList<>();
        try (Stream<Path> found =
                Files.list(Victim.config(directory).directory().resolve(recording.folder()))) {
            for (Path each : found.toList()) {
                files.add(each.getFileName() + " " + Files.size(each));
            }
        }
        assertThat(files)
                .containsExactlyInAnyOrderElementsOf(recording.spans().stream()
                        .map(span -> file(recording, span).getFileName() + " " + span.bytes())
                        .toList());
    }
}
