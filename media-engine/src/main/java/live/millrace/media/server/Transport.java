// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** How sockets are polled. Native transports exist on Linux alone, and containers may forbid io_uring. */
public enum Transport {
    /** Epoll where it is there, else NIO. */
    AUTO(() -> true, () -> NioIoHandler.newFactory(), NioServerSocketChannel.class),
    IO_URING(IoUring::isAvailable, () -> IoUringIoHandler.newFactory(), IoUringServerSocketChannel.class),
    EPOLL(Epoll::isAvailable, () -> EpollIoHandler.newFactory(), EpollServerSocketChannel.class),
    NIO(() -> true, () -> NioIoHandler.newFactory(), NioServerSocketChannel.class);

    private final BooleanSupplier available;
    private final Supplier<IoHandlerFactory> ioHandlers;
    private final Class<? extends ServerChannel> serverChannel;

    Transport(
            BooleanSupplier available,
            Supplier<IoHandlerFactory> ioHandlers,
            Class<? extends ServerChannel> serverChannel) {
        this.available = available;
        this.ioHandlers = ioHandlers;
        this.serverChannel = serverChannel;
    }

    /**
     * The transport that a choice comes to on this machine.
     *
     * @throws IllegalArgumentException if the chosen one is not available
     */
    Transport resolve() {
        if (this == AUTO) {
            return EPOLL.available.getAsBoolean() ? EPOLL : NIO;
        }
        if (!available.getAsBoolean()) {
            throw new IllegalArgumentException("the transport " + this + " is not available on this machine; use AUTO");
        }
        return this;
    }

    IoHandlerFactory ioHandlerFactory() {
        return ioHandlers.get();
    }

    Class<? extends ServerChannel> serverChannel() {
        return serverChannel;
    }
}
