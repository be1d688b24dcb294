// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.dtls;

import java.nio.ByteBuffer;

/**
 * Looks at the heads of records (RFC 6347 §4.1) before the library does, which takes what nobody can have protected for a reason to end: whoever
 * knows a peer's address could end what is on air with one datagram.
 */
final class DtlsRecords {
    private static final int HEADER = 13;
    private static final int EPOCH_AT = 3;
    private static final int LENGTH_AT = 11;
    private static final int ALERT = 21;

    /** Of a record in Galois/counter mode (RFC 5288 §3): the explicit part of its nonce, and its tag. */
    private static final int PROTECTED = 8 + 16;

    private DtlsRecords() {}

    /** Whether all of a datagram is records, none of them an alert in clear, and none protected that is too short for it. */
    static boolean plausible(byte[] datagram) {
        ByteBuffer bytes = ByteBuffer.wrap(datagram);
        int at = 0;
        while (at < datagram.length) {
            if (datagram.length - at < HEADER) {
                return false;
            }
            int epoch = bytes.getShort(at + EPOCH_AT) & 0xFFFF;
            int length = bytes.getShort(at + LENGTH_AT) & 0xFFFF;
            boolean alert = datagram[at] == ALERT;
            at += HEADER + length;
            if (at > datagram.length || (epoch == 0 && alert) || (epoch > 0 && length < PROTECTED)) {
                return false;
            }
        }
        return at > 0;
    }
}
