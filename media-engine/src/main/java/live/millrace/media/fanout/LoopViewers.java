// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.fanout;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import live.millrace.media.bytes.Releasing;

/**
 * A feed's viewers on one event loop. The feed calls {@link #join}, {@link #send} and {@link #end} on the stream's thread; the list is
 * confined to the loop. Tasks of one loop run in the order in which they were given, so that a viewer's first bytes come first.
 */
final class LoopViewers {
    private final EventLoop loop;
    private final FanoutTallies tallies;
    private final long stalledNanos;
    private final List<Viewer> viewers = new ArrayList<>();

    /** Of the stream's thread: how many were added and have not left. */
    int count;

    LoopViewers(EventLoop loop, FanoutTallies tallies, long stalledNanos) {
        this.loop = loop;
        this.tallies = tallies;
        this.stalledNanos = stalledNanos;
    }

    private void run(Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }

    /** Adds a viewer with its first bytes; takes the buffers over. */
    void join(Viewer viewer, List<ByteBuf> first, int configuration) {
        if (loop.inEventLoop()) {
            begin(viewer, first, configuration);
            return;
        }
        boolean given = false;
        try {
            loop.execute(() -> begin(viewer, first, configuration));
            given = true;
        } finally {
            if (!given) {
                Releasing.all(first); // the loop goes down
            }
        }
    }

    private void begin(Viewer viewer, List<ByteBuf> first, int configuration) {
        if (!viewer.channel().isActive()) {
            Releasing.all(first);
            return;
        }
        viewer.begin(first, configuration);
        viewer.place = viewers.size();
        viewers.add(viewer);
    }

    /** On the loop. */
    void remove(Viewer viewer) {
        int place = viewer.place;
        if (place >= 0) {
            viewer.place = -1;
            Viewer last = viewers.removeLast();
            if (last != viewer) {
                last.place = place;
                viewers.set(place, last);
            }
        }
    }

    /** Gives a batch, which is borrowed, to all of them: one task, or none when the loop is the stream's own. */
    void send(Batch batch) {
        if (loop.inEventLoop()) {
            deliver(batch);
        } else {
            batch.retain();
            boolean given = false;
            try {
                loop.execute(() -> {
                    try {
                        deliver(batch);
                    } finally {
                        batch.release();
                    }
                });
                given = true;
            } finally {
                if (!given) {
                    batch.release(); // the loop goes down
                }
            }
        }
    }

    private void deliver(Batch batch) {
        long now = System.nanoTime();
        // Backwards: one that is closed on the way takes itself out of the list.
        int delivered = 0;
        for (int i = viewers.size() - 1; i >= 0; i--) {
            delivered += viewers.get(i).deliver(batch, now, tallies, stalledNanos) ? 1 : 0;
        }
        tallies.sent().add((long) batch.bytes().readableBytes() * delivered);
    }

    void end() {
        run(() -> List.copyOf(viewers).forEach(Viewer::end));
    }
}
