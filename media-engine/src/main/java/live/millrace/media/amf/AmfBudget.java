// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.amf;

/** What one message may cost: a peer that nests or repeats pays with an {@link AmfException}, not with our memory. */
final class AmfBudget {
    /** Commands of encoders nest three deep; anything deeper is an attack. */
    static final int MAX_DEPTH = 16;

    /** Values of one message, all together. The largest onMetaData seen has some sixty. */
    static final int MAX_NODES = 4_096;

    /** Properties of one object. */
    static final int MAX_PROPERTIES = 1_000;

    /** Bytes of one string. */
    static final int MAX_STRING_BYTES = 65_536;

    private int nodes;

    void node(int depth) {
        if (depth > MAX_DEPTH) {
            throw new AmfException("AMF nested deeper than " + MAX_DEPTH);
        }
        if (++nodes > MAX_NODES) {
            throw new AmfException("more than " + MAX_NODES + " AMF values in a message");
        }
    }

    static void property(int count) {
        if (count > MAX_PROPERTIES) {
            throw new AmfException("more than " + MAX_PROPERTIES + " properties in an AMF object");
        }
    }

    static int stringLength(long length, int readable) {
        if (length > MAX_STRING_BYTES) {
            throw new AmfException("AMF string longer than " + MAX_STRING_BYTES + " bytes");
        }
        if (length > readable) {
            throw new AmfException("AMF string longer than its message");
        }
        return (int) length;
    }
}
