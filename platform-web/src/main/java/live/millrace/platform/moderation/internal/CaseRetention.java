// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.moderation.internal;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import live.millrace.platform.delivery.RecurringWork;
import live.millrace.platform.site.Setting;
import live.millrace.platform.site.SiteSettings;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Evidence is kept as long as the site says, and strikes until they expire. */
@Component
class CaseRetention implements RecurringWork {
    private final CaseStore store;
    private final EvidenceRemoval removal;
    private final SiteSettings settings;
    private final TransactionTemplate transaction;
    private final Clock clock;

    CaseRetention(
            CaseStore store,
            EvidenceRemoval removal,
            SiteSettings settings,
            TransactionTemplate transaction,
            Clock clock) {
        this.store = store;
        this.removal = removal;
        this.settings = settings;
        this.transaction = transaction;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "forget.evidence";
    }

    @Override
    public Duration every() {
        return Duration.ofHours(1);
    }

    @Override
    public void run() {
        Instant before = clock.instant().minus(Duration.ofDays(settings.number(Setting.EVIDENCE_DAYS)));
        // What the database forgets is removed from the disk as well, whatever happens in between.
        transaction.executeWithoutResult(_ -> store.forgetEvidence(before).forEach(removal::enqueue));
        store.forgetStrikes(clock.instant());
    }
}
