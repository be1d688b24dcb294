// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.stream.Collectors;
import live.millrace.media.endpoint.rtsp.RtspConfig;
import live.millrace.media.endpoint.srt.SrtConfig;
import live.millrace.media.endpoint.webrtc.WebrtcConfig;
import live.millrace.media.testing.OpenEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Operators' dashboards and alarms know these names and labels. */
class MetricNamesTest {
    @Test
    void staysWhatOperatorsKnow(@TempDir Path directory) {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        try (MediaEngine engine = OpenEngine.start(OpenEngine.config(directory)
                .with(RtspConfig.defaults().at("127.0.0.1", 0))
                .with(SrtConfig.defaults().at("127.0.0.1", 0))
                .with(WebrtcConfig.defaults().at("127.0.0.1", 0)))) {
            engine.metrics().bindTo(meters);
            assertThat(meters.getMeters().stream()
                            .map(MetricNamesTest::line)
                            .distinct()
                            .sorted()
                            .collect(Collectors.joining("\n")))
                    .isEqualTo("""
                            millrace.fanout.flushes
                            millrace.fanout.sent
                            millrace.fanout.sounds
                            millrace.fanout.viewers outcome
                            millrace.fanout.viewers.open
                            millrace.http.answers outcome
                            millrace.http.connections.open
                            millrace.http.sent
                            millrace.loop.stalls
                            millrace.media.repairs kind
                            millrace.memory.direct
                            millrace.memory.pooled
                            millrace.play.refused cause
                            millrace.publish.ended cause
                            millrace.publish.refused cause
                            millrace.rtmp.connections outcome
                            millrace.rtmp.connections.open
                            millrace.rtmp.received
                            millrace.rtsp.connections outcome
                            millrace.rtsp.connections.open
                            millrace.rtsp.packets fate
                            millrace.rtsp.received
                            millrace.sources.attempts outcome
                            millrace.sources.failures cause
                            millrace.sources.idle
                            millrace.sources.received
                            millrace.sources.running
                            millrace.sources.starting
                            millrace.sources.stopped
                            millrace.sources.waiting
                            millrace.srt.buffer.max.seconds
                            millrace.srt.buffer.mean.seconds
                            millrace.srt.connections.open
                            millrace.srt.handshakes outcome
                            millrace.srt.packets what
                            millrace.srt.received
                            millrace.srt.round.trip.max.seconds
                            millrace.srt.round.trip.mean.seconds
                            millrace.streams state
                            millrace.viewers
                            millrace.webrtc.connections outcome
                            millrace.webrtc.connections.open
                            millrace.webrtc.packets what
                            millrace.webrtc.received
                            millrace.webrtc.sent""");
        }
    }

    private static String line(Meter meter) {
        return meter.getId().getTags().isEmpty()
                ? meter.getId().getName()
                : meter.getId().getName() + " "
                        + meter.getId().getTags().getFirst().getKey();
    }
}
