// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.camera.internal.onvif;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;

/**
 * A login without its password, good for one request at one time of the device's clock (OASIS WSS Username Token Profile 1.0, 3.1).
 *
 * @param digest Base64 of SHA-1 of nonce, time and password
 * @param nonce in Base64
 * @param created in the device's time
 */
record UsernameToken(String user, String digest, String nonce, String created) {
    private static final int NONCE_BYTES = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** @param at in the device's time */
    static UsernameToken of(String user, String password, Instant at) {
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        return of(user, password, at, nonce);
    }

    static UsernameToken of(String user, String password, Instant at, byte[] nonce) {
        String created = at.truncatedTo(ChronoUnit.SECONDS).toString();
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-1");
            sha.update(nonce);
            sha.update(created.getBytes(StandardCharsets.UTF_8));
            sha.update(password.getBytes(StandardCharsets.UTF_8));
            Base64.Encoder base64 = Base64.getEncoder();
            return new UsernameToken(user, base64.encodeToString(sha.digest()), base64.encodeToString(nonce), created);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }

    /** Passwords are guessed from digests. */
    @Override
    public String toString() {
        return "UsernameToken[hidden]";
    }
}
