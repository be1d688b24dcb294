// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.survival;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import live.millrace.media.endpoint.webrtc.WhipPeer;
import live.millrace.media.testing.Wait;

/** What is posted as an offer. */
final class OfferCases {
    private static final String AREA = "sdp";
    private static final String MEDIUM = "m=audio 9 UDP/TLS/RTP/SAVPF 8\r\na=sendonly\r\n";

    private OfferCases() {}

    static List<SurvivalCase> all() {
        List<SurvivalCase> cases = new ArrayList<>();
        cases.add(offer("64 KiB and one byte", 413, offer -> offer + "a".repeat((64 << 10) + 1 - offer.length())));
        cases.add(offer("64 KiB in one line", 400, offer -> offer + "a".repeat((64 << 10) - offer.length())));
        cases.add(offer("32 media", 201, offer -> offer + MEDIUM.repeat(30)));
        cases.add(offer("33 media", 400, offer -> offer + MEDIUM.repeat(31)));
        cases.add(offer("64 formats", 201, offer -> formats(offer, 64)));
        cases.add(offer("1,000 formats", 400, offer -> formats(offer, 1_000)));
        cases.add(offer("1,000 attributes", 400, offer -> offer + "a=rtcp-fb:108 nack\r\n".repeat(1_000)));
        cases.add(offer("200 header extensions and as many fingerprints", 201, offer -> {
            String many = IntStream.range(0, 100)
                    .mapToObj(i ->
                            "a=extmap:" + i + " urn:x:" + i + "\r\na=fingerprint:sha-256 00:" + (10 + i % 90) + "\r\n")
                    .collect(Collectors.joining());
            return offer + many;
        }));
        cases.add(offer("zeros and noise", 400, offer -> "\0\u0001\u00ff".repeat(5_000)));
        cases.add(offer("an offer between zeros", 400, offer -> "\0" + offer.replace("\r\n", "\0\r\n\0")));
        cases.add(slow());
        cases.add(new SurvivalCase(AREA, "500 guessed sessions are deleted", scene -> {
            try (WhipPeer peer = scene.whip()) {
                for (int i = 0; i < 500; i++) {
                    assertThat(peer.send("DELETE", "/whip/" + "%032x".formatted(i)))
                            .isEqualTo(404);
                }
            }
            return "404";
        }));
        return cases;
    }

    private static String formats(String offer, int count) {
        String more = IntStream.range(0, count - 2)
                .mapToObj(i -> " " + (i < 30 ? i : 100 + i % 28))
                .collect(Collectors.joining());
        return offer.replace("SAVPF 108 109", "SAVPF 108 109" + more);
    }

    private static SurvivalCase offer(String name, int status, UnaryOperator<String> made) {
        return new SurvivalCase(AREA, name, scene -> {
            int before = WebrtcStrangerCases.endpoint(scene).connections();
            try (WhipPeer peer = scene.whip()) {
                HttpResponse<String> answer = peer.post(
                        "/whip", Optional.of(Scene.KEY + scene.channel()), "application/sdp", made.apply(peer.offer()));
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
                assertThat(answer.body().length()).isLessThan(20_000);
                if (status == 201) {
                    peer.send("DELETE", answer.headers().firstValue("Location").orElseThrow());
                }
            }
            Wait.until(
                    "nobody is left", () -> WebrtcStrangerCases.endpoint(scene).connections() <= before);
            return Integer.toString(status);
        });
    }

    /** A byte now and then: the whole request has its time, and each byte none of its own. */
    private static SurvivalCase slow() {
        return new SurvivalCase(AREA, "60 offers of which a byte comes now and then", scene -> {
            List<Socket> sockets = new ArrayList<>();
            try {
                for (int i = 0; i < 60; i++) {
                    Socket socket = new Socket(
                            InetAddress.getLoopbackAddress(), scene.engine().port("http"));
                    sockets.add(socket);
                    socket.getOutputStream()
                            .write(("POST /whip HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer " + Scene.KEY
                                            + "slowly\r\nContent-Type: application/sdp\r\nContent-Length: 60000\r\n\r\nv")
                                    .getBytes(StandardCharsets.US_ASCII));
                }
                List<Socket> waiting = new ArrayList<>(sockets);
                Wait.until("each is told, or closed", () -> {
                    waiting.removeIf(OfferCases::isOver);
                    return waiting.isEmpty();
                });
            } finally {
                for (Socket each : sockets) {
                    each.close();
                }
            }
            return "closed";
        });
    }

    private static boolean isOver(Socket socket) {
        try {
            socket.getOutputStream().write('=');
            return socket.getInputStream().available() > 0;
        } catch (IOException closed) {
            return true;
        }
    }
}
