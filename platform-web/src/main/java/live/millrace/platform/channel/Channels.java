// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** All channels. Thread-safe. */
public interface Channels {
    int MAX_TITLE = 100;
    int MAX_DESCRIPTION = 2_000;

    /** By name, in any capitals. */
    Optional<ChannelView> find(String name);

    Optional<ChannelView> find(long channelId);

    List<ChannelView> find(Collection<String> names);

    ChannelView ofAccount(long accountId);

    /** Changes what the owner may change. */
    void edit(long channelId, String title, String description);
}
