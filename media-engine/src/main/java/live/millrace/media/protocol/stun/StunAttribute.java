// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.stun;

/** The attributes that we write or read (RFC 8489 §14, RFC 8445 §16.1), by their types. */
final class StunAttribute {
    static final int USERNAME = 0x0006;
    static final int MESSAGE_INTEGRITY = 0x0008;
    static final int ERROR_CODE = 0x0009;
    static final int UNKNOWN_ATTRIBUTES = 0x000A;
    static final int XOR_MAPPED_ADDRESS = 0x0020;
    static final int PRIORITY = 0x0024;
    static final int USE_CANDIDATE = 0x0025;
    static final int FINGERPRINT = 0x8028;
    static final int ICE_CONTROLLED = 0x8029;
    static final int ICE_CONTROLLING = 0x802A;

    /** From here on whoever does not know a type may read past it. */
    static final int OPTIONAL = 0x8000;

    /** The length that a value must have is not fixed. */
    static final int ANY_LENGTH = -1;

    private StunAttribute() {}

    /** Whether a message with it can be understood. */
    static boolean isUnderstood(int type) {
        return switch (type) {
            case USERNAME,
                    MESSAGE_INTEGRITY,
                    ERROR_CODE,
                    UNKNOWN_ATTRIBUTES,
                    XOR_MAPPED_ADDRESS,
                    PRIORITY,
                    USE_CANDIDATE -> true;
            default -> type >= OPTIONAL;
        };
    }

    /** In bytes. */
    static int length(int type) {
        return switch (type) {
            case MESSAGE_INTEGRITY -> StunProof.INTEGRITY;
            case PRIORITY, FINGERPRINT -> 4;
            case USE_CANDIDATE -> 0;
            case ICE_CONTROLLED, ICE_CONTROLLING -> 8;
            default -> ANY_LENGTH;
        };
    }
}
