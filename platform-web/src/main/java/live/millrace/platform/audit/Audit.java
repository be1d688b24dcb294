// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audit;

import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The audit log. Thread-safe. */
public interface Audit {
    /**
     * What is wanted of the log; null or blank wants everything.
     *
     * @param actor a whole name
     * @param action a whole key, or its beginning with a dot at the end
     * @param text somewhere in subject, reason or details
     */
    record Search(
            @Nullable String actor,
            @Nullable String action,
            @Nullable String text,
            @Nullable Instant from,
            @Nullable Instant until) {}

    /** Adds a row, in the transaction of the caller where there is one: what was not done was not logged. */
    void add(
            Actor actor, String action, String subject, @Nullable Long subjectAccountId, String reason, String details);

    /**
     * Adds a row for a look at something private, once an hour for each who looks and each that is looked at: a page that is opened
     * again, or whose pictures are asked for one by one, is one look.
     */
    void look(Actor actor, String action, String subject, @Nullable Long subjectAccountId);

    /** The newest first; those with a smaller id than {@code before}. */
    List<AuditEntry> find(Search search, long before, int most);

    /** All that match, the newest first, one after the other. */
    void export(Search search, Consumer<AuditEntry> rows);

    /** Every action that was ever logged, for filters. */
    List<String> actions();
}
