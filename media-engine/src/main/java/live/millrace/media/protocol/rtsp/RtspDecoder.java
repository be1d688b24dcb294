// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtsp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Bytes to {@link RtspMessage}s, in either role: requests and answers may come on the same connection, and frames of media between any two of
 * them. A frame shares the memory that was read. What is declared is bounded before it is waited for.
 *
 * <p>Fails with {@link RtspProtocolException}; discards everything after that.
 */
public final class RtspDecoder extends ChannelInboundHandlerAdapter {
    /** A request line and its headers; the longest seen, a SETUP with Digest, has 600 bytes. */
    public static final int MAX_HEAD = 16 << 10;

    /** A session description has up to 64 KiB; GET_PARAMETER of cameras has some hundred bytes. */
    public static final int MAX_BODY = 128 << 10;

    /** Lines of a head. */
    public static final int MAX_HEADERS = 64;

    private static final int FRAME_HEADER = 4;
    private static final Pattern WORDS = Pattern.compile(" +");
    private static final String VERSION = "RTSP/";

    /** The beginning of a message whose rest has not come. */
    private @Nullable ByteBuf rest;

    /** A head that waits for its body. */
    private @Nullable Head head;

    /** How much of the unread bytes is known not to end a head. */
    private int searched;

    private boolean failed;
    private boolean removed;

