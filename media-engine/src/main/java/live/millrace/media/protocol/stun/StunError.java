// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.stun;

/** Why a request is refused (RFC 8489 §14.8, RFC 8445 §7.3.1.1). */
public enum StunError {
    BAD_REQUEST(400, "Bad Request"),
    UNAUTHENTICATED(401, "Unauthenticated"),
    /** The answer says which. */
    UNKNOWN_ATTRIBUTE(420, "Unknown Attribute"),
    /** Both sides want to be the one that decides, or neither. */
    ROLE_CONFLICT(487, "Role Conflict");

    private final int code;
    private final String reason;

    StunError(int code, String reason) {
        this.code = code;
        this.reason = reason;
    }

    public int code() {
        return code;
    }

    String reason() {
        return reason;
    }
}
