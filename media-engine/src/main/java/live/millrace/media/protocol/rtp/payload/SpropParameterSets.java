// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtp.payload;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The parameter sets of a session description: {@code sprop-parameter-sets} (RFC 6184 §8.1), {@code sprop-vps} and its kin (RFC 7798 §7.1). */
final class SpropParameterSets {
    private SpropParameterSets() {}

    /**
     * What a session description says of them: base 64 between commas. Cameras leave it empty, half empty, put start codes in front, or
     * write something else; whatever can be read is.
     */
    static List<byte[]> of(@Nullable String sprop) {
        List<byte[]> found = new ArrayList<>();
        if (sprop == null) {
            return found;
        }
        for (String each : sprop.split(",", -1)) {
            try {
                byte[] set = withoutStartCode(Base64.getMimeDecoder().decode(each.strip()));
                if (set.length > 1) {
                    found.add(set);
                }
            } catch (IllegalArgumentException e) {
                // no base 64: the stream will bring its own
            }
        }
        return found;
    }

    private static byte[] withoutStartCode(byte[] set) {
        int zeros = 0;
        while (zeros < set.length && set[zeros] == 0) {
            zeros++;
        }
        return zeros >= 2 && zeros < set.length && set[zeros] == 1
                ? Arrays.copyOfRange(set, zeros + 1, set.length)
                : set;
    }
}
