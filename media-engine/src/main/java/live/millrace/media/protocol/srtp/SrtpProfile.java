// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.srtp;

import java.util.Optional;

/** How packets are protected: a protection profile that DTLS agrees on (RFC 5764 §4.1.2, RFC 7714 §14.2). Lengths are in bytes. */
public enum SrtpProfile {
    /** What every peer has: AES in counter mode, and the first 80 bits of HMAC-SHA1. */
    AES_128_CM_HMAC_SHA1_80(1, 16, 14, 10),
    AEAD_AES_128_GCM(7, 16, 12, 16),
    AEAD_AES_256_GCM(8, 32, 12, 16);

    private final int id;
    private final int keyLength;
    private final int saltLength;
    private final int tagLength;

    SrtpProfile(int id, int keyLength, int saltLength, int tagLength) {
        this.id = id;
        this.keyLength = keyLength;
        this.saltLength = saltLength;
        this.tagLength = tagLength;
    }

    /** The profile of an id, empty for one that we do not speak. */
    public static Optional<SrtpProfile> ofId(int id) {
        for (SrtpProfile profile : values()) {
            if (profile.id == id) {
                return Optional.of(profile);
            }
        }
        return Optional.empty();
    }

    /** What DTLS's use_srtp extension calls it. */
    public int id() {
        return id;
    }

    /** Of the master key, and of the session keys that come of it. */
    public int keyLength() {
        return keyLength;
    }

    /** Of the master salt. */
    public int saltLength() {
        return saltLength;
    }

    /** By how much a packet grows; RTCP grows by four more. */
    public int tagLength() {
        return tagLength;
    }

    /** How much has to be exported from DTLS for both directions (RFC 5764 §4.2). */
    public int exportLength() {
        return 2 * (keyLength + saltLength);
    }
}
