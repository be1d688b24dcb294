// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.segment;

import io.netty.buffer.UnpooledByteBufAllocator;
import java.time.Instant;
import java.util.function.Consumer;
import live.millrace.media.hub.LiveStream;

/** A broadcast in segments that a test feeds by hand, and not the stream. */
public final class HandCut {
    private HandCut() {}

    /**
     * A broadcast with a target duration of two seconds, and a wall clock that began with its media.
     *
     * @param feeder gets each segmenter that is made
     */
    public static SegmentedBroadcast of(LiveStream live, SequenceNumbers numbers, Consumer<Segmenter> feeder) {
        return new SegmentedBroadcast(
                live,
                numbers,
                FirstNumbers.LEAST,
                live::repaired,
                (first, listener) -> new Segmenter(
                        SegmenterConfig.defaults(),
                        () -> 2,
                        first.media(),
                        first.discontinuity(),
                        listener,
                        Instant.EPOCH::plusMillis,
                        UnpooledByteBufAllocator.DEFAULT),
                to -> new SegmentedBroadcast.Feed() {
                    @Override
                    public void begin() {
                        feeder.accept((Segmenter) to);
                    }

                    @Override
                    public void end() {}
                });
    }
}
