// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.access;

import java.nio.charset.StandardCharsets;

/**
 * What both sides of an encrypted connection know. As secret as a {@link StreamKey}: {@link #toString()} hides it and {@link #text()} is the
 * one way to its characters.
 *
 * @param text {@value #SHORTEST} to {@value #LONGEST} bytes of UTF-8, as SRT has them
 */
public record Passphrase(String text) {
    public static final int SHORTEST = 10;
    public static final int LONGEST = 79;

    public Passphrase {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes < SHORTEST || bytes > LONGEST) {
            throw new IllegalArgumentException("a passphrase has " + SHORTEST + " to " + LONGEST + " bytes");
        }
    }

    @Override
    public String toString() {
        return "Passphrase[hidden]";
    }
}
