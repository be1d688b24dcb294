// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtsp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The challenges of a server to log in (RFC 7616 §3.3). A nonce is a time and a signature of it: nothing is kept for whoever asked. Safe for
 * use by several threads.
 */
public final class Nonces {
    /** Clients that come later are challenged again with {@code stale=true}, and answer without asking anybody. */
    public static final Duration LIFE = Duration.ofMinutes(5);

    private static final String ALGORITHM = "HmacSHA256";
    private static final int SIGNATURE = 16;

    private final String realm;
    private final LongSupplier nanos;
    private final SecretKeySpec key;

    /**
     * With a key of its own, which ends with the process.
     *
     * @param realm what people are shown; no quotes in it
     * @param nanos a clock that never goes back
     */
    public Nonces(String realm, LongSupplier nanos) {
        this.realm = realm;
        this.nanos = nanos;
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        this.key = new SecretKeySpec(secret, ALGORITHM);
    }

    /** What clients compute their answers with. */
    public String realm() {
        return realm;
    }

    /**
     * Values of {@code WWW-Authenticate}, each a line. FFmpeg and live555 obey the last, and know MD5 alone.
     *
     * @param stale the answer was right but for its nonce
     */
    public List<String> challenges(boolean stale) {
        String nonce = nonce(nanos.getAsLong());
        String rest = "realm=\"" + realm + "\", nonce=\"" + nonce + "\"" + (stale ? ", stale=true" : "");
        return List.of("Digest " + rest + ", algorithm=" + Digest.SHA_256.algorithm(), "Digest " + rest);
    }

    /** Whether a nonce is ours and young enough. */
    public boolean isFresh(String nonce) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(nonce);
        } catch (IllegalArgumentException e) {
            return false;
        }
        if (bytes.length < Long.BYTES) {
            return false;
        }
        long at = ByteBuffer.wrap(bytes).getLong();
        boolean ours = MessageDigest.isEqual(
                nonce(at).getBytes(StandardCharsets.US_ASCII), nonce.getBytes(StandardCharsets.UTF_8));
        long age = nanos.getAsLong() - at;
        return ours && age >= 0 && age <= LIFE.toNanos();
    }

    private String nonce(long at) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            byte[] time = ByteBuffer.allocate(Long.BYTES).putLong(at).array();
            byte[] signature = mac.doFinal(time);
            byte[] both = ByteBuffer.allocate(Long.BYTES + SIGNATURE)
                    .put(time)
                    .put(signature, 0, SIGNATURE)
                    .array();
            return Base64.getUrlEncoder().withoutPadding().encodeToString(both);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
