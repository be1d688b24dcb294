// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the specifications, and the library that browsers are built on, print. */
class SrtpVectorsTest {
    private static final String MASTER_KEY = "e1f97a0d3e018be0d64fa32c06de4139";
    private static final String MASTER_SALT = "0ec675ad498afeebb6960b3aabe6";

    /** RFC 7714 §16: the words of Caesar, of sequence number f17b. */
    private static final String RTP =
            "8040f17b8041f8d35501a0b2" + "47616c6c696120657374206f6d6e69732064697669736120696e207061727465732074726573";

    /** §17, as its examples have it: index 5d4 of the source "Mars". */
    private static final String RTCP = "81c8000d4d617273"
            + "4e5450314e545032525450200000042a0000e9304c756e61deadbeefdeadbeefdeadbeefdeadbeefdeadbeef";

    private static final int INDEX = 0x5d4;

    private static byte[] bytes(String hex) {
        return ByteBufUtil.decodeHexDump(hex);
    }

    private static ByteBuf buffer(String hex) {
        byte[] bytes = bytes(hex);
        return Unpooled.buffer(bytes.length).writeBytes(bytes);
    }

    private static SrtpKeys keys() {
        return new SrtpKeys(SrtpProfile.AES_128_CM_HMAC_SHA1_80, bytes(MASTER_KEY), bytes(MASTER_SALT));
    }

    /** RFC 3711 appendix B.3. */
    @ParameterizedTest
    @CsvSource({
        "0, c61e7a93744f39ee10734afe3ff7a087",
        "2, 30cbbc08863d8c85d49db34a9ae1",
        "1, cebe321f6ff7716b6fd4ab49af256a156d38baa48f0a0acf3c34e2359e6cdbcee049646c43d9327ad175578ef7227098"
                + "6371c10c9a369ac2f94a8c5fbcdddc256d6e919a48b610ef17c2041e474035766b68642c59bbfc2f34db60dbdfb2",
    })
    void sessionKeysAreDerived(int label, String expected) {
        assertThat(ByteBufUtil.hexDump(keys().derive(label, expected.length() / 2)))
                .isEqualTo(expected);
    }

    /** RFC 3711 appendix B.2: of source 0 and index 0, the first blocks, and those where the counter carries over. */
    @Test
    void theKeyStreamOfCounterMode() {
        byte[] key = bytes("2b7e151628aed2a6abf7158809cf4f3c");
        byte[] salt = bytes("f0f1f2f3f4f5f6f7f8f9fafbfcfd");
        CounterMode cipher = new CounterMode(key, salt);
        byte[] zeros = new byte[0xFF02 * 16];
        byte[] stream = new byte[zeros.length];
        cipher.apply(0, 0, zeros, 0, zeros.length, stream);
        assertThat(ByteBufUtil.hexDump(stream, 0, 48))
                .isEqualTo("e03ead0935c95e80e166b16dd92b4eb4" + "d23513162b02d0f72a43a2fe4a5f97ab"
                        + "41e95b3bb0a2e8dd477901e4fca894c0");
        assertThat(ByteBufUtil.hexDump(stream, 0xFEFF * 16, 48))
                .isEqualTo("ec8cdf7398607cb0f2d21675ea9ea1e4" + "362b7c3c6773516318a077d7fc5073ae"
                        + "6a2cc3787889374fbeb4c81b17ba6c44");
    }

    /** What libsrtp tests itself with. */
    @Test
    void counterModeAsLibsrtpDoesIt() {
        String plain = "800f1234decafbadcafebabe" + "ab".repeat(16);
        String sealed = "800f1234decafbadcafebabe" + "4e55dc4ce79978d88ca4d215949d2402" + "b78d6acc99ea179b8dbb";
        check(keys(), plain, sealed);
        // Its first RTCP packet has index 1.
        checkControl(
                new SrtpSender(PacketCipher.of(keys(), false), PacketCipher.of(keys(), true), 1),
                new SrtpReceiver(keys()),
                "81c8000bcafebabe" + "ab".repeat(16),
                "81c8000bcafebabe" + "7128035be487b9bdbef89041f977a5a8" + "80000001" + "993e08cd54d6c1230798");
    }

    private static void check(SrtpKeys keys, String plain, String sealed) {
        check(new SrtpSender(keys), new SrtpReceiver(keys), plain, sealed);
    }

