// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The passwords that most people choose, as lists of stolen ones count them. Kept as hashes, in 8 bytes each: of those that are on no list
 * not one in a hundred million million is taken for one that is.
 */
@Component
class CommonPasswords {
    private static final String LIST = "/passwords/common.txt";
    private static final long OFFSET = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    private volatile long @Nullable [] hashes;

    boolean contains(String folded) {
        return Arrays.binarySearch(hashes(), hash(folded)) >= 0;
    }

    int size() {
        return hashes().length;
    }

    /** Read when the first password is chosen. */
    private long[] hashes() {
        long[] known = hashes;
        if (known == null) {
            known = read();
            hashes = known;
        }
        return known;
    }

    private static long[] read() {
        try (InputStream list = CommonPasswords.class.getResourceAsStream(LIST)) {
            if (list == null) {
                throw new IllegalStateException(LIST + " is not in the program");
            }
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(list, StandardCharsets.UTF_8))) {
                return lines.lines()
                        .mapToLong(CommonPasswords::hash)
                        .sorted()
                        .distinct()
                        .toArray();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** FNV-1a, with its bits mixed once more. */
    private static long hash(String text) {
        long hash = OFFSET;
        for (byte part : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (part & 0xff)) * PRIME;
        }
        hash ^= hash >>> 32;
        hash *= 0x9e3779b97f4a7c15L;
        return hash ^ (hash >>> 29);
    }
}
