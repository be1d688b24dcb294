// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.video;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import live.millrace.media.recording.RecordedSegment;
import live.millrace.media.recording.RecordedSpan;
import live.millrace.media.recording.RecordedTrack;
import live.millrace.media.recording.Recording;
import live.millrace.media.recording.Recordings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pictures per second of recorded tracks, counted in the first seconds of each of their formats: parameter sets often say nothing of it, or
 * what is not so. Thread-safe; blocks for the disk when it is asked about a track for the first time.
 */
final class FrameRates {
    private static final Logger LOG = LoggerFactory.getLogger(FrameRates.class);
    private static final int TICKS_PER_SECOND = 90_000;

    /** Time stamps of whole milliseconds are exact enough over so much of it. */
    private static final long COUNTED = 4L * TICKS_PER_SECOND;

    /** What fewer pictures make is no rate. */
    private static final int LEAST = 2;

    /** Nobody makes more per second; a clock that stood still does. */
    private static final double MOST_PER_SECOND = 1_000;

    private static final int MOST_KNOWN = 10_000;
    private static final Duration KEPT = Duration.ofHours(1);

    /**
     * What was counted.
     *
     * @param formats that the track has: another one is another answer
     */
    private record Name(String recording, String track, Set<Integer> formats) {}

    private final Recordings recordings;
    private final Cache<Name, OptionalDouble> known = Caffeine.newBuilder()
            .maximumSize(MOST_KNOWN)
            .expireAfterAccess(KEPT)
            .build();

    FrameRates(Recordings recordings) {
        this.recordings = recordings;
    }

    /** The highest rate of a track of pictures (RFC 8216 §4.3.4.2, FRAME-RATE); empty when its bytes cannot be had. */
    OptionalDouble of(Recording recording, String track) {
        Set<Integer> formats = new TreeSet<>();
        recording.spans(track).forEach(span -> formats.add(span.format()));
        Name name = new Name(recording.id(), track, formats);
        OptionalDouble there = known.getIfPresent(name);
        if (there != null) {
            return there;
        }
        try {
            OptionalDouble counted = highest(recording, track, formats);
            if (counted.isPresent()) {
                known.put(name, counted);
            }
            return counted;
        } catch (IOException e) {
            LOG.debug("Nobody knows the frame rate of {}", recording.id(), e);
            return OptionalDouble.empty();
        }
    }

    private OptionalDouble highest(Recording recording, String track, Set<Integer> formats) throws IOException {
        double most = 0;
        for (int format : formats) {
            Optional<RecordedTrack> of = recording.tracks().stream()
                    .filter(each -> each.name().equals(track) && each.format() == format)
                    .findFirst();
            Optional<RecordedSpan> first = recording.spans(track).stream()
                    .filter(span -> span.format() == format && span.segments().size() > 0)
                    .findFirst();
            if (of.isPresent() && first.isPresent()) {
                most = Math.max(most, rate(recording, first.get(), of.get().timescale()));
            }
        }
        return most > 0 ? OptionalDouble.of(most) : OptionalDouble.empty();
    }

    /** Of the first seconds of a span; 0 when it has none. */
    private double rate(Recording recording, RecordedSpan span, int timescale) throws IOException {
        long end = 0;
        long ticks = 0;
        for (RecordedSegment each : span.segments().segments()) {
            if (ticks >= COUNTED) {
                break;
            }
            ticks += each.duration();
            end = each.offset() + each.bytes();
        }
        long pictures = 0;
        long duration = 0;
        try (HeadReader reader = new HeadReader(recordings, recording, span)) {
            long at = span.segments().segments().getFirst().offset();
            for (Optional<HeadReader.Head> head = reader.at(at, end); head.isPresent(); head = reader.at(at, end)) {
                pictures += head.get().fragment().samples().size();
                duration += head.get().fragment().duration();
                at += head.get().fragment().length();
            }
        }
        double rate = duration == 0 ? 0 : (double) pictures * timescale / duration;
        return pictures < LEAST || rate > MOST_PER_SECOND ? 0 : rate;
    }
}
