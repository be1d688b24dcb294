// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An account as other features see it.
 *
 * @param verified whether the e-mail address is known to be theirs
 * @param suspendedReason null unless suspended
 * @param suspendedUntil null while suspended: until somebody restores it
 * @param streamSuspended whether it may not go on air
 */
public record AccountView(
        long id,
        String username,
        Role role,
        boolean suspended,
        @Nullable String suspendedReason,
        @Nullable Instant suspendedUntil,
        boolean streamSuspended,
        boolean verified,
        Instant createdAt) {}
