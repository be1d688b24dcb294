// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.internal.PlatformDependent;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.ToIntFunction;
import live.millrace.media.endpoint.rtmp.RtmpListener;
import live.millrace.media.fanout.Feeds;
import live.millrace.media.frame.Repair;
import live.millrace.media.http.HttpServer;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.hub.StreamRegistry;
import live.millrace.media.hub.StreamState;
import live.millrace.media.tally.Tally;

/**
 * All meters of an engine. No label holds a name or an address: their number is fixed.
 *
 * @param viewers of a stream
 * @param feeds what writes to players that hold a socket
 * @param loopStalls how often an event loop was held up
 */
public record EngineMetrics(
        StreamRegistry registry,
        ToIntFunction<StreamPath> viewers,
        Feeds feeds,
        RtmpListener rtmp,
        HttpServer http,
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
                        .tag("state", label(state))
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
        rtmp(meters);
        http(meters);
        fanout(meters);
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

    private void rtmp(MeterRegistry meters) {
        Gauge.builder("millrace.rtmp.connections.open", rtmp, RtmpListener::connections)
                .description("open RTMP sockets")
                .register(meters);
        tally(
                meters,
                "millrace.rtmp.connections",
                "outcome",
                "what became of RTMP sockets",
                rtmp.tallies().connections());
        tally(
                meters,
                "millrace.publish.refused",
                "cause",
                "publish attempts that were refused",
                rtmp.tallies().refusals());
        tally(
                meters,
                "millrace.publish.ended",
                "cause",
                "publish sessions that ended",
                rtmp.tallies().ends());
        bytes(
                meters,
                "millrace.rtmp.received",
                "received over RTMP",
                rtmp.tallies().received());
    }

    private void http(MeterRegistry meters) {
        Gauge.builder("millrace.http.connections.open", http, HttpServer::connections)
                .description("open HTTP sockets for media")
                .register(meters);
        tally(
                meters,
                "millrace.http.answers",
                "outcome",
                "answers to requests for media",
                http.tallies().answers());
        bytes(
                meters,
                "millrace.http.sent",
                "content sent over HTTP",
                http.tallies().sent());
    }

    private void fanout(MeterRegistry meters) {
        Gauge.builder("millrace.fanout.viewers.open", feeds, Feeds::viewers)
                .description("players that hold a socket")
                .register(meters);
        tally(
                meters,
                "millrace.fanout.viewers",
                "outcome",
                "what became of players that hold a socket",
                feeds.tallies().viewers());
        FunctionCounter.builder("millrace.fanout.flushes", feeds.tallies().flushes(), LongAdder::sum)
                .description("batches of frames that were written, each to all its viewers")
                .register(meters);
        bytes(
                meters,
                "millrace.fanout.sent",
                "handed to the sockets of players",
                feeds.tallies().sent());
    }

    private static <E extends Enum<E>> void tally(
            MeterRegistry meters, String name, String tag, String description, Tally<E> tally) {
        for (E kind : tally.kinds()) {
            FunctionCounter.builder(name, tally, counted -> counted.of(kind))
                    .description(description)
                    .tag(tag, label(kind))
                    .register(meters);
        }
    }

    private static void bytes(MeterRegistry meters, String name, String description, LongAdder adder) {
        FunctionCounter.builder(name, adder, LongAdder::sum)
                .description(description)
                .baseUnit("bytes")
                .register(meters);
    }

    private static String label(Enum<?> kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
