// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import live.millrace.platform.engine.EngineSettings;
import live.millrace.platform.recording.RecordingStorage.Archive;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** How the archive stands: for metrics, the health page and the console. */
@Component("archive")
class ArchiveState implements HealthIndicator {
    /** It takes four of the longest pauses: a service that was away for minutes is nobody's concern. */
    static final Duration LATE = Duration.ofHours(1);

    /** Works, and somebody should look: recordings stay on the disk. */
    static final String DEGRADED = "DEGRADED";

    private static final int MEASURE_MILLIS = 15_000;

    private final RecordingArchive archive;
    private final RecordingBucket bucket;
    private final ArchiveRows rows;
    private final int localHours;
    private final Clock clock;
    private volatile ArchiveRows.Figures figures = new ArchiveRows.Figures(0, null);

    ArchiveState(
            RecordingArchive archive,
            RecordingBucket bucket,
            ArchiveRows rows,
            EngineSettings settings,
            MeterRegistry meters,
            Clock clock) {
        this.archive = archive;
        this.bucket = bucket;
        this.rows = rows;
        this.localHours = settings.recording().bucket().localHours();
        this.clock = clock;
        if (bucket.bucket().isPresent()) {
            bindTo(meters);
        }
    }

    private void bindTo(MeterRegistry meters) {
        meters.gauge("millrace.recording.archive.waiting", this, state -> state.figures.waiting());
        meters.gauge(
                "millrace.recording.archive.oldest.seconds",
                this,
                state -> state.age().toSeconds());
        FunctionCounter.builder("millrace.recording.archive.put", archive, RecordingArchive::put)
                .description("files of recordings that were put into the bucket")
                .register(meters);
        FunctionCounter.builder("millrace.recording.archive.bytes", archive, RecordingArchive::putBytes)
                .baseUnit("bytes")
                .description("what they took")
                .register(meters);
        FunctionCounter.builder("millrace.recording.archive.failures", archive, RecordingArchive::failed)
                .description("tries that failed")
                .register(meters);
    }

    @Scheduled(fixedDelay = MEASURE_MILLIS, initialDelay = 5_000)
    void measure() {
        if (bucket.bucket().isPresent()) {
            figures = rows.figures();
        }
    }

    /** How long the first of what waits has waited. */
    private Duration age() {
        Instant oldest = figures.oldest();
        Duration age = oldest == null ? Duration.ZERO : Duration.between(oldest, clock.instant());
        return age.isNegative() ? Duration.ZERO : age;
    }

    @Override
    public Health health() {
        return age().compareTo(LATE) > 0
                ? Health.status(DEGRADED).build()
                : Health.up().build();
    }

    /** For the console; empty when recordings stay on the disk. */
    Optional<Archive> view() {
        if (bucket.bucket().isEmpty()) {
            return Optional.empty();
        }
        measure();
        ArchiveRows.Sums sums = rows.sums();
        return Optional.of(new Archive(
                bucket.place(),
                localHours,
                sums.archived(),
                sums.archivedBytes(),
                sums.allBytes() - sums.awayBytes(),
                figures.waiting(),
                age(),
                age().compareTo(LATE) > 0,
                archive.trouble()));
    }
}
