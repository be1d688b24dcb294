// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.updates.internal;

import java.util.Optional;
import live.millrace.platform.audit.Actor;
import live.millrace.platform.audit.Audit;
import live.millrace.platform.shared.ProgramVersion;
import live.millrace.platform.updates.Updates;
import live.millrace.platform.updates.UpdatesSettings;
import live.millrace.platform.updates.Versions;
import live.millrace.platform.updates.internal.UpdateRows.State;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** By the row of what was answered. */
@Component
class StoredUpdates implements Updates {
    private final UpdatesSettings settings;
    private final UpdateRows rows;
    private final Audit audit;
    private final TransactionTemplate transaction;
    private final Optional<String> running;

    @Autowired
    StoredUpdates(UpdatesSettings settings, UpdateRows rows, Audit audit, TransactionTemplate transaction) {
        this(settings, rows, audit, transaction, ProgramVersion.packaged());
    }

    /** @param running the version of this program; empty for none, to which nothing can be compared */
    StoredUpdates(
            UpdatesSettings settings,
            UpdateRows rows,
            Audit audit,
            TransactionTemplate transaction,
            Optional<String> running) {
        this.settings = settings;
        this.rows = rows;
        this.audit = audit;
        this.transaction = transaction;
        this.running = running;
    }

    @Override
    public Optional<News> news() {
        // The row stays when the setting goes.
        if (settings.address().isEmpty() || running.isEmpty()) {
            return Optional.empty();
        }
        State state = rows.state();
        String version = state.version();
        return version == null || version.equals(state.dismissed()) || !Versions.newer(version, running.get())
                ? Optional.empty()
                : Optional.of(new News(version, state.notes()));
    }

    @Override
    public boolean dismiss(String version, Actor actor) {
        return Boolean.TRUE.equals(transaction.execute(_ -> {
            boolean done = rows.dismiss(version);
            if (done) {
                audit.add(actor, "updates.dismiss", version, null, "", "");
            }
            return done;
        }));
    }
}
