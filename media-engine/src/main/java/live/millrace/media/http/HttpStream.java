// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An answer without an end: over HTTP a body that goes on, over a WebSocket binary messages. */
public sealed interface HttpStream {
    /** Decides on a request for a stream. Called on an event loop: returns at once. */
    @FunctionalInterface
    interface Handler {
        /**
         * Decides.
         *
         * @param request {@linkplain HttpRequest#wantsWebSocket tells} whether it asks for a WebSocket
         */
        CompletionStage<HttpStream> open(HttpRequest request);
    }

    /** Writes the stream. */
    @FunctionalInterface
    interface Source {
        /**
         * Begins, on the channel's event loop.
         *
         * @param out where bytes are written
         * @param framing what each buffer becomes before it is written; null when it is written as it is. Over a WebSocket the bytes
         *     are whole frames already
         */
        void begin(ChannelHandlerContext out, @Nullable Function<ByteBuf, Object> framing);
    }

    /** There is no stream; the answer says why. */
    record Refused(HttpAnswer answer) implements HttpStream {}

    /** It starts. */
    record Accepted(String contentType, Source source) implements HttpStream {}
}
