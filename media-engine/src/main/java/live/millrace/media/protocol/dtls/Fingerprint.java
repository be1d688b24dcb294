// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.dtls;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a session description says of a certificate (RFC 8122 §5).
 *
 * @param algorithm of the hash, in small letters: {@code sha-256}
 * @param value of the hash, pairs of capital hexadecimal digits between colons
 */
public record Fingerprint(String algorithm, String value) {
    /** §5 forbids older ones; larger ones are as good. By name, with what the JDK calls it. */
    private static final Map<String, String> HASHES =
            Map.of("sha-256", "SHA-256", "sha-384", "SHA-384", "sha-512", "SHA-512");

    private static final HexFormat HEX = HexFormat.ofDelimiter(":").withUpperCase();

    /** Reads the value of an attribute {@code fingerprint}; empty when it is none, or of a hash that proves nothing. */
    public static Optional<Fingerprint> parse(String text) {
        String[] words = text.strip().split("\\s+", -1);
        String algorithm = words[0].toLowerCase(Locale.ROOT);
        if (words.length != 2 || !HASHES.containsKey(algorithm)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Fingerprint(algorithm, HEX.formatHex(HEX.parseHex(words[1]))));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The fingerprint of a certificate in DER, by SHA-256. */
    static Fingerprint of(byte[] certificate) {
        return of("sha-256", certificate);
    }

    private static Fingerprint of(String algorithm, byte[] certificate) {
        try {
            MessageDigest hash = MessageDigest.getInstance(HASHES.getOrDefault(algorithm, algorithm));
            return new Fingerprint(algorithm, HEX.formatHex(hash.digest(certificate)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether it is that of a certificate in DER. */
    boolean matches(byte[] certificate) {
        return of(algorithm, certificate).equals(this);
    }

    /** As the attribute has it. */
    public String text() {
        return algorithm + " " + value;
    }
}
