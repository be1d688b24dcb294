// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtmp;

import java.util.Arrays;

/** Types of messages, by their ids on the wire (RTMP 1.0 §5.4, §6.2, §7.1). */
public enum RtmpMessageType {
    SET_CHUNK_SIZE(1),
    ABORT(2),
    ACKNOWLEDGEMENT(3),
    USER_CONTROL(4),
    WINDOW_ACKNOWLEDGEMENT_SIZE(5),
    SET_PEER_BANDWIDTH(6),
    AUDIO(8),
    VIDEO(9),
    DATA_AMF3(15),
    SHARED_OBJECT_AMF3(16),
    COMMAND_AMF3(17),
    DATA_AMF0(18),
    SHARED_OBJECT_AMF0(19),
    COMMAND_AMF0(20),
    AGGREGATE(22),

    /** Every other id: no specification knows it, and peers that send it expect no answer. */
    UNKNOWN(-1);

    private static final RtmpMessageType[] BY_ID = table();

    private final int id;

    RtmpMessageType(int id) {
        this.id = id;
    }

    private static RtmpMessageType[] table() {
        RtmpMessageType[] table = new RtmpMessageType[AGGREGATE.id + 1];
        Arrays.fill(table, UNKNOWN);
        for (RtmpMessageType type : values()) {
            if (type != UNKNOWN) {
                table[type.id] = type;
            }
        }
        return table;
    }

    /** By its id, one unsigned byte. */
    public static RtmpMessageType of(int id) {
        return id >= 0 && id < BY_ID.length ? BY_ID[id] : UNKNOWN;
    }

    /** On the wire. {@link #UNKNOWN} has none. */
    public int id() {
        if (this == UNKNOWN) {
            throw new IllegalStateException("no message is of an unknown type");
        }
        return id;
    }

    /** Sound, pictures, or both in one: what may be long, and what ends a publisher's silence. */
    public boolean isMedia() {
        return this == AUDIO || this == VIDEO || this == AGGREGATE;
    }
}
