// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import io.netty.handler.codec.http.HttpHeaders;

/**
 * What of a request its answer depends on.
 *
 * @param keepAlive the connection goes on when the answer has left
 * @param head the client wants the head of the answer alone (RFC 9110 §9.3.2)
 * @param exclusive the answer is for this client alone: no cache keeps it, and its address is told to nobody
 */
record Asked(HttpHeaders headers, boolean keepAlive, boolean head, boolean exclusive) {
    /** The same, and nothing after it. */
    Asked last() {
        return new Asked(headers, false, head, exclusive);
    }

    /** The same, for this client alone. */
    Asked alone() {
        return exclusive ? this : new Asked(headers, keepAlive, head, true);
    }
}