    private static void check(SrtpSender sender, SrtpReceiver receiver, String plain, String sealed) {
        ByteBuf out = Unpooled.buffer();
        assertThat(sender.protect(buffer(plain), out)).isTrue();
        assertThat(ByteBufUtil.hexDump(out)).isEqualTo(sealed);
        assertThat(receiver.unprotect(out)).isTrue();
        assertThat(ByteBufUtil.hexDump(out)).isEqualTo(plain);
    }

    private static void checkControl(SrtpSender sender, SrtpReceiver receiver, String plain, String sealed) {
        ByteBuf out = Unpooled.buffer();
        assertThat(sender.protectControl(buffer(plain), out)).isTrue();
        assertThat(ByteBufUtil.hexDump(out)).isEqualTo(sealed);
        assertThat(receiver.unprotectControl(out)).isTrue();
        assertThat(ByteBufUtil.hexDump(out)).isEqualTo(plain);
    }

    /** RFC 7714 §16 and §17 give session keys, not master keys. */
    private static SrtpSender sender(SrtpProfile profile) {
        return new SrtpSender(cipher(profile, false), cipher(profile, true), INDEX);
    }

    private static SrtpReceiver receiver(SrtpProfile profile) {
        return new SrtpReceiver(cipher(profile, false), cipher(profile, true), profile.tagLength());
    }

    private static PacketCipher cipher(SrtpProfile profile, boolean control) {
        byte[] key = Arrays.copyOf(
                bytes("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"), profile.keyLength());
        return new GcmCipher(profile, key, bytes("517569642070726f2071756f"), control);
    }

    @ParameterizedTest
    @CsvSource({
        "AEAD_AES_128_GCM, f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833"
                + "899d7f27beb16a9152cf765ee4390cce",
        "AEAD_AES_256_GCM, 32b1de78a822fe12ef9f78fa332e33aab18012389a58e2f3b50b2a0276ffae0f1ba63799b87b"
                + "7aa3db36dfffd6b0f9bb7878d7a76c13",
    })
    void galoisCounterMode(SrtpProfile profile, String sealed) {
        check(sender(profile), receiver(profile), RTP, RTP.substring(0, 24) + sealed);
    }

    @ParameterizedTest
    @CsvSource({
        "AEAD_AES_128_GCM, 63e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1730d6fda4ce09b4686303ded0bb9275b"
                + "c84aa45896cf4d2fc5abf87245d9eade",
        "AEAD_AES_256_GCM, d50ae4d1f5ce5d304ba297e47d470c282c3ece5dbffe0a50a2eaa5c1110555be8415f658c61de0476f1b6fad"
                + "1d1eb30c4446839f57ff6f6cb26ac3be",
    })
    void galoisCounterModeOfControl(SrtpProfile profile, String sealed) {
        checkControl(sender(profile), receiver(profile), RTCP, RTCP.substring(0, 16) + sealed + "800005d4");
    }

    /** §17.3 and §17.4: only tagged. */
    @ParameterizedTest
    @CsvSource({
        "AEAD_AES_128_GCM, 841dd9683dd78ec92ae58790125f62b3",
        "AEAD_AES_256_GCM, 91db4afbfeee5a978fab4393ed2615fe",
    })
    void controlThatIsOnlyTagged(SrtpProfile profile, String tag) {
        ByteBuf packet = buffer(RTCP + tag + "000005d4");
        assertThat(receiver(profile).unprotectControl(packet)).isTrue();
        assertThat(ByteBufUtil.hexDump(packet)).isEqualTo(RTCP);
    }

    @ParameterizedTest
    @EnumSource
    void bothSidesTakeTheirPartOfWhatDtlsExports(SrtpProfile profile) {
        int key = profile.keyLength();
        int salt = profile.saltLength();
        byte[] export = new byte[profile.exportLength()];
        for (int i = 0; i < export.length; i++) {
            export[i] = (byte) i;
        }
        assertThat(SrtpKeys.ofClient(profile, export).derive(0, 16))
                .isEqualTo(new SrtpKeys(
                                profile,
                                Arrays.copyOfRange(export, 0, key),
                                Arrays.copyOfRange(export, 2 * key, 2 * key + salt))
                        .derive(0, 16));
        assertThat(SrtpKeys.ofServer(profile, export).derive(0, 16))
                .isEqualTo(new SrtpKeys(
                                profile,
                                Arrays.copyOfRange(export, key, 2 * key),
                                Arrays.copyOfRange(export, 2 * key + salt, 2 * key + 2 * salt))
                        .derive(0, 16));
        assertThat(SrtpProfile.ofId(profile.id())).contains(profile);
    }
}
