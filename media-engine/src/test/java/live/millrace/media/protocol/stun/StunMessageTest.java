// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.stun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** STUN as ICE speaks it (RFC 8489, RFC 8445), with the messages of RFC 5769. */
class StunMessageTest {
    private static final byte[] PASSWORD = StunClient.ascii("VOkJxbRl1RmTxUk/WvJxBt");
    private static final String TRANSACTION = "b7e7a701bc34d686fa87dfae";
    private static final String HEADER = "2112a442" + TRANSACTION;

    /** RFC 5769 §2.1. */
    private static final String REQUEST = "00010058" + HEADER + "80220010" + "5354554e207465737420636c69656e74"
            + "00240004" + "6e0001ff" + "80290008" + "932ff9b151263b36" + "00060009" + "6576746a3a68367659202020"
            + "00080014" + "9aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2" + "80280004" + "e57a3bcf";

    /** §2.2 and §2.3. */
    private static final String ANSWER_IPV4 = "0101003c" + HEADER + "8022000b" + "7465737420766563746f7220"
            + "00200008" + "0001a147e112a643" + "00080014" + "2b91f599fd9e90c38c7489f92af9ba53f06be7d7"
            + "80280004" + "c07d4c96";

    private static final String ANSWER_IPV6 = "01010048" + HEADER + "8022000b" + "7465737420766563746f7220"
            + "00200014" + "0002a1470113a9faa5d3f179bc25f4b5bed2b9d9"
            + "00080014" + "a382954e4be67bf11784c97c8292c275bfe3ed41" + "80280004" + "c8fb0b4c";

    private static final StunClient BROWSER = new StunClient("h6vY", "evtj", "VOkJxbRl1RmTxUk/WvJxBt");
    private static final InetSocketAddress SEEN = new InetSocketAddress("192.0.2.1", 32_853);

