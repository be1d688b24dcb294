// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.stun;

import java.security.GeneralSecurityException;
import java.util.zip.CRC32;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What proves that a message is whole, and whose it is: both count the length in the header as if they were the last attribute. */
final class StunProof {
    /** The length of a MESSAGE-INTEGRITY in bytes. */
    static final int INTEGRITY = 20;

    private static final int FINGERPRINT_MASK = 0x5354_554E;
    private static final int ATTRIBUTE_HEADER = 4;

    private StunProof() {}

    /**
     * HMAC-SHA1 of a message up to a place (RFC 8489 §14.5).
     *
     * @param at where the attribute begins, from the start of the message
     */
    static byte[] integrity(byte[] message, int at, byte[] password) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(password, "HmacSHA1"));
            int length = at - StunMessage.HEADER + ATTRIBUTE_HEADER + INTEGRITY;
            mac.update(message, 0, 2);
            mac.update((byte) (length >> 8));
            mac.update((byte) length);
            mac.update(message, 4, at - 4);
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA1", e);
        }
    }

    /** CRC-32 of a message up to a place (§14.7); its length field has to count the attribute already. */
    static int fingerprint(byte[] message, int at) {
        CRC32 crc = new CRC32();
        crc.update(message, 0, at);
        return (int) crc.getValue() ^ FINGERPRINT_MASK;
    }
}
