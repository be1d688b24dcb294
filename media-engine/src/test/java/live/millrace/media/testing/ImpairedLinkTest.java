// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ImpairedLinkTest {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();
    private static final int PACKETS = 100; // fit into the smallest buffer of a socket
    private static final int LAST = -1;

    @Test
    void theSameSeedLosesTheSameAndAnotherOthers() throws Exception {
        List<Integer> once = through(Impairment.lossy(7, 0.2, Duration.ZERO));
        assertThat(once).hasSizeBetween(PACKETS / 2, PACKETS * 9 / 10).isSorted();
        assertThat(through(Impairment.lossy(7, 0.2, Duration.ZERO))).isEqualTo(once);
        assertThat(through(Impairment.lossy(8, 0.2, Duration.ZERO))).isNotEqualTo(once);
    }

    @Test
    void whatIsReorderedAndDoubledComesAllTheSame() throws Exception {
        Impairment bad = new Impairment(3, 0, Duration.ofMillis(5), Duration.ofMillis(2), 0.1, 0.1);
        List<Integer> came = through(bad);
        assertThat(came).hasSizeGreaterThan(PACKETS);
        assertThat(Stream.iterate(0, i -> i + 1).limit(PACKETS)).allMatch(came::contains);
        assertThat(came).isNotEqualTo(came.stream().sorted().toList());
    }

    @Test
    void aLinkThatIsDownPassesNothing() throws Exception {
        try (DatagramSocket target = new DatagramSocket(0, HERE);
                ImpairedLink link = ImpairedLink.udp(target.getLocalPort(), Impairment.none(), Impairment.none());
                DatagramSocket sender = new DatagramSocket(0, HERE)) {
            link.down(true);
            send(sender, link, 1);
            Wait.until("it is lost", () -> link.lost() == 1);
            link.down(false);
            send(sender, link, 2);
            assertThat(receive(target)).isEqualTo(2);
        }
    }

    @Test
    void connectionsPassWhole() throws Exception {
        byte[] bytes = new byte[50_000];
        new java.util.Random(1).nextBytes(bytes);
        try (ServerSocket target = new ServerSocket(0, 1, HERE);
                ImpairedLink link = ImpairedLink.tcp(
                        target.getLocalPort(),
                        new ImpairedLink.Throttle(5_000_000, 20_000, Duration.ofMillis(5)),
                        ImpairedLink.Throttle.rate(0));
                Socket near = new Socket(HERE, link.port());
                Socket far = target.accept()) {
            near.getOutputStream().write(bytes);
            near.shutdownOutput();
            assertThat(far.getInputStream().readAllBytes()).isEqualTo(bytes);
        }
    }

    /** The numbers that came, in their order. */
    private static List<Integer> through(Impairment there) throws Exception {
        try (DatagramSocket target = new DatagramSocket(0, HERE);
                ImpairedLink link = ImpairedLink.udp(target.getLocalPort(), there, Impairment.none());
                DatagramSocket sender = new DatagramSocket(0, HERE)) {
            for (int i = 0; i < PACKETS; i++) {
                send(sender, link, i);
            }
            List<Integer> came = new ArrayList<>();
            // What was sent is either lost or comes: nobody guesses when.
            while (link.lost() + came.stream().distinct().count() < PACKETS || link.carried() > came.size()) {
                int number = receive(target);
                if (number != LAST) {
                    came.add(number);
                }
            }
            return came;
        }
    }

    private static void send(DatagramSocket by, ImpairedLink link, int number) throws Exception {
        byte[] bytes = ByteBuffer.allocate(4).putInt(number).array();
        by.send(new DatagramPacket(bytes, 4, new InetSocketAddress(HERE, link.port())));
    }

    private static int receive(DatagramSocket at) throws Exception {
        at.setSoTimeout(100);
        DatagramPacket packet = new DatagramPacket(new byte[4], 4);
        try {
            at.receive(packet);
        } catch (java.net.SocketTimeoutException nothingYet) {
            return LAST;
        }
        return ByteBuffer.wrap(packet.getData()).getInt();
    }
}
