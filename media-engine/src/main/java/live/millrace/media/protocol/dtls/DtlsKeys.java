// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.dtls;

import live.millrace.media.protocol.srtp.SrtpKeys;
import live.millrace.media.protocol.srtp.SrtpProfile;

/**
 * What a handshake agreed upon.
 *
 * @param ours of what we send
 * @param theirs of what the peer sends
 */
public record DtlsKeys(SrtpKeys ours, SrtpKeys theirs) {
    /** Of exported material, for the client of the handshake. */
    static DtlsKeys ofClient(SrtpProfile profile, byte[] export) {
        return new DtlsKeys(SrtpKeys.ofClient(profile, export), SrtpKeys.ofServer(profile, export));
    }

    /** The same for the server. */
    static DtlsKeys ofServer(SrtpProfile profile, byte[] export) {
        return new DtlsKeys(SrtpKeys.ofServer(profile, export), SrtpKeys.ofClient(profile, export));
    }
}
