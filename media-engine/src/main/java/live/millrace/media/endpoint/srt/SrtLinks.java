// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.srt;

import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import live.millrace.media.endpoint.Meters;

/** How the lines of all connections are now, as one figure each: a label for each connection would grow for ever. Thread-safe. */
final class SrtLinks {
    /** What was seen of one within the last second. */
    private record Link(OptionalLong roundTripMicros, OptionalLong bufferedMicros) {}

    private final Map<Object, Link> all = new ConcurrentHashMap<>();

    /**
     * A connection was looked at.
     *
     * @param of names it
     * @param roundTripMicros empty where it is not measured yet
     * @param bufferedMicros media that waits for what is missing; empty of one who plays
     */
    void seen(Object of, OptionalLong roundTripMicros, OptionalLong bufferedMicros) {
        all.put(of, new Link(roundTripMicros, bufferedMicros));
    }

    /** A connection is over. */
    void gone(Object of) {
        all.remove(of);
    }

    void meters(Meters meters) {
        meters.gauge(
                "millrace.srt.round.trip.mean.seconds",
                "round trip of all connections of SRT, on average",
                this,
                links -> mean(links.roundTrips()));
        meters.gauge(
                "millrace.srt.round.trip.max.seconds",
                "the longest round trip of a connection of SRT",
                this,
                links -> max(links.roundTrips()));
        meters.gauge(
                "millrace.srt.buffer.mean.seconds",
                "media that waits for lost packets, of all publishers by SRT on average",
                this,
                links -> mean(links.buffers()));
        meters.gauge(
                "millrace.srt.buffer.max.seconds",
                "media that waits for lost packets, of the publisher by SRT with the most of it",
                this,
                links -> max(links.buffers()));
    }

    private LongStream roundTrips() {
        return all.values().stream().map(Link::roundTripMicros).flatMapToLong(OptionalLong::stream);
    }

    private LongStream buffers() {
        return all.values().stream().map(Link::bufferedMicros).flatMapToLong(OptionalLong::stream);
    }

    private static double mean(LongStream micros) {
        return micros.average().orElse(0) / TimeUnit.SECONDS.toMicros(1);
    }

    private static double max(LongStream micros) {
        return (double) micros.max().orElse(0) / TimeUnit.SECONDS.toMicros(1);
    }
}
