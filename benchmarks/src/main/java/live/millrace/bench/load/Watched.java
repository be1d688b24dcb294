// SPDX-License-Identifier: Apache-2.0
package live.millrace.bench.load;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.atomic.AtomicLong;

/** What players saw: messages of media, and how long pictures were under way. Thread-safe. */
final class Watched {
    /** Where a picture's time stands in its tag body: behind five bytes of tag, four of length and one of NAL unit header. */
    private static final int STAMP = 10;

    final Histogram latency = new Histogram();
    final AtomicLong messages = new AtomicLong();
    private volatile boolean measuring;

    void measure(boolean on) {
        if (on) {
            latency.clear();
            messages.set(0);
        }
        measuring = on;
    }

    void picture(ByteBuf body) {
        if (measuring) {
            messages.incrementAndGet();
            int at = body.readerIndex();
            if (body.readableBytes() > STAMP + 8 && body.getByte(at + 1) == 1) {
                latency.add((System.nanoTime() - body.getLong(at + STAMP)) / 1_000);
            }
        }
    }

    void sound() {
        if (measuring) {
            messages.incrementAndGet();
        }
    }
}
