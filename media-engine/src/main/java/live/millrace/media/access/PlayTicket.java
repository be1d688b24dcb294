// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A secret that lets one watch what is not for everybody: 128 random bits as {@value #LENGTH} characters of base64url (RFC 4648 §5).
 * Whoever bears it may, until whoever made it says otherwise. It must not reach a log line, a metric or a page of somebody else's, so
 * {@link #toString()} hides it, and {@link #secret()} is the one way to its characters; it is kept and compared by its {@link #hash()}.
 */
public final class PlayTicket {
    /** In characters. */
    public static final int LENGTH = 22;

    private static final int BYTES = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String secret;
    private final String hash;

    private PlayTicket(String secret) {
        this.secret = secret;
        this.hash = HexFormat.of().formatHex(digest(secret));
    }

    /** The ticket that a text is; empty when it can be none. There is one text for each ticket: of the last character two bits count. */
    public static Optional<PlayTicket> of(String text) {
        if (text.length() != LENGTH) {
            return Optional.empty();
        }
        for (int i = 0; i < LENGTH; i++) {
            if (!ofAlphabet(text.charAt(i))) {
                return Optional.empty();
            }
        }
        return "AQgw".indexOf(text.charAt(LENGTH - 1)) < 0 ? Optional.empty() : Optional.of(new PlayTicket(text));
    }

    private static boolean ofAlphabet(char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    }

    /** Another one. */
    public static PlayTicket fresh() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return new PlayTicket(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Its characters, for addresses that its bearer is given. */
    public String secret() {
        return secret;
    }

    /** What it is known by: the SHA-256 of its characters in 64 hexadecimal digits, in lower case. Opens nothing. */
    public String hash() {
        return hash;
    }

    /** The same in 32 bytes; the caller's own. */
    public byte[] sha256() {
        return HexFormat.of().parseHex(hash);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PlayTicket ticket && ticket.hash.equals(hash);
    }

    @Override
    public int hashCode() {
        return hash.hashCode();
    }

    @Override
    public String toString() {
        return "PlayTicket[hidden]";
    }
}
