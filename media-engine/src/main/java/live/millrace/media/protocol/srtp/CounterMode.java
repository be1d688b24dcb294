// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.srtp;

import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** AES in counter mode under a session key (RFC 3711 §4.1.1). Not thread-safe. */
final class CounterMode {
    private static final int BLOCK = 16;
    private static final int SSRC_AT = 4;

    private final SecretKeySpec key;
    private final byte[] salt;
    private final byte[] counter = new byte[BLOCK];
    private final Cipher cipher;

    /** @param salt 14 bytes */
    CounterMode(byte[] key, byte[] salt) {
        this.key = new SecretKeySpec(key, "AES");
        this.salt = salt;
        try {
            cipher = Cipher.getInstance("AES/CTR/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES", e);
        }
    }

    /** Encrypts or decrypts, which is the same, the bytes of a packet between two places to the same places of another array. */
    void apply(int ssrc, long index, byte[] in, int from, int to, byte[] out) {
        PacketCipher.lay(ssrc, index, salt, counter, SSRC_AT);
        try {
            cipher.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(counter));
            cipher.doFinal(in, from, to - from, out, from);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES failed", e);
        }
    }
}
