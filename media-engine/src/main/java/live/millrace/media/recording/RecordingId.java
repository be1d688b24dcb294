// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.recording;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Pattern;

/** Names of recordings: 64 random bits as eleven characters of base64url. They say nothing, and nobody counts them. */
public final class RecordingId {
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{11}");
    private static final SecureRandom RANDOM = new SecureRandom();

    private RecordingId() {}

    /** Another name. */
    public static String fresh() {
        byte[] bytes = new byte[8];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    public static boolean isValid(String text) {
        return FORM.matcher(text).matches();
    }
}
