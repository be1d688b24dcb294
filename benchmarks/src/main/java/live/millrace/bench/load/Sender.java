// SPDX-License-Identifier: Apache-2.0
package live.millrace.bench.load;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import java.util.concurrent.CompletableFuture;

/** A publisher of the load, whatever it speaks. Confined to its event loop but for {@link #start} and {@link #sent}. */
interface Sender {
    /** Connects; completes when it may send. */
    CompletableFuture<Channel> start(EventLoopGroup loops, int port);

    /** Begins at a time; called once, on the loop. */
    void begin(long firstNanos);

    /** Sends what is due. */
    void tick(Channel channel, long now);

    /** Frames that were sent. */
    int sent();
}
