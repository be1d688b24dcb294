// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.srtp;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** The master key and master salt of one direction, from which the session keys are derived (RFC 3711 §4.3). They are not changed while in use. */
public final class SrtpKeys {
    static final int RTP_KEY = 0;
    static final int RTP_AUTHENTICATION = 1;
    static final int RTP_SALT = 2;

    /** Added to the label of an RTP key: that of the RTCP key of the same kind. */
    static final int CONTROL = 3;

    /** Where the label stands in what is encrypted for the key: 48 bits from the end of 14 bytes. */
    private static final int LABEL_AT = 7;

    private static final int BLOCK = 16;

    private final SrtpProfile profile;
    private final byte[] key;
    private final byte[] salt;

    /**
     * Copies the arrays.
     *
     * @throws IllegalArgumentException if they are not as long as the profile says
     */
    public SrtpKeys(SrtpProfile profile, byte[] key, byte[] salt) {
        if (key.length != profile.keyLength() || salt.length != profile.saltLength()) {
            throw new IllegalArgumentException(
                    "a key of " + key.length + " and a salt of " + salt.length + " bytes for " + profile);
        }
        this.profile = profile;
        this.key = key.clone();
        this.salt = salt.clone();
    }

    /**
     * What the DTLS client sends with (RFC 5764 §4.2).
     *
     * @param export the {@link SrtpProfile#exportLength} bytes that DTLS exports: key of the client, of the server, salt of the client, of the server
     */
    public static SrtpKeys ofClient(SrtpProfile profile, byte[] export) {
        return of(profile, export, 0);
    }

    /** What the DTLS server sends with. */
    public static SrtpKeys ofServer(SrtpProfile profile, byte[] export) {
        return of(profile, export, 1);
    }

    private static SrtpKeys of(SrtpProfile profile, byte[] export, int side) {
        if (export.length != profile.exportLength()) {
            throw new IllegalArgumentException(export.length + " bytes exported for " + profile);
        }
        int keyAt = side * profile.keyLength();
        int saltAt = 2 * profile.keyLength() + side * profile.saltLength();
        return new SrtpKeys(
                profile,
                Arrays.copyOfRange(export, keyAt, keyAt + profile.keyLength()),
                Arrays.copyOfRange(export, saltAt, saltAt + profile.saltLength()));
    }

    public SrtpProfile profile() {
        return profile;
    }

    /**
     * A session key (RFC 3711 §4.3.1 and §4.3.3, with a derivation rate of 0; RFC 7714 §11): AES in counter mode under the master key, of
     * the master salt with the label in it.
     */
    byte[] derive(int label, int length) {
        byte[] start = Arrays.copyOf(salt, BLOCK); // a salt of 12 bytes is padded with zeros, RFC 7714 §11
        start[LABEL_AT] ^= (byte) label;
        try {
            Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(start));
            return cipher.doFinal(new byte[length]);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES", e);
        }
    }

    /** Secrets stand here. */
    @Override
    public String toString() {
        return "SrtpKeys[" + profile + ", hidden]";
    }
}
