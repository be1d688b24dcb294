// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtmp.chunk;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.collection.IntObjectHashMap;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import live.millrace.media.bytes.Releasing;
import live.millrace.media.protocol.rtmp.RtmpProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * Chunks to {@link RawMessage}s (RTMP 1.0 §5.3.1). Set Chunk Size and Abort, which speak to this layer, are obeyed here
 * and not passed on. Memory grows with the bytes that came, never with a length that was declared.
 *
 * <p>Fails with {@link RtmpProtocolException}; discards everything after that.
 */
public final class ChunkDecoder extends ChannelInboundHandlerAdapter {
    private static final int EXTENDED = 0xFFFFFF;
    private static final int FIRST_ALLOCATION = 4 << 10;
    private static final int LOW_STREAMS = 16;

    /** The ids that encoders use; the others stand in the map. */
    private final @Nullable ChunkStream[] lowStreams = new ChunkStream[LOW_STREAMS];

    private final IntObjectHashMap<ChunkStream> highStreams = new IntObjectHashMap<>(0);
    private int streams;
    private final IntConsumer received;
    private ChunkLimits limits = ChunkLimits.STRANGER;
    private int chunkSize = ChunkLimits.DEFAULT_CHUNK_SIZE;
    private int partialBytes;
    private boolean failed;
    private boolean removed;

    /** The beginning of a chunk whose rest has not come. */
    private @Nullable ByteBuf rest;

    /** A decoder that tells nobody how much came. */
    public ChunkDecoder() {
        this(_ -> {});
    }

