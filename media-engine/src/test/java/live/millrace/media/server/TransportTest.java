// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.SocketChannel;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import live.millrace.media.socket.Listening;
import live.millrace.media.socket.ListeningSockets;
import live.millrace.media.socket.Shortage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each transport that this machine has carries both kinds of sockets. */
class TransportTest {
    private static final byte[] WORDS = "there and back".getBytes(StandardCharsets.UTF_8);
    private static final int TIMEOUT_MILLIS = 10_000;

    private static final class EchoDatagrams extends SimpleChannelInboundHandler<DatagramPacket> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket packet) {
            ctx.writeAndFlush(new DatagramPacket(packet.content().retain(), packet.sender()));
        }
    }

    private static final class EchoBytes extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object bytes) {
            ctx.writeAndFlush(bytes);
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void datagramsAndStreamsComeBack(Transport chosen) throws Exception {
        assumeTrue(chosen.isAvailable(), () -> chosen + " is not available on this machine");
        try (EventLoops loops = new EventLoops(chosen.resolve(), new Shortage(System::nanoTime));
                ListeningSockets sockets = new ListeningSockets()) {
            Listening listening = loops.listening();
            String host = InetAddress.getLoopbackAddress().getHostAddress();
            sockets.open("udp", listening.datagrams().handler(new EchoDatagrams()), host, 0);
            sockets.open(
                    "tcp",
                    listening.bootstrap().childHandler(new ChannelInitializer<SocketChannel>() {
                        @Override
                        protected void initChannel(SocketChannel accepted) {
                            accepted.pipeline().addLast(new EchoBytes());
                        }
                    }),
                    host,
                    0);
            datagram(sockets.ports().get("udp"));
            stream(sockets.ports().get("tcp"));
        }
    }

    private static void datagram(int port) throws Exception {
        try (DatagramSocket client = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            client.setSoTimeout(TIMEOUT_MILLIS);
            client.send(new java.net.DatagramPacket(
                    WORDS, WORDS.length, new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
            java.net.DatagramPacket answer = new java.net.DatagramPacket(new byte[100], 100);
            client.receive(answer);
            assertThat(new String(answer.getData(), 0, answer.getLength(), StandardCharsets.UTF_8))
                    .isEqualTo("there and back");
        }
    }

    private static void stream(int port) throws Exception {
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
            client.setSoTimeout(TIMEOUT_MILLIS);
            client.getOutputStream().write(WORDS);
            assertThat(client.getInputStream().readNBytes(WORDS.length)).isEqualTo(WORDS);
        }
    }
}
