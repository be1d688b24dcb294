// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.testing;

import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import live.millrace.media.hub.HubConfig;
import live.millrace.media.hub.Latency;
import live.millrace.media.hub.PublishRequest;
import live.millrace.media.hub.PublishResult;
import live.millrace.media.hub.Publisher;
import live.millrace.media.hub.PublisherInfo;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.hub.StreamRegistry;

/** A publisher of {@code live/anna} without a socket, whose media a test hands to the hub itself. */
public final class TestPublisher {
    private TestPublisher() {}

    /**
     * The only one of a registry of its own.
     *
     * @param owner the stream's event loop
     */
    public static Publisher on(EventLoop owner, String protocol) {
        StreamRegistry registry = new StreamRegistry(HubConfig.defaults(), List.of(), InstantSource.system());
        PublisherInfo info = new PublisherInfo(
                UUID.randomUUID(),
                "key",
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
                "",
                protocol,
                Instant.EPOCH);
        PublishRequest request = new PublishRequest(StreamPath.live("anna"), info, owner, _ -> {}, Latency.NORMAL);
        PublishResult result = registry.publish(request).toCompletableFuture().join();
        return ((PublishResult.Accepted) result).publisher();
    }
}
