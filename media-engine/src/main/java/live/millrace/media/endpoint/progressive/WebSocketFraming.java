// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.progressive;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.List;
import java.util.function.Consumer;
import live.millrace.media.fanout.FeedEncoder;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;

/**
 * Puts what another encoder writes into binary WebSocket frames (RFC 6455 §5.2), once for all viewers: a server's frames are not
 * masked, so that they are the same for everybody.
 */
final class WebSocketFraming implements FeedEncoder {
    private static final int FINAL_BINARY = 0x82;
    private static final int TWO_BYTES = 126;
    private static final int EIGHT_BYTES = 127;

    private final FeedEncoder inner;
    private final PooledByteBufAllocator alloc = PooledByteBufAllocator.DEFAULT;

    WebSocketFraming(FeedEncoder inner) {
        this.inner = inner;
    }

    @Override
    public void tracks(List<Track> tracks) {
        inner.tracks(tracks);
    }

    @Override
    public void header(ByteBuf out) {
        framed(inner::header, out);
    }

    @Override
    public void configuration(ByteBuf out) {
        framed(inner::configuration, out);
    }

    @Override
    public void frame(MediaFrame frame, ByteBuf out) {
        framed(to -> inner.frame(frame, to), out);
    }

    private void framed(Consumer<ByteBuf> write, ByteBuf out) {
        ByteBuf message = alloc.buffer();
        try {
            write.accept(message);
            int size = message.readableBytes();
            if (size == 0) {
                return;
            }
            out.writeByte(FINAL_BINARY);
            if (size < TWO_BYTES) {
                out.writeByte(size);
            } else if (size <= 0xFFFF) {
                out.writeByte(TWO_BYTES).writeShort(size);
            } else {
                out.writeByte(EIGHT_BYTES).writeLong(size);
            }
            out.writeBytes(message);
        } finally {
            message.release();
        }
    }
}
