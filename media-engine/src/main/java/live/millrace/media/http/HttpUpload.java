// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;

/**
 * A request whose body has no end that anybody knows: it is handed on as it comes, and held nowhere. Nothing of it is read before
 * {@link #accept}. Everything happens on the channel's event loop.
 */
public interface HttpUpload {
    /** Decides on such a request. Called on an event loop: returns at once. */
    @FunctionalInterface
    interface Handler {
        /**
         * Begins. It answers the upload at once, or later, or accepts it.
         *
         * @param request its body is empty
         */
        Taker open(HttpRequest request, HttpUpload upload);
    }

    /** Takes the body. */
    interface Taker {
        /**
         * Takes a piece of the body.
         *
         * @param piece borrowed for the length of the call
         */
        void bytes(ByteBuf piece);

        /** The body has ended as it should: {@link HttpUpload#answer} has to follow. */
        void end();

        /** The client is gone, or broke off in the middle. Nothing comes after it. */
        void gone();
    }

    /** The connection, for its event loop. */
    Channel channel();

    /** The body may come: says so to a client that asked (RFC 9110 §10.1.1). */
    void accept();

    /**
     * The last word, whatever came of the body; the connection ends with it. Only the first counts. What still comes of the body is read
     * for a moment and forgotten, so that the client gets to read the answer.
     */
    void answer(HttpAnswer answer);
}
