// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.stun;

/** What a message is to its method (RFC 8489 §5). */
public enum StunClass {
    REQUEST(0x0000),
    /** Wants no answer. */
    INDICATION(0x0010),
    SUCCESS(0x0100),
    ERROR(0x0110);

    /** The two bits of a type that tell it. */
    private static final int MASK = 0x0110;

    private final int bits;

    StunClass(int bits) {
        this.bits = bits;
    }

    /** That of a message type. */
    static StunClass of(int type) {
        return switch (type & MASK) {
            case 0x0000 -> REQUEST;
            case 0x0010 -> INDICATION;
            case 0x0100 -> SUCCESS;
            default -> ERROR;
        };
    }

    /** Its bits, in their places in a type. */
    int bits() {
        return bits;
    }
}
