// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.signin;

import org.springframework.security.core.AuthenticationException;

/** Nobody came in by another service; says why, for people to read. */
public final class OpenIdException extends AuthenticationException {
    private static final long serialVersionUID = 1L;

    /** What happened. Each has a text under {@code openid.failed}. */
    public enum Why {
        /** Begun in another browser, or too long ago. */
        STALE,
        /** The person, or the service, said no. */
        DENIED,
        /** The service does not answer, or not as it should. */
        AWAY,
        /** What it answered is not true of this log-in. */
        WRONG,
        /** It is not offered any more. */
        OFF,
        /** Too many are at it. */
        BUSY
    }

    private final Why why;

    public OpenIdException(Why why, String detail) {
        super(detail);
        this.why = why;
    }

    public Why why() {
        return why;
    }

    /** The key of a text. */
    public String messageKey() {
        return switch (why) {
            case STALE -> "openid.failed.stale";
            case DENIED -> "openid.failed.denied";
            case AWAY -> "openid.failed.away";
            case WRONG -> "openid.failed.wrong";
            case OFF -> "openid.failed.off";
            case BUSY -> "openid.failed.busy";
        };
    }
}