    /** @param received told how many bytes came with each read, as acknowledgements count them (§5.4.3) */
    public ChunkDecoder(IntConsumer received) {
        this.received = received;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof ByteBuf read)) {
            ctx.fireChannelRead(message);
            return;
        }
        int arrived = read.readableBytes();
        ByteBuf bytes = cumulated(ctx, read);
        try {
            received.accept(arrived);
            decode(ctx, bytes);
        } catch (RtmpProtocolException e) {
            failed = true;
            ctx.fireExceptionCaught(e);
        } finally {
            if (bytes.isReadable() && !failed && !removed) {
                rest = bytes;
            } else {
                bytes.release();
            }
        }
    }

    /** What is left of before and what was read, which is taken over. After a failure, what is left of before still stands in its field. */
    private ByteBuf cumulated(ChannelHandlerContext ctx, ByteBuf read) {
        ByteBuf before = rest;
        ByteBuf bytes = before == null
                ? read
                : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), before.discardSomeReadBytes(), read);
        rest = null;
        return bytes;
    }

    /** Puts other limits in force for what follows. On the channel's event loop. */
    public void limits(ChunkLimits newLimits) {
        limits = newLimits;
    }

    private void decode(ChannelHandlerContext ctx, ByteBuf in) {
        while (in.isReadable() && !failed && !removed) {
            int start = in.readerIndex();
            if (!chunk(ctx, in)) {
                in.readerIndex(start);
                return;
            }
        }
    }

    /** Reads one chunk. Changes nothing and answers false when it is not there as a whole. */
    private boolean chunk(ChannelHandlerContext ctx, ByteBuf in) {
        int first = in.readUnsignedByte();
        int format = first >> 6;
        int id = first & 0x3F;
        if (id < 2) {
            // §5.3.1.1: 0 says one more byte, 1 says two, least significant first
            if (in.readableBytes() < 1 + id) {
                return false;
            }
            id = id == 0 ? in.readUnsignedByte() + 64 : in.readUnsignedShortLE() + 64;
        }
        ChunkStream stream = stream(id);
        boolean known = stream != null && stream.known;
        boolean unfinished = stream != null && stream.unfinished();
        if (format != 3 && unfinished) {
            throw new RtmpProtocolException("a new message header inside an unfinished message");
        }
        if (format >= 2 && !known) {
            throw new RtmpProtocolException("a chunk stream that starts without a full header");
        }
        int headerBytes = format == 0 ? 11 : format == 1 ? 7 : format == 2 ? 3 : 0;
        if (in.readableBytes() < headerBytes) {
            return false;
        }
        int field = format == 3 ? 0 : in.readUnsignedMedium();
        int length = stream == null ? 0 : stream.length;
        int typeId = stream == null ? 0 : stream.typeId;
        long messageStreamId = stream == null ? 0 : stream.messageStreamId;
        if (format <= 1) {
            length = in.readUnsignedMedium();
            typeId = in.readUnsignedByte();
            if (format == 0) {
                messageStreamId = in.readUnsignedIntLE();
            }
        }
        boolean extended = format == 3 ? stream != null && stream.extended : field == EXTENDED;
        long stamp = field;
        if (extended) {
            if (in.readableBytes() < 4) {
                return false;
            }
            long value = in.getUnsignedInt(in.readerIndex());
            // The specification repeats the field in a continuation; librtmp and OBS before 2024 do not. Only bytes
            // that
            // equal the value in force can be the repetition.
            boolean repetition = !unfinished || (stream != null && value == stream.extendedValue);
            if (repetition) {
                in.skipBytes(4);
                stamp = value;
            }
        }
        int missing = unfinished && stream != null ? stream.missing() : length;
        int size = Math.min(missing, chunkSize);
        if (in.readableBytes() < size) {
            check(typeId, length);
            return false;
        }
        if (stream == null) {
            stream = newStream(id);
        }
        if (!unfinished) {
            check(typeId, length);
            stream.length = length;
            stream.typeId = typeId;
            stream.messageStreamId = messageStreamId;
            stream.extended = extended;
            if (extended) {
                stream.extendedValue = stamp;
            }
            switch (format) {
                case 0 -> stream.absolute(stamp);
                case 1, 2 -> stream.advance(stamp);
                default -> stream.repeat();
            }
            stream.known = true;
        }
        payload(ctx, in, stream, size);
        return true;
    }

    private @Nullable ChunkStream stream(int id) {
        return id >= 0 && id < LOW_STREAMS ? lowStreams[id] : highStreams.get(id);
    }

    private ChunkStream newStream(int id) {
        if (streams >= ChunkLimits.MAX_CHUNK_STREAMS) {
            throw new RtmpProtocolException("more than " + ChunkLimits.MAX_CHUNK_STREAMS + " chunk streams");
        }
        streams++;
        ChunkStream stream = new ChunkStream();
        if (id < LOW_STREAMS) {
            lowStreams[id] = stream;
        } else {
            highStreams.put(id, stream);
        }
        return stream;
    }

    private void check(int typeId, int length) {
        if (length > limits.of(typeId)) {
            throw new RtmpProtocolException(
                    "a message of " + length + " bytes, more than the " + limits.of(typeId) + " allowed");
        }
    }

    private void payload(ChannelHandlerContext ctx, ByteBuf in, ChunkStream stream, int size) {
        ByteBuf partial = stream.partial;
        if (partial == null) {
            partial = ctx.alloc().buffer(size == stream.length ? size : Math.max(size, FIRST_ALLOCATION));
            stream.partial = partial;
        }
        partial.writeBytes(in, size);
        partialBytes += size;
        if (stream.missing() > 0) {
            if (partialBytes > limits.maxPartialBytes()) {
                throw new RtmpProtocolException(
                        "more than " + limits.maxPartialBytes() + " bytes in unfinished messages");
            }
            return;
        }
        partialBytes -= stream.length;
        stream.partial = null;
        complete(ctx, new RawMessage(stream.typeId, stream.messageStreamId, stream.timestamp, partial));
    }

    private void complete(ChannelHandlerContext ctx, RawMessage message) {
        ByteBuf payload = message.payload();
        switch (message.type()) {
            case SET_CHUNK_SIZE -> {
                try {
                    setChunkSize(payload);
                } finally {
                    payload.release();
                }
            }
            case ABORT -> {
                try {
                    if (payload.readableBytes() >= 4) {
                        abort(payload.readInt());
                    }
                } finally {
                    payload.release();
                }
            }
            default -> ctx.fireChannelRead(message);
        }
    }

    /** §5.4.1: the top bit is zero, the size at least 1. */
    private void setChunkSize(ByteBuf payload) {
        if (payload.readableBytes() < 4) {
            throw new RtmpProtocolException("Set Chunk Size without a size");
        }
        int size = payload.readInt();
        if (size < 1) {
            throw new RtmpProtocolException("a chunk size of " + Integer.toUnsignedString(size));
        }
        chunkSize = Math.min(size, ChunkLimits.MAX_CHUNK_SIZE);
    }

    /** §5.4.2: drops what came of a message; an unknown stream is none of our business. */
    private void abort(int id) {
        ChunkStream stream = stream(id);
        if (stream != null) {
            drop(stream);
        }
    }

    private void drop(ChunkStream stream) {
        @Nullable ByteBuf partial = stream.partial;
        if (partial != null) {
            stream.partial = null;
            partialBytes -= partial.readableBytes();
            partial.release();
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        removed = true;
        List<ByteBuf> left = new ArrayList<>();
        if (rest != null) {
            left.add(rest);
            rest = null;
        }
        for (ChunkStream stream : lowStreams) {
            if (stream != null && stream.partial != null) {
                left.add(stream.partial);
                stream.partial = null;
            }
        }
        for (ChunkStream stream : highStreams.values()) {
            if (stream.partial != null) {
                left.add(stream.partial);
                stream.partial = null;
            }
        }
        partialBytes = 0;
        Releasing.all(left);
    }
}
