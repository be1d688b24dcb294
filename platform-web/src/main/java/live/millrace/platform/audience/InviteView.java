// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience;

import java.time.Instant;

/**
 * A link as its maker sees it, without its secret.
 *
 * @param uses how many people may come by it
 * @param used how many came
 * @param ended whether nobody more can come by it: it is used up, or too old
 */
public record InviteView(
        long id,
        String label,
        int uses,
        int used,
        Instant madeAt,
        Instant expiresAt,
        boolean asksName,
        boolean withoutAccount,
        boolean ended) {}
