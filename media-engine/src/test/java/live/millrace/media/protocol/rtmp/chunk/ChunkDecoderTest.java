// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtmp.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import live.millrace.media.protocol.rtmp.RtmpProtocolException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** RTMP 1.0 §5.3, as tables of bytes and messages. */
class ChunkDecoderTest {

    static Stream<Arguments> streams() {
        return Stream.of(
                Arguments.of("type 0", "03 000001 000002 14 01000000 aabb", "20@1/1:aabb"),
                Arguments.of("two-byte id 64", "00 00 000001 000001 14 00000000 aa", "20@1/0:aa"),
                Arguments.of("three-byte id", "01 0001 000001 000001 14 00000000 aa", "20@1/0:aa"),
                Arguments.of(
                        "type 1 keeps the stream, type 2 the length, type 3 all",
                        "04 000064 000001 08 01000000 aa 44 000014 000002 09 bbcc 84 00000a ddee c4 ff00",
                        "8@100/1:aa 9@120/1:bbcc 9@130/1:ddee 9@140/1:ff00"),
                Arguments.of(
                        "type 3 after type 0 adds the stamp itself",
                        "04 000017 000001 08 01000000 aa c4 bb",
                        "8@23/1:aa 8@46/1:bb"),
                Arguments.of(
                        "type 3 after a type 0 far from zero is no jump",
                        "04 100000 000001 08 01000000 aa c4 bb",
                        "8@1048576/1:aa 8@1048576/1:bb"),
                Arguments.of(
                        "type 1 on a fresh chunk stream, as librtmp pings",
                        "42 000000 000006 04 000600000001",
                        "4@0/0:000600000001"),
                Arguments.of(
                        "extended stamp repeated in the continuation",
                        "02 000000 000004 01 00000000 00000002 03 ffffff 000003 09 01000000 01000000 aabb c3 01000000 cc",
                        "9@16777216/1:aabbcc"),
                Arguments.of(
                        "extended stamp not repeated in the continuation",
                        "02 000000 000004 01 00000000 00000002 03 ffffff 000006 09 01000000 01000000 aabb c3 ccdd c3 eeff"
                                + " 04 000000 000001 08 01000000 aa",
                        "9@16777216/1:aabbccddeeff 8@0/1:aa"),
                Arguments.of(
                        "extended stamp of type 1 is a delta",
                        "03 000005 000001 09 01000000 aa 43 ffffff 000001 09 01000000 bb",
                        "9@5/1:aa 9@16777221/1:bb"),
                Arguments.of(
                        "abort drops what came of a message",
                        "02 000000 000004 01 00000000 00000001 04 000000 000003 08 01000000 aa 02 000000 000004 02"
                                + " 00000000 00 c2 00 c2 00 c2 04 04 000001 000001 08 01000000 bb",
                        "8@1/1:bb"),
                Arguments.of(
                        "interleaved chunk streams",
                        "02 000000 000004 01 00000000 00000001 04 000000 000002 08 01000000 aa 06 000000 000002 09"
                                + " 01000000 bb c4 cc c6 dd",
                        "8@0/1:aacc 9@0/1:bbdd"),
                Arguments.of("an empty message", "04 000000 000000 08 01000000", "8@0/1:"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("streams")
    void readsTheSameMessagesHoweverTheBytesAreCut(String name, String hex, String expected) {
        byte[] bytes = ByteBufUtil.decodeHexDump(hex.replace(" ", ""));
        assertThat(decode(bytes, bytes.length)).as("whole").isEqualTo(expected);
        assertThat(decode(bytes, 1)).as("byte by byte").isEqualTo(expected);
        long seed = 7;
        Random random = new Random(seed);
        for (int round = 0; round < 20; round++) {
            assertThat(decode(bytes, 1 + random.nextInt(bytes.length)))
                    .as("seed %d", seed)
                    .isEqualTo(expected);
        }
    }

    private static String decode(byte[] bytes, int step) {
        EmbeddedChannel channel = new EmbeddedChannel(new ChunkDecoder());
        for (int at = 0; at < bytes.length; at += step) {
            channel.writeInbound(Unpooled.copiedBuffer(bytes, at, Math.min(step, bytes.length - at)));
        }
        List<String> messages = new ArrayList<>();
        for (RawMessage message = channel.readInbound(); message != null; message = channel.readInbound()) {
            messages.add(message.typeId() + "@" + message.timestamp() + "/" + message.messageStreamId() + ":"
                    + ByteBufUtil.hexDump(message.payload()));
            message.payload().release();
        }
        channel.finishAndReleaseAll();
        return String.join(" ", messages);
    }

    static Stream<Arguments> attacks() {
        return Stream.of(
                Arguments.of("a chunk size of 0", "02 000000 000004 01 00000000 00000000", "chunk size of 0"),
                Arguments.of("a chunk size with the top bit", "02 000000 000004 01 00000000 80000001", "chunk size of"),
                Arguments.of("type 2 without history", "84 000001", "without a full header"),
                Arguments.of("type 3 without history", "c4", "without a full header"),
                Arguments.of(
                        "a new header inside a message",
                        "02 000000 000004 01 00000000 00000001 04 000000 000002 08 01000000 aa 04 000000 000002 08"
                                + " 01000000",
                        "inside an unfinished message"),
                Arguments.of("16 MiB declared", "04 000000 ffffff 09 01000000 aa", "bytes, more than"),
                Arguments.of("a huge command", "03 000000 010001 14 00000000 aa", "bytes, more than"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("attacks")
    void failsOnWhatCannotBe(String name, String hex, String message) {
        EmbeddedChannel channel = new EmbeddedChannel(new ChunkDecoder());
        assertThatThrownBy(() -> channel.writeInbound(bytes(hex)))
                .isInstanceOf(RtmpProtocolException.class)
                .hasMessageContaining(message);
        // What follows is thrown away without a second failure.
        channel.writeInbound(bytes("03 000001 000002 14 01000000 aabb"));
        assertThat(channel.<Object>readInbound()).isNull();
        channel.finishAndReleaseAll();
    }

    @Test
    void anAbortOfAStreamThatCannotBeIsIgnored() {
        EmbeddedChannel channel = new EmbeddedChannel(new ChunkDecoder());
        channel.writeInbound(bytes("02 000000 000004 02 00000000 ffffffff 02 000000 000004 02 00000000 7fffffff"));
        assertThat(channel.finishAndReleaseAll()).isFalse();
    }

    @Test
    void failsAtThe65thChunkStream() {
        EmbeddedChannel channel = new EmbeddedChannel(new ChunkDecoder());
        for (int id = 0; id < 64; id++) {
            channel.writeInbound(bytes("00%02x 000000 000001 08 01000000 aa".formatted(id)));
            ((RawMessage) channel.readInbound()).payload().release();
        }
        assertThatThrownBy(() -> channel.writeInbound(bytes("0040 000000 000001 08 01000000 aa")))
                .hasMessageContaining("more than 64 chunk streams");
        channel.finishAndReleaseAll();
    }

    @Test
    void unfinishedMessagesHaveALimitTogether() {
        EmbeddedChannel channel = new EmbeddedChannel(new ChunkDecoder());
        channel.writeInbound(bytes("02 000000 000004 01 00000000 0000c000"));
        assertThatThrownBy(() -> {
                    for (int id = 3; id < 12; id++) {
                        channel.writeInbound(Unpooled.buffer()
                                .writeByte(id)
                                .writeMedium(0)
                                .writeMedium(0x00ffff)
                                .writeByte(9)
                                .writeIntLE(1)
                                .writeZero(0xc000));
                    }
                })
                .hasMessageContaining("unfinished messages");
        channel.finishAndReleaseAll();
    }

    @Test
    void theEncoderWritesWhatTheDecoderReads() {
        for (long timestamp : new long[] {0, 0xFFFFFE, 0xFFFFFF, 0x1000000, 0xFFFFFFFFL}) {
            EmbeddedChannel out = new EmbeddedChannel(new ChunkEncoder());
            byte[] payload = new byte[300];
            new Random(1).nextBytes(payload);
            out.writeOutbound(new OutboundMessage(6, 9, 1, timestamp, Unpooled.copiedBuffer(payload)));
            EmbeddedChannel in = new EmbeddedChannel(new ChunkDecoder());
            in.writeInbound((ByteBuf) out.readOutbound());
            RawMessage read = in.readInbound();
            assertThat(read.timestamp()).isEqualTo(timestamp);
            assertThat(ByteBufUtil.getBytes(read.payload())).isEqualTo(payload);
            read.payload().release();
            in.finishAndReleaseAll();
            out.finishAndReleaseAll();
        }
    }

    @FuzzTest(maxDuration = "60s")
    void anyBytesAreReadOrFailCleanly(byte[] bytes) {
        EmbeddedChannel channel = new EmbeddedChannel(new ChunkDecoder());
        try {
            channel.writeInbound(Unpooled.copiedBuffer(bytes));
        } catch (RtmpProtocolException expected) {
            // a clean failure
        } finally {
            channel.finishAndReleaseAll();
        }
    }

    private static ByteBuf bytes(String hex) {
        return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex.replace(" ", "")));
    }
}
