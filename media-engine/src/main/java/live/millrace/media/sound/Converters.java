// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.sound;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import live.millrace.media.child.ChildException;
import live.millrace.media.child.Children;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.codec.aac.Aac;
import live.millrace.media.codec.mp3.Mp3;
import live.millrace.media.frame.MediaFrame;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The children of an engine that make sound of other sound, and the program that they are. Thread-safe.
 *
 * <p>A child costs 2 to 3 percent of a core and 28 MB.
 */
public final class Converters implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Converters.class);

    /**
     * What a child does: reads FLV, whose stamps it keeps, and writes a transport stream, one packet of Opus with its stamp at a time. Without
     * buffers at either end; a frame of sound that says how it is encoded is enough to begin.
     */
    private static final List<String> WORK = List.of(
            "-nostdin",
            "-v",
            "error",
            "-probesize",
            "4096",
            "-analyzeduration",
            "1",
            "-copyts",
            "-f",
            "flv",
            "-i",
            "pipe:0",
            "-vn",
            "-ac",
            "2",
            "-ar",
            "48000",
            "-c:a",
            "libopus",
            "-b:a",
            "96k",
            "-compression_level",
            "5",
            "-frame_duration",
            "20",
            "-f",
            "mpegts",
            "-pes_payload_size",
            "0",
            "-muxdelay",
            "0",
            "-muxpreload",
            "0",
            "-flush_packets",
            "1",
            "pipe:1");

    /** A child begins within a second, on a busy machine within some. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final @Nullable Path program;
    private final Duration patience;
    private final Children children;
    private volatile boolean closed;

    /** @param program FFmpeg; empty: no sound is made of other sound */
    public Converters(Optional<Path> program) {
        this(program, 2 * Runtime.getRuntime().availableProcessors(), PATIENCE);
        if (program.isEmpty()) {
            LOG.info("Sound in AAC is not heard by viewers over WebRTC, because there is no FFmpeg");
        }
    }

    /**
     * The same with bounds of their own.
     *
     * @param most children at a time
     * @param patience so long a child may take sound and make none
     */
    Converters(Optional<Path> program, int most, Duration patience) {
        this.program = program.orElse(null);
        this.children = Children.inTime(most);
        this.patience = patience;
    }

    /** Whether sound can be made of such. */
    boolean take(TrackFormat format) {
        return program != null && (format instanceof Aac.Format || format instanceof Mp3.Format);
    }

    /** Whether there is a place for one more child. */
    boolean hasPlace() {
        return children.hasPlace();
    }

    Duration patience() {
        return patience;
    }

    /**
     * Sound that is made of a stream's, once somebody hands it some.
     *
     * @param owner the stream's thread
     * @param taker given what was made, on that thread; borrowed
     */
    public ConvertedSound convert(Executor owner, Consumer<MediaFrame> taker) {
        return new ConvertedSound(this, owner, taker);
    }

    /** Starts a child; empty when there are too many, or it does not start. Blocks for a moment: not on an event loop. */
    Optional<Process> start() {
        Path found = program;
        if (found == null) {
            return Optional.empty();
        }
        List<String> command = new ArrayList<>(List.of(found.toString()));
        command.addAll(WORK);
        try {
            Optional<Process> child = children.open(command);
            if (child.isEmpty() && !closed) {
                LOG.warn(
                        "A stream is without sound for viewers by WebRTC: as many programs as may work on sound do so already");
            }
            return child;
        } catch (ChildException e) {
            LOG.warn("A stream is without sound for viewers by WebRTC: {} failed: {}", found, e.getMessage());
            return Optional.empty();
        }
    }

    /** How many children there are. */
    public int running() {
        return children.running();
    }

    /** Kills them all. */
    @Override
    public void close() {
        closed = true;
        children.close();
    }
}
