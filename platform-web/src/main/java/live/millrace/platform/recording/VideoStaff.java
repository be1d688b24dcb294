// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording;

import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.ChannelView;

/** What the site's staff may: asked of the feature that knows. Thread-safe. */
public interface VideoStaff {
    /** Whether somebody of the staff decides about the videos of a channel: not about their own, nor of whoever is as high. */
    boolean decides(ChannelView channel, AccountPrincipal staff);
}
