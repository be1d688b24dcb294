// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.srtp;

import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** AES in counter mode with HMAC-SHA1 (RFC 3711 §4.1.1 and §4.2.1). The tag stands behind all, the index word of RTCP included. */
final class CounterModeCipher extends PacketCipher {
    private static final int AUTHENTICATION_KEY = 20;
    private static final int DIGEST = 20;

    private final int tagLength;
    private final CounterMode counterMode;
    private final byte[] digest = new byte[DIGEST];
    private final byte[] trailer = new byte[INDEX_WORD];
    private final Mac mac;

    CounterModeCipher(SrtpKeys keys, boolean control) {
        super(control);
        SrtpProfile profile = keys.profile();
        tagLength = profile.tagLength();
        counterMode = new CounterMode(
                keys.derive(label(SrtpKeys.RTP_KEY, control), profile.keyLength()),
                keys.derive(label(SrtpKeys.RTP_SALT, control), profile.saltLength()));
        byte[] authentication = keys.derive(label(SrtpKeys.RTP_AUTHENTICATION, control), AUTHENTICATION_KEY);
        try {
            mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(authentication, "HmacSHA1"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA1", e);
        }
    }

    @Override
    int seal(int clear, int length, int ssrc, long index, int word) {
        crypt(clear, length, ssrc, index);
        authenticate(output, length, word);
        int tagAt = length;
        if (control) {
            putInt(output, length, word);
            tagAt += INDEX_WORD;
        }
        System.arraycopy(digest, 0, output, tagAt, tagLength);
        return tagAt + tagLength;
    }

    @Override
    boolean open(int clear, int length, int ssrc, long index, int word) {
        authenticate(input, length, word);
        int tagAt = control ? length + INDEX_WORD : length;
        int difference = 0; // of all bytes: how long it takes must not tell where the first wrong one is
        for (int i = 0; i < tagLength; i++) {
            difference |= input[tagAt + i] ^ digest[i];
        }
        if (difference != 0) {
            return false;
        }
        crypt(clear, length, ssrc, index);
        return true;
    }

    @Override
    int indexWordAt(int length) {
        return length - tagLength - INDEX_WORD;
    }

    private void crypt(int clear, int length, int ssrc, long index) {
        System.arraycopy(input, 0, output, 0, clear);
        counterMode.apply(ssrc, index, input, clear, length, output);
    }

    private void authenticate(byte[] packet, int length, int word) {
        putInt(trailer, 0, word);
        mac.update(packet, 0, length);
        mac.update(trailer);
        try {
            mac.doFinal(digest, 0);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HmacSHA1 failed", e);
        }
    }
}
