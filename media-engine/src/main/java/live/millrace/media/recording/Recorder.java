// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.recording;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import live.millrace.media.hub.LiveStream;
import live.millrace.media.hub.StreamListener;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.hub.StreamState;
import live.millrace.media.segment.SegmentedBroadcasts;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records broadcasts whose {@linkplain live.millrace.media.hub.BroadcastIdentity#recording identity} names a recording, from their first
 * frame. What an earlier process left is mended at the start and goes on with its broadcast. Thread-safe.
 */
public final class Recorder implements StreamListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Recorder.class);
    private static final DateTimeFormatter MONTH =
            DateTimeFormatter.ofPattern("yyyy-MM").withZone(ZoneOffset.UTC);
    private static final Duration LOOK = Duration.ofSeconds(10);
    private static final Duration TICK = Duration.ofSeconds(1);

    /** Of the disk, below which nothing new is begun, whatever the settings say. */
    private static final int TWENTIETH = 20;

    private final RecordingConfig config;
    private final Disk disk;
    private final SegmentedBroadcasts cut;
    private final InstantSource clock;
    private final long look;
    private final IndexTeller index;
    private final RecordingQueue queue;
    private final ConcurrentHashMap<String, Running> running = new ConcurrentHashMap<>();

    /** Recordings of streams whose turn to begin them has not come. */
    private final Map<LiveStream, String> starting = new HashMap<>();

    private final Mending mending;

    /** Those that are over, until the index knows it. */
    private final ConcurrentHashMap<String, Recording> ending = new ConcurrentHashMap<>();

    private final RecordingTallies tallies = RecordingTallies.none();
    private final Recordings recordings;
    private final MovieImport movies;
    private volatile boolean closing;
    private volatile boolean room = true;
    private volatile long free;
    private long lookedAt;

    /** A recording that goes on. */
    private record Running(LiveStream live, BroadcastRecording recording) {}

    /**
     * Mends what an earlier process left, and waits for broadcasts. Blocks for the disk and the index.
     *
     * @param cut where broadcasts are cut
     * @throws IllegalArgumentException when the directory cannot be had
     */
    public Recorder(RecordingConfig config, RecordingIndex heard, SegmentedBroadcasts cut, InstantSource clock) {
        this(config, heard, cut, clock, Optional.empty());
    }

    /**
     * The same.
     *
     * @param archive where spans are that are not on the disk any more
     */
    public Recorder(
            RecordingConfig config,
            RecordingIndex heard,
            SegmentedBroadcasts cut,
            InstantSource clock,
            Optional<SpanArchive> archive) {
        this(config, heard, cut, clock, archive, Disk.REAL, LOOK);
    }

    /** @param look how often the disk is looked at */
    Recorder(
            RecordingConfig config,
            RecordingIndex heard,
            SegmentedBroadcasts cut,
            InstantSource clock,
            Optional<SpanArchive> archive,
            Disk disk,
            Duration look) {
        this.look = look.toNanos();
        this.config = config;
        this.disk = disk;
        this.cut = cut;
        this.clock = clock;
        this.index = new IndexTeller(heard);
        this.queue = new RecordingQueue(config.queueBytes(), look.compareTo(TICK) < 0 ? look : TICK, this::tick);
        this.mending = new Mending(config.directory(), heard, index, this::heard);
        this.recordings = new Recordings(this, config, heard, archive);
        this.movies = new MovieImport(config, disk, heard);
        try {
            Files.createDirectories(config.directory());
        } catch (IOException e) {
            throw new IllegalArgumentException("recordings cannot be written to " + config.directory(), e);
        }
        look();
        index.start();
        queue.start();
    }

    /**
     * Mends what an earlier process left: it is kept in mind until its broadcast goes on, or {@link #finish} says that it will not. Blocks for
     * the disk and the index; an index that is away is asked again and again from here on.
     */
    public void mend() {
        mending.begin();
    }

    /** The broadcasts of recordings that were not ended and do not go on yet, as far as the index has said. */
    public List<UUID> unfinished() {
        return mending.unfinished();
    }

    /**
     * Ends a recording whose broadcast will not go on, as soon as it is mended; nothing happens when it goes on.
     *
     * @return whether it is known, or may be once the index answers
     */
    public boolean finish(UUID broadcast) {
        return mending.finish(broadcast::equals);
    }

    /** Ends all that an earlier process left, as soon as it is mended: nobody will go on with any of it. */
    public void finishLeft() {
        mending.finish(_ -> true);
    }

    // ---- broadcasts -------------------------------------------------------------------------------------------

    @Override
    public void created(LiveStream live) {
        live.identity().recording().ifPresent(id -> record(live, id));
    }

    private void record(LiveStream live, String id) {
        RecordingWriter writer = new RecordingWriter(
                config,
                disk,
                index,
                id,
                live.broadcastId(),
                live.path().toString(),
                MONTH.format(clock.instant()) + "/" + id);
        HeldTasks held = new HeldTasks(queue::add);
        if (live.identity().startedAt().isPresent()) {
            // What comes goes on with what was: it waits until that is known.
            mending.whenKnown(
                    id,
                    before -> held.release(
                            () -> before.or(() -> mending.unheard(live, id)).ifPresent(writer::goOn)));
        } else {
            mending.begun(id);
            held.release(() -> {});
        }
        BroadcastRecording recording =
                new BroadcastRecording(writer, queue, config.streamQueueBytes(), held, tallies, () -> over(id));
        if (!room) {
            LOG.warn("The disk of the recordings is full: {} is not recorded until there is room", live.path());
            queue.add(() -> writer.suspend(RecordingGap.Cause.DISK));
        }
        running.put(id, new Running(live, recording));
        cut.of(live).subscribe(recording);
    }

    /** On the thread that writes. */
    private void over(String id) {
        Running ended = running.get(id);
        if (ended == null) {
            return;
        }
        RecordingWriter writer = ended.recording().writer();
        boolean forGood = !closing;
        if (writer.end(forGood, () -> heard(id)) && forGood) {
            writer.snapshot().ifPresent(last -> ending.put(id, last));
        }
        running.remove(id);
    }

    private void heard(String id) {
        recordings.forget(id);
        ending.remove(id);
        recordings.forget(id); // asked about in between
    }

    /**
     * Records what was not, or was paused; empty when the stream is not on.
     *
     * @param id of the recording, if there is none yet
     */
    public Optional<String> start(LiveStream live, String id) {
        if (live.state() == StreamState.ENDED) {
            return Optional.empty();
        }
        synchronized (starting) {
            Optional<Running> going = find(live);
            if (going.isPresent()) {
                RecordingWriter writer = going.get().recording().writer();
                queue.add(() -> {
                    if (writer.suspended() == RecordingGap.Cause.PAUSED) {
                        writer.resume();
                    }
                });
                return Optional.of(writer.id());
            }
            String first = starting.putIfAbsent(live, id);
            if (first != null) {
                return Optional.of(first);
            }
        }
        live.onOwner(() -> {
            if (live.state() != StreamState.ENDED) {
                record(live, id);
            }
            synchronized (starting) {
                starting.remove(live);
            }
        });
        return Optional.of(id);
    }

    private Optional<Running> find(LiveStream live) {
        return running.values().stream()
                .filter(each -> each.live().equals(live))
                .findFirst();
    }

    /** Pauses the recording of a stream; answers whether there was one. */
    public boolean stop(StreamPath path) {
        Optional<Running> found = find(path);
        found.ifPresent(each -> queue.add(() -> each.recording().writer().suspend(RecordingGap.Cause.PAUSED)));
        return found.isPresent();
    }

    private Optional<Running> find(StreamPath path) {
        return running.values().stream()
                .filter(each -> each.live().path().equals(path))
                .findFirst();
    }

    // ---- what there is ----------------------------------------------------------------------------------------

    /**
     * A recording that goes on.
     *
     * @param paused why nothing is written at the moment; empty when it is
     * @param written bytes since the start of this process
     * @param dropped parts that were not kept
     */
    public record Status(
            String id,
            StreamPath path,
            Optional<RecordingGap.Cause> paused,
            Optional<Recording> recording,
            long written,
            long dropped) {}

    /** Those that go on. */
    public List<Status> statuses() {
        return running.values().stream()
                .map(each -> new Status(
                        each.recording().writer().id(),
                        each.live().path(),
                        Optional.ofNullable(each.recording().writer().suspended()),
                        each.recording().writer().snapshot(),
                        each.recording().writer().bytesWritten(),
                        each.recording().dropped()))
                .toList();
    }

    /** For those who read. */
    public Recordings recordings() {
        return recordings;
    }

    /** For those who make a recording of a file. */
    public MovieImport movies() {
        return movies;
    }

    /** What there is of a recording that goes on, or may. */
    Optional<Recording> running(String id) {
        Running found = running.get(id);
        if (found != null) {
            return found.recording().writer().snapshot();
        }
        Recording last = ending.get(id);
        return last == null ? mending.find(id) : Optional.of(last);
    }

    /** What there is of a stream's recording. */
    Optional<Recording> running(StreamPath path) {
        return find(path).flatMap(each -> each.recording().writer().snapshot());
    }

    /** How many go on. */
    public int count() {
        return running.size();
    }

    /** What was done since the start of the process. */
    public RecordingTallies tallies() {
        return tallies;
    }

    /** Bytes that wait for the disk. */
    public long waitingBytes() {
        return queue.waiting();
    }

    /** What the index has not heard. */
    public int untold() {
        return index.waiting();
    }

    /** Bytes that are free on the disk, as of the last look. */
    public long free() {
        return free;
    }

    /**
     * What tells this store from others, made when there is none: who deletes what the index does not know has to compare it first. Blocks.
     */
    public String storeId() throws IOException {
        Path file = config.directory().resolve("store-id");
        if (!Files.exists(file)) {
            Files.writeString(file, UUID.randomUUID() + "\n", StandardCharsets.US_ASCII);
        }
        return Files.readString(file, StandardCharsets.US_ASCII).strip();
    }

    // ---- the disk, on the thread that writes ------------------------------------------------------------------

    private void tick() {
        if (config.sync() == RecordingConfig.Sync.SECOND) {
            running.values().forEach(each -> each.recording().writer().force());
        }
        if (System.nanoTime() - lookedAt >= look) {
            look();
            for (Running each : running.values()) {
                RecordingWriter writer = each.recording().writer();
                if (writer.suspended() == null && free < config.stopFree()) {
                    LOG.warn(
                            "Only {} MB are free: the recording of {} is paused",
                            free >> 20,
                            each.live().path());
                    writer.suspend(RecordingGap.Cause.DISK);
                } else if (writer.suspended() == RecordingGap.Cause.DISK && free >= 2 * config.stopFree()) {
                    LOG.info("The recording of {} goes on", each.live().path());
                    writer.resume();
                }
            }
        }
    }

    private void look() {
        lookedAt = System.nanoTime();
        try {
            Disk.Space space = disk.space(config.directory());
            free = space.free();
            room = free >= Math.max(config.startFree(), Math.min(space.total() / TWENTIETH, 2 * config.startFree()));
        } catch (IOException e) {
            LOG.warn("Nobody knows how much is free in {}: {}", config.directory(), String.valueOf(e.getMessage()));
            free = 0;
            room = false;
        }
    }

    /** What ends from here on may go on in another process. */
    public void closing() {
        closing = true;
    }

    /** Writes what waits, and tells the index, for some seconds each. */
    @Override
    public void close() {
        closing = true;
        mending.close();
        queue.add(
                () -> running.values().forEach(each -> each.recording().writer().end(false, () -> {})));
        queue.close();
        index.close();
        recordings.close();
    }
}
