// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An account as other features see it.
 *
 * @param verified whether the e-mail address is known to be theirs
 * @param suspendedReason shown to staff; null unless suspended
 */
public record AccountView(
        long id,
        String username,
        Role role,
        boolean suspended,
        @Nullable String suspendedReason,
        boolean verified,
        Instant createdAt) {}
