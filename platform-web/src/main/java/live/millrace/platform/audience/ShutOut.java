// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience;

import live.millrace.platform.channel.ChannelView;

/** Who may not watch what is not for everybody, whatever else lets them: each feature that knows some says so. Thread-safe. */
@FunctionalInterface
public interface ShutOut {
    boolean has(ChannelView channel, long accountId);
}
