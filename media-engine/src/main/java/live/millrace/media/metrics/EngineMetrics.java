// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.internal.PlatformDependent;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.ToIntFunction;
import live.millrace.media.access.PlayRefusal;
import live.millrace.media.admission.PublishTallies;
import live.millrace.media.endpoint.Endpoint;
import live.millrace.media.endpoint.Meters;
import live.millrace.media.fanout.Feeds;
import live.millrace.media.frame.Repair;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.hub.StreamRegistry;
import live.millrace.media.hub.StreamState;
import live.millrace.media.recording.Recorder;
import live.millrace.media.tally.Tally;

/**
 * All meters of an engine. No label holds a name or an address: their number is fixed.
 *
 * @param viewers of a stream
 * @param feeds what writes to players that hold a socket
 * @param publishing what became of those who wanted to publish
 * @param notPlayed why viewers were refused
 * @param endpoints tell what they count themselves
 * @param recorder tells what is recorded, if anything is
 * @param sources tells what is fetched
 * @param loopStalls how often an event loop was held up
 */
public record EngineMetrics(
        StreamRegistry registry,
        ToIntFunction<StreamPath> viewers,
        Feeds feeds,
        PublishTallies publishing,
        Tally<PlayRefusal> notPlayed,
        List<Endpoint> endpoints,
        Optional<Recorder> recorder,
        Consumer<Meters> sources,
        LongSupplier loopStalls)
        implements MeterBinder {
    @Override
    public void bindTo(MeterRegistry meters) {
        for (StreamState state : StreamState.values()) {
            if (state != StreamState.ENDED) {
                Gauge.builder(
                                "millrace.streams",
                                registry,
                                r -> r.streams().stream()
                                        .filter(stream -> stream.state() == state)
                                        .count())
                        .description("streams that are not offline")
                        .tag("state", MicrometerMeters.label(state))
                        .register(meters);
            }
        }
        Gauge.builder(
                        "millrace.viewers",
                        registry,
                        r -> r.streams().stream()
                                .mapToInt(stream -> viewers.applyAsInt(stream.path()))
                                .sum())
                .description("viewers of all streams")
                .register(meters);
        for (Repair repair : Repair.values()) {
            FunctionCounter.builder(
                            "millrace.media.repairs", registry, r -> r.repairs().of(repair))
                    .description("frames, tags and clocks that were mended or dropped")
                    .tag("kind", repair.label())
                    .register(meters);
        }
        Meters counts = new MicrometerMeters(meters);
        counts.tally("millrace.publish.refused", "cause", "publish attempts that were refused", publishing.refusals());
        counts.tally("millrace.publish.ended", "cause", "publish sessions that ended", publishing.ends());
        counts.tally("millrace.play.refused", "cause", "requests to watch that were refused", notPlayed);
        endpoints.forEach(each -> each.meters(counts));
        fanout(meters, counts);
        recorder.ifPresent(each -> recording(meters, counts, each));
        sources.accept(counts);
        FunctionCounter.builder("millrace.loop.stalls", loopStalls, LongSupplier::getAsLong)
                .description("event loops held up for more than 100 ms")
                .register(meters);
        Gauge.builder("millrace.memory.direct", PlatformDependent::usedDirectMemory)
                .description("direct memory in use by sockets and media")
                .baseUnit("bytes")
                .register(meters);
        Gauge.builder("millrace.memory.pooled", PooledByteBufAllocator.DEFAULT.metric(), pool ->
                        (double) pool.usedDirectMemory())
                .description("direct memory that the pool holds")
                .baseUnit("bytes")
                .register(meters);
    }

    private static void recording(MeterRegistry meters, Meters counts, Recorder recorder) {
        counts.gauge("millrace.recording.running", "recordings that go on", recorder, Recorder::count);
        counts.bytes(
                "millrace.recording.written",
                "written to recordings",
                recorder.tallies().written());
        FunctionCounter.builder(
                        "millrace.recording.parts.dropped", recorder.tallies().dropped(), LongAdder::sum)
                .description("parts of recorded broadcasts that were not kept")
                .register(meters);
        FunctionCounter.builder("millrace.recording.errors", recorder.tallies().failures(), LongAdder::sum)
                .description("how often the disk failed a recording")
                .register(meters);
        counts.gauge("millrace.recording.untold", "what the index has not heard", recorder, Recorder::untold);
        Gauge.builder("millrace.recording.queue", recorder, Recorder::waitingBytes)
                .description("parts that wait for the disk")
                .baseUnit("bytes")
                .register(meters);
        Gauge.builder("millrace.recording.free", recorder, Recorder::free)
                .description("free on the disk of the recordings")
                .baseUnit("bytes")
                .register(meters);
    }

    private void fanout(MeterRegistry meters, Meters counts) {
        counts.gauge("millrace.fanout.viewers.open", "players that hold a socket", feeds, Feeds::viewers);
        counts.gauge(
                "millrace.fanout.sounds",
                "programs that make sound anew, for players that do not know a stream's own",
                feeds,
                Feeds::sounds);
        counts.tally(
                "millrace.fanout.viewers",
                "outcome",
                "what became of players that hold a socket",
                feeds.tallies().viewers());
        FunctionCounter.builder("millrace.fanout.flushes", feeds.tallies().flushes(), LongAdder::sum)
                .description("batches of frames that were written, each to all its viewers")
                .register(meters);
        counts.bytes(
                "millrace.fanout.sent",
                "handed to the sockets of players",
                feeds.tallies().sent());
    }
}
