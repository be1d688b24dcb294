// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtsp;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/** The sums of Digest log-ins (RFC 2617 §3.2.2, RFC 7616 §3.4.1). MD5 is what cameras and encoders know. */
enum Digest {
    SHA_256("SHA-256"),
    MD5("MD5");

    private final String algorithm;

    Digest(String algorithm) {
        this.algorithm = algorithm;
    }

    String algorithm() {
        return algorithm;
    }

    /** By the parameter {@code algorithm}; MD5 where nothing is said. */
    static Optional<Digest> of(String algorithm) {
        if (algorithm.isEmpty() || algorithm.equalsIgnoreCase("MD5")) {
            return Optional.of(MD5);
        }
        return algorithm.equalsIgnoreCase("SHA-256") ? Optional.of(SHA_256) : Optional.empty();
    }

    private String sum(String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * What answers a challenge.
     *
     * @param protection the parameters between nonce and request when there is a {@code qop}: count, client's nonce, qop; else empty
     */
    String response(
            String user, String realm, String password, String nonce, String protection, String method, String uri) {
        String secret = sum(user + ":" + realm + ":" + password);
        String request = sum(method + ":" + uri);
        return sum(secret + ":" + nonce + ":" + (protection.isEmpty() ? "" : protection + ":") + request);
    }
}
