// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.stun;

/** What a message is to its method (RFC 8489 §5), in the order of its two bits. */
public enum StunClass {
    REQUEST,
    /** Wants no answer. */
    INDICATION,
    SUCCESS,
    ERROR
}
