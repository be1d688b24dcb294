// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine;

import java.util.List;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * What the encrypted ports are encrypted with where no SSL bundle is named; implemented by whoever gets certificates. Asked from event
 * loops and from threads that may wait; there is always some certificate, if need be one that nobody else vouches for.
 */
public interface ServedCertificate {
    /**
     * Chooses certificate and key for each handshake. It knows the application protocol that was agreed on, with TLS 1.3. Never blocks once
     * a version was asked for.
     */
    X509ExtendedKeyManager keys();

    /** Tells what is in force now from what was before: certificate, key and {@link #proofs}. Reads what there is. */
    long version();

    /** Application protocols whose handshake is all that their client wants (RFC 8737); offered by ports for HTTP. */
    List<String> proofs();

    /** Somebody vouches for the certificate, and it has not ended. */
    boolean trusted();

    /** Runs something at each change of the version, which returns when new connections have it. {@link #trusted} follows it. */
    void onChange(Runnable changed);
}
