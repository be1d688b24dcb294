// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.FileRegion;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import live.millrace.media.socket.Answers;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends a stretch of a content in slices, each when the one before has left: a client that is slow costs one slice. On its event loop. */
final class SliceSender {
    private static final Logger LOG = LoggerFactory.getLogger(SliceSender.class);

    private final ChannelHandlerContext ctx;
    private final SharedFiles files;
    private final boolean inMemory;
    private final List<HttpAnswer.Content> parts;
    private long skip;
    private long left;
    private int next;

    /**
     * Sends nothing yet.
     *
     * @param inMemory the kernel cannot send files by itself
     * @param sent what of the content is asked for
     */
    SliceSender(
            ChannelHandlerContext ctx, SharedFiles files, boolean inMemory, List<HttpAnswer.Content> parts, Sent sent) {
        this.ctx = ctx;
        this.files = files;
        this.inMemory = inMemory;
        this.parts = parts;
        this.skip = sent.from();
        this.left = sent.length();
    }

    /** @param done is told of the last write */
    void send(Consumer<ChannelFuture> done) {
        if (left == 0) {
            done.accept(ctx.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT));
            return;
        }
        HttpAnswer.Content part = parts.get(next);
        if (skip >= part.size()) {
            skip -= part.size();
            next++;
            send(done);
            return;
        }
        switch (part) {
            case HttpAnswer.Content.Memory(ByteBuf bytes) -> {
                int length = (int) Math.min(left, part.size() - skip);
                ByteBuf piece = bytes.slice(bytes.readerIndex() + (int) skip, length);
                took(length);
                write(new DefaultHttpContent(piece.retain()), done);
            }
            case HttpAnswer.Content.File file -> sendFile(file, done);
            case HttpAnswer.Content.Slices _ -> throw new IllegalArgumentException("slices of slices");
        }
    }

    private void took(long length) {
        skip += length;
        left -= length;
    }

    private void sendFile(HttpAnswer.Content.File file, Consumer<ChannelFuture> done) {
        long length = Math.min(left, file.size() - skip);
        if (!inMemory && length >= ResponseWriter.FILE_REGION_BYTES) {
            try {
                FileRegion region = files.region(file.path(), file.offset() + skip, length);
                took(length);
                write(region, done);
            } catch (IOException gone) {
                giveUp(gone);
            }
            return;
        }
        int piece = (int) Math.min(length, ResponseWriter.PIECE_BYTES);
        long from = skip;
        took(piece);
        Answers.takeAtOnce(ctx.channel(), file.reader().read(from, piece), (bytes, failure) -> {
            if (bytes == null) {
                giveUp(failure);
            } else {
                write(new DefaultHttpContent(bytes), done);
            }
        });
    }

    private void write(Object content, Consumer<ChannelFuture> done) {
        ctx.writeAndFlush(content).addListener(written -> {
            if (written.isSuccess()) {
                send(done);
            } else {
                ctx.close();
            }
        });
    }

    /** The length was promised. */
    private void giveUp(@Nullable Throwable cause) {
        LOG.debug("A slice went while it was sent", cause);
        ctx.close();
    }
}
