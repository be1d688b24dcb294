// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.webrtc;

import java.security.SecureRandom;
import java.util.Optional;

/**
 * What the checks of one agent are known and protected by (RFC 8839 §5.4).
 *
 * @param fragment of a user name, 4 to 256 characters
 * @param password 22 to 256 characters
 */
public record IceCredentials(String fragment, String password) {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final int FRAGMENT = 12;
    private static final int PASSWORD = 32;

    /** Some that nobody can guess. */
    public static IceCredentials random() {
        return new IceCredentials(text(FRAGMENT), text(PASSWORD));
    }

    private static String text(int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }

    /** Those of a peer; empty when they break the rules. Some use other characters than they should: only lengths count. */
    static Optional<IceCredentials> of(String fragment, String password) {
        boolean fits = fragment.length() >= 4
                && fragment.length() <= 256
                && password.length() >= 22
                && password.length() <= 256
                && fragment.indexOf(':') < 0;
        return fits ? Optional.of(new IceCredentials(fragment, password)) : Optional.empty();
    }

    /** A secret stands here. */
    @Override
    public String toString() {
        return "IceCredentials[" + fragment + "]";
    }
}
