// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One row of the log.
 *
 * @param actor who did it, by the name of then
 * @param action a key under {@code audit.action}
 * @param subject to whom or what it was done, in words
 * @param reason why, as its author said
 */
public record AuditEntry(
        long id,
        Instant at,
        String actor,
        String action,
        String subject,
        @Nullable Long subjectAccountId,
        String reason,
        String details) {}
