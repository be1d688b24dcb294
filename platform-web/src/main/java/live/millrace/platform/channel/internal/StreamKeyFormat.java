// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel.internal;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The shape of a key: {@code mr_}, 8 characters that name it, 26 that keep it secret; 5 random bits each. */
final class StreamKeyFormat {
    static final String MARK = "mr_";
    static final int PREFIX = 8;
    static final int SECRET = 26;

    /** Base 32 of RFC 4648, in small letters. */
    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";

    private static final Pattern SHAPE = Pattern.compile(MARK + "([a-z2-7]{" + PREFIX + "})([a-z2-7]{" + SECRET + "})");
    private static final Pattern START = Pattern.compile(MARK + "([a-z2-7]{" + PREFIX + "}).*");
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Of a passphrase: 120 random bits. */
    static final int PASSPHRASE = 24;

    private StreamKeyFormat() {}

    static String random() {
        return MARK + letters(PREFIX + SECRET);
    }

    static String randomPassphrase() {
        return letters(PASSPHRASE);
    }

    private static String letters(int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }

    /** The public part of a text in the shape of a key. */
    static Optional<String> prefix(String key) {
        Matcher matcher = SHAPE.matcher(key);
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /** The public part of a text that starts as a key does. */
    static Optional<String> prefixOfAny(String text) {
        Matcher matcher = START.matcher(text);
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    static byte[] hash(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
