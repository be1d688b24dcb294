// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an account's owner set, and alone sees.
 *
 * @param language {@code en} or {@code zh-CN}; null for what the browser prefers
 * @param theme {@code light}, {@code dark} or {@code auto}; null when it was never chosen
 * @param deleteAfter when the account goes; null unless its owner asked for that
 */
public record Preferences(
        String email,
        boolean verified,
        @Nullable String language,
        @Nullable String theme,
        @Nullable Instant deleteAfter) {}
