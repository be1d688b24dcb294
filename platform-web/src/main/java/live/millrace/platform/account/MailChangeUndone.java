// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

import java.time.Instant;

/**
 * Somebody took back a change of their mail address that was not theirs: whoever made it knew their password. Heard in the transaction that
 * says so.
 *
 * @param since when it was made: what was set up from then on is not theirs either
 */
public record MailChangeUndone(long accountId, Instant since) {}
