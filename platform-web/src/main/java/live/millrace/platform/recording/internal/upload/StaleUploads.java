// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal.upload;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import live.millrace.platform.delivery.RecurringWork;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Gives up uploads that nobody goes on with, forgets those that are long over, and removes files that belong to none. */
@Component
class StaleUploads implements RecurringWork {
    private static final Logger LOG = LoggerFactory.getLogger(StaleUploads.class);

    /** Without a byte. */
    private static final Duration STALE = Duration.ofHours(24);

    private static final Duration SHOWN = Duration.ofDays(7);

    private final UploadRows rows;
    private final UploadFiles files;
    private final UploadImports imports;
    private final Clock clock;

    StaleUploads(UploadRows rows, UploadFiles files, UploadImports imports, Clock clock) {
        this.rows = rows;
        this.files = files;
        this.imports = imports;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "recording.uploads";
    }

    @Override
    public Duration every() {
        return Duration.ofHours(1);
    }

    @Override
    public void run() {
        Instant now = clock.instant();
        for (String id : rows.stale(now.minus(STALE))) {
            LOG.info("Upload {} is given up: nothing came for {} h", id, STALE.toHours());
            rows.cancel(id, now);
            files.remove(id);
        }
        rows.forget(now.minus(SHOWN));
        // Those of channels that are no more, among others.
        files.all().stream().filter(id -> !rows.needed(id)).forEach(files::remove);
        imports.wake();
    }
}
