// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.recording;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32C;
import live.millrace.media.hub.BroadcastIdentity;
import live.millrace.media.segment.SegmentedTrack;
import live.millrace.media.segment.TrackSegment;

/**
 * A process that records until it is killed, some times faster than media plays, and writes a line for each segment at the moment at which
 * playlists offer it: track, number, length and CRC-32C.
 */
final class Victim {
    private static final double STEP_SECONDS = 0.3;
    private static final long STEP_NANOS = 20_000_000;

    private Victim() {}

    private static final class Offering extends OnAir.Witness {
        @Override
        public void segment(SegmentedTrack track, TrackSegment segment) {
            super.segment(track, segment);
            byte[] bytes = segment(track.name(), segment.mediaSequence());
            System.out.println(track.name()
                    + ' '
                    + segment.mediaSequence()
                    + ' '
                    + bytes.length
                    + ' '
                    + sum(bytes, 0, bytes.length));
        }
    }

    static long sum(byte[] bytes, int from, int length) {
        CRC32C sum = new CRC32C();
        sum.update(bytes, from, length);
        return sum.getValue();
    }

    static RecordingIndex index(Path directory) {
        return new FileIndex(directory.resolve("index"), _ -> {});
    }

    static RecordingConfig config(Path directory) {
        RecordingConfig usual = RecordingConfig.defaults(directory.resolve("recordings"));
        return new RecordingConfig(
                usual.directory(),
                RecordingConfig.Sync.NONE,
                Duration.ofSeconds(6),
                usual.spanBytes(),
                usual.queueBytes(),
                usual.streamQueueBytes(),
                0,
                0);
    }

    /**
     * Begins when it reads a line: until then it costs the one before nothing that it starts.
     *
     * @param arguments folder, name of the broadcast, and when this process lives, by a clock that is as fast as its media
     */
    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        if (System.in.read() < 0) {
            return;
        }
        OnAir air = new OnAir(directory, index(directory), Disk.REAL, config(directory), new Offering());
        air.now = Instant.parse(arguments[2]);
        air.recorder.mend();
        air.publish(new BroadcastIdentity(
                UUID.fromString(arguments[1]), Optional.of(air.now), 0, 0, Optional.of(OnAir.ID)));
        while (true) {
            air.play(STEP_SECONDS);
            LockSupport.parkNanos(STEP_NANOS);
        }
    }
}
