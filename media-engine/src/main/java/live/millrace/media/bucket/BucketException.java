// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.bucket;

import java.io.IOException;

/** The service did not do what it was asked. */
public final class BucketException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;

    BucketException(String what, int status, String code) {
        super(what + ": " + status + (code.isEmpty() ? "" : " " + code));
        this.status = status;
        this.code = code;
    }

    /** Of HTTP. */
    public int status() {
        return status;
    }

    /** The service's word for it, like {@code AccessDenied}; empty when it said none. */
    public String code() {
        return code;
    }

    /** Keys, policy or bucket are wrong: it will not do better when it is asked again soon. */
    public boolean refused() {
        return status == 401 || status == 403 || code.equals("NoSuchBucket");
    }
}
