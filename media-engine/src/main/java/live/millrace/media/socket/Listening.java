// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.socket;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;

/**
 * What a listener needs to listen.
 *
 * @param acceptor loops that accept
 * @param workers loops that accepted sockets, and those of datagrams, are given to
 * @param serverChannel what listens for connections
 * @param datagramChannel what receives and sends datagrams
 * @param shortage is told when there are no descriptors left; one for all listeners of the process
 */
public record Listening(
        EventLoopGroup acceptor,
        EventLoopGroup workers,
        Class<? extends ServerChannel> serverChannel,
        Class<? extends DatagramChannel> datagramChannel,
        Shortage shortage) {
    private static final int BACKLOG = 1_024;

    /** On loops of NIO, which do both. */
    public static Listening nio(EventLoopGroup loops, Shortage shortage) {
        return new Listening(loops, loops, NioServerSocketChannel.class, NioDatagramChannel.class, shortage);
    }

    /** A bootstrap with what all sockets have in common; fresh for each port. */
    public ServerBootstrap bootstrap() {
        return bootstrap(workers);
    }

    /** The same for sockets that are given to certain loops. */
    public ServerBootstrap bootstrap(EventLoopGroup loops) {
        return new ServerBootstrap()
                .group(acceptor, loops)
                .channel(serverChannel)
                .handler(shortage.guard())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                // Its caches fit threads that live as long as the engine.
                .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT);
    }

    /** The same for one socket of datagrams, which has a handler and no children. */
    public Bootstrap datagrams() {
        return new Bootstrap()
                .group(workers)
                .channel(datagramChannel)
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT);
    }
}
