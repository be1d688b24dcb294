// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.backup;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import live.millrace.platform.delivery.RecurringWork;
import live.millrace.platform.site.Setting;
import live.millrace.platform.site.SiteSettings;
import org.springframework.stereotype.Component;

/** Takes a backup when it is time for one, and lets the oldest go where there are more than are to be kept. */
@Component
class BackupUpkeep implements RecurringWork {
    private static final Duration LOOK_EVERY = Duration.ofMinutes(10);

    private final Backups backups;
    private final SiteSettings settings;
    private final Clock clock;

    BackupUpkeep(Backups backups, SiteSettings settings, Clock clock) {
        this.backups = backups;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "backup";
    }

    @Override
    public Duration every() {
        return LOOK_EVERY;
    }

    @Override
    public void run() {
        String every = settings.text(Setting.BACKUP_EVERY);
        if (every.equals("off")) {
            // Those that were taken by hand stay, however many.
            return;
        }
        // Those before an upgrade are counted by themselves.
        List<Backups.Stored> all = backups.all().stream()
                .filter(each -> !Backups.isBeforeUpgrade(each.name()))
                .toList();
        Instant due = clock.instant().minus(Duration.ofDays(every.equals("daily") ? 1 : 7));
        if (all.isEmpty() || all.getFirst().at().isBefore(due)) {
            backups.take();
        }
        all.stream().skip(settings.number(Setting.BACKUP_KEEP)).forEach(old -> backups.delete(old.name()));
    }
}
