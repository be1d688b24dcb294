// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording;

import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.ChannelView;

/** Who helps an owner with their channel: asked of the feature that knows. Thread-safe. */
public interface VideoHelpers {
    /** Whether somebody may say what the channel's broadcasts are about, and see what its owner alone sees. */
    boolean describes(ChannelView channel, AccountPrincipal person);
}
