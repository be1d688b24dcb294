// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.testing;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails the class behind which a buffer was found that nobody released. Registered for all tests. */
public final class LeakExtension implements AfterAllCallback {
    @Override
    public void afterAll(ExtensionContext context) {
        // To collect the heap of a site takes a second: not behind those who had no buffer.
        String leak = LeakRecorder.tracked() ? find() : LeakRecorder.poll();
        if (leak != null) {
            throw new AssertionError(leak);
        }
    }

    /** Lets the collector run, and Netty look: it reports when the next buffer is allocated. */
    static @Nullable String find() {
        for (int i = 0; i < 2; i++) {
            System.gc();
            PooledByteBufAllocator.DEFAULT.directBuffer(1).release();
            PooledByteBufAllocator.DEFAULT.heapBuffer(1).release();
            UnpooledByteBufAllocator.DEFAULT.directBuffer(1).release();
            UnpooledByteBufAllocator.DEFAULT.heapBuffer(1).release();
        }
        return LeakRecorder.poll();
    }
}
