// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.FileRegion;
import io.netty.handler.codec.http.DefaultHttpContent;
import java.io.IOException;
import java.util.List;
import live.millrace.media.socket.Answers;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a stretch of pieces that lie one behind the other, in steps, each when the one before it has left: whoever reads slowly holds one
 * step of memory, and has the time for writing for each of them. The kernel sends from a file by itself where it can; else, and where the file
 * is gone, its bytes are read.
 * Confined to the event loop.
 */
final class PieceSender {
    private static final Logger LOG = LoggerFactory.getLogger(PieceSender.class);

    /** From this size on, a file is worth a system call of its own. */
    private static final int FILE_REGION_BYTES = 64 << 10;

    /** So much is on its way at a time. */
    private static final int STEP_BYTES = 1 << 20;

    /** What stands around the content. */
    interface Frame {
        /**
         * All of it came at once.
         *
         * @param content owned by the callee
         */
        void whole(ByteBuf content);

        /** The first step is there. */
        void begin();

        /** The last step has left. */
        void end();

        /** The first step is not there, and nothing was said. */
        void missing(@Nullable Throwable cause);
    }

    private final ChannelHandlerContext ctx;
    private final SharedFiles files;
    private final boolean kernel;
    private final List<? extends HttpAnswer.Content> pieces;
    private final Frame frame;
    private boolean begun;
    private int piece;
    private long at;
    private long left;

    /**
     * For one answer.
     *
     * @param kernel may send from files
     * @param sent what of the pieces; at least one byte
     */
    PieceSender(
            ChannelHandlerContext ctx,
            SharedFiles files,
            boolean kernel,
            List<? extends HttpAnswer.Content> pieces,
            Sent sent,
            Frame frame) {
        this.ctx = ctx;
        this.files = files;
        this.kernel = kernel;
        this.pieces = pieces;
        this.frame = frame;
        this.at = sent.from();
        this.left = sent.length();
    }

    void send() {
        if (left == 0) {
            frame.end();
            return;
        }
        while (at >= pieces.get(piece).size()) {
            at -= pieces.get(piece).size();
            piece++;
        }
        HttpAnswer.Content from = pieces.get(piece);
        long there = Math.min(left, from.size() - at);
        int step = (int) Math.min(there, STEP_BYTES);
        switch (from) {
            case HttpAnswer.Content.Memory(ByteBuf bytes) ->
                // What is in memory has a size that an int can count.
                write(bytes.retainedSlice(bytes.readerIndex() + Math.toIntExact(at), step));
            case HttpAnswer.Content.File file -> {
                if (!kernel || there < FILE_REGION_BYTES || !wroteRegion(file, step)) {
                    read(file.reader(), step);
                }
            }
            case HttpAnswer.Content.Fetched(long _, HttpAnswer.Reader reader) -> read(reader, step);
            case HttpAnswer.Content.Joined _ -> throw new IllegalArgumentException("pieces have no pieces");
        }
    }

    private void read(HttpAnswer.Reader reader, int step) {
        Answers.takeAtOnce(ctx.channel(), reader.read(at, step), (bytes, failure) -> {
            if (bytes == null) {
                missing(failure);
            } else {
                write(bytes);
            }
        });
    }

    /** Answers false when the file is gone: its reader knows whether its bytes are elsewhere. */
    private boolean wroteRegion(HttpAnswer.Content.File file, int step) {
        FileRegion region;
        try {
            region = files.region(file.path(), file.offset() + at, step);
        } catch (IOException gone) {
            return false;
        }
        begin();
        write(region, step);
        return true;
    }

    private void write(ByteBuf bytes) {
        int step = bytes.readableBytes();
        if (!begun && step == left) {
            frame.whole(bytes);
            return;
        }
        begin();
        write(new DefaultHttpContent(bytes), step);
    }

    private void write(Object step, int bytes) {
        at += bytes;
        left -= bytes;
        ctx.writeAndFlush(step).addListener(written -> {
            if (written.isSuccess()) {
                send();
            } else {
                ctx.close();
            }
        });
    }

    private void begin() {
        if (!begun) {
            begun = true;
            frame.begin();
        }
    }

    private void missing(@Nullable Throwable cause) {
        if (begun) {
            LOG.debug("A file went while it was sent", cause);
            ctx.close(); // the length was promised
        } else {
            frame.missing(cause);
        }
    }
}
