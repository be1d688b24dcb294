// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.survival;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import live.millrace.media.endpoint.webrtc.WebrtcEndpoint;
import live.millrace.media.endpoint.webrtc.WebrtcTallies;
import live.millrace.media.endpoint.webrtc.WhipPeer;
import live.millrace.media.protocol.stun.StunClient;
import live.millrace.media.testing.Wait;

/** What comes to the port of WebRTC before there are keys: checks, and handshakes. */
final class WebrtcStrangerCases {
    private static final String STUN = "stun";
    private static final String DTLS = "dtls";
    private static final int ADDRESSES = 50;

    /** Handshakes that have a thread, at most. */
    private static final int HANDSHAKES = 64;

    private WebrtcStrangerCases() {}

    /** What is done to an engine where one may publish, who was answered. */
    private interface Attack {
        String run(Scene scene, WhipPeer peer) throws Exception;
    }

    static List<SurvivalCase> all() {
        List<SurvivalCase> cases = new ArrayList<>();
        checks(cases);
        records(cases);
        handshakes(cases);
        return cases;
    }

    static WebrtcEndpoint endpoint(Scene scene) {
        return scene.engine().endpoint(WebrtcEndpoint.class);
    }

    static long packets(Scene scene, WebrtcTallies.Packet what) {
        return endpoint(scene).tallies().packets().of(what);
    }

    private static SurvivalCase answered(String area, String name, Attack attack) {
        return new SurvivalCase(area, name, scene -> {
            int before = endpoint(scene).connections();
            String result;
            try (WhipPeer peer = scene.whip()) {
                String session = peer.offers(Scene.KEY + scene.channel());
                result = attack.run(scene, peer);
                peer.send("DELETE", session);
            }
            Wait.until("nobody is left", () -> endpoint(scene).connections() <= before);
            return result;
        });
    }

    /** Many addresses, of which none has proven anything. */
    private static final class Strangers implements AutoCloseable {
        private final List<DatagramSocket> sockets = new ArrayList<>();
        private final int port;

        Strangers(Scene scene) throws IOException {
            port = scene.engine().port("webrtc");
            for (int i = 0; i < ADDRESSES; i++) {
                sockets.add(new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
            }
        }

        void send(int times, byte[] datagram) throws IOException {
            for (int i = 0; i < times; i++) {
                for (DatagramSocket each : sockets) {
                    each.send(new DatagramPacket(datagram, datagram.length, InetAddress.getLoopbackAddress(), port));
                }
            }
        }

        void assertNobodyIsAnswered() throws IOException {
            for (DatagramSocket each : sockets) {
                each.setSoTimeout(1);
                DatagramPacket packet = new DatagramPacket(new byte[100], 100);
                try {
                    each.receive(packet);
                    throw new AssertionError("a stranger was sent " + packet.getLength() + " bytes");
                } catch (SocketTimeoutException nothing) {
                    // as it should be
                }
            }
        }

        @Override
        public void close() {
            sockets.forEach(DatagramSocket::close);
        }
    }

    private static SurvivalCase strangers(String area, String name, Datagrams made) {
        return answered(area, name, (scene, peer) -> {
            long foreign =
                    packets(scene, WebrtcTallies.Packet.FOREIGN) + packets(scene, WebrtcTallies.Packet.MALFORMED);
            try (Strangers strangers = new Strangers(scene)) {
                for (byte[] datagram : made.by(peer.client())) {
                    strangers.send(100, datagram);
                }
                peer.checks(true); // behind all of them
                strangers.assertNobodyIsAnswered();
            }
            assertThat(packets(scene, WebrtcTallies.Packet.FOREIGN) + packets(scene, WebrtcTallies.Packet.MALFORMED))
                    .isGreaterThan(foreign);
            return "no answer";
        });
    }

    private interface Datagrams {
        List<byte[]> by(StunClient client);
    }

    private static byte[] transaction(int seed) {
        return StunClient.transaction(new Random(seed));
    }

