// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.survival;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import live.millrace.media.access.RefusalCause;
import live.millrace.media.amf.AmfValue;
import live.millrace.media.testing.MediaScript;
import live.millrace.media.testing.RtmpScript;
import live.millrace.media.testing.SampleMedia;
import live.millrace.media.testing.Wait;

/** What somebody without a key, or with one and no manners, cannot have: memory, viewers of his invention, other people's room. */
final class StrangerCases {
    private static final String AREA = "strangers";

    private StrangerCases() {}

    static List<SurvivalCase> all() {
        List<SurvivalCase> cases = new ArrayList<>();
        streams(cases);
        answers(cases);
        room(cases);
        return cases;
    }

    private static void streams(List<SurvivalCase> cases) {
        cases.add(new SurvivalCase(AREA, "10 aggregates of 4,266 parts, by strangers", scene -> {
            for (int i = 0; i < 10; i++) {
                try (RtmpScript script = scene.connected()) {
                    script.command(0, "createStream", 4, AmfValue.NULL);
                    ByteBuf aggregate = Unpooled.buffer();
                    for (int part = 0; part < 4_266; part++) {
                        aggregate.writeByte(8).writeZero(10).writeInt(11);
                    }
                    ProtocolCases.flood(script, () -> script.chunked(4, 22, 1, 0, aggregate, true), 1);
                    script.awaitClose();
                }
            }
            return "closed"; // what was kept would be found when all is over
        }));
        cases.add(new SurvivalCase(AREA, "a second connect behind publish, in one packet", scene -> {
            String channel = scene.channel();
            try (RtmpScript script = scene.connected()) {
                script.command(0, "createStream", 4, AmfValue.NULL);
                ByteBuf both = Unpooled.buffer();
                both.writeBytes(ByteBufUtil.decodeHexDump(ProtocolCases.command(
                        "publish", 1, AmfValue.NULL, AmfValue.of(Scene.KEY + channel), AmfValue.of("live"))));
                both.writeBytes(ByteBufUtil.decodeHexDump(ProtocolCases.command("connect", 0, AmfValue.object())));
                script.raw(ByteBufUtil.getBytes(both));
                script.awaitClose();
                scene.awaitTold(channel + " ended PROTOCOL_ERROR");
            }
            return "closed";
        }));
        cases.add(new SurvivalCase(AREA, "publish without createStream", scene -> {
            try (RtmpScript script = scene.connected()) {
                script.command(1, "publish", 5, AmfValue.NULL, AmfValue.of(Scene.KEY + scene.channel()));
                script.awaitClose();
            }
            return "closed";
        }));
        cases.add(new SurvivalCase(AREA, "play without createStream", scene -> {
            try (RtmpScript script = scene.connected()) {
                script.command(1, "play", 5, AmfValue.NULL, AmfValue.of(ReferenceStream.CHANNEL));
                script.awaitClose();
            }
            return "closed";
        }));
        cases.add(new SurvivalCase(AREA, "media on a message stream that was never created", scene -> {
            String channel = scene.channel();
            try (RtmpScript script = scene.publisher(channel)) {
                script.chunked(4, 9, 77, 0, SampleMedia.videoHeader(), true);
                script.awaitClose();
                scene.awaitTold(channel + " ended PROTOCOL_ERROR");
            }
            return "closed";
        }));
    }

    private static void answers(List<SurvivalCase> cases) {
        cases.add(new SurvivalCase(AREA, "a peer that leaves while the question is open", scene -> {
            long before = scene.engine().publishTallies().refusals().of(RefusalCause.NO_ANSWER);
            try (RtmpScript script = scene.connected()) {
                script.command(0, "createStream", 4, AmfValue.NULL);
                script.command(1, "publish", 5, AmfValue.NULL, AmfValue.of(Scene.SLOW_KEY));
                scene.awaitTold("asked " + Scene.SLOW_KEY);
            }
            scene.awaitTold("refused PEER_LEFT");
            assertThat(scene.engine().publishTallies().refusals().of(RefusalCause.NO_ANSWER))
                    .isEqualTo(before);
            return "its own cause";
        }));
    }

    /** Needs engines of their own, with limits by address that hold for this machine and are low. */
    private static void room(List<SurvivalCase> cases) {
        cases.add(new SurvivalCase(AREA, "a new viewer where all sockets are idle ones", _ -> {
            Path directory = Files.createTempDirectory("idle");
            List<Socket> idle = new ArrayList<>();
            try (Scene limited = new Scene(directory, true, false)) {
                for (int i = 0; i < Scene.LIMITED_SOCKETS; i++) {
                    // One address never has more than half of them.
                    Socket socket = new Socket(
                            "127.0.0.1",
                            limited.engine().port("http"),
                            InetAddress.getByName("127.0.0." + (2 + i % 2)),
                            0);
                    socket.setSoTimeout(10_000);
                    idle.add(socket);
                    socket.getOutputStream()
                            .write("GET /live/nobody.m3u8 HTTP/1.1\r\nHost: x\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
                    assertThat(socket.getInputStream().read()).isPositive();
                }
                // Long before the idle ones' own time is over.
                Wait.until(
                        "a new one is answered",
                        Duration.ofSeconds(10),
                        () -> limited.hls()
                                .raw("GET /live/nobody.m3u8 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                                .startsWith("HTTP/1.1 "));
            } finally {
                for (Socket socket : idle) {
                    socket.close();
                }
            }
            return "the idle make room";
        }));
        cases.add(new SurvivalCase(AREA, "a new viewer id with every poll, from one limited address", _ -> {
            Path directory = Files.createTempDirectory("ids");
            try (Scene limited = new Scene(directory, true, false)) {
                String channel = limited.channel();
                try (RtmpScript script = limited.publisher(channel)) {
                    new MediaScript(script).headers().both(6);
                    limited.awaitLive(channel);
                    int tooMany = 0;
                    for (int i = 0; i < 90; i++) {
                        tooMany += limited.hls()
                                                .get("/live/" + channel + ".ts.m3u8?v=invented-" + i)
                                                .statusCode()
                                        == 429
                                ? 1
                                : 0;
                    }
                    assertThat(limited.engine().playSessions()).hasSizeLessThanOrEqualTo(Scene.LIMITED_SOCKETS_OF_ONE);
                    assertThat(tooMany).isGreaterThanOrEqualTo(90 - Scene.LIMITED_SOCKETS_OF_ONE);
                }
            }
            return "as many as its sockets, then 429";
        }));
    }
}
