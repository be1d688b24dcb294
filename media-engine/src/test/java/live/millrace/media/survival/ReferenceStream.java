// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.survival;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import live.millrace.media.testing.HlsReader;
import live.millrace.media.testing.MediaScript;
import live.millrace.media.testing.RtmpScript;

/**
 * A healthy publisher in real time, and a viewer of its stream who notes every gap: a segment that is missing, does not come in
 * time, or cannot be fetched, and every discontinuity.
 */
final class ReferenceStream implements AutoCloseable {
    static final String CHANNEL = "reference";

    private static final long STEP_MILLIS = 40;

    /** RFC 8216bis §6.2.1: the next segment within 1.5 target durations; one poll and a busy machine of room. Players hold six seconds. */
    private static final long LATE_MILLIS = 6_000;

    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(2);
    private final RtmpScript script;
    private final HlsReader viewer;
    private final List<String> faults = new ArrayList<>();
    private long lastNumber = -1;
    private long lastNew = System.nanoTime();
    private long discontinuities = -1;
    private long seen;

    ReferenceStream(Scene scene) throws Exception {
        script = scene.publisher(CHANNEL);
        viewer = new HlsReader(scene.engine().port("http"));
        MediaScript media = new MediaScript(script).headers();
        threads.scheduleAtFixedRate(
                () -> {
                    try {
                        media.run(STEP_MILLIS, true, true);
                    } catch (Exception e) {
                        fault("the publisher was cut off: " + e);
                        throw new IllegalStateException(e);
                    }
                },
                0,
                STEP_MILLIS,
                TimeUnit.MILLISECONDS);
        scene.awaitLive(CHANNEL);
        lastNew = System.nanoTime();
        threads.scheduleWithFixedDelay(this::look, 0, 500, TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            HlsReader.Playlist playlist = viewer.playlist(CHANNEL);
            if (!playlist.isLive()) {
                fault("the playlist answered " + playlist.status());
                return;
            }
            if (discontinuities >= 0 && playlist.discontinuities() != discontinuities) {
                fault("a discontinuity");
            }
            discontinuities = playlist.discontinuities();
            long first = playlist.number("MEDIA-SEQUENCE");
            List<String> segments = playlist.segments();
            for (int i = 0; i < segments.size(); i++) {
                long number = first + i;
                if (number <= lastNumber) {
                    continue;
                }
                if (lastNumber >= 0 && number != lastNumber + 1) {
                    fault("segments " + (lastNumber + 1) + " to " + (number - 1) + " were never listed");
                }
                if (viewer.get("/live/" + segments.get(i)).statusCode() != 200) {
                    fault("segment " + number + " could not be fetched");
                }
                lastNumber = number;
                lastNew = System.nanoTime();
                synchronized (this) {
                    seen++;
                }
            }
            if (TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastNew) > LATE_MILLIS) {
                fault("no new segment for " + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastNew) + " ms");
                lastNew = System.nanoTime();
            }
        } catch (Exception e) {
            fault("the viewer failed: " + e);
        }
    }

    private synchronized void fault(String what) {
        faults.add(what);
    }

    /** What went wrong so far; empty when the viewer saw no gap. */
    synchronized List<String> faults() {
        return List.copyOf(faults);
    }

    /** Segments that the viewer has fetched. */
    synchronized long seen() {
        return seen;
    }

    @Override
    public void close() throws IOException {
        threads.shutdownNow();
        script.close();
        viewer.close();
    }
}
