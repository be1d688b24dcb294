// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.rtmp;

import java.util.LinkedHashMap;
import java.util.Map;
import live.millrace.media.amf.AmfValue;
import live.millrace.media.codec.CodecEntry;
import live.millrace.media.codec.table.CodecTable;

/**
 * What {@code connect} negotiates beyond RTMP 1.0 (Enhanced RTMP v2, "Enhancing NetConnection connect"). Only told to those who
 * ask; nothing depends on it but the reconnect request, since OBS sends enhanced codecs and declares none.
 *
 * @param asks the peer speaks of Enhanced RTMP at all
 * @param capsEx the peer's {@code capsEx} bits
 */
record ConnectCapabilities(boolean asks, int capsEx) {
    static final ConnectCapabilities NONE = new ConnectCapabilities(false, 0);

    private static final int RECONNECT = 1;
    private static final int MULTITRACK = 2;
    private static final int MOD_EX = 4;

    /** Bits of the FourCC maps: frames are taken and handed on as they are. */
    private static final int CAN_FORWARD = 4;

    private static final AmfValue VIDEO = fourCcs(CodecEntry.Video.class);
    private static final AmfValue AUDIO = fourCcs(CodecEntry.Audio.class);

    static ConnectCapabilities of(AmfValue.Obj connect) {
        boolean asks = connect.properties().containsKey("capsEx")
                || connect.properties().containsKey("fourCcList")
                || connect.properties().containsKey("videoFourCcInfoMap")
                || connect.properties().containsKey("audioFourCcInfoMap");
        return new ConnectCapabilities(asks, (int) connect.number("capsEx").orElse(0));
    }

    /** It can be asked to come back later. */
    boolean reconnects() {
        return (capsEx & RECONNECT) != 0;
    }

    /** What the answer to {@code connect} says; nothing to those who did not ask. */
    Map<String, AmfValue> answer() {
        if (!asks) {
            return Map.of();
        }
        Map<String, AmfValue> answer = new LinkedHashMap<>();
        answer.put("capsEx", AmfValue.of(RECONNECT | MULTITRACK | MOD_EX));
        answer.put("videoFourCcInfoMap", VIDEO);
        answer.put("audioFourCcInfoMap", AUDIO);
        return answer;
    }

    private static AmfValue fourCcs(Class<? extends CodecEntry> kind) {
        Map<String, AmfValue> map = new LinkedHashMap<>();
        CodecTable.ALL.entries().stream()
                .filter(kind::isInstance)
                .flatMap(codec -> codec.flv().fourCc().stream())
                .forEach(fourCc -> map.put(fourCc.text(), AmfValue.of(CAN_FORWARD)));
        return new AmfValue.Obj(map);
    }
}
