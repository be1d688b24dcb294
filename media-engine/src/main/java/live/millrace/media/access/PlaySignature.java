// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.access;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What lets whoever has it watch one stream or recording until it expires, without that anybody is asked who it is: {@code expires.key.mac}, the
 * first 128 bits of an HMAC-SHA-256 (RFC 2104) behind the second since 1970 when it ends and the number of the key. The same for all to whom it
 * is given in the same half minute. It must not reach a log line or a metric: {@link #toString()} hides it.
 *
 * @param expires in seconds since 1970
 * @param key the number of the key
 * @param mac 22 characters of base64url
 */
public record PlaySignature(long expires, int key, String mac) {
    /** What is watched by one. */
    public enum Kind {
        /** A live stream, named by its path. */
        LIVE,
        /** A recording, named by its id. */
        VIDEO
    }

    private static final String ALGORITHM = "HmacSHA256";

    /** Of 32 bytes. */
    private static final int MAC_BYTES = 16;

    /** One text for each: no zero in front, and of the last character of the 22 two bits count. */
    private static final Pattern TEXT =
            Pattern.compile("([1-9][0-9]{0,10})\\.(0|[1-9][0-9]{0,7})\\.([A-Za-z0-9_-]{21}[AQgw])");

    /** Longer than any. */
    private static final int MAX_LENGTH = 64;

    /** What a text says, of which nothing is known; empty when it can be none. */
    public static Optional<PlaySignature> of(String text) {
        if (text.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        Matcher matcher = TEXT.matcher(text);
        return matcher.matches()
                ? Optional.of(new PlaySignature(
                        Long.parseLong(matcher.group(1)), Integer.parseInt(matcher.group(2)), matcher.group(3)))
                : Optional.empty();
    }

    /**
     * Signs.
     *
     * @param secret the bytes of the key
     * @param key its number
     * @param subject the path or id, in one line
     * @param epoch of the stream: what was signed in another one is worth nothing
     * @param expires in seconds since 1970
     */
    public static PlaySignature make(byte[] secret, int key, Kind kind, String subject, long epoch, long expires) {
        if (subject.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("nothing of two lines is watched");
        }
        String signed = String.join(
                "\n",
                "millrace play 1",
                kind.name().toLowerCase(Locale.ROOT),
                subject,
                Long.toString(epoch),
                Long.toString(expires),
                Integer.toString(key));
        try {
            Mac hmac = Mac.getInstance(ALGORITHM);
            hmac.init(new SecretKeySpec(secret, ALGORITHM));
            byte[] all = hmac.doFinal(signed.getBytes(StandardCharsets.UTF_8));
            return new PlaySignature(
                    expires,
                    key,
                    Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(all, MAC_BYTES)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }

    /** Whether it is the same, in a time that does not tell how much of it is. */
    public boolean is(PlaySignature other) {
        return expires == other.expires
                && key == other.key
                && MessageDigest.isEqual(
                        mac.getBytes(StandardCharsets.US_ASCII), other.mac.getBytes(StandardCharsets.US_ASCII));
    }

    /** As it stands in addresses. */
    public String text() {
        return expires + "." + key + "." + mac;
    }

    @Override
    public String toString() {
        return "PlaySignature[hidden]";
    }
}
