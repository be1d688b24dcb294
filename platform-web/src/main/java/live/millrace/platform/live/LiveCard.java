// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live;

import java.time.Instant;

/** A live channel on the home page. */
public record LiveCard(String channel, String title, int viewers, boolean audioOnly, Instant startedAt) {}
