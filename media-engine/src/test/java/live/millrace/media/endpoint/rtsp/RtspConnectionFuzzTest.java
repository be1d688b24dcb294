// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.rtsp;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.Unpooled;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.nio.NioIoHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import live.millrace.media.access.PlayDecision;
import live.millrace.media.access.PlayObserver;
import live.millrace.media.access.PublishDecision;
import live.millrace.media.admission.AdmissionConfig;
import live.millrace.media.admission.PlayAdmission;
import live.millrace.media.admission.PublishAdmission;
import live.millrace.media.endpoint.EndpointContext;
import live.millrace.media.fanout.FanoutConfig;
import live.millrace.media.fanout.Feeds;
import live.millrace.media.hub.HubConfig;
import live.millrace.media.hub.LocalStreams;
import live.millrace.media.hub.StreamNaming;
import live.millrace.media.hub.StreamRegistry;
import live.millrace.media.protocol.rtsp.RtspDecoder;
import live.millrace.media.socket.Listening;
import live.millrace.media.socket.Shortage;
import live.millrace.media.testing.OpenEngine;
import live.millrace.media.testing.RtspScript;

/** Whatever comes over an RTSP connection ends in answers or its end, by no error of ours, and leaves no buffer behind. */
class RtspConnectionFuzzTest {
    private static final MultiThreadIoEventLoopGroup LOOPS =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private static final String DESCRIPTION = RtspScript.PREAMBLE + RtspScript.VIDEO;
    private static final String PUBLISHED = "ANNOUNCE rtsp://h/live/anna RTSP/1.0\r\nCSeq: 1\r\nContent-Length: "
            + DESCRIPTION.length() + "\r\n\r\n" + DESCRIPTION
            + "SETUP rtsp://h/live/anna/streamid=0 RTSP/1.0\r\nCSeq: 2\r\nTransport: RTP/AVP/TCP;interleaved=0-1\r\n\r\n"
            + "RECORD rtsp://h/live/anna RTSP/1.0\r\nCSeq: 3\r\n\r\n";

    /** The first byte says whether a publisher has begun. */
    @FuzzTest(maxDuration = "60s")
    void anyBytesAreAnsweredOrEndTheConnection(byte[] bytes) {
        if (bytes.length == 0) {
            return;
        }
        StreamRegistry registry = new StreamRegistry(HubConfig.defaults(), List.of(), InstantSource.system());
        EndpointContext engine = new EndpointContext(
                Listening.nio(LOOPS, new Shortage(System::nanoTime)),
                StreamNaming.AS_SAID,
                new PublishAdmission(
                        AdmissionConfig.defaults(),
                        _ -> CompletableFuture.completedStage(new PublishDecision.Granted("anna", "7")),
                        OpenEngine.SILENT,
                        registry),
                new PlayAdmission(
                        new PlayAdmission.Limits(10, false),
                        _ -> CompletableFuture.completedStage(PlayDecision.NOT_ALLOWED),
                        PlayObserver.NOBODY,
                        InstantSource.system(),
                        System::nanoTime),
                new LocalStreams(registry::find, List.of(), java.time.Duration.ofSeconds(1)),
                new Feeds(FanoutConfig.defaults()));
        RtspTallies tallies = RtspTallies.fresh();
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.pipeline()
                .addLast(RtspListener.DECODER, new RtspDecoder())
                .addLast(
                        RtspListener.CONNECTION,
                        new RtspConnection(
                                channel,
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 5),
                                new RtspListener.Context(RtspConfig.defaults(), RtspTimes.USUAL, tallies, engine, null),
                                false));
        if (bytes[0] % 2 != 0) {
            channel.writeInbound(Unpooled.copiedBuffer(PUBLISHED, StandardCharsets.UTF_8));
        }
        for (int at = 1, part; at < bytes.length && channel.isOpen(); at += part) {
            part = Math.min(bytes.length - at, 1 + (bytes[at] & 0x7F));
            channel.writeInbound(Unpooled.copiedBuffer(bytes, at, part));
            channel.runPendingTasks();
        }
        channel.finishAndReleaseAll();
        registry.close();
        if (tallies.connections().of(RtspTallies.Connection.FAILED) > 0) {
            throw new AssertionError("an error of ours");
        }
    }
}
