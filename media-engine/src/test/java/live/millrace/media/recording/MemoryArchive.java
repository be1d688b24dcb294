// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.recording;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** An archive in memory, which can be away, or take its time. */
public final class MemoryArchive implements SpanArchive {
    private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicInteger bytes = new AtomicInteger();
    private volatile boolean away;
    private volatile Optional<CountDownLatch> gate = Optional.empty();

    public void away(boolean now) {
        away = now;
    }

    /** Whoever reads from now on waits until the gate opens. */
    public void waitFor(CountDownLatch latch) {
        gate = Optional.of(latch);
    }

    /** How often it was asked. */
    public int reads() {
        return reads.get();
    }

    /** How much it gave. */
    public int bytes() {
        return bytes.get();
    }

    public void put(String object, byte[] content) {
        objects.put(object, content);
    }

    /** Takes a recording in with its heads, and leaves nothing on the disk; answers what the index says then. */
    public Recording take(Recording recording, Path store) throws IOException {
        List<RecordedSpan> away = new ArrayList<>();
        for (RecordedSpan span : recording.spans()) {
            String object = recording.object(span);
            Path file = store.resolve(object);
            objects.put(object, Files.readAllBytes(file));
            objects.put(SpanHeads.object(object), SpanHeads.of(file, span.segments()));
            Files.delete(file);
            away.add(new RecordedSpan(
                    span.track(),
                    span.ordinal(),
                    span.format(),
                    span.discontinuity(),
                    span.startMillis(),
                    span.baseDecodeTime(),
                    span.bytes(),
                    span.segments(),
                    span.closed(),
                    RecordedSpan.Copies.ARCHIVE));
        }
        return with(recording, away, Optional.empty());
    }

    /** The same with other spans, and somewhere else to fetch them. */
    public static Recording with(Recording old, List<RecordedSpan> spans, Optional<String> mirror) {
        return new Recording(
                old.id(),
                old.folder(),
                old.broadcast(),
                old.stream(),
                old.startedAt(),
                old.endedAt(),
                old.tracks(),
                spans,
                old.gaps(),
                mirror);
    }

    public void remove(String object) {
        objects.remove(object);
    }

    @Override
    public byte[] read(String object, long offset, int length, Duration deadline) throws IOException {
        byte[] all = asked(object);
        bytes.addAndGet(length);
        if (offset + length > all.length) {
            throw new NoSuchFileException(object);
        }
        return Arrays.copyOfRange(all, (int) offset, (int) offset + length);
    }

    @Override
    public byte[] readAll(String object, int most, Duration deadline) throws IOException {
        byte[] all = asked(object);
        bytes.addAndGet(all.length);
        return all;
    }

    private byte[] asked(String object) throws IOException {
        reads.incrementAndGet();
        if (gate.isPresent()) {
            try {
                gate.get().await();
            } catch (InterruptedException e) {
                throw new IOException("stopped", e);
            }
        }
        if (away) {
            throw new IOException("away");
        }
        byte[] all = objects.get(object);
        if (all == null) {
            throw new NoSuchFileException(object);
        }
        return all;
    }
}