    private static void checks(List<SurvivalCase> cases) {
        cases.add(strangers(
                STUN,
                "10,000 checks without integrity, and as many with a wrong one",
                client -> List.of(
                        ByteBufUtil.getBytes(client.unprovenCheck(transaction(1))),
                        ByteBufUtil.getBytes(new StunClient(client.ours(), client.theirs(), "another password of 22 c")
                                .check(transaction(2), true)))));
        cases.add(strangers(STUN, "20,000 checks of nobody's session, and other messages", client -> {
            byte[] check = ByteBufUtil.getBytes(client.check(transaction(3), true));
            byte[] indication = check.clone();
            indication[1] = 0x11;
            byte[] answer = check.clone();
            answer[0] = 1;
            answer[1] = 1;
            return List.of(
                    ByteBufUtil.getBytes(new StunClient("a", "b", client.password()).check(transaction(4), true)),
                    Arrays.copyOf(check, check.length - 1),
                    indication,
                    answer);
        }));
        cases.add(answered(STUN, "5,000 datagrams of noise", (scene, peer) -> {
            Random noise = new Random(5);
            try (Strangers strangers = new Strangers(scene)) {
                for (int i = 0; i < 100; i++) {
                    byte[] datagram = new byte[noise.nextInt(1_600)];
                    noise.nextBytes(datagram);
                    strangers.send(1, datagram);
                }
                peer.checks(true);
                strangers.assertNobodyIsAnswered();
            }
            return "no answer";
        }));
        cases.add(answered(STUN, "authentic checks from 200 addresses", (scene, peer) -> {
            int shortest = peer.client().check(transaction(6), false).readableBytes();
            for (int i = 0; i < 200; i++) {
                peer.move();
                peer.checks(i % 2 == 0);
            }
            assertThat(peer.longestAnswer()).isBetween(1, shortest);
            return "answered in " + peer.longestAnswer() + " bytes";
        }));
        cases.add(answered(STUN, "2,000 authentic checks of what nobody understands", (scene, peer) -> {
            byte[] strange = ByteBufUtil.getBytes(peer.client().strangeCheck(transaction(7)));
            for (int i = 0; i < 2_000; i++) {
                peer.datagram(strange);
            }
            peer.checks(true);
            assertThat(peer.longestAnswer()).isBetween(1, strange.length);
            return "answered in " + peer.longestAnswer() + " bytes";
        }));
    }

    /** RFC 6347 §4.1. */
    private static byte[] record(int type, int epoch, int length) {
        return ByteBuffer.allocate(13 + length)
                .put((byte) type)
                .putShort((short) 0xFEFD)
                .putShort((short) epoch)
                .put(new byte[6])
                .putShort((short) length)
                .array();
    }

    /** §4.2.2, of a length that says nothing of the fragment. */
    private static byte[] fragment(int type, int length, int offset, int fragment) {
        byte[] record = record(22, 0, 12 + fragment);
        ByteBuffer.wrap(record)
                .position(13)
                .putInt(type << 24 | length)
                .putShort((short) 0)
                .put((byte) (offset >> 16))
                .putShort((short) offset)
                .put((byte) (fragment >> 16))
                .putShort((short) fragment);
        return record;
    }

    private static void records(List<SurvivalCase> cases) {
        cases.add(strangers(
                DTLS,
                "10,000 ClientHellos from addresses that proved nothing",
                client -> List.of(fragment(1, 200, 0, 200), record(22, 0, 1_200))));
        cases.add(handshake("records twice, late, cut, too long and forged", (peer, datagram) -> {
            peer.datagram(record(21, 0, 2));
            peer.datagram(record(22, 1, 40));
            peer.datagram(record(20, 0, 1));
            peer.datagram(new byte[2_000]);
            peer.datagram(Arrays.copyOf(datagram, datagram.length / 2));
            peer.datagram(datagram);
            peer.datagram(datagram);
        }));
        cases.add(handshake("50 alerts in clear before each record", (peer, datagram) -> {
            for (int i = 0; i < 50; i++) {
                peer.datagram(record(21, 0, 2));
            }
            peer.datagram(datagram);
        }));
        cases.add(spoilt("5,000 records of nothing before a ClientHello", peer -> {
            for (int i = 0; i < 5_000; i++) {
                peer.datagram(record(22, 0, 20 + i % 1_000));
            }
        }));
    }

