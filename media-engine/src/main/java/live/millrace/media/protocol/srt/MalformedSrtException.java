// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.srt;

import java.io.Serial;

/** A handshake, or what hangs on it, cannot be taken. */
public final class MalformedSrtException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    private final SrtReject reject;

    MalformedSrtException(SrtReject reject, String message) {
        super(message);
        this.reject = reject;
    }

    /** One side has a passphrase and the other has none. */
    public static MalformedSrtException unsecure() {
        return new MalformedSrtException(SrtReject.UNSECURE, "one side has a passphrase and the other has none");
    }

    /** What the peer is told. */
    public SrtReject reject() {
        return reject;
    }
}
