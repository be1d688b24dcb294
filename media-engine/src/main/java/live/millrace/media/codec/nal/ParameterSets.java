// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec.nal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import live.millrace.media.bytes.BitReader;
import live.millrace.media.codec.MalformedMediaException;

/** The parameter sets of a stream as they come, by their types and ids; each that comes again takes the place of the one before. */
public final class ParameterSets {
    /** Real ones have some hundred bytes. */
    private static final int MAX_BYTES = 4 << 10;

    /** Of all together: streams use one of each, and whoever uses more is not to fill our memory, nor records that are read again. */
    private static final int MAX_BYTES_OF_ALL = 48 << 10;

    private static final int MAX_ID = 255;

    private final Map<Integer, byte[]> sets = new TreeMap<>();

    /**
     * Keeps a set, which is not changed afterwards.
     *
     * @param most sets of this type
     * @return whether that changes anything
     * @throws MalformedMediaException if it is too large, or one too many
     */
    public boolean put(int type, int id, byte[] set, int most) {
        if (set.length > MAX_BYTES || id < 0 || id > MAX_ID) {
            throw new MalformedMediaException("a parameter set of " + set.length + " bytes and id " + id);
        }
        int key = type << 8 | id;
        byte[] before = sets.get(key);
        if (Arrays.equals(before, set)) {
            return false;
        }
        if (before == null && of(type).size() >= most) {
            throw new MalformedMediaException("more than " + most + " parameter sets of type " + type);
        }
        int others =
                sets.values().stream().mapToInt(known -> known.length).sum() - (before == null ? 0 : before.length);
        if (others + set.length > MAX_BYTES_OF_ALL) {
            throw new MalformedMediaException("parameter sets of more than " + MAX_BYTES_OF_ALL + " bytes");
        }
        sets.put(key, set);
        return true;
    }

    /** Whether exactly these bytes are among them: most encoders repeat theirs each second. */
    public boolean knows(byte[] set) {
        return sets.values().stream().anyMatch(known -> Arrays.equals(known, set));
    }

    /** All of a type, in the order of their ids. */
    public List<byte[]> of(int type) {
        List<byte[]> found = new ArrayList<>();
        sets.forEach((key, set) -> {
            if (key >> 8 == type) {
                found.add(set);
            }
        });
        return found;
    }

    /** The code at a bit position of a set, as an id; −1 when it is cut short. */
    public static int idAt(byte[] set, int bit) {
        try {
            BitReader in = new BitReader(Arrays.copyOf(set, Math.min(set.length, 16)));
            in.skip(bit);
            return (int) Math.min(MAX_ID + 1, in.unsignedExpGolomb());
        } catch (IndexOutOfBoundsException e) {
            return -1;
        }
    }
}
