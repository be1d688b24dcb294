// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.socket;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;

/**
 * What a listener needs to listen.
 *
 * @param acceptor loops that accept
 * @param workers loops that accepted sockets are given to
 * @param shortage is told when there are no descriptors left; one for all listeners of the process
 */
public record Listening(
        EventLoopGroup acceptor,
        EventLoopGroup workers,
        Class<? extends ServerChannel> channelType,
        Shortage shortage) {
    private static final int BACKLOG = 1_024;

    /** A bootstrap with what all sockets have in common; fresh for each port. */
    public ServerBootstrap bootstrap() {
        return new ServerBootstrap()
                .group(acceptor, workers)
                .channel(channelType)
                .handler(shortage.guard())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                // Its caches fit threads that live as long as the engine.
                .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT);
    }
}