    private interface Spoiling {
        void run(WhipPeer peer) throws IOException;
    }

    /** A handshake that its own client spoils: it is over at once, and not when its time is. */
    private static SurvivalCase spoilt(String name, Spoiling spoiling) {
        return new SurvivalCase(DTLS, name, scene -> {
            long before = endpoint(scene).tallies().connections().of(WebrtcTallies.Connection.NO_HANDSHAKE);
            try (WhipPeer peer = scene.whip()) {
                String channel = scene.channel();
                peer.offers(Scene.KEY + channel);
                peer.checks(true);
                spoiling.run(peer);
                scene.awaitTold(channel + " ended NO_MEDIA");
            }
            assertThat(endpoint(scene).tallies().connections().of(WebrtcTallies.Connection.NO_HANDSHAKE))
                    .isGreaterThan(before);
            return "over";
        });
    }

    private interface Worse {
        void send(WhipPeer peer, byte[] datagram) throws IOException;
    }

    /** A handshake that is worse than it need be, and ends well all the same. */
    private static SurvivalCase handshake(String name, Worse worse) {
        return answered(DTLS, name, (scene, peer) -> {
            peer.way = datagram -> worse.send(peer, datagram);
            peer.connects();
            return "complete";
        });
    }

    private static long threads() {
        return Resources.now().threads().stream()
                .filter(each -> each.startsWith("webrtc-handshakes-"))
                .count();
    }

    private static void handshakes(List<SurvivalCase> cases) {
        cases.add(answered(DTLS, "100 handshakes that stay half open, and one who comes after them", (scene, peer) -> {
            List<String> sessions = new ArrayList<>();
            try (WhipPeer crowd = scene.whip()) {
                for (int i = 0; i < 100; i++) {
                    crowd.move();
                    sessions.add(crowd.offers(Scene.KEY + scene.channel()));
                    crowd.checks(true);
                }
                Wait.until("all threads are taken", () -> threads() == HANDSHAKES);
                peer.checks(true);
                peer.shakesHands();
                for (String each : sessions) {
                    assertThat(crowd.send("DELETE", each)).isEqualTo(200);
                }
                Wait.until("it has its turn", peer::established);
            }
            return HANDSHAKES + " at a time";
        }));
        cases.add(new SurvivalCase(
                DTLS, "200 offers that nobody follows, and 21 handshakes that are left in the middle", scene -> {
                    int before = endpoint(scene).connections();
                    List<String> channels = new ArrayList<>();
                    try (WhipPeer peer = scene.whip()) {
                        for (int i = 0; i < 200; i++) {
                            peer.offers(fresh(scene, channels));
                        }
                        peer.offers(fresh(scene, channels));
                        peer.checks(true);
                        for (int i = 0; i < 1_000; i++) { // of a message of 16 MB
                            peer.datagram(fragment(1, 0xFF_FFFF, i * 1_000, 1_000));
                        }
                    }
                    for (int i = 0; i < 20; i++) {
                        leavesInTheMiddle(scene, fresh(scene, channels), 1 + i % 5);
                    }
                    for (String channel : channels.subList(0, 200)) {
                        scene.awaitTold(channel + " ended UNREACHED");
                    }
                    for (String channel : channels.subList(200, channels.size())) {
                        scene.awaitTold(channel + " ended NO_MEDIA");
                    }
                    Wait.until("nobody is left", () -> endpoint(scene).connections() <= before);
                    return "forgotten";
                }));
    }

    private static String fresh(Scene scene, List<String> channels) {
        String channel = scene.channel();
        channels.add(channel);
        return Scene.KEY + channel;
    }

    /** @param last so many datagrams of its handshake go out */
    private static void leavesInTheMiddle(Scene scene, String key, int last) throws Exception {
        try (WhipPeer peer = scene.whip()) {
            peer.offers(key);
            peer.checks(true);
            AtomicInteger sent = new AtomicInteger();
            peer.way = datagram -> {
                if (sent.incrementAndGet() <= last) {
                    peer.datagram(datagram);
                }
            };
            peer.shakesHands();
            Wait.until("it is in the middle", () -> sent.get() >= last);
        }
    }
}