    private static ByteBuf bytes(String hex) {
        return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex));
    }

    private static StunMessage parse(String hex) {
        return StunMessage.parse(bytes(hex));
    }

    private static byte[] transaction() {
        return ByteBufUtil.decodeHexDump(TRANSACTION);
    }

    @Test
    void readsTheRequest() {
        StunMessage request = parse(REQUEST);
        assertThat(request.isBindingRequest()).isTrue();
        assertThat(request.method()).isEqualTo(StunMessage.BINDING);
        assertThat(request.transaction()).isEqualTo(transaction());
        assertThat(request.username()).contains(new StunUsername("evtj", "h6vY"));
        assertThat(request.priority()).hasValue(0x6e0001ffL);
        assertThat(request.controlled()).hasValue(0x932ff9b151263b36L);
        assertThat(request.controlling()).isEmpty();
        assertThat(request.useCandidate()).isFalse();
        assertThat(request.unknownRequired()).isEmpty();
        assertThat(request.isAuthentic(PASSWORD)).isTrue();
        assertThat(request.isAuthentic(StunClient.ascii("VOkJxbRl1RmTxUk/WvJxBu")))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({ANSWER_IPV4 + ", 192.0.2.1", ANSWER_IPV6 + ", 2001:db8:1234:5678:11:2233:4455:6677"})
    void readsTheAnswers(String hex, String address) {
        StunMessage answer = parse(hex);
        assertThat(answer.messageClass()).isEqualTo(StunClass.SUCCESS);
        assertThat(BROWSER.isMine(answer, transaction())).isTrue();
        assertThat(StunClient.mappedAddress(answer)).contains(new InetSocketAddress(address, 32_853));
    }

    /** The bytes of RFC 5769 but for the name of the program, which we do not tell. */
    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 0001a147e112a643",
        "2001:db8:1234:5678:11:2233:4455:6677, 0002a1470113a9faa5d3f179bc25f4b5bed2b9d9",
    })
    void answersWithTheAddress(String address, String value) {
        ByteBuf out = Unpooled.buffer();
        StunAnswer.success(parse(REQUEST), new InetSocketAddress(address, 32_853), PASSWORD, out);
        assertThat(ByteBufUtil.hexDump(out))
                .hasSize(2 * (20 + 4 + value.length() / 2 + 24 + 8))
                .contains(HEADER + "00200"
                        + Integer.toHexString(0x1000 + value.length() / 2).substring(1) + value);
        StunMessage answer = StunMessage.parse(out);
        assertThat(BROWSER.isMine(answer, transaction())).isTrue();
        assertThat(StunClient.mappedAddress(answer)).contains(new InetSocketAddress(address, 32_853));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void readsTheChecksOfABrowser(boolean nominate) {
        byte[] transaction = StunClient.transaction(new Random(1));
        StunMessage check = StunMessage.parse(BROWSER.check(transaction, nominate));
        assertThat(check.isBindingRequest()).isTrue();
        assertThat(check.isAuthentic(PASSWORD)).isTrue();
        assertThat(check.username()).contains(new StunUsername("evtj", "h6vY"));
        assertThat(check.useCandidate()).isEqualTo(nominate);
        assertThat(check.controlling()).hasValue(0x0102030405060708L);
        assertThat(check.unknownRequired()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"BAD_REQUEST, 400", "UNAUTHENTICATED, 401", "ROLE_CONFLICT, 487"})
    void refuses(StunError error, int code) {
        StunMessage request = StunMessage.parse(BROWSER.controlledCheck(transaction()));
        ByteBuf out = Unpooled.buffer();
        assertThat(StunAnswer.error(request, error, PASSWORD, out)).isTrue();
        StunMessage answer = StunMessage.parse(out);
        assertThat(answer.messageClass()).isEqualTo(StunClass.ERROR);
        assertThat(StunClient.errorCode(answer)).hasValue(code);
        assertThat(BROWSER.isMine(answer, transaction())).isTrue();
    }

    @Test
    void saysWhichAttributesItDoesNotKnow() {
        StunMessage request = StunMessage.parse(Unpooled.wrappedBuffer(new StunWriter(StunClass.REQUEST, transaction())
                .attribute(0x7FFF, new byte[16])
                .attribute(0x8FFF, new byte[16])
                .attribute(0x0003, new byte[16])
                .attribute(0x7FFF, new byte[16])
                .finish(PASSWORD)));
        assertThat(request.unknownRequired()).containsExactly(0x7FFF, 0x0003);
        ByteBuf out = Unpooled.buffer();
        assertThat(StunAnswer.error(request, StunError.UNKNOWN_ATTRIBUTE, PASSWORD, out))
                .isTrue();
        StunMessage answer = StunMessage.parse(out);
        assertThat(StunClient.errorCode(answer)).hasValue(420);
        assertThat(StunClient.unknownAttributes(answer)).containsExactly(0x7FFF, 0x0003);
    }

    /** Without a password there is nothing to prove with, and nobody is answered with more bytes than were sent. */
    @Test
    void answersToStrangersAreNoLongerThanTheirRequests() {
        StunMessage request = parse(REQUEST);
        ByteBuf out = Unpooled.buffer();
        assertThat(StunAnswer.error(request, StunError.UNAUTHENTICATED, null, out))
                .isTrue();
        assertThat(out.readableBytes()).isLessThan(request.length());
        StunMessage answer = StunMessage.parse(out);
        assertThat(StunClient.errorCode(answer)).hasValue(401);
        assertThat(answer.isAuthentic(PASSWORD)).isFalse();
        assertThat(StunAnswer.error(parse("00010000" + HEADER), StunError.BAD_REQUEST, null, out))
                .isFalse();
        assertThat(out.isReadable()).isFalse();
    }

    @Test
    void isAuthenticOnlyWithBothProofs() {
        assertThat(parse("00010000" + HEADER).isAuthentic(PASSWORD)).isFalse();
        // Without its fingerprint, the message integrity of the request is still right.
        String without = "00010050" + REQUEST.substring(8, REQUEST.length() - 16);
        assertThat(parse(without).isAuthentic(PASSWORD)).isFalse();
        byte[] fingerprint = new StunWriter(StunClass.REQUEST, transaction()).finish(null);
        assertThat(StunMessage.parse(Unpooled.wrappedBuffer(fingerprint)).isAuthentic(PASSWORD))
                .isFalse();
    }

    /** RFC 8489 §14.5: whoever puts something behind the proof did not know the password. */
    @Test
    void whatStandsBehindTheProofDoesNotCount() {
        StunWriter writer = new StunWriter(StunClass.REQUEST, transaction())
                .attribute(StunAttribute.USERNAME, StunClient.ascii("evtj:h6vY"));
        byte[] integrity = parse(ByteBufUtil.hexDump(writer.finish(PASSWORD)))
                .value(StunAttribute.MESSAGE_INTEGRITY)
                .map(value -> {
                    byte[] copy = new byte[value.remaining()];
                    value.get(copy);
                    return copy;
                })
                .orElseThrow();
        byte[] forged = new StunWriter(StunClass.REQUEST, transaction())
                .attribute(StunAttribute.USERNAME, StunClient.ascii("evtj:h6vY"))
                .attribute(StunAttribute.MESSAGE_INTEGRITY, integrity)
                .attribute(StunAttribute.USE_CANDIDATE, new byte[0])
                .attribute(0x7FFF, new byte[0])
                .finish(null);
        StunMessage message = StunMessage.parse(Unpooled.wrappedBuffer(forged));
        assertThat(message.isAuthentic(PASSWORD)).isTrue();
        assertThat(message.useCandidate()).isFalse();
        assertThat(message.unknownRequired()).isEmpty();
    }

    @Test
    void aChangedByteIsNoticed() {
        byte[] right = ByteBufUtil.decodeHexDump(REQUEST);
        for (int i = 0; i < right.length; i++) {
            byte[] wrong = right.clone();
            wrong[i] ^= 0x01;
            if (i == right.length - 8) {
                // The type of the fingerprint: now there is none, but something that may be read past.
                assertThat(StunMessage.parse(Unpooled.wrappedBuffer(wrong)).isAuthentic(PASSWORD))
                        .isFalse();
                continue;
            }
            assertThatThrownBy(() -> StunMessage.parse(Unpooled.wrappedBuffer(wrong)))
                    .as("byte %d", i)
                    .isInstanceOf(MalformedStunException.class);
        }
    }

    /** With a fingerprint that fits again, the password is what tells. */
    @Test
    void aChangedByteIsNotAuthentic() {
        byte[] right = ByteBufUtil.decodeHexDump(REQUEST);
        int last = right.length - 8;
        for (int i : new int[] {0, 1, 8, 19, 24, 44, 52, 64, 73, 80, 99}) {
            ByteBuf wrong = Unpooled.copiedBuffer(right);
            wrong.setByte(i, right[i] ^ (i == 0 ? 0x02 : 0x20));
            byte[] forged = ByteBufUtil.getBytes(wrong, 0, last);
            wrong.setInt(last + 4, StunProof.fingerprint(forged, last));
            assertThat(StunMessage.parse(wrong).isAuthentic(PASSWORD))
                    .as("byte %d", i)
                    .isFalse();
        }
    }

    @Test
    void isToldFromWhatElseComes() {
        ByteBuf request = bytes(REQUEST);
        assertThat(StunMessage.isStun(request)).isTrue();
        assertThat(request.readerIndex()).isZero();
        for (int length = 0; length < request.readableBytes(); length++) {
            ByteBuf cut = bytes(REQUEST).slice(0, length);
            assertThat(StunMessage.isStun(cut)).as("%d bytes", length).isFalse();
            assertThatThrownBy(() -> StunMessage.parse(cut)).isInstanceOf(MalformedStunException.class);
        }
        assertThat(StunMessage.isStun(bytes("04010000" + HEADER)))
                .as("first byte")
                .isFalse();
        assertThat(StunMessage.isStun(bytes("00010000" + "2112a443" + TRANSACTION)))
                .as("cookie")
                .isFalse();
        assertThat(StunMessage.isStun(bytes("00010002" + HEADER + "0000")))
                .as("length")
                .isFalse();
        assertThat(StunMessage.isStun(bytes("00010000" + HEADER + "00000000")))
                .as("rest")
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00240003" + "6e000100",
                "00250004" + "00000000",
                "802a0004" + "00000000",
                "00080010" + "00000000000000000000000000000000",
                "80280002" + "00000000",
                "00060008" + "61616161",
                "0006ffff" + "61616161",
            })
    void refusesAttributesOfAWrongLength(String attribute) {
        String length = "000100" + ByteBufUtil.hexDump(new byte[] {(byte) (attribute.length() / 2)});
        assertThatThrownBy(() -> parse(length + HEADER + attribute)).isInstanceOf(MalformedStunException.class);
    }

    @Test
    void bounds() {
        StunWriter many = new StunWriter(StunClass.REQUEST, transaction());
        for (int i = 1; i < StunMessage.MAX_ATTRIBUTES; i++) {
            many.attribute(0x8000 + i, new byte[4]);
        }
        assertThat(StunMessage.parse(Unpooled.wrappedBuffer(many.finish(null))).length())
                .isEqualTo(20 + 15 * 8 + 8);
        StunWriter more = new StunWriter(StunClass.REQUEST, transaction());
        for (int i = 0; i < StunMessage.MAX_ATTRIBUTES; i++) {
            more.attribute(0x8001 + i, new byte[4]);
        }
        assertThatThrownBy(() -> StunMessage.parse(Unpooled.wrappedBuffer(more.finish(null))))
                .isInstanceOf(MalformedStunException.class)
                .hasMessageContaining("attributes");
        assertThat(parse("00010210" + HEADER + "8001020c" + "00".repeat(524)).length())
                .isEqualTo(548);
        assertThatThrownBy(() -> parse("00010214" + HEADER + "80010210" + "00".repeat(528)))
                .isInstanceOf(MalformedStunException.class);
    }

    /** All the bits of a type. */
    @ParameterizedTest
    @CsvSource({
        "0001, 1, REQUEST",
        "0011, 1, INDICATION",
        "0101, 1, SUCCESS",
        "0111, 1, ERROR",
        "0003, 3, REQUEST",
        "3eef, 4095, REQUEST",
        "3fff, 4095, ERROR",
        "0020, 16, REQUEST",
        "0200, 128, REQUEST",
    })
    void methodAndClassShareTheirBits(String type, int method, StunClass messageClass) {
        // A type above 03ff is no datagram that we would look at; see isStun.
        if (Integer.parseInt(type, 16) > 0x03FF) {
            assertThat(StunMessage.isStun(bytes(type + "0000" + HEADER))).isFalse();
            return;
        }
        StunMessage message = parse(type + "0000" + HEADER);
        assertThat(message.method()).isEqualTo(method);
        assertThat(message.messageClass()).isEqualTo(messageClass);
    }

    @ParameterizedTest
    @ValueSource(strings = {"evtjh6vY", "evtj h6:Y", "evtj:\u0001abc", "évtj:abc"})
    void namesThatAreNoneOfIce(String name) {
        byte[] value = name.getBytes(StandardCharsets.UTF_8);
        byte[] request = new StunWriter(StunClass.REQUEST, transaction())
                .attribute(StunAttribute.USERNAME, value)
                .finish(PASSWORD);
        assertThat(StunMessage.parse(Unpooled.wrappedBuffer(request)).username())
                .isEmpty();
    }

    @FuzzTest(maxDuration = "60s")
    void anyBytesAreReadOrFailCleanly(byte[] bytes) {
        ByteBuf in = Unpooled.wrappedBuffer(bytes);
        boolean stun = StunMessage.isStun(in);
        try {
            StunMessage message = StunMessage.parse(in);
            assertThat(stun).isTrue();
            message.username();
            message.priority();
            message.controlled();
            message.isAuthentic(PASSWORD);
            ByteBuf out = Unpooled.buffer();
            StunAnswer.success(message, SEEN, PASSWORD, out);
            assertThat(StunMessage.parse(out).isAuthentic(PASSWORD)).isTrue();
            if (StunAnswer.error(message, StunError.UNKNOWN_ATTRIBUTE, PASSWORD, out)) {
                assertThat(out.readableBytes()).isLessThanOrEqualTo(bytes.length);
                assertThat(StunClient.unknownAttributes(StunMessage.parse(out))).isEqualTo(message.unknownRequired());
            }
        } catch (MalformedStunException expected) {
            // what a peer's mistake may cost
        }
    }
}
