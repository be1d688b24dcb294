// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.survival;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import live.millrace.media.amf.Amf0Writer;
import live.millrace.media.amf.AmfValue;
import live.millrace.media.testing.MediaScript;
import live.millrace.media.testing.RtmpScript;
import live.millrace.media.testing.SampleMedia;

/** Chunks, messages and commands that break the specification or lean on it in odd ways (protocols of RTMP 1.0 §5 and §7). */
final class ProtocolCases {
    private static final String AREA = "protocol";

    private ProtocolCases() {}

    static List<SurvivalCase> all() {
        List<SurvivalCase> cases = new ArrayList<>();
        closes(cases, "HTTP on the RTMP port", "GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        closes(cases, "TLS on the RTMP port", ByteBufUtil.decodeHexDump("160301020001fffffffffc0303"));
        closesAfterHandshake(cases, "a type 3 chunk without history", "c4");
        closesAfterHandshake(cases, "a type 2 chunk without history", "84000000");
        closesAfterHandshake(
                cases,
                "a new header inside an unfinished message",
                "03000000000200140000000000" + "00".repeat(127) + "030000");
        closesAfterHandshake(cases, "chunk size 0", "0200000000000401000000000000 0000".replace(" ", ""));
        closesAfterHandshake(cases, "chunk size with the top bit", "02000000000004010000000080000000");
        closesAfterHandshake(cases, "16 MiB declared by a stranger", "03000000ffffff0900000000" + "00".repeat(200));
        closesAfterHandshake(cases, "a command before connect", command("createStream"));
        closesAfterHandshake(
                cases,
                "AMF nested 1,000 deep",
                message(20, "0200046e616d65" + "003ff0000000000000" + "03000161".repeat(1_000)));
        closesAfterHandshake(cases, "an AMF array of 2^32 values", message(20, "0200046e616d650affffffff"));
        closesAfterHandshake(cases, "an AMF string longer than its message", message(20, "0cffffffff61"));
        closesAfterHandshake(cases, "AMF with 5,000 values", message(20, "020007636f6e6e656374" + "05".repeat(5_000)));
        closesAfterHandshake(cases, "a command without a name", message(20, "003ff0000000000000"));
        closesAfterHandshake(
                cases, "AMF3 nested 1,000 deep", message(17, "00" + "0200046e616d65" + "11" + "090301".repeat(1_000)));
        cases.add(new SurvivalCase(AREA, "65 chunk streams", scene -> {
            try (RtmpScript script = scene.connected()) {
                ByteBuf out = Unpooled.buffer();
                for (int id = 64; id < 64 + 65; id++) {
                    out.writeByte(0)
                            .writeByte(id - 64)
                            .writeMedium(0)
                            .writeMedium(200)
                            .writeByte(9)
                            .writeIntLE(1);
                    out.writeZero(128);
                }
                script.raw(ByteBufUtil.getBytes(out));
                script.awaitClose();
            }
            return "closed";
        }));
        cases.add(new SurvivalCase(AREA, "300 KiB in unfinished messages of a stranger", scene -> {
            try (RtmpScript script = scene.connected()) {
                script.send(2, 1, 0, 0, Unpooled.buffer().writeInt(60_000));
                ByteBuf out = Unpooled.buffer();
                for (int id = 10; id < 16; id++) {
                    out.writeByte(id)
                            .writeMedium(0)
                            .writeMedium(64_000)
                            .writeByte(9)
                            .writeIntLE(1);
                    out.writeZero(60_000);
                }
                script.raw(ByteBufUtil.getBytes(out));
                script.awaitClose();
            }
            return "closed";
        }));
        cases.add(new SurvivalCase(AREA, "20 MiB in unfinished messages of a publisher", scene -> {
            String channel = scene.channel();
            try (RtmpScript script = scene.publisher(channel)) {
                script.send(2, 1, 0, 0, Unpooled.buffer().writeInt(7_000_000));
                flood(
                        script,
                        () -> {
                            for (int id = 10; id < 13; id++) {
                                script.raw(ByteBufUtil.getBytes(Unpooled.buffer()
                                        .writeByte(id)
                                        .writeMedium(0)
                                        .writeMedium(8_000_000)
                                        .writeByte(9)
                                        .writeIntLE(1)
                                        .writeZero(7_000_000)));
                            }
                        },
                        1);
                script.awaitClose();
            }
            return "closed";
        }));
        cases.add(new SurvivalCase(AREA, "script data of 2 MiB by a publisher", scene -> {
            String channel = scene.channel();
            try (RtmpScript script = scene.publisher(channel)) {
                flood(
                        script,
                        () -> script.chunked(4, 18, 1, 0, Unpooled.buffer().writeZero(2 << 20), true),
                        1);
                script.awaitClose();
            }
            return "closed";
        }));
        cases.add(new SurvivalCase(AREA, "an AMF object of 1,001 properties", scene -> {
            try (RtmpScript script = scene.socket().handshake()) {
                ByteBuf connect = Unpooled.buffer();
                Amf0Writer.write(connect, AmfValue.of("connect"));
                Amf0Writer.write(connect, AmfValue.of(1));
                connect.writeByte(3);
                for (int i = 0; i < 1_001; i++) {
                    connect.writeShort(2).writeShort(i + 1).writeByte(5);
                }
                script.chunked(3, 20, 0, 0, connect.writeMedium(9), true);
                script.awaitClose();
            }
            return "closed";
        }));
        cases.add(new SurvivalCase(AREA, "chunk size 0x7FFFFFFF", scene -> {
            String channel = scene.channel();
            try (RtmpScript script = scene.publisher(channel)) {
                long before = Resources.now().directMemory();
                script.send(2, 1, 0, 0, Unpooled.buffer().writeInt(0x7FFF_FFFF));
                ByteBuf whole = Unpooled.buffer().writeByte(4).writeMedium(0);
                ByteBuf header = SampleMedia.videoHeader();
                whole.writeMedium(header.readableBytes())
                        .writeByte(9)
                        .writeIntLE(1)
                        .writeBytes(header);
                script.raw(ByteBufUtil.getBytes(whole));
                assertThat(Resources.now().directMemory() - before).isLessThan(64 << 20);
            }
            return "taken, no memory for it";
        }));
        cases.add(new SurvivalCase(AREA, "17 createStream", scene -> {
            try (RtmpScript script = scene.connected()) {
                for (int i = 0; i < 17; i++) {
                    script.command(0, "createStream", i + 2, AmfValue.NULL);
                }
                script.awaitClose();
            }
            return "closed";
        }));
        cases.add(new SurvivalCase(AREA, "101 unknown commands", scene -> {
            try (RtmpScript script = scene.connected()) {
                for (int i = 0; i < 101; i++) {
                    script.command(0, "frobnicate", i + 2, AmfValue.NULL);
                }
                script.awaitClose();
            }
            return "closed";
        }));
        cases.add(new SurvivalCase(AREA, "2,000 releaseStream and no publish", scene -> {
            try (RtmpScript script = scene.connected()) {
                flood(script, () -> script.command(0, "releaseStream", 0, AmfValue.NULL), 2_000);
                script.awaitClose();
            }
            return "closed";
        }));
        cases.add(new SurvivalCase(AREA, "Abort of streams that are not there, and of half a message", scene -> {
            String channel = scene.channel();
            try (RtmpScript script = scene.publisher(channel)) {
                for (int id : new int[] {99, 65_599, -1, 4}) {
                    script.send(2, 2, 0, 0, Unpooled.buffer().writeInt(id));
                }
                script.raw(ByteBufUtil.getBytes(Unpooled.buffer()
                        .writeByte(6)
                        .writeMedium(0)
                        .writeMedium(300)
                        .writeByte(9)
                        .writeIntLE(1)
                        .writeZero(128)));
                script.send(2, 2, 0, 0, Unpooled.buffer().writeInt(6));
                new MediaScript(script).headers().both(6);
                scene.awaitLive(channel);
            }
            return "ignored, plays";
        }));
        cases.add(new SurvivalCase(AREA, "control messages cut short, unknown types, shared objects", scene -> {
            String channel = scene.channel();
            try (RtmpScript script = scene.publisher(channel)) {
                for (int type : new int[] {3, 4, 5, 6, 7, 10, 16, 19, 99, 255}) {
                    script.send(2, type, 0, 0, Unpooled.buffer().writeByte(0));
                    script.send(2, type, 0, 0, Unpooled.EMPTY_BUFFER);
                }
                script.send(4, 18, 1, 0, Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump("0cffffffff")));
                script.send(4, 15, 1, 0, Unpooled.buffer().writeByte(0));
                new MediaScript(script).headers().both(6);
                scene.awaitLive(channel);
            }
            return "ignored, plays";
        }));
        quirks(cases);
        return cases;
    }

