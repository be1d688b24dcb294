// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.survival;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import live.millrace.media.endpoint.rtsp.RtspEndpoint;
import live.millrace.media.endpoint.rtsp.RtspTallies;
import live.millrace.media.testing.RtspScript;
import live.millrace.media.testing.Wait;

/** What peers of RTSP do that they should not. */
final class RtspCases {
    private static final String AREA = "rtsp";
    private static final String TCP = "RTP/AVP/TCP;unicast;interleaved=0-1";

    private RtspCases() {}

    static List<SurvivalCase> all() {
        List<SurvivalCase> cases = new ArrayList<>();
        requests(cases);
        media(cases);
        return cases;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Says it again and again, until the other side has had enough. */
    private static void flood(RtspScript script, byte[] what, int times) throws IOException {
        try {
            for (int i = 0; i < times; i++) {
                script.raw(what);
            }
        } catch (SocketException closed) {
            // that was enough
        }
        script.awaitClose();
    }

    private static void requests(List<SurvivalCase> cases) {
        cases.add(new SurvivalCase(AREA, "a head without an end", scene -> {
            try (RtspScript script = scene.rtsp()) {
                flood(script, bytes("X-Header: " + "x".repeat(4_000) + "\r\n"), 100);
            }
            return "closed";
        }));
        cases.add(new SurvivalCase(AREA, "a body of 2 GB, announced", scene -> {
            try (RtspScript script = scene.rtsp()) {
                flood(
                        script,
                        bytes("ANNOUNCE rtsp://h/live/x RTSP/1.0\r\nCSeq: 1\r\nContent-Length: 2147483647\r\n\r\n"),
                        1);
            }
            return "closed";
        }));
        cases.add(new SurvivalCase(AREA, "10,000 OPTIONS whose answers nobody reads", scene -> {
            try (RtspScript script = scene.rtsp()) {
                flood(script, bytes("OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n".repeat(100)), 100);
            }
            return "closed";
        }));
        cases.add(new SurvivalCase(AREA, "33 media, and 9", scene -> {
            for (int count : new int[] {33, 9}) {
                try (RtspScript script = scene.rtsp()) {
                    assertThat(script.announce("/live/" + Scene.KEY + scene.channel(), RtspScript.VIDEO.repeat(count))
                                    .status())
                            .isEqualTo(400);
                }
            }
            return "400";
        }));
        cases.add(new SurvivalCase(AREA, "too much behind an ANNOUNCE that nobody answers", scene -> {
            try (RtspScript script = scene.rtsp()) {
                script.raw(bytes(script.text(
                        "ANNOUNCE", script.uri("/live/" + Scene.SLOW_KEY), RtspScript.PREAMBLE + RtspScript.VIDEO)));
                flood(script, bytes("OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n".repeat(100)), 100);
            }
            return "closed";
        }));
        cases.add(new SurvivalCase(AREA, "leaves while its ANNOUNCE is open", scene -> {
            try (RtspScript script = scene.rtsp()) {
                script.raw(bytes(script.text(
                        "ANNOUNCE", script.uri("/live/" + Scene.SLOW_KEY), RtspScript.PREAMBLE + RtspScript.VIDEO)));
                scene.awaitTold("asked " + Scene.SLOW_KEY);
            }
            return "forgotten";
        }));
        cases.add(new SurvivalCase(AREA, "leaves while its DESCRIBE waits for a stream", scene -> {
            try (RtspScript script = scene.rtsp()) {
                script.raw(bytes(script.text("DESCRIBE", script.uri("/live/" + scene.channel()), "")));
            }
            return "forgotten";
        }));
    }

    private static void media(List<SurvivalCase> cases) {
        cases.add(new SurvivalCase(AREA, "garbage on every channel", scene -> {
            String channel = scene.channel();
            Random random = new Random(3);
            try (RtspScript script = scene.rtsp()) {
                assertThat(script.publish("/live/" + Scene.KEY + channel).status())
                        .isEqualTo(200);
                for (int i = 0; i < 2_000; i++) {
                    byte[] packet = new byte[random.nextInt(1_500)];
                    random.nextBytes(packet);
                    if (packet.length > 1 && i % 2 == 0) {
                        packet[0] = (byte) 0x80;
                        packet[1] = (byte) (96 | (random.nextInt(2) << 7));
                    }
                    script.send(i % 256, packet);
                }
                assertThat(script.ask("TEARDOWN", script.uri("/live/" + Scene.KEY + channel), "")
                                .status())
                        .isEqualTo(200);
            }
            return "thrown away";
        }));
        cases.add(new SurvivalCase(AREA, "a fragment without an end", scene -> {
            String channel = scene.channel();
            try (RtspScript script = scene.rtsp()) {
                script.publish("/live/" + Scene.KEY + channel);
                byte[] part = new byte[60_000];
                for (int i = 0; i < 400; i++) {
                    part[0] = 0x7C;
                    part[1] = (byte) (i == 0 ? 0x85 : 0x05);
                    script.send(0, script.rtp(96, false, 0, part));
                }
                assertThat(script.ask("OPTIONS", "*", "").status()).isEqualTo(200);
            }
            return "8 MiB at most";
        }));
        cases.add(new SurvivalCase(AREA, "a publisher that vanishes in the middle of a packet", scene -> {
            String channel = scene.channel();
            try (RtspScript script = scene.rtsp()) {
                script.publish("/live/" + Scene.KEY + channel);
                script.pictures(0, 12);
                script.raw(new byte[] {'$', 0, 10, 0, 1});
            }
            scene.awaitTold(channel + " ended CONNECTION_LOST");
            return "lost";
        }));
        cases.add(new SurvivalCase(AREA, "5,000 datagrams from nobody", scene -> {
            RtspEndpoint rtsp = scene.engine().endpoint(RtspEndpoint.class);
            long before = rtsp.tallies().packets().of(RtspTallies.Packet.FOREIGN);
            try (RtspScript script = scene.rtsp();
                    DatagramSocket stranger = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
                script.announce("/live/" + Scene.KEY + scene.channel(), RtspScript.VIDEO);
                int to = Integer.parseInt(script.setUp("/x/streamid=0", "RTP/AVP;unicast;client_port=40000-40001")
                        .header("Transport")
                        .orElseThrow()
                        .replaceFirst(".*server_port=(\\d+)-.*", "$1"));
                for (int i = 0; i < 5_000; i++) {
                    stranger.send(new DatagramPacket(new byte[100], 100, InetAddress.getLoopbackAddress(), to + i % 2));
                }
                Wait.until(
                        "some came, and were dropped",
                        () -> rtsp.tallies().packets().of(RtspTallies.Packet.FOREIGN) > before);
            }
            return "dropped";
        }));
        cases.add(new SurvivalCase(AREA, "a player that plays and leaves without a word", scene -> {
            try (RtspScript script = scene.rtsp()) {
                String path = "/live/" + ReferenceStream.CHANNEL;
                assertThat(script.ask("DESCRIBE", script.uri(path), "").status())
                        .isEqualTo(200);
                script.setUp(path + "/trackID=0", TCP);
                assertThat(script.ask("PLAY", script.uri(path), "").status()).isEqualTo(200);
                script.nextFrame(0);
            }
            return "left";
        }));
    }
}
