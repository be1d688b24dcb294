// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.Optional;

/**
 * What of a request its answer depends on.
 *
 * @param keepAlive the connection goes on when the answer has left
 * @param head the client wants the head of the answer alone (RFC 9110 §9.3.2)
 * @param exclusive the answer is for this client alone: no cache keeps it, and its address is told to nobody
 * @param lease how long caches keep it, where its address says that; it is told to nobody either
 */
record Asked(HttpHeaders headers, boolean keepAlive, boolean head, boolean exclusive, Optional<Lease> lease) {
    Asked(HttpHeaders headers, boolean keepAlive, boolean head, boolean exclusive) {
        this(headers, keepAlive, head, exclusive, Optional.empty());
    }

    /** The same, and nothing after it. */
    Asked last() {
        return new Asked(headers, false, head, exclusive, lease);
    }

    /** The same, for this client alone. */
    Asked alone() {
        return exclusive ? this : new Asked(headers, keepAlive, head, true);
    }

    /** The same, by one who passed. */
    Asked by(Gate.Passage.Held passage) {
        if (passage.lease().isPresent()) {
            return new Asked(headers, keepAlive, head, false, passage.lease());
        }
        return passage.exclusive() ? alone() : this;
    }
}
