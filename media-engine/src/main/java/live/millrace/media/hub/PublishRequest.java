// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

import java.util.concurrent.ScheduledExecutorService;

/**
 * An authorised session that wants to publish.
 *
 * @param owner the session's event loop: one thread. It owns the stream while this session publishes
 * @param latency what the publisher asked for
 * @param identity of the broadcast, should it begin with this session
 * @param targetSeconds the longest that a segment of the broadcast may be, where that is known from before; 0 to find out
 */
public record PublishRequest(
        StreamPath path,
        PublisherInfo publisher,
        ScheduledExecutorService owner,
        PublisherHandle handle,
        Latency latency,
        BroadcastIdentity identity,
        int targetSeconds) {
    /** For a broadcast of which nothing is known. */
    public PublishRequest(
            StreamPath path,
            PublisherInfo publisher,
            ScheduledExecutorService owner,
            PublisherHandle handle,
            Latency latency,
            BroadcastIdentity identity) {
        this(path, publisher, owner, handle, latency, identity, 0);
    }

    /** For a broadcast that begins here, if it is not on already. */
    public PublishRequest(
            StreamPath path,
            PublisherInfo publisher,
            ScheduledExecutorService owner,
            PublisherHandle handle,
            Latency latency) {
        this(path, publisher, owner, handle, latency, BroadcastIdentity.fresh());
    }
}
