// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A suspension, which its beginning tells from every other.
 *
 * @param reason empty where none is kept
 * @param until null: until somebody ends it
 */
public record Suspension(
        Instant at, String reason, @Nullable Instant until) {}