    private record Head(String startLine, RtspHeaders headers, int bodyLength) {}

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof ByteBuf read)) {
            ctx.fireChannelRead(message);
            return;
        }
        ByteBuf bytes = cumulated(ctx, read);
        try {
            while (!failed && !removed && decode(ctx, bytes)) {
                // the next message
            }
        } catch (RtspProtocolException e) {
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

    /** What is left of before and what was read, which is taken over. */
    private ByteBuf cumulated(ChannelHandlerContext ctx, ByteBuf read) {
        ByteBuf before = rest;
        rest = null;
        if (before == null) {
            return read;
        }
        // A frame that somebody keeps shares the bytes: then nothing may be moved below it.
        if (before.refCnt() == 1) {
            before.discardSomeReadBytes();
        }
        return ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), before, read);
    }

    /** Reads one message; false when it is not there as a whole. */
    private boolean decode(ChannelHandlerContext ctx, ByteBuf in) {
        Head waiting = head;
        if (waiting == null) {
            if (!in.isReadable()) {
                return false;
            }
            if (in.getByte(in.readerIndex()) == '$') {
                return frame(ctx, in);
            }
            waiting = head(in);
            if (waiting == null) {
                return false;
            }
            head = waiting;
        }
        if (in.readableBytes() < waiting.bodyLength) {
            return false;
        }
        head = null;
        String body =
                in.readCharSequence(waiting.bodyLength, StandardCharsets.UTF_8).toString();
        ctx.fireChannelRead(message(waiting, body));
        return true;
    }

    /** §10.12: a dollar sign, the channel, the length. */
    private static boolean frame(ChannelHandlerContext ctx, ByteBuf in) {
        int at = in.readerIndex();
        if (in.readableBytes() < FRAME_HEADER) {
            return false;
        }
        int length = in.getUnsignedShort(at + 2);
        if (in.readableBytes() < FRAME_HEADER + length) {
            return false;
        }
        int channel = in.getUnsignedByte(at + 1);
        in.skipBytes(FRAME_HEADER);
        ctx.fireChannelRead(new RtspMessage.Interleaved(channel, in.readRetainedSlice(length)));
        return true;
    }

    /** Reads up to the empty line behind the headers; null while that has not come. */
    private @Nullable Head head(ByteBuf in) {
        // §4.1 allows empty lines before a message; some cameras end bodies with them
        while (in.isReadable() && (in.getByte(in.readerIndex()) == '\r' || in.getByte(in.readerIndex()) == '\n')) {
            in.skipBytes(1);
            searched = 0;
        }
        int end = endOfHead(in);
        if (end < 0) {
            if (in.readableBytes() > MAX_HEAD) {
                throw new RtspProtocolException("a head of more than " + MAX_HEAD + " bytes");
            }
            return null;
        }
        searched = 0;
        if (end - in.readerIndex() > MAX_HEAD) {
            throw new RtspProtocolException("a head of more than " + MAX_HEAD + " bytes");
        }
        // Latin-1: each byte stays what it was, whatever a camera writes into its name.
        String text = in.readCharSequence(end - in.readerIndex(), StandardCharsets.ISO_8859_1)
                .toString();
        String[] lines = text.split("\\r?\\n", -1);
        List<RtspHeaders.Header> headers = new ArrayList<>();
        for (int i = 1; i < lines.length; i++) {
            if (!lines[i].isBlank()) {
                header(lines[i], headers);
            }
        }
        RtspHeaders all = new RtspHeaders(headers);
        return new Head(lines[0], all, bodyLength(all));
    }

    /** The index behind the first empty line; −1 while there is none. */
    private int endOfHead(ByteBuf in) {
        boolean emptySoFar = false;
        int at = in.readerIndex() + searched;
        for (; at < in.writerIndex() && at - in.readerIndex() <= MAX_HEAD + 2; at++) {
            byte value = in.getByte(at);
            if (value == '\n') {
                if (emptySoFar) {
                    return at + 1;
                }
                emptySoFar = true;
                // Searched again from here: the line that follows may be the empty one.
                searched = at - in.readerIndex();
            } else if (value != '\r') {
                emptySoFar = false;
            }
        }
        if (!emptySoFar) {
            searched = Math.max(0, at - in.readerIndex());
        }
        return -1;
    }

    private static void header(String line, List<RtspHeaders.Header> into) {
        if (into.size() == MAX_HEADERS) {
            throw new RtspProtocolException("more than " + MAX_HEADERS + " headers");
        }
        if (Character.isWhitespace(line.charAt(0)) && !into.isEmpty()) {
            RtspHeaders.Header before = into.removeLast(); // §4.2 by RFC 2068: a line may be folded
            into.add(new RtspHeaders.Header(before.name(), before.value() + " " + value(line)));
            return;
        }
        int colon = line.indexOf(':');
        if (colon < 1) {
            throw new RtspProtocolException("a header without a name");
        }
        into.add(new RtspHeaders.Header(value(line.substring(0, colon)), value(line.substring(colon + 1))));
    }

    private static String value(String text) {
        String value = text.strip();
        if (value.indexOf('\r') >= 0) {
            throw new RtspProtocolException("a line break inside a header");
        }
        return value;
    }

    private static int bodyLength(RtspHeaders headers) {
        List<String> lengths = headers.all("Content-Length").stream().distinct().toList();
        if (lengths.isEmpty()) {
            return 0;
        }
        int length;
        try {
            length = lengths.size() > 1 ? -1 : Integer.parseInt(lengths.getFirst());
        } catch (NumberFormatException e) {
            length = -1;
        }
        if (length < 0 || length > MAX_BODY) {
            throw new RtspProtocolException("a body of a length that is none, or too large");
        }
        return length;
    }

    /** §6.1, §7.1 */
    private static RtspMessage message(Head head, String body) {
        // An address is said again in answers: it must not end their lines.
        if (head.startLine.chars().anyMatch(each -> each < ' ' && each != '\t')) {
            throw new RtspProtocolException("a control character in the first line");
        }
        String[] words = WORDS.split(head.startLine.strip(), 3);
        if (words[0].startsWith(VERSION)) {
            int status = words.length < 2 ? -1 : status(words[1]);
            if (status < 0) {
                throw new RtspProtocolException("a status line without a status");
            }
            return new RtspMessage.Response(status, words.length < 3 ? "" : words[2], head.headers, body);
        }
        if (words.length < 3 || !words[2].startsWith(VERSION)) {
            throw new RtspProtocolException("neither a request nor an answer of RTSP");
        }
        return new RtspMessage.Request(words[0], words[1], head.headers, body);
    }

    private static int status(String text) {
        try {
            int status = Integer.parseInt(text);
            return status < 100 || status > 599 ? -1 : status;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        removed = true;
        ByteBuf left = rest;
        rest = null;
        if (left != null) {
            left.release();
        }
    }
}
