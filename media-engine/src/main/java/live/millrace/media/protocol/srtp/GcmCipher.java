// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.srtp;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** AES in Galois/counter mode (RFC 7714 §8 and §9). The tag stands behind what is encrypted, the index word of RTCP behind the tag. */
final class GcmCipher extends PacketCipher {
    private static final int SSRC_AT = 2;
    private static final int VECTOR = 12;

    private final int tagLength;
    private final SecretKeySpec key;
    private final byte[] salt;
    private final byte[] vector = new byte[VECTOR];
    private final byte[] last = new byte[VECTOR];
    private final byte[] trailer = new byte[INDEX_WORD];
    private final Cipher cipher;

    GcmCipher(SrtpKeys keys, boolean control) {
        this(
                keys.profile(),
                keys.derive(label(SrtpKeys.RTP_KEY, control), keys.profile().keyLength()),
                keys.derive(label(SrtpKeys.RTP_SALT, control), keys.profile().saltLength()),
                control);
    }

    /** Of a session key and a session salt. */
    GcmCipher(SrtpProfile profile, byte[] key, byte[] salt, boolean control) {
        super(control);
        tagLength = profile.tagLength();
        this.key = new SecretKeySpec(key, "AES");
        this.salt = salt;
        try {
            cipher = Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES", e);
        }
    }

    @Override
    int seal(int clear, int length, int ssrc, long index, int word) {
        lay(ssrc, index, salt, vector, SSRC_AT);
        try {
            if (Arrays.equals(vector, last)) {
                forgetLast();
            }
            System.arraycopy(vector, 0, last, 0, VECTOR);
            start(Cipher.ENCRYPT_MODE, clear, word);
            System.arraycopy(input, 0, output, 0, clear);
            cipher.doFinal(input, clear, length - clear, output, clear);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES failed", e);
        }
        int end = length + tagLength;
        if (control) {
            putInt(output, end, word);
            end += INDEX_WORD;
        }
        return end;
    }

    @Override
    boolean open(int clear, int length, int ssrc, long index, int word) {
        lay(ssrc, index, salt, vector, SSRC_AT);
        try {
            start(Cipher.DECRYPT_MODE, clear, word);
            cipher.doFinal(input, clear, length - clear + tagLength, output, clear);
        } catch (AEADBadTagException wrong) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES failed", e);
        }
        System.arraycopy(input, 0, output, 0, clear);
        return true;
    }

    @Override
    int indexWordAt(int length) {
        return length - INDEX_WORD;
    }

    /** Takes the key, the vector, and what is authenticated but not encrypted. */
    private void start(int mode, int clear, int word) throws GeneralSecurityException {
        cipher.init(mode, key, new GCMParameterSpec(8 * tagLength, vector));
        cipher.updateAAD(input, 0, clear);
        if (control) {
            putInt(trailer, 0, word);
            cipher.updateAAD(trailer);
        }
    }

    /**
     * Java refuses a vector twice in a row, as it cannot know that the packet is the same: one that is sent again. A vector that no packet
     * can have, since its first two bytes are the salt's, makes it forget; nothing is encrypted with it.
     */
    private void forgetLast() throws GeneralSecurityException {
        last[0] ^= 1;
        cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(8 * tagLength, last));
    }
}
