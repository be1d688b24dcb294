// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.webrtc;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Takes a peer's datagrams to a connection and back, each with its length before it (RFC 4571), cut anywhere. */
final class TcpTunnel implements AutoCloseable {
    private final Random random = new Random(11);
    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private final DatagramSocket near;
    private final int port;
    private Socket far;
    private volatile SocketAddress peer;

    /** @param port where connections are waited for */
    TcpTunnel(int port) throws IOException {
        this.port = port;
        this.near = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        this.far = new Socket(InetAddress.getLoopbackAddress(), port);
        threads.execute(this::there);
        threads.execute(this::back);
    }

    /** Where datagrams go. */
    int port() {
        return near.getLocalPort();
    }

    /** Goes on over a connection of its own. */
    synchronized void reconnect() throws IOException {
        far.close();
        far = new Socket(InetAddress.getLoopbackAddress(), port);
    }

    private synchronized Socket far() {
        return far;
    }

    private void there() {
        byte[] room = new byte[2_048];
        while (!near.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(room, 2, room.length - 2);
                near.receive(packet);
                peer = packet.getSocketAddress();
                room[0] = (byte) (packet.getLength() >> 8);
                room[1] = (byte) packet.getLength();
                OutputStream out = far().getOutputStream();
                int length = packet.getLength() + 2;
                int cut = random.nextInt(length);
                out.write(room, 0, cut);
                out.flush();
                out.write(room, cut, length - cut);
            } catch (SocketException lost) {
                // over, or on the way to another connection
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    private void back() {
        while (!near.isClosed()) {
            try {
                DataInputStream in = new DataInputStream(far().getInputStream());
                while (true) {
                    byte[] packet = new byte[in.readUnsignedShort()];
                    in.readFully(packet);
                    near.send(new DatagramPacket(packet, packet.length, peer));
                }
            } catch (IOException lost) {
                Thread.onSpinWait(); // over, or on the way to another connection
            }
        }
    }

    @Override
    public void close() throws IOException {
        near.close();
        far().close();
        threads.shutdownNow();
    }
}
