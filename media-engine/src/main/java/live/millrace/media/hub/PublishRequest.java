// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

import java.util.concurrent.ScheduledExecutorService;

/**
 * An authorised session that wants to publish.
 *
 * @param owner the session's event loop: one thread. It owns the stream while this session publishes
 * @param latency what the publisher asked for
 * @param identity of the broadcast, should it begin with this session
 */
public record PublishRequest(
        StreamPath path,
        PublisherInfo publisher,
        ScheduledExecutorService owner,
        PublisherHandle handle,
        Latency latency,
        BroadcastIdentity identity) {
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
