// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

import java.time.Instant;

/** A link by which people join, without its secret. */
public record InviteView(long id, String label, int usesLeft, Instant expiresAt) {}
