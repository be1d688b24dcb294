// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ListeningSocketsTest {
    private static final String HOST = InetAddress.getLoopbackAddress().getHostAddress();

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Listening listening = Listening.nio(loops, new Shortage(System::nanoTime));
    private final ListeningSockets sockets = new ListeningSockets();

    @AfterEach
    void stop() {
        sockets.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private ServerBootstrap bootstrap() {
        return listening.bootstrap().childHandler(new ChannelInboundHandlerAdapter());
    }

    private int port(String scheme) {
        return sockets.ports().get(scheme);
    }

    private static void connect(int port) throws IOException {
        new Socket(InetAddress.getLoopbackAddress(), port).close();
    }

    @Test
    void eachSchemeHasItsPort() throws IOException {
        assertThat(sockets.ports()).isEmpty();
        sockets.open("ping", bootstrap(), HOST, 0);
        sockets.open("pings", bootstrap(), HOST, 0);
        assertThat(sockets.ports()).containsOnlyKeys("ping", "pings");
        connect(port("ping"));
        connect(port("pings"));
        assertThatThrownBy(() -> sockets.open("ping", bootstrap(), HOST, 0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aTakenPortIsNamedWithItsScheme() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            sockets.open("ping", bootstrap(), HOST, 0);
            assertThatThrownBy(() -> sockets.open("pings", bootstrap(), HOST, taken.getLocalPort()))
                    .isInstanceOfSatisfying(PortInUseException.class, e -> {
                        assertThat(e.listener()).isEqualTo("pings");
                        assertThat(e.port()).isEqualTo(taken.getLocalPort());
                    });
            connect(port("ping"));
        }
    }

    /** Another process may listen on the port a moment later: of several, one tells. */
    @Test
    void nobodyConnectsAfterTheClose() {
        assertThat(IntStream.range(0, 5)).anyMatch(_ -> isRefusedAfterTheClose());
    }

    private boolean isRefusedAfterTheClose() {
        ListeningSockets closed = new ListeningSockets();
        closed.open("ping", bootstrap(), HOST, 0);
        int port = closed.ports().get("ping");
        closed.close();
        closed.close();
        assertThat(closed.ports()).containsEntry("ping", port);
        try {
            connect(port);
            return false;
        } catch (ConnectException refused) {
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
