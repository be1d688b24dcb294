// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.camera.internal.onvif;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Datagrams on this machine; a group would need a network. */
class MulticastDiscoveryTest {
    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");
    private static final byte[] QUESTION = "who?".getBytes(StandardCharsets.UTF_8);

    /** Answers the first question as often as said. */
    private static Thread answering(DatagramSocket socket, int times) {
        return Thread.ofVirtual().start(() -> {
            try {
                DatagramPacket question = new DatagramPacket(new byte[100], 100);
                socket.receive(question);
                for (int i = 0; i < times; i++) {
                    byte[] answer = ("answer " + i).getBytes(StandardCharsets.UTF_8);
                    socket.send(new DatagramPacket(answer, answer.length, question.getSocketAddress()));
                }
            } catch (IOException closed) {
                assertThat(socket.isClosed()).isTrue();
            }
        });
    }

    private static MulticastDiscovery to(DatagramSocket socket, Duration listen) {
        return new MulticastDiscovery((InetSocketAddress) socket.getLocalSocketAddress(), () -> List.of(HERE), listen);
    }

    @Test
    void handsOnWhatIsAnsweredUntilEnough() throws Exception {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(HERE, 0))) {
            answering(socket, 5);
            List<String> heard = new ArrayList<>();
            to(socket, Duration.ofSeconds(60)).ask(QUESTION, (sender, content) -> {
                assertThat(sender).isEqualTo(HERE);
                heard.add(new String(content, StandardCharsets.UTF_8));
                return heard.size() < 3;
            });
            assertThat(heard).containsExactly("answer 0", "answer 1", "answer 2");
        }
    }

    @Test
    void asksTwiceAndEndsByItself() throws Exception {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(HERE, 0))) {
            to(socket, Duration.ofMillis(800)).ask(QUESTION, (_, _) -> true);
            socket.setSoTimeout(10_000);
            for (int i = 0; i < 2; i++) {
                DatagramPacket question = new DatagramPacket(new byte[100], 100);
                socket.receive(question);
                assertThat(new String(question.getData(), 0, question.getLength(), StandardCharsets.UTF_8))
                        .isEqualTo("who?");
            }
        }
    }

    @Test
    void aNetworkThatCannotBeAskedDoesNotStopTheOthers() throws Exception {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(HERE, 0))) {
            answering(socket, 1);
            List<byte[]> heard = new ArrayList<>();
            // Documentation's, so that no machine has it.
            new MulticastDiscovery(
                            (InetSocketAddress) socket.getLocalSocketAddress(),
                            () -> List.of(InetAddress.ofLiteral("203.0.113.7"), HERE),
                            Duration.ofSeconds(60))
                    .ask(QUESTION, (_, content) -> {
                        heard.add(content);
                        return false;
                    });
            assertThat(heard).hasSize(1);
        }
    }

    @Test
    void withoutANetworkNobodyIsAsked() throws Exception {
        new MulticastDiscovery(new InetSocketAddress(HERE, 9), List::of, Duration.ofMinutes(10))
                .ask(QUESTION, (_, _) -> true);
    }
}
