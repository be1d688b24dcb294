// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.fanout;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What one flush gives to every viewer.
 *
 * @param bytes shared, read-only by agreement
 * @param randomAccessPoint it starts with one
 * @param configuration counts the changes of tracks; who has seen another number needs the header
 * @param header of that configuration, when viewers who missed it may resume here; null when the batch brings it itself
 * @param pendingLimit bytes that may wait for a viewer
 */
record Batch(
        ByteBuf bytes,
        boolean randomAccessPoint,
        int configuration,
        @Nullable ByteBuf header,
        long pendingLimit) {
    void retain() {
        bytes.retain();
        if (header != null) {
            header.retain();
        }
    }

    void release() {
        try {
            bytes.release();
        } finally {
            if (header != null) {
                header.release();
            }
        }
    }
}
