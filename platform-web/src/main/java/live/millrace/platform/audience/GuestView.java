// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A guest as the channel's owner sees them.
 *
 * @param name the user name of who has an account; else as they called themselves, or the mail address that was written to
 * @param account whether they have one
 * @param mail the address that was written to; null where none was
 * @param pending whether they were written to and did not come yet
 * @param invite by which they came; null for whom the owner named
 * @param label what that invite is called
 * @param since when they came onto the list
 * @param watching whether they watch at this moment
 */
public record GuestView(
        long id,
        String name,
        boolean account,
        @Nullable String mail,
        boolean pending,
        @Nullable Long invite,
        @Nullable String label,
        Instant since,
        @Nullable Instant lastSeen,
        boolean watching) {}