    private static void quirks(List<SurvivalCase> cases) {
        String area = "encoder habits";
        cases.add(new SurvivalCase(area, "transaction ids of 0, key in the Server field (GStreamer, OBS)", scene -> {
            String channel = scene.channel();
            try (RtmpScript script = scene.socket().handshake()) {
                script.connect("live/" + Scene.KEY + channel);
                script.command(0, "releaseStream", 0, AmfValue.NULL, AmfValue.of(""));
                script.command(0, "createStream", 1, AmfValue.NULL);
                script.command(1, "publish", 0, AmfValue.NULL, AmfValue.of(""), AmfValue.of("live"));
                script.await("onStatus");
                new MediaScript(script).headers().both(6);
                scene.awaitLive(channel);
                script.command(0, "deleteStream", 0, AmfValue.NULL, AmfValue.of("its own name"));
                scene.awaitTold(channel + " ended UNPUBLISHED");
            }
            return "plays";
        }));
        cases.add(new SurvivalCase(area, "no command object, no publish type (Elemental)", scene -> {
            String channel = scene.channel();
            try (RtmpScript script = scene.connected()) {
                script.command(0, "createStream", 4);
                script.command(1, "publish", 5, AmfValue.NULL, AmfValue.of(Scene.KEY + channel));
                script.await("onStatus");
                scene.awaitTold(channel + " started");
            }
            return "taken";
        }));
        cases.add(new SurvivalCase(area, "commands in AMF3 messages (old FMLE)", scene -> {
            String channel = scene.channel();
            try (RtmpScript script = scene.socket().handshake()) {
                ByteBuf connect = Unpooled.buffer().writeByte(0);
                Amf0Writer.write(connect, AmfValue.of("connect"));
                Amf0Writer.write(connect, AmfValue.of(1));
                Amf0Writer.write(
                        connect, AmfValue.object("app", AmfValue.of("live"), "objectEncoding", AmfValue.of(3)));
                script.send(3, 17, 0, 0, connect);
                script.await("_result");
                assertThat(script.publish(Scene.KEY + channel)).isEqualTo("NetStream.Publish.Start");
            }
            return "taken";
        }));
        for (AmfValue name :
                new AmfValue[] {new AmfValue.Bool(false), AmfValue.NULL, AmfValue.of(12), AmfValue.UNDEFINED}) {
            refused(cases, area, "a stream name that is " + name, name);
        }
        String unsafe = "names";
        for (String name : new String[] {
            "../../../../tmp/pwned",
            "..%2f..%2fetc",
            "a\0b",
            "/etc/passwd",
            "c:\\windows",
            "\u2025\u2024/x",
            "k".repeat(4_096),
            "key-../../x"
        }) {
            String shown = name.length() > 40 ? name.length() + " characters" : name.replace('\0', '0');
            refused(cases, unsafe, "publish as " + shown, AmfValue.of(name));
        }
        cases.add(new SurvivalCase(unsafe, "an application of ../../..", scene -> {
            try (RtmpScript script = scene.socket().handshake().connect("../../..")) {
                assertThat(script.publish("x")).isEqualTo("NetStream.Publish.BadName");
                script.awaitClose();
            }
            return "BadName, closed";
        }));
    }

