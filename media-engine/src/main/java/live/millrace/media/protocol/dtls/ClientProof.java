// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.dtls;

import java.util.BitSet;

/**
 * Drops a client's change to its new keys that came without the proof before it, its CertificateVerify. The library would change, and never
 * read the proof when it is sent again under the old ones; of what is dropped here, the client sends all once more. Used from one thread at
 * a time.
 */
final class ClientProof {
    /** RFC 6347 §4.1: type, version, epoch, sequence number, length. */
    private static final int RECORD_HEADER = 13;

    private static final int EPOCH_AT = 3;
    private static final int CHANGE_CIPHER_SPEC = 20;
    private static final int HANDSHAKE = 22;

    /** §4.2.2: type, length, sequence number, offset and length of the fragment. */
    private static final int MESSAGE_HEADER = 12;

    private static final int CERTIFICATE_VERIFY = 15;

    /** Of a signature by RSA of 4,096 bits, 516; what is longer, the library refuses. */
    private static final int MAX_LENGTH = 4_096;

    /** Bytes of the proof that came: its fragments come in any order, and not all of them the first time. */
    private final BitSet came = new BitSet();

    private boolean seen;

    /** Whether the library may have a datagram. */
    boolean passes(byte[] datagram) {
        int at = 0;
        while (!seen && at + RECORD_HEADER <= datagram.length) {
            int record = at + RECORD_HEADER;
            int end = record + number(datagram, record - 2, 2);
            if (end > datagram.length) {
                return true; // it is none, which the library sees
            }
            boolean clear = number(datagram, at + EPOCH_AT, 2) == 0;
            if (clear && datagram[at] == CHANGE_CIPHER_SPEC) {
                return false;
            }
            if (clear && datagram[at] == HANDSHAKE) {
                seen = completesProof(datagram, record, end);
            }
            at = end;
        }
        return true;
    }

    /** Whether the proof has come, with the messages of a record. */
    private boolean completesProof(byte[] datagram, int from, int end) {
        int at = from;
        while (at + MESSAGE_HEADER <= end) {
            int length = number(datagram, at + 1, 3);
            int offset = number(datagram, at + 6, 3);
            int fragment = number(datagram, at + 9, 3);
            if (datagram[at] == CERTIFICATE_VERIFY) {
                if (length > MAX_LENGTH) {
                    return true;
                }
                if (offset + fragment <= length && at + MESSAGE_HEADER + fragment <= end) {
                    came.set(offset, offset + fragment);
                }
                if (came.nextClearBit(0) >= length) {
                    return true;
                }
            }
            at += MESSAGE_HEADER + fragment;
        }
        return false;
    }

    private static int number(byte[] bytes, int at, int length) {
        int number = 0;
        for (int i = 0; i < length; i++) {
            number = (number << 8) | (bytes[at + i] & 0xFF);
        }
        return number;
    }
}
