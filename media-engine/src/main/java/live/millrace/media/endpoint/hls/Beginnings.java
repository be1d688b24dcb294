// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.hls;

import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import live.millrace.media.hub.LiveStream;
import live.millrace.media.hub.StreamState;

/** Broadcasts that somebody waits for until it is known how they are cut. Thread-safe. */
final class Beginnings {
    private final ConcurrentHashMap<UUID, CompletableFuture<LiveStream>> waiting = new ConcurrentHashMap<>();

    /** Completes when a stream can be cut, or has ended; the future is the caller's own. */
    CompletableFuture<LiveStream> wait(LiveStream live) {
        CompletableFuture<LiveStream> all = waiting.computeIfAbsent(live.broadcastId(), _ -> new CompletableFuture<>());
        changed(live); // between the caller's look and this one
        return all.copy();
    }

    /** Looks at a stream whose state changed. */
    void changed(LiveStream live) {
        if (live.targetSeconds() > 0 || live.state() == StreamState.ENDED) {
            CompletableFuture<LiveStream> all = waiting.remove(live.broadcastId());
            if (all != null) {
                all.complete(live);
            }
        }
    }
}