    private static void refused(List<SurvivalCase> cases, String area, String name, AmfValue stream) {
        cases.add(new SurvivalCase(area, name, scene -> {
            try (RtmpScript script = scene.connected()) {
                script.command(0, "createStream", 4, AmfValue.NULL);
                script.command(1, "publish", 5, AmfValue.NULL, stream, AmfValue.of("live"));
                List<AmfValue> status = script.await("onStatus");
                assertThat(((AmfValue.Obj) status.get(3)).text("code")).hasValue("NetStream.Publish.BadName");
                script.awaitClose();
            }
            return "BadName, closed";
        }));
    }

    private static void closes(List<SurvivalCase> cases, String name, byte[] bytes) {
        cases.add(new SurvivalCase(
                AREA,
                name,
                scene -> {
                    try (RtmpScript script = scene.socket()) {
                        script.raw(bytes);
                        script.awaitClose();
                    }
                    return "closed";
                },
                true));
    }

    private static void closesAfterHandshake(List<SurvivalCase> cases, String name, String hex) {
        cases.add(new SurvivalCase(
                AREA,
                name,
                scene -> {
                    try (RtmpScript script = scene.socket().handshake()) {
                        script.raw(ByteBufUtil.decodeHexDump(hex));
                        script.awaitClose();
                    }
                    return "closed";
                },
                true));
    }

    interface Sending {
        void once() throws Exception;
    }

    /** Sends again and again until the peer has enough. */
    static void flood(RtmpScript script, Sending what, int times) throws Exception {
        try {
            for (int i = 0; i < times; i++) {
                what.once();
            }
        } catch (java.io.IOException closed) {
            assertThat(script.socket().isConnected()).isTrue();
        }
    }

    private static String command(String name) {
        return command(name, 0);
    }

    static String command(String name, int stream, AmfValue... arguments) {
        ByteBuf payload = Unpooled.buffer();
        Amf0Writer.write(payload, AmfValue.of(name));
        Amf0Writer.write(payload, AmfValue.of(2));
        Amf0Writer.writeAll(payload, List.of(arguments));
        return message(20, stream, ByteBufUtil.hexDump(payload));
    }

    private static String message(int type, String payloadHex) {
        return message(type, 0, payloadHex);
    }

    /** A message in chunks of 128 bytes. */
    private static String message(int type, int stream, String payloadHex) {
        byte[] payload = ByteBufUtil.decodeHexDump(payloadHex);
        ByteBuf out = Unpooled.buffer()
                .writeByte(3)
                .writeMedium(0)
                .writeMedium(payload.length)
                .writeByte(type)
                .writeIntLE(stream);
        for (int at = 0; at < payload.length; at += 128) {
            if (at > 0) {
                out.writeByte(0xC3);
            }
            out.writeBytes(payload, at, Math.min(128, payload.length - at));
        }
        return ByteBufUtil.hexDump(out);
    }
}
