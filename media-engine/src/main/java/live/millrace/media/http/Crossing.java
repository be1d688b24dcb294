// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import io.netty.channel.ChannelHandler;

/** What stands before the routes of a port that leads elsewhere as well, and answers what they do not know. Asked on any event loop. */
@FunctionalInterface
public interface Crossing {
    /**
     * A handler for one connection, right behind the codec, which passes on what is for the routes and tells them by {@link Lending} of the rest.
     *
     * @param http2 the channel is one stream of an HTTP/2 connection
     */
    ChannelHandler handler(boolean http2);
}
