// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording;

import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.ChannelView;

/** Who is no guest in a channel, and who keeps it in order: asked of the feature that knows. Thread-safe. */
public interface ClipGuests {
    /** Whether somebody was shown the door, for a while or for good. */
    boolean banned(ChannelView channel, AccountPrincipal person);

    /** Whether somebody removes what others made there. */
    boolean moderates(ChannelView channel, AccountPrincipal person);
}
