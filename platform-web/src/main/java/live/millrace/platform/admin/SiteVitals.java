// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.admin;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import live.millrace.platform.delivery.DeliveryQueue;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.engine.LiveView;
import live.millrace.platform.https.Https;
import live.millrace.platform.https.HttpsView;
import live.millrace.platform.recording.RecordingStorage;
import live.millrace.platform.shared.ByteSizes;
import live.millrace.platform.shared.DataDirectory;
import live.millrace.platform.shared.ProgramVersion;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Whether the parts of the site are well, in a line each: what an operator looks at first. Blocks for the database. */
@Component
public class SiteVitals {
    /** Below either, recordings of evidence and segments soon have no place. */
    private static final long LITTLE_BYTES = 2_000_000_000L;

    private static final long LITTLE_PERCENT = 10;
    private static final Duration SLOW = Duration.ofMillis(500);

    /**
     * One part.
     *
     * @param key its name, under {@code vital}
     * @param state {@code good}, {@code warn} or {@code bad}: what is said of it, under its name
     * @param href where one sees more of it, or acts
     */
    public record Vital(String key, String state, Object first, Object second, String href) {
        public boolean isWell() {
            return state.equals("good");
        }
    }

    private final ObjectProvider<Engine> engine;
    private final DeliveryQueue deliveries;
    private final RecordingStorage recordings;
    private final DataDirectory data;
    private final JdbcClient database;
    private final Https https;
    private final Clock clock;

    SiteVitals(
            ObjectProvider<Engine> engine,
            DeliveryQueue deliveries,
            RecordingStorage recordings,
            DataDirectory data,
            JdbcClient database,
            Https https,
            Clock clock) {
        this.recordings = recordings;
        this.engine = engine;
        this.deliveries = deliveries;
        this.data = data;
        this.database = database;
        this.https = https;
        this.clock = clock;
    }

    public List<Vital> now() {
        List<Vital> all = new ArrayList<>(List.of(database(), disk(), engine(), streams(), deliveries()));
        recordings.archive().map(SiteVitals::archive).ifPresent(all::add);
        https(https.view(), clock.instant()).ifPresent(all::add);
        all.add(version());
        return all;
    }

    private static Vital archive(RecordingStorage.Archive archive) {
        return new Vital("archive", archive.late() ? "warn" : "good", archive.waiting(), "", "/admin/storage");
    }

    /** Nothing where the site gets no certificate by itself, or is about to get its first. */
    static Optional<Vital> https(HttpsView view, Instant now) {
        HttpsView.Held held = view.held();
        String state = switch (view.state()) {
            case IN_FORCE -> view.failure() == null ? "good" : "warn";
            case FAILED, TERMS -> "bad";
            case OFF, BUNDLE, NO_DOMAIN, WORKING -> "";
        };
        long days = held == null
                ? 0
                : Math.max(0, Duration.between(now, held.until()).toDays());
        return state.isEmpty()
                ? Optional.empty()
                : Optional.of(new Vital("https", state, String.valueOf(view.domain()), days, "/admin/https"));
    }

    private Vital database() {
        long before = System.nanoTime();
        database.sql("select 1").query(Integer.class).single();
        Duration took = Duration.ofNanos(System.nanoTime() - before);
        return new Vital(
                "database",
                took.compareTo(SLOW) < 0 ? "good" : "warn",
                Math.max(1, took.toMillis()),
                "",
                "/admin/health");
    }

    private Vital disk() {
        try {
            FileStore disk = Files.getFileStore(data.resolve("."));
            return disk(disk.getUsableSpace(), disk.getTotalSpace());
        } catch (IOException gone) {
            return new Vital("disk", "bad", 0, 0, "/admin/health");
        }
    }

    static Vital disk(long free, long size) {
        boolean little = free < LITTLE_BYTES || free < size / 100 * LITTLE_PERCENT;
        return new Vital("disk", little ? "warn" : "good", ByteSizes.text(free), ByteSizes.text(size), "/admin/health");
    }

    private Vital engine() {
        int port = engine.getObject().rtmpPort();
        return new Vital("engine", port > 0 ? "good" : "bad", Integer.toString(port), "", "/admin/health");
    }

    private Vital streams() {
        List<LiveView> live = engine.getObject().live();
        int publishing =
                (int) live.stream().filter(view -> view.encoder() != null).count();
        int watching = live.stream().mapToInt(LiveView::viewers).sum();
        return new Vital("streams", "good", publishing, watching, "/admin/broadcasts");
    }

    private Vital deliveries() {
        DeliveryQueue.Figures figures = deliveries.figures();
        return new Vital(
                "deliveries",
                figures.parked() > 0 ? "warn" : "good",
                figures.waiting(),
                figures.parked(),
                "/admin/deliveries?state=" + (figures.parked() > 0 ? "PARKED" : "WAITING"));
    }

    private static Vital version() {
        Optional<String> version = ProgramVersion.packaged();
        return new Vital("version", "good", version.isPresent() ? 1 : 0, version.orElse(""), "/admin/health");
    }
}
