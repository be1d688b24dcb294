// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.signin.internal;

import java.math.BigInteger;
import java.time.Instant;
import java.util.Arrays;

/** What an authenticator app shows. */
public final class TestCodes {
    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private TestCodes() {}

    /** @param key as it is typed into the app */
    public static String code(String key, Instant at) {
        BigInteger number = key.replace(" ", "")
                .chars()
                .mapToObj(letter -> BigInteger.valueOf(LETTERS.indexOf(letter)))
                .reduce(BigInteger.ZERO, (before, five) -> before.shiftLeft(5).add(five));
        byte[] bytes = number.toByteArray();
        byte[] secret = new byte[Totp.KEY_BYTES];
        int length = Math.min(bytes.length, secret.length);
        System.arraycopy(
                Arrays.copyOfRange(bytes, bytes.length - length, bytes.length),
                0,
                secret,
                secret.length - length,
                length);
        return Totp.code(secret, Totp.step(at));
    }
}
