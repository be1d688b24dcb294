// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.survival;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import live.millrace.media.access.PublishEnd;
import live.millrace.media.access.RefusalCause;
import live.millrace.media.amf.AmfValue;
import live.millrace.media.endpoint.rtmp.RtmpEndpoint;
import live.millrace.media.endpoint.rtmp.RtmpTallies;
import live.millrace.media.testing.HlsReader;
import live.millrace.media.testing.MediaScript;
import live.millrace.media.testing.RtmpScript;
import live.millrace.media.testing.Wait;

/** What one peer, or many that act as one, can do by sheer number or slowness. */
final class LoadCases {
    private static final String AREA = "load";
    private static final String LIFE = "publisher's life";
    private static final Duration LONG = Duration.ofSeconds(90);

    private LoadCases() {}

    static List<SurvivalCase> all() {
        List<SurvivalCase> cases = new ArrayList<>();
        cases.add(new SurvivalCase(AREA, "a socket that says nothing", scene -> {
            long before = scene.engine()
                    .endpoint(RtmpEndpoint.class)
                    .tallies()
                    .connections()
                    .of(RtmpTallies.Connection.TIMED_OUT);
            try (RtmpScript script = scene.socket()) {
                script.awaitClose();
            }
            assertThat(scene.engine()
                            .endpoint(RtmpEndpoint.class)
                            .tallies()
                            .connections()
                            .of(RtmpTallies.Connection.TIMED_OUT))
                    .isGreaterThan(before);
            return "closed at the deadline";
        }));
        cases.add(new SurvivalCase(AREA, "a handshake that drips byte by byte", scene -> {
            long start = System.nanoTime();
            try (RtmpScript script = scene.socket()) {
                script.socket().setSoTimeout(50);
                boolean open = true;
                script.raw(new byte[] {3});
                while (open) {
                    try {
                        open = script.socket().getInputStream().read() >= 0;
                    } catch (java.net.SocketTimeoutException quiet) {
                        script.raw(new byte[1]);
                    } catch (IOException reset) {
                        open = false;
                    }
                }
            } catch (IOException reset) {
                assertThat(reset).isNotNull();
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
            return "closed at the deadline, drips or not";
        }));
        cases.add(new SurvivalCase(AREA, "connected, and then nothing", scene -> {
            try (RtmpScript script = scene.connected()) {
                script.awaitClose();
            }
            return "closed at the deadline";
        }));
        cases.add(new SurvivalCase(AREA, "a ping flood before publishing", scene -> {
            try (RtmpScript script = scene.connected()) {
                ProtocolCases.flood(
                        script,
                        () -> script.send(
                                2, 4, 0, 0, Unpooled.buffer().writeShort(6).writeInt(1)),
                        2_000);
                script.awaitClose();
            }
            return "closed";
        }));
        cases.add(new SurvivalCase(AREA, "a publisher that floods pings and reads no answer", scene -> {
            String channel = scene.channel();
            long before = Resources.now().directMemory();
            try (RtmpScript script = scene.publisher(channel)) {
                script.socket().setReceiveBufferSize(4_096);
                ByteBuf pings = Unpooled.buffer();
                for (int i = 0; i < 4_000; i++) {
                    pings.writeByte(2)
                            .writeMedium(0)
                            .writeMedium(6)
                            .writeByte(4)
                            .writeInt(0);
                    pings.writeShort(6).writeInt(i);
                }
                byte[] bytes = ByteBufUtil.getBytes(pings);
                ExecutorService sender = Executors.newVirtualThreadPerTaskExecutor();
                Future<?> sending = sender.submit(() -> {
                    ProtocolCases.flood(script, () -> script.raw(bytes), 100_000);
                    return true;
                });
                Wait.until("it was closed", LONG, () -> !scene.publishing(channel));
                assertThat(Resources.now().directMemory() - before).isLessThan(64L << 20);
                script.socket().close();
                sending.get();
                sender.shutdownNow();
            }
            return "not read on, closed, memory bounded";
        }));
        cases.add(new SurvivalCase(AREA, "1,000 connects as fast as they go", scene -> {
            for (int i = 0; i < 1_000; i++) {
                scene.socket().close();
            }
            return "taken and forgotten";
        }));
        cases.add(new SurvivalCase(AREA, "5,000 idle sockets", scene -> {
            List<Socket> sockets = new ArrayList<>();
            int wanted = 5_000;
            try {
                for (int i = 0; i < wanted; i++) {
                    sockets.add(new Socket(
                            InetAddress.getLoopbackAddress(), scene.engine().port("rtmp")));
                }
                Wait.until(
                        "all were closed",
                        LONG,
                        () -> scene.engine().endpoint(RtmpEndpoint.class).connections() <= 1);
            } finally {
                for (Socket socket : sockets) {
                    socket.close();
                }
            }
            return wanted + " closed at the deadline";
        }));
        guessing(cases);
        life(cases);
        return cases;
    }

    /** Needs engines of their own: limits by address would hit the reference stream, which comes from the same one. */
    private static void guessing(List<SurvivalCase> cases) {
        cases.add(new SurvivalCase(AREA, "guessing keys", _ -> {
            Path directory = Files.createTempDirectory("guessing");
            try (Scene limited = new Scene(directory, true, false)) {
                Set<String> answers = new HashSet<>();
                for (int i = 0; i < 12; i++) {
                    try (RtmpScript script = limited.connected()) {
                        script.command(0, "createStream", 4, AmfValue.NULL);
                        script.command(1, "publish", 5, AmfValue.NULL, AmfValue.of("guess" + i), AmfValue.of("live"));
                        answers.add(script.await("onStatus").toString());
                    }
                }
                assertThat(answers).as("known, unknown and unasked look alike").hasSize(1);
                assertThat(limited.engine().publishTallies().refusals().of(RefusalCause.TOO_MANY_ATTEMPTS))
                        .isGreaterThanOrEqualTo(6);
            }
            return "unasked after five, equal answers";
        }));
        cases.add(new SurvivalCase(AREA, "200 connects at once from one limited address", _ -> {
            Path directory = Files.createTempDirectory("connects");
            try (Scene limited = new Scene(directory, true, false)) {
                List<RtmpScript> open = new ArrayList<>();
                for (int i = 0; i < 200; i++) {
                    open.add(limited.socket());
                }
                Wait.until(
                        "most were turned away",
                        () -> limited.engine()
                                                .endpoint(RtmpEndpoint.class)
                                                .tallies()
                                                .connections()
                                                .of(RtmpTallies.Connection.TOO_MANY_OF_ADDRESS)
                                        + limited.engine()
                                                .endpoint(RtmpEndpoint.class)
                                                .tallies()
                                                .connections()
                                                .of(RtmpTallies.Connection.TOO_FAST)
                                >= 150);
                assertThat(limited.engine().endpoint(RtmpEndpoint.class).connections())
                        .isLessThanOrEqualTo(20);
                for (RtmpScript script : open) {
                    script.close();
                }
            }
            return "20 taken, the rest turned away";
        }));
        cases.add(new SurvivalCase(AREA, "a poll storm from one limited address", _ -> {
            Path directory = Files.createTempDirectory("polls");
            try (Scene limited = new Scene(directory, true, false)) {
                int tooMany = 0;
                for (int i = 0; i < 300; i++) {
                    var answer = limited.hls().get("/live/nobody.m3u8");
                    if (answer.statusCode() == 429) {
                        assertThat(answer.headers().firstValue("retry-after")).hasValue("1");
                        tooMany++;
                    }
                }
                assertThat(tooMany).isGreaterThan(50);
            }
            return "429 with Retry-After";
        }));
    }

    private static void life(List<SurvivalCase> cases) {
        cases.add(new SurvivalCase(LIFE, "a half-open ghost and its owner", scene -> {
            String channel = scene.channel();
            try (RtmpScript ghost = scene.publisher(channel)) {
                new MediaScript(ghost).headers().both(6);
                scene.awaitLive(channel);
                try (RtmpScript owner = scene.publisher(channel)) {
                    scene.awaitTold(channel + " ended TAKEN_OVER");
                    new MediaScript(owner).headers().both(6);
                    Wait.until(
                            "the owner's media plays",
                            () -> scene.hls().playlist(channel).text().contains("#EXT-X-DISCONTINUITY\n"));
                }
            }
            return "the owner is in at once";
        }));
        cases.add(new SurvivalCase(LIFE, "two encoders that fight for one key", scene -> {
            String channel = scene.channel();
            long end = System.nanoTime() + Duration.ofSeconds(12).toNanos();
            List<Long> starts = new CopyOnWriteArrayList<>();
            try (ExecutorService encoders = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 2; i++) {
                    encoders.submit(() -> fight(scene, channel, starts, end));
                }
            }
            // The first, three takeovers, and nobody for the rest of the time.
            assertThat(starts).hasSizeBetween(2, 4);
            assertThat(end - starts.getLast())
                    .isGreaterThan(Duration.ofSeconds(3).toNanos());
            return (starts.size() - 1) + " takeovers, then the one that is in stays";
        }));
        cases.add(new SurvivalCase(LIFE, "100 reconnects on one key", scene -> {
            String channel = scene.channel();
            for (int i = 0; i < 100; i++) {
                try (RtmpScript script = scene.connected()) {
                    script.publish(Scene.KEY + channel);
                }
            }
            Wait.until(
                    "none is left",
                    () -> scene.engine().control().stream(channel)
                            .map(stream -> stream.publisher().isEmpty())
                            .orElse(true));
            try (RtmpScript script = scene.connected()) {
                Wait.until(
                        "the owner gets in",
                        () -> scene.engine().control().stream(channel)
                                .map(stream -> stream.publisher().isEmpty())
                                .orElse(true));
                assertThat(script.publish(Scene.KEY + channel)).isEqualTo("NetStream.Publish.Start");
            }
            return "the owner gets in behind them";
        }));
        cases.add(new SurvivalCase(LIFE, "another key of the same channel", scene -> {
            String channel = scene.channel();
            try (RtmpScript first = scene.publisher(channel);
                    RtmpScript other = scene.connected()) {
                assertThat(other.publish(Scene.OTHER_KEY + channel)).isEqualTo("NetStream.Publish.BadName");
                new MediaScript(first).headers().both(6);
                scene.awaitLive(channel);
            }
            return "BadName; the first plays on";
        }));
        cases.add(new SurvivalCase(LIFE, "a goodbye and a return within the grace time", scene -> {
            String channel = scene.channel();
            long first;
            HlsReader.Playlist before;
            try (RtmpScript script = scene.publisher(channel)) {
                new MediaScript(script).headers().both(6);
                before = scene.awaitLive(channel);
                script.command(0, "FCUnpublish", 6, AmfValue.NULL, AmfValue.of(channel));
                script.command(0, "deleteStream", 7, AmfValue.NULL, AmfValue.of(1));
                scene.awaitTold(channel + " ended " + PublishEnd.UNPUBLISHED);
                first = scene.hls().playlist(channel).next();
                assertThat(scene.hls().playlist(channel).text()).doesNotContain("ENDLIST");
            }
            try (RtmpScript script = scene.publisher(channel)) {
                new MediaScript(script).headers().both(6);
                HlsReader.Playlist after = scene.after(script, channel);
                assertThat(after.next()).isGreaterThan(first);
                assertThat(after.discontinuities()).isEqualTo(before.discontinuities() + 1);
                assertThat(after.number("TARGETDURATION")).isEqualTo(before.number("TARGETDURATION"));
                assertThat(scene.countTold(channel + " PROBING")).isEqualTo(1);
            }
            return "the same broadcast, one discontinuity";
        }));
        cases.add(new SurvivalCase(LIFE, "a goodbye and no return", scene -> {
            String channel = scene.channel();
            try (RtmpScript script = scene.publisher(channel)) {
                new MediaScript(script).headers().both(6);
                scene.awaitLive(channel);
            }
            scene.awaitTold(channel + " ENDED");
            Wait.until(
                    "the playlist ended",
                    () -> scene.hls().playlist(channel).text().contains("#EXT-X-ENDLIST"));
            return "ENDLIST after the grace time";
        }));
        cases.add(new SurvivalCase(LIFE, "a publisher that falls silent", scene -> {
            String channel = scene.channel();
            try (RtmpScript script = scene.publisher(channel)) {
                new MediaScript(script).headers().both(2);
                script.awaitClose();
            }
            scene.awaitTold(channel + " ended SILENT");
            return "gone after the silence time";
        }));
        cases.add(new SurvivalCase(LIFE, "no media, but every ping is answered", scene -> {
            String channel = scene.channel();
            try (RtmpScript script = scene.publisher(channel)) {
                long end = System.nanoTime() + Scene.SILENCE.plusSeconds(2).toNanos();
                while (System.nanoTime() < end) {
                    script.awaitPing();
                    script.send(2, 4, 0, 0, Unpooled.buffer().writeShort(7).writeInt(0));
                }
                assertThat(scene.engine().control().stream(channel)
                                .orElseThrow()
                                .publisher())
                        .isPresent();
                new MediaScript(script).headers().both(6);
                scene.awaitLive(channel);
            }
            return "kept beyond the silence time, plays";
        }));
    }

    /** An encoder that sends in real time and comes back half a second after it was sent away. */
    private static boolean fight(Scene scene, String channel, List<Long> starts, long end) throws Exception {
        while (System.nanoTime() < end) {
            try (RtmpScript script = scene.connected()) {
                if (script.publish(Scene.KEY + channel).equals("NetStream.Publish.Start")) {
                    starts.add(System.nanoTime());
                    MediaScript media = new MediaScript(script).headers();
                    while (System.nanoTime() < end) {
                        media.run(40, true, true);
                        LockSupport.parkNanos(40_000_000);
                    }
                }
            } catch (IOException sentAway) {
                // and back
            }
            LockSupport.parkNanos(500_000_000);
        }
        return true;
    }
}
