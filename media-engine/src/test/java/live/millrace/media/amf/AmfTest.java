// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.amf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AmfTest {

    static Stream<Arguments> valuesAndBytes() {
        return Stream.of(
                Arguments.of(AmfValue.of(1), "003ff0000000000000"),
                Arguments.of(AmfValue.of(true), "0101"),
                Arguments.of(AmfValue.of("live"), "0200046c697665"),
                Arguments.of(AmfValue.of("直播"), "020006e79bb4e692ad"),
                Arguments.of(AmfValue.NULL, "05"),
                Arguments.of(AmfValue.UNDEFINED, "06"),
                Arguments.of(AmfValue.object("a", AmfValue.of(false)), "030001610100000009"),
                Arguments.of(new AmfValue.Arr(List.of(AmfValue.NULL, AmfValue.of(true))), "0a00000002050101"),
                Arguments.of(new AmfValue.Date(0), "0b00000000000000000000"));
    }

    @ParameterizedTest
    @MethodSource("valuesAndBytes")
    void writesAndReadsTheBytesOfTheSpecification(AmfValue value, String hex) {
        ByteBuf out = Unpooled.buffer();
        Amf0Writer.write(out, value);
        assertThat(ByteBufUtil.hexDump(out)).isEqualTo(hex);
        assertThat(read(hex)).containsExactly(value);
    }

    @Test
    void toleratesWhatEncodersDo() {
        // An ECMA array whose count is wrong, and an object that the message ends before its end marker.
        assertThat(read("08ffffffff000161010100000009".replace("0100000009", "01000009")))
                .containsExactly(AmfValue.object("a", AmfValue.of(true)));
        assertThat(read("030001610101")).containsExactly(AmfValue.object("a", AmfValue.of(true)));
        // A typed object is a plain one: its class is never looked at.
        assertThat(read("100003466f6f0001610101000009")).containsExactly(AmfValue.object("a", AmfValue.of(true)));
        // AMF3 behind its marker: integer 5, string "hi", array [1], object {x: true}.
        assertThat(read("110405")).containsExactly(AmfValue.of(5));
        assertThat(read("1106056869")).containsExactly(AmfValue.of("hi"));
        assertThat(read("110903010401")).containsExactly(new AmfValue.Arr(List.of(AmfValue.of(1))));
        assertThat(read("110a0b01037803" + "01")).containsExactly(AmfValue.object("x", AmfValue.of(true)));
    }

    @Test
    void refusesWhatCostsMoreThanItIsWorth() {
        assertThatThrownBy(() -> read(nested(17))).hasMessageContaining("deeper");
        assertThat(read(nested(15))).hasSize(1);
        assertThatThrownBy(() -> read("0a7fffffff")).hasMessageContaining("longer than its message");
        assertThatThrownBy(() -> read("0cffffffff")).hasMessageContaining("longer than");
        assertThatThrownBy(() -> read("05".repeat(5_000))).hasMessageContaining("4096");
        assertThatThrownBy(() -> read("00")).hasMessageContaining("cut short");
        assertThatThrownBy(() -> read("1f")).hasMessageContaining("unknown AMF0 marker");
        assertThatThrownBy(() -> read("110a07")).hasMessageContaining("externalizable");
        assertThatThrownBy(() -> read("110602")).hasMessageContaining("reference to nothing");
    }

    private static String nested(int depth) {
        return "0a00000001".repeat(depth) + "05";
    }

    @Test
    void everyCutOfAMessageReadsOrFailsCleanly() {
        ByteBuf out = Unpooled.buffer();
        Amf0Writer.writeAll(
                out, List.of(AmfValue.of("connect"), AmfValue.of(1), AmfValue.object("app", AmfValue.of("live"))));
        for (int length = 0; length < out.readableBytes(); length++) {
            try {
                new Amf0Reader(out.slice(0, length)).readAll();
            } catch (AmfException expected) {
                assertThat(expected).hasMessageContaining("AMF");
            }
        }
    }

    @Test
    void whatIsWrittenIsReadBack() {
        long seed = 20261121;
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            List<AmfValue> values = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                values.add(anyValue(random, 0));
            }
            ByteBuf out = Unpooled.buffer();
            Amf0Writer.writeAll(out, values);
            assertThat(new Amf0Reader(out).readAll())
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(values);
        }
    }

    private static AmfValue anyValue(Random random, int depth) {
        return switch (random.nextInt(depth > 3 ? 5 : 7)) {
            case 0 -> AmfValue.of(random.nextDouble());
            case 1 -> AmfValue.of(random.nextBoolean());
            case 2 -> AmfValue.of("x".repeat(random.nextInt(20)));
            case 3 -> AmfValue.NULL;
            case 4 -> AmfValue.UNDEFINED;
            case 5 -> AmfValue.object("a", anyValue(random, depth + 1), "b", anyValue(random, depth + 1));
            default -> new AmfValue.Arr(List.of(anyValue(random, depth + 1)));
        };
    }

    @FuzzTest(maxDuration = "60s")
    void amf0NeverFailsButCleanly(byte[] bytes) {
        try {
            new Amf0Reader(Unpooled.wrappedBuffer(bytes)).readAll();
        } catch (AmfException expected) {
            // what a peer's mistake may cost
        }
    }

    @FuzzTest(maxDuration = "60s")
    void amf3NeverFailsButCleanly(byte[] bytes) {
        try {
            new Amf3Reader(Unpooled.wrappedBuffer(bytes)).read();
        } catch (AmfException expected) {
            // what a peer's mistake may cost
        }
    }

    private static List<AmfValue> read(String hex) {
        return new Amf0Reader(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex))).readAll();
    }
}
