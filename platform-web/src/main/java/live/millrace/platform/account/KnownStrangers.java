// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

import jakarta.servlet.http.HttpServletRequest;

/** Who has no account and may do some of what takes one: the feature that knows such people says so. Thread-safe. */
@FunctionalInterface
public interface KnownStrangers {
    /** Whether whoever sent a request is one of them, wherever that may be. */
    boolean sent(HttpServletRequest request);
}
