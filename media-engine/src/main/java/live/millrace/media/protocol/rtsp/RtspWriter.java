// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtsp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;

/** Writes requests, answers and the heads of frames (RFC 2326 §6, §7, §10.12). */
public final class RtspWriter {
    /** Bytes before a packet that goes between messages. */
    public static final int FRAME_HEADER = 4;

    private RtspWriter() {}

    /** Writes a request; its length stands before its body. */
    public static void write(RtspMessage.Request request, ByteBuf out) {
        line(out, request.method() + " " + request.uri() + " RTSP/1.0");
        headers(request.headers(), request.body(), out);
    }

    /** Writes an answer; its length stands before its body. */
    public static void write(RtspMessage.Response response, ByteBuf out) {
        line(out, "RTSP/1.0 " + response.status() + " " + response.reason());
        headers(response.headers(), response.body(), out);
    }

    /** Writes what stands before a packet on a channel. */
    public static void writeFrameHeader(int channel, int length, ByteBuf out) {
        out.writeByte('$').writeByte(channel).writeShort(length);
    }

    private static void headers(RtspHeaders headers, String body, ByteBuf out) {
        for (RtspHeaders.Header header : headers.lines()) {
            line(out, header.name() + ": " + header.value());
        }
        if (!body.isEmpty()) {
            line(out, "Content-Length: " + ByteBufUtil.utf8Bytes(body));
        }
        line(out, "");
        out.writeCharSequence(body, StandardCharsets.UTF_8);
    }

    private static void line(ByteBuf out, String text) {
        if (text.indexOf('\r') >= 0 || text.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("a line break inside a line");
        }
        out.writeCharSequence(text, StandardCharsets.ISO_8859_1);
        out.writeByte('\r').writeByte('\n');
    }
}
