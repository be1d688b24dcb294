// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtmp.message;

import io.netty.buffer.ByteBuf;
import java.util.List;
import live.millrace.media.amf.AmfValue;
import live.millrace.media.bytes.Releasing;

/** What peers say to each other once chunks are put together. Set Chunk Size and Abort end in the chunk layer. */
public sealed interface RtmpMessage {
    /** Gives back what the message carries. */
    default void release() {}

    /** Bytes received so far, modulo 2³² (§5.4.3). */
    record Acknowledgement(long sequenceNumber) implements RtmpMessage {}

    /** How many bytes the peer sends before it expects an acknowledgement (§5.4.4). */
    record WindowAcknowledgementSize(long bytes) implements RtmpMessage {}

    /** The limit type (0 hard, 1 soft, 2 dynamic) does not matter to a server (§5.4.5). */
    record SetPeerBandwidth(long bytes) implements RtmpMessage {}

    /** §7.1.7: {@code data} is the first 32-bit value behind the event type, 0 if there is none. */
    record UserControl(int eventType, long data) implements RtmpMessage {
        public static final int STREAM_BEGIN = 0;
        public static final int STREAM_EOF = 1;
        public static final int PING_REQUEST = 6;
        public static final int PING_RESPONSE = 7;
    }

    /** A command (§7.2): {@code arguments} are the values behind the transaction id, the command object first. */
    record Command(long messageStreamId, String name, double transactionId, List<AmfValue> arguments)
            implements RtmpMessage {}

    /** Script data: a handler's name and its values. */
    record Data(long timestamp, String handler, List<AmfValue> values) implements RtmpMessage {}

    /** An audio message; the payload is an FLV tag body, owned by the holder. Empty means silence. */
    record Audio(long timestamp, ByteBuf payload) implements RtmpMessage {
        @Override
        public void release() {
            payload.release();
        }
    }

    /** A video message; the payload is an FLV tag body, owned by the holder. */
    record Video(long timestamp, ByteBuf payload) implements RtmpMessage {
        @Override
        public void release() {
            payload.release();
        }
    }

    /** Several messages in one (§7.1.6); the parts own their payloads. */
    record Aggregate(List<RtmpMessage> parts) implements RtmpMessage {
        @Override
        public void release() {
            Releasing.all(parts, RtmpMessage::release);
        }
    }

    /** Shared objects, unknown types, malformed control: without meaning here, and harmless. */
    record Ignored(int typeId) implements RtmpMessage {}
}
