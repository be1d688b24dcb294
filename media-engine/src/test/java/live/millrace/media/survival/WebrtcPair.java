// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.survival;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import live.millrace.media.endpoint.webrtc.WhepPeer;
import live.millrace.media.endpoint.webrtc.WhipPeer;
import live.millrace.media.protocol.rtp.rtcp.RtcpPacket;
import live.millrace.media.testing.Wait;

/** A healthy publisher by WHIP in real time, and a viewer of it by WHEP who notes when pictures do not come, or somebody is sent away. */
final class WebrtcPair implements AutoCloseable {
    private static final long STEP_MILLIS = 40;
    private static final int GROUP = 25;

    /** What hangs, and not what is slow: the machine is busy with attacks. */
    private static final long LATE_MILLIS = 5_000;

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final List<String> faults = new ArrayList<>();
    private final WhipPeer publisher;
    private final WhepPeer viewer;
    private int pictures;
    private int came;
    private long lastNew;

    WebrtcPair(Scene scene) throws Exception {
        publisher = scene.whip();
        String channel = scene.channel();
        publisher.offers(Scene.KEY + channel);
        publisher.connects();
        viewer = scene.whep();
        thread.scheduleAtFixedRate(this::step, 0, STEP_MILLIS, TimeUnit.MILLISECONDS);
        Wait.until("it is on air", () -> scene.frames(channel) > 10);
        viewer.watches("/live/" + channel + "/whep");
        Wait.until("pictures come", () -> viewer.came.size() > 10);
        synchronized (this) {
            lastNew = System.nanoTime();
        }
    }

    private synchronized void step() {
        if (thread.isShutdown()) {
            return;
        }
        try {
            long millis = pictures * STEP_MILLIS;
            publisher.picture(pictures % GROUP == 0, millis, pictures % GROUP == 0 ? 8 : 1);
            publisher.sound(millis);
            pictures++;
            if (lastNew == 0) {
                return;
            }
            if (pictures % GROUP == 0) {
                viewer.says(new RtcpPacket.ReceiverReport(1, List.of()));
            }
            long late = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastNew);
            if (viewer.came.size() > came) {
                came = viewer.came.size();
                lastNew = System.nanoTime();
            } else if (late > LATE_MILLIS) {
                faults.add("nothing came for " + late + " ms");
                lastNew = System.nanoTime();
            }
        } catch (Exception e) {
            faults.add(e.toString());
            throw new IllegalStateException(e);
        }
    }

    /** What went wrong until it was closed. */
    synchronized List<String> faults() {
        return List.copyOf(faults);
    }

    int seen() {
        return viewer.came(WhepPeer.VIDEO).size();
    }

    @Override
    public synchronized void close() {
        thread.shutdownNow();
        faults.addAll(publisher.said);
        faults.addAll(viewer.said);
        publisher.saysGoodbye();
        viewer.saysGoodbye();
        publisher.close();
        viewer.close();
    }
}
