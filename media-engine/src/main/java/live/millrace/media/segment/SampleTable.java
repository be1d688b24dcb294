// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.segment;

import java.util.Arrays;

/** Where the access units of a segment lie in its bytes, and when they are: five numbers each, in one array. Written once, then read. */
public final class SampleTable {
    private static final int FIELDS = 5;
    private static final int FIRST_CAPACITY = 64;

    private int[] fields = new int[FIELDS * FIRST_CAPACITY];
    private int size;

    void add(int offset, int bytes, int duration, int compositionTimeOffset, boolean sync) {
        int at = size * FIELDS;
        if (at == fields.length) {
            fields = Arrays.copyOf(fields, fields.length * 2);
        }
        fields[at] = offset;
        fields[at + 1] = bytes;
        fields[at + 2] = duration;
        fields[at + 3] = compositionTimeOffset;
        fields[at + 4] = sync ? 1 : 0;
        size++;
    }

    /** Access units. */
    public int size() {
        return size;
    }

    int offset(int index) {
        return fields[index * FIELDS];
    }

    int bytes(int index) {
        return fields[index * FIELDS + 1];
    }

    int duration(int index) {
        return fields[index * FIELDS + 2];
    }

    int compositionTimeOffset(int index) {
        return fields[index * FIELDS + 3];
    }

    boolean sync(int index) {
        return fields[index * FIELDS + 4] != 0;
    }
}
