// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.rtmp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.List;
import live.millrace.media.amf.AmfValue;
import live.millrace.media.container.flv.FlvTagBodies;
import live.millrace.media.fanout.FeedEncoder;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.protocol.rtmp.chunk.ChunkWriter;
import live.millrace.media.protocol.rtmp.chunk.OutboundMessage;
import live.millrace.media.protocol.rtmp.message.RtmpMessage;
import live.millrace.media.protocol.rtmp.message.RtmpMessageWriter;

/**
 * Frames to RTMP chunks that every player can be sent: absolute time stamps in full headers, and the one chunk size that all of
 * them were told.
 */
final class RtmpFeedEncoder implements FeedEncoder {
    private static final int DATA_CHUNK_STREAM = 5;
    private static final int AUDIO_CHUNK_STREAM = 6;
    private static final int VIDEO_CHUNK_STREAM = 7;
    private static final int HEADER = 12;
    private static final int EXTENDED_HEADER = 16;
    private static final int EXTENDED = 0xFFFFFF;

    private final long messageStreamId;
    private final ByteBufAllocator alloc = PooledByteBufAllocator.DEFAULT;
    private List<Track> tracks = List.of();
    private long millis;

    /** @param messageStreamId that the players created: their bytes differ in it */
    RtmpFeedEncoder(long messageStreamId) {
        this.messageStreamId = messageStreamId;
    }

    @Override
    public void tracks(List<Track> newTracks) {
        tracks = newTracks;
    }

    @Override
    public void header(ByteBuf out) {
        // the conversation was the header
    }

    @Override
    public void configuration(ByteBuf out) {
        ByteBuf body = alloc.buffer();
        try {
            FlvTagBodies.metadata(tracks, body);
            // At time 0, wherever the stream is: FFmpeg takes a later one for a subtitle.
            message(DATA_CHUNK_STREAM, FlvTagBodies.SCRIPT, 0, body, out);
            for (Track track : tracks) {
                body.clear();
                FlvTagBodies.configuration(track, body);
                if (body.isReadable()) {
                    message(chunkStream(track), FlvTagBodies.type(track), millis, body, out);
                }
            }
        } finally {
            body.release();
        }
    }

    @Override
    public void frame(MediaFrame frame, ByteBuf out) {
        millis = FlvTagBodies.millis(frame);
        long stamp = millis & 0xFFFF_FFFFL;
        int chunkStream = chunkStream(frame.track());
        int type = FlvTagBodies.type(frame.track());
        int start = out.writerIndex();
        int headerSize = stamp >= EXTENDED ? EXTENDED_HEADER : HEADER;
        ByteBuf payload = frame.payload();
        out.writeZero(headerSize);
        FlvTagBodies.prefix(frame, out);
        int length = out.writerIndex() - start - headerSize + payload.readableBytes();
        if (length <= RtmpConnection.OUT_CHUNK_SIZE) {
            int end = out.writerIndex();
            out.writerIndex(start);
            ChunkWriter.header(chunkStream, stamp, length, type, messageStreamId, out);
            out.writerIndex(end);
            out.writeBytes(payload, payload.readerIndex(), payload.readableBytes());
            return;
        }
        // Longer than a chunk: key frames of a few streams, once for all who watch.
        ByteBuf body = alloc.buffer(length);
        try {
            body.writeBytes(out, start + headerSize, out.writerIndex() - start - headerSize);
            body.writeBytes(payload, payload.readerIndex(), payload.readableBytes());
            out.writerIndex(start);
            message(chunkStream, type, stamp, body, out);
        } finally {
            body.release();
        }
    }

    @Override
    public void paused(ByteBuf out) {
        status("NetStream.Play.UnpublishNotify", "The publisher left and may come back.", out);
    }

    @Override
    public void ended(ByteBuf out) {
        status("NetStream.Play.UnpublishNotify", "The stream is over.", out);
        write(RtmpMessageWriter.userControl(alloc, RtmpMessage.UserControl.STREAM_EOF, messageStreamId), out);
    }

    private void status(String code, String description, ByteBuf out) {
        write(
                RtmpMessageWriter.command(
                        alloc,
                        messageStreamId,
                        "onStatus",
                        0,
                        AmfValue.NULL,
                        AmfValue.object(
                                "level", AmfValue.of("status"),
                                "code", AmfValue.of(code),
                                "description", AmfValue.of(description))),
                out);
    }

    private static void write(OutboundMessage message, ByteBuf out) {
        try {
            ChunkWriter.message(
                    message.chunkStreamId(),
                    message.timestamp(),
                    message.typeId(),
                    message.messageStreamId(),
                    message.payload(),
                    RtmpConnection.OUT_CHUNK_SIZE,
                    out);
        } finally {
            message.payload().release();
        }
    }

    private void message(int chunkStream, int type, long stamp, ByteBuf body, ByteBuf out) {
        ChunkWriter.message(
                chunkStream, stamp & 0xFFFF_FFFFL, type, messageStreamId, body, RtmpConnection.OUT_CHUNK_SIZE, out);
    }

    private static int chunkStream(Track track) {
        return track.isVideo() ? VIDEO_CHUNK_STREAM : AUDIO_CHUNK_STREAM;
    }
}
