// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtmp.message;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;
import live.millrace.media.amf.Amf0Writer;
import live.millrace.media.amf.AmfValue;
import live.millrace.media.protocol.rtmp.RtmpMessageType;
import live.millrace.media.protocol.rtmp.chunk.OutboundMessage;

/** The messages a server sends, ready for the chunk layer. Each call allocates a payload that the encoder releases. */
public final class RtmpMessageWriter {
    /** §5.4: protocol control travels on chunk stream 2, message stream 0. */
    private static final int CONTROL_CHUNK_STREAM = 2;

    private static final int COMMAND_CHUNK_STREAM = 3;

    private RtmpMessageWriter() {}

    public static OutboundMessage setChunkSize(ByteBufAllocator alloc, int size) {
        return control(RtmpMessageType.SET_CHUNK_SIZE, alloc.buffer(4).writeInt(size));
    }

    public static OutboundMessage acknowledgement(ByteBufAllocator alloc, long sequenceNumber) {
        return control(RtmpMessageType.ACKNOWLEDGEMENT, alloc.buffer(4).writeInt((int) sequenceNumber));
    }

    public static OutboundMessage userControl(ByteBufAllocator alloc, int eventType, long data) {
        return control(
                RtmpMessageType.USER_CONTROL,
                alloc.buffer(6).writeShort(eventType).writeInt((int) data));
    }

    public static OutboundMessage windowAcknowledgementSize(ByteBufAllocator alloc, int bytes) {
        return control(
                RtmpMessageType.WINDOW_ACKNOWLEDGEMENT_SIZE, alloc.buffer(4).writeInt(bytes));
    }

    /** With limit type 2, dynamic. */
    public static OutboundMessage setPeerBandwidth(ByteBufAllocator alloc, int bytes) {
        return control(
                RtmpMessageType.SET_PEER_BANDWIDTH,
                alloc.buffer(5).writeInt(bytes).writeByte(2));
    }

    public static OutboundMessage command(
            ByteBufAllocator alloc, long messageStreamId, String name, double transactionId, AmfValue... arguments) {
        ByteBuf payload = alloc.buffer();
        Amf0Writer.write(payload, AmfValue.of(name));
        Amf0Writer.write(payload, AmfValue.of(transactionId));
        Amf0Writer.writeAll(payload, List.of(arguments));
        return new OutboundMessage(
                COMMAND_CHUNK_STREAM, RtmpMessageType.COMMAND_AMF0.id(), messageStreamId, 0, payload);
    }

    private static OutboundMessage control(RtmpMessageType type, ByteBuf payload) {
        return new OutboundMessage(CONTROL_CHUNK_STREAM, type.id(), 0, 0, payload);
    }
}
