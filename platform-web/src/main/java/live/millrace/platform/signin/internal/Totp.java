// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.signin.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Locale;
import java.util.OptionalLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Codes that change with the time (RFC 6238), as every app reads them: SHA-1, six digits, thirty seconds. */
final class Totp {
    static final int KEY_BYTES = 20;
    static final int DIGITS = 6;

    private static final int STEP_SECONDS = 30;
    private static final int MODULUS = 1_000_000;

    /** A clock may be that much off: one step before and one after. */
    private static final int TOLERANCE = 1;

    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int BASE32_BITS = 5;

    private Totp() {}

    static long step(Instant at) {
        return Math.floorDiv(at.getEpochSecond(), STEP_SECONDS);
    }

    static String code(byte[] key, long step) {
        byte[] hash;
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(key, "HmacSHA1"));
            hash = mac.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(step).array());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HMAC-SHA-1", e);
        }
        // RFC 4226, 5.3: four bytes, from where the last half byte says, without their sign.
        int from = hash[hash.length - 1] & 0xf;
        int number = ByteBuffer.wrap(hash).getInt(from) & Integer.MAX_VALUE;
        return String.format(Locale.ROOT, "%0" + DIGITS + "d", number % MODULUS);
    }

    /** Which step's code it is, of those that are good now. */
    static OptionalLong match(byte[] key, String typed, Instant now) {
        long current = step(now);
        OptionalLong found = OptionalLong.empty();
        for (long step = current - TOLERANCE; step <= current + TOLERANCE; step++) {
            if (MessageDigest.isEqual(
                    code(key, step).getBytes(StandardCharsets.US_ASCII), typed.getBytes(StandardCharsets.UTF_8))) {
                found = OptionalLong.of(step);
            }
        }
        return found;
    }

    /** RFC 4648, without padding, which some apps do not read. */
    static String base32(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        int held = 0;
        int bits = 0;
        for (byte one : bytes) {
            held = (held << Byte.SIZE) | (one & 0xff);
            bits += Byte.SIZE;
            while (bits >= BASE32_BITS) {
                bits -= BASE32_BITS;
                text.append(BASE32.charAt((held >> bits) & (BASE32.length() - 1)));
            }
            held &= (1 << bits) - 1;
        }
        if (bits > 0) {
            text.append(BASE32.charAt((held << (BASE32_BITS - bits)) & (BASE32.length() - 1)));
        }
        return text.toString();
    }
}
