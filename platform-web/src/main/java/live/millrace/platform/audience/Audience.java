// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience;

import java.util.List;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Visibility;

/** Decides who may see what of a channel. Thread-safe. */
public interface Audience {
    /** Whether somebody may see the channel's broadcasts now. */
    default Access access(ChannelView channel, Viewer viewer) {
        return access(channel, channel.visibility(), viewer);
    }

    /** Whether somebody may see something of the channel that has a visibility of its own. */
    Access access(ChannelView channel, Visibility visibility, Viewer viewer);

    /**
     * Channels that are not for everybody, and that somebody who may watch them follows or was invited to by name, the one that was on air last
     * first; as many as they look at. What that costs does not depend on what is on air.
     */
    List<ChannelView> shownTo(Viewer viewer);

    /** Whether somebody runs the channel: its owner, and who decides for the site. */
    boolean runs(ChannelView channel, Viewer viewer);
}
