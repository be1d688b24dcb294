// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine;

import java.util.Optional;

/**
 * Somebody with a ticket wants to watch.
 *
 * @param ticket its SHA-256 in hexadecimal digits
 * @param channel whose broadcast it is; empty where a recording is meant
 * @param recording which it is; empty where a broadcast is meant
 */
public record PlayQuestion(String ticket, Optional<String> channel, Optional<String> recording) {}
