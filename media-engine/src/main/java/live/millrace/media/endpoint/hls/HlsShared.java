// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.hls;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import live.millrace.media.segment.SegmentStore;

/**
 * What all streams of the endpoint share.
 *
 * @param store keeps segments that left their playlist
 * @param held counts the requests that wait for what is not there yet
 * @param folders counts the folders of the store: each stretch of demand for a broadcast has one
 */
record HlsShared(HlsConfig config, SegmentStore store, HlsTimers timers, AtomicInteger held, AtomicLong folders) {
    HlsShared(HlsConfig config, SegmentStore store, HlsTimers timers) {
        this(config, store, timers, new AtomicInteger(), new AtomicLong());
    }
}
