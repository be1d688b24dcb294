// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience;

import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.ChannelView;

/** Who sees all of a channel beside its owner: each feature that knows some says so. Thread-safe. */
@FunctionalInterface
public interface ChannelCrew {
    boolean has(ChannelView channel, AccountPrincipal person);
}
