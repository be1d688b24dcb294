// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.srt;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Turns payloads into what is sent and back, with AES in counter mode (draft §6.2.2). Two keys, even and odd, so that one is changed while the
 * other is in use. Not thread-safe.
 */
public final class SrtCipher {
    private static final int BLOCK = 16;
    private static final int SEQUENCE_AT = 10;

    private final Cipher cipher;
    private byte[] salt;
    private @Nullable SecretKeySpec even;
    private @Nullable SecretKeySpec odd;

    /** With the first keys. */
    public SrtCipher(SrtKeys keys) {
        try {
            cipher = Cipher.getInstance("AES/CTR/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES", e);
        }
        salt = keys.salt();
        add(keys);
    }

    /** Takes further keys; what the message does not have stays. */
    public void add(SrtKeys keys) {
        salt = keys.salt();
        even = Optional.ofNullable(keys.even())
                .map(key -> new SecretKeySpec(key, "AES"))
                .orElse(even);
        odd = Optional.ofNullable(keys.odd())
                .map(key -> new SecretKeySpec(key, "AES"))
                .orElse(odd);
    }

    /** The flag of a key to encrypt with. */
    int sending() {
        return even != null ? SrtKeys.EVEN : SrtKeys.ODD;
    }

    /**
     * Encrypts or decrypts, which is the same, in place.
     *
     * @param flag which key
     * @return whether there is such a key
     */
    boolean apply(int sequence, int flag, ByteBuf payload, int from, int length) {
        SecretKeySpec key = flag == SrtKeys.EVEN ? even : flag == SrtKeys.ODD ? odd : null;
        if (key == null) {
            return false;
        }
        byte[] counter = new byte[BLOCK];
        System.arraycopy(salt, 0, counter, 0, BLOCK - 2);
        for (int i = 0; i < 4; i++) {
            counter[SEQUENCE_AT + i] ^= (byte) (sequence >> (24 - 8 * i));
        }
        try {
            cipher.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(counter));
            ByteBuffer bytes = payload.nioBuffer(from, length);
            cipher.doFinal(bytes, payload.nioBuffer(from, length));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES failed", e);
        }
        return true;
    }
}
