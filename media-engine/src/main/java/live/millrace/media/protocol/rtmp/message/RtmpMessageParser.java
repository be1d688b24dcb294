// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtmp.message;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import live.millrace.media.amf.Amf0Reader;
import live.millrace.media.amf.AmfException;
import live.millrace.media.amf.AmfValue;
import live.millrace.media.bytes.Releasing;
import live.millrace.media.protocol.rtmp.RtmpMessageType;
import live.millrace.media.protocol.rtmp.RtmpProtocolException;
import live.millrace.media.protocol.rtmp.chunk.RawMessage;

/** Raw messages to {@link RtmpMessage}s. Stateless. */
public final class RtmpMessageParser {
    private static final int FLV_TAG_HEADER = 11;
    private static final int BACK_POINTER = 4;

    /** The bits of a tag's first byte that are its type (FLV 10.1 §E.4.1). */
    private static final int TAG_TYPE = 0x1F;

    private RtmpMessageParser() {}

    /**
     * Parses a message and takes over its payload: it is released unless the answer carries it.
     *
     * @throws RtmpProtocolException if the message breaks the specification so that nothing after it can be trusted
     */
    public static RtmpMessage parse(RawMessage message) {
        ByteBuf payload = message.payload();
        return switch (message.type()) {
            case AUDIO -> new RtmpMessage.Audio(message.timestamp(), payload);
            case VIDEO -> new RtmpMessage.Video(message.timestamp(), payload);
            default -> {
                try {
                    yield parseBorrowed(message);
                } finally {
                    payload.release();
                }
            }
        };
    }

    private static RtmpMessage parseBorrowed(RawMessage message) {
        ByteBuf payload = message.payload();
        return switch (message.type()) {
            case ACKNOWLEDGEMENT ->
                payload.readableBytes() < 4
                        ? ignored(message)
                        : new RtmpMessage.Acknowledgement(payload.readUnsignedInt());
            case USER_CONTROL -> payload.readableBytes() < 2 ? ignored(message) : userControl(payload);
            case WINDOW_ACKNOWLEDGEMENT_SIZE ->
                payload.readableBytes() < 4
                        ? ignored(message)
                        : new RtmpMessage.WindowAcknowledgementSize(payload.readUnsignedInt());
            case SET_PEER_BANDWIDTH ->
                payload.readableBytes() < 4
                        ? ignored(message)
                        : new RtmpMessage.SetPeerBandwidth(payload.readUnsignedInt());
            case DATA_AMF3 -> {
                skipFormat(payload);
                yield data(message, payload);
            }
            case DATA_AMF0 -> data(message, payload);
            case COMMAND_AMF3 -> {
                skipFormat(payload);
                yield command(message, payload);
            }
            case COMMAND_AMF0 -> command(message, payload);
            case AGGREGATE -> aggregate(message);
            // Set Chunk Size and Abort end in the chunk layer, sound and pictures were read before.
            case SET_CHUNK_SIZE, ABORT, AUDIO, VIDEO, SHARED_OBJECT_AMF3, SHARED_OBJECT_AMF0, UNKNOWN ->
                ignored(message);
        };
    }

    private static RtmpMessage ignored(RawMessage message) {
        return new RtmpMessage.Ignored(message.typeId());
    }

    /** Types 15 to 17 start with a format byte 0 and go on in AMF0; old encoders leave the byte out. */
    private static void skipFormat(ByteBuf payload) {
        if (payload.isReadable() && payload.getByte(payload.readerIndex()) == 0) {
            payload.skipBytes(1);
        }
    }

    private static RtmpMessage userControl(ByteBuf payload) {
        int event = payload.readUnsignedShort();
        return new RtmpMessage.UserControl(event, payload.readableBytes() >= 4 ? payload.readUnsignedInt() : 0);
    }

    private static RtmpMessage command(RawMessage message, ByteBuf payload) {
        List<AmfValue> values;
        try {
            values = new Amf0Reader(payload).readAll();
        } catch (AmfException e) {
            throw new RtmpProtocolException("a command in broken AMF: " + e.getMessage());
        }
        if (values.isEmpty() || !(values.getFirst() instanceof AmfValue.Str(String name))) {
            throw new RtmpProtocolException("a command without a name");
        }
        // GStreamer and cameras leave the transaction id out or send 0: both mean "no answer wanted".
        double transactionId =
                values.size() > 1 && values.get(1) instanceof AmfValue.Num(double id) && Double.isFinite(id) ? id : 0;
        return new RtmpMessage.Command(
                message.messageStreamId(),
                name,
                transactionId,
                values.size() > 2 ? values.subList(2, values.size()) : List.of());
    }

    private static RtmpMessage data(RawMessage message, ByteBuf payload) {
        List<AmfValue> values;
        try {
            values = new Amf0Reader(payload).readAll();
        } catch (AmfException e) {
            return ignored(message); // metadata is a courtesy; no stream ends for it
        }
        if (values.isEmpty() || !(values.getFirst() instanceof AmfValue.Str(String handler))) {
            return ignored(message);
        }
        return new RtmpMessage.Data(message.timestamp(), handler, values.subList(1, values.size()));
    }

    /** §7.1.6: FLV tags; the difference between the aggregate's stamp and the first tag's is added to each. */
    private static RtmpMessage aggregate(RawMessage message) {
        ByteBuf payload = message.payload();
        List<RtmpMessage> parts = new ArrayList<>();
        long offset = 0;
        boolean first = true;
        boolean whole = false;
        try {
            while (payload.readableBytes() >= FLV_TAG_HEADER) {
                RtmpMessageType type = RtmpMessageType.of(payload.readUnsignedByte() & TAG_TYPE);
                int size = payload.readUnsignedMedium();
                long stamp = payload.readUnsignedMedium() | (long) payload.readUnsignedByte() << 24;
                payload.skipBytes(3); // stream id: the aggregate's counts
                if (size > payload.readableBytes()) {
                    throw new RtmpProtocolException("a part of an aggregate that is longer than the aggregate");
                }
                if (first) {
                    offset = message.timestamp() - stamp;
                    first = false;
                }
                long timestamp = stamp + offset & 0xFFFF_FFFFL;
                if (type == RtmpMessageType.AUDIO) {
                    parts.add(new RtmpMessage.Audio(timestamp, payload.readRetainedSlice(size)));
                } else if (type == RtmpMessageType.VIDEO) {
                    parts.add(new RtmpMessage.Video(timestamp, payload.readRetainedSlice(size)));
                } else {
                    payload.skipBytes(size);
                }
                payload.skipBytes(Math.min(BACK_POINTER, payload.readableBytes()));
            }
            whole = true;
        } finally {
            if (!whole) {
                Releasing.all(parts, RtmpMessage::release);
            }
        }
        return new RtmpMessage.Aggregate(parts);
    }
}
