// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtp.payload;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import live.millrace.media.bytes.BitReader;
import live.millrace.media.codec.MalformedMediaException;
import org.jspecify.annotations.Nullable;

/** The parameter sets of a stream as they come, by their types and ids; each that comes again takes the place of the one before. */
final class ParameterSets {
    /** Real ones have some hundred bytes. */
    private static final int MAX_BYTES = 4 << 10;

    /** Streams use one of each; whoever uses more than this is not to fill our memory. */
    private static final int MAX_SETS = 32;

    private static final int MAX_ID = 255;

    private final Map<Integer, byte[]> sets = new TreeMap<>();

    /**
     * Keeps a set.
     *
     * @return whether that changes anything
     * @throws MalformedMediaException if it is too large, or one too many
     */
    boolean put(int type, int id, byte[] set) {
        if (set.length > MAX_BYTES || id < 0 || id > MAX_ID) {
            throw new MalformedMediaException("a parameter set of " + set.length + " bytes and id " + id);
        }
        int key = type << 8 | id;
        if (Arrays.equals(sets.get(key), set)) {
            return false;
        }
        if (sets.size() == MAX_SETS && !sets.containsKey(key)) {
            throw new MalformedMediaException("more than " + MAX_SETS + " parameter sets");
        }
        sets.put(key, set);
        return true;
    }

    /** All of a type, in the order of their ids. */
    List<byte[]> of(int type) {
        List<byte[]> found = new ArrayList<>();
        sets.forEach((key, set) -> {
            if (key >> 8 == type) {
                found.add(set);
            }
        });
        return found;
    }

    /** The code at a bit position of a set, as an id; −1 when it is cut short. */
    static int idAt(byte[] set, int bit) {
        try {
            BitReader in = new BitReader(Arrays.copyOf(set, Math.min(set.length, 16)));
            in.skip(bit);
            return (int) Math.min(MAX_ID + 1, in.unsignedExpGolomb());
        } catch (IndexOutOfBoundsException e) {
            return -1;
        }
    }

    /**
     * What a session description says of them: base 64 between commas. Cameras leave it empty, half empty, put start codes in front, or
     * write something else; whatever can be read is.
     */
    static List<byte[]> described(@Nullable String sprop) {
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
