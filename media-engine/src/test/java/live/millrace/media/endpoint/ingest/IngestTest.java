// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import live.millrace.media.access.PublishAttempt;
import live.millrace.media.access.PublishDecision;
import live.millrace.media.access.PublishEnd;
import live.millrace.media.access.PublishObserver;
import live.millrace.media.access.RefusalCause;
import live.millrace.media.admission.AdmissionConfig;
import live.millrace.media.container.mpegts.TsMuxer;
import live.millrace.media.control.StreamStatus;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.server.EnginePorts;
import live.millrace.media.server.MediaEngine;
import live.millrace.media.testing.OpenEngine;
import live.millrace.media.testing.RtmpScript;
import live.millrace.media.testing.SampleMedia;
import live.millrace.media.testing.SampleTracks;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Publishing by PUT and POST, as curl and FFmpeg do it. The key of a channel is its name behind {@code key-}. */
class IngestTest {
    private static final Duration SILENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private final Queue<String> told = new ConcurrentLinkedQueue<>();
    private MediaEngine engine;

    @BeforeEach
    void start() {
        engine = engine(SILENCE);
    }

    private MediaEngine engine(Duration silence) {
        return MediaEngine.start(
                OpenEngine.config(directory)
                        .with(new AdmissionConfig(Duration.ofSeconds(5), silence, AdmissionConfig.Limits.defaults())),
                EnginePorts.openToViewers(IngestTest::decide, new Reports(), OpenEngine.DEAF));
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private static CompletableFuture<PublishDecision> decide(PublishAttempt attempt) {
        String key = attempt.key().orElseThrow().secret();
        if (!key.startsWith("key-")) {
            return CompletableFuture.completedFuture(new PublishDecision.Refused(RefusalCause.UNKNOWN_KEY));
        }
        String channel = key.substring("key-".length());
        return CompletableFuture.completedFuture(
                attempt.channel().isPresent() && !attempt.channel().get().equals(channel)
                        ? new PublishDecision.Refused(RefusalCause.WRONG_CHANNEL)
                        : new PublishDecision.Granted(channel, "id-" + channel));
    }

    private final class Reports implements PublishObserver {
        @Override
        public void refused(PublishAttempt attempt, RefusalCause cause, Optional<PublishDecision.Granted> granted) {
            told.add("refused " + cause);
        }

        @Override
        public void started(PublishAttempt attempt, PublishDecision.Granted granted) {
            told.add(granted.name() + " started by " + attempt.encoder() + " " + attempt.protocol());
        }

        @Override
        public void ended(PublishAttempt attempt, PublishDecision.Granted granted, PublishEnd end) {
            told.add(granted.name() + " ended " + end);
        }
    }

    private static byte[] transportStream() throws IOException {
        return golden("h264-aac.ts.bin");
    }

    private static byte[] golden(String name) throws IOException {
        try (InputStream in = IngestTest.class.getResourceAsStream("/golden/ts/" + name)) {
            return in.readAllBytes();
        }
    }

    /** A second of picture and sound. */
    private static byte[] flv() {
        ByteBuf file = Unpooled.buffer().writeBytes(new byte[] {'F', 'L', 'V', 1, 5, 0, 0, 0, 9, 0, 0, 0, 0});
        tag(file, 18, 0, Unpooled.buffer().writeZero(40));
        tag(file, 9, 0, SampleMedia.videoHeader());
        tag(file, 8, 0, SampleMedia.audioHeader());
        for (int i = 0; i < 25; i++) {
            tag(file, 9, i * 40, SampleMedia.picture(i == 0, 500));
            tag(file, 8, i * 40, SampleMedia.sound(50));
        }
        byte[] bytes = new byte[file.readableBytes()];
        file.readBytes(bytes);
        return bytes;
    }

    private static void tag(ByteBuf file, int type, int millis, ByteBuf body) {
        file.writeByte(type)
                .writeMedium(body.readableBytes())
                .writeMedium(millis)
                .writeByte(0)
                .writeMedium(0);
        file.writeBytes(body).writeInt(0);
    }

    private Upload upload() throws IOException {
        return new Upload(engine.port("http"));
    }

    private long frames(String channel) {
        return engine.control().stream(channel)
                .map(status -> status.statistics().frames())
                .orElse(0L);
    }

    // ---- the usual ways ---------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({
        "PUT, /live/anna.ts?key=key-anna, X-Nothing: 1",
        "POST, /live/anna.ts?key=key-anna, User-Agent: Lavf/59",
        "PUT, /live/key-anna.ts, X-Nothing: 1",
        "PUT, /live/anna.ts, Authorization: Bearer key-anna"
    })
    void aTransportStreamIsABroadcast(String method, String target, String header) throws Exception {
        try (Upload upload = upload()) {
            upload.begin(method, target, header).body(transportStream(), new Random(1));
            Wait.until(
                    "picture and sound",
                    () -> engine.control().stream("anna")
                            .filter(each ->
                                    each.video().isPresent() && each.audio().isPresent())
                            .isPresent());
            StreamStatus status = engine.control().stream("anna").orElseThrow();
            assertThat(status.video().orElseThrow().codec()).isEqualTo("H.264");
            assertThat(status.audio().orElseThrow().codec()).isEqualTo("AAC");
            assertThat(upload.end().answer()).startsWith("HTTP/1.1 200");
        }
        Wait.until("the end", () -> told.contains("anna ended UNPUBLISHED"));
        assertThat(frames("anna")).isEqualTo(73);
    }

    /** A transport stream up to its second picture. */
    private static byte[] onePicture(byte[] stream) {
        int pictures = 0;
        for (int at = 0; at < stream.length; at += 188) {
            boolean begins = (stream[at + 1] & 0x5F) == 0x41 && stream[at + 2] == 0;
            pictures += begins ? 1 : 0;
            if (pictures == 2) {
                return Arrays.copyOf(stream, at);
            }
        }
        throw new AssertionError("one picture at most");
    }

    /** Only the next picture could tell that this one is over; a pause does as well. */
    @Test
    void theLastPictureBeforeAPauseIsNotKeptBack() throws Exception {
        try (Upload upload = upload()) {
            upload.begin("PUT", "/live/anna.ts?key=key-anna").body(onePicture(transportStream()), new Random(12));
            Wait.until("the picture", () -> frames("anna") > 0);
            assertThat(told).noneMatch(word -> word.contains("ended"));
        }
    }

    @Test
    void aPasswordMayBeTheKey() throws Exception {
        String login = Base64.getEncoder().encodeToString("x:key-anna".getBytes(StandardCharsets.US_ASCII));
        try (Upload upload = upload()) {
            upload.begin("PUT", "/live/anna.ts", "Authorization: Basic " + login, "User-Agent: curl/7.88")
                    .body(transportStream(), new Random(2));
            Wait.until("the start", () -> told.contains("anna started by curl/7.88 http"));
        }
    }

    @Test
    void aBrowserIsAnEncoderByItsNameAndNotByAllThatItCallsItself() throws Exception {
        String browser =
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";
        try (Upload upload = upload()) {
            upload.begin("PUT", "/live/anna.ts?key=key-anna", "User-Agent: " + browser)
                    .body(transportStream(), new Random(3));
            Wait.until("the start", () -> told.contains("anna started by Chromium 156 http"));
        }
    }

    @Test
    void flvIsABroadcastAndEndsWithItsBody() throws Exception {
        byte[] flv = flv();
        try (Upload upload = upload()) {
            upload.begin("PUT", "/live/anna.flv?key=key-anna", "Content-Length: " + flv.length);
            for (int at = 0; at < flv.length; at += 701) {
                upload.raw(Arrays.copyOfRange(flv, at, Math.min(flv.length, at + 701)));
            }
            assertThat(upload.answer()).startsWith("HTTP/1.1 200");
        }
        Wait.until("the end", () -> told.contains("anna ended UNPUBLISHED"));
        assertThat(frames("anna")).isEqualTo(50);
    }

    @Test
    void whoWaitsToGoOnIsTold() throws Exception {
        try (Upload upload = upload()) {
            upload.begin("PUT", "/live/anna.ts?key=key-anna", "Expect: 100-continue");
            assertThat(upload.line()).startsWith("HTTP/1.1 100");
            upload.line();
            upload.body(transportStream(), new Random(3)).end();
            assertThat(upload.answer()).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void whoWaitsToGoOnHearsWhyNot() throws Exception {
        try (Upload upload = upload()) {
            upload.begin("PUT", "/live/anna.ts?key=nothing", "Expect: 100-continue");
            assertThat(upload.answer()).startsWith("HTTP/1.1 403");
        }
    }

    /** A connection that closes is an encoder that may come back: the stream stays for its time of grace. */
    @Test
    void aConnectionThatClosesIsNoGoodbye() throws Exception {
        try (Upload upload = upload()) {
            upload.begin("PUT", "/live/anna.ts?key=key-anna").body(transportStream(), new Random(4));
            Wait.until("frames", () -> frames("anna") > 20);
        }
        Wait.until("the end", () -> told.contains("anna ended CONNECTION_LOST"));
        assertThat(engine.control().stream("anna")).isPresent();
        try (Upload upload = upload()) {
            long before = frames("anna");
            upload.begin("PUT", "/live/anna.ts?key=key-anna").body(transportStream(), new Random(5));
            Wait.until("more frames", () -> frames("anna") > before);
        }
    }

    // ---- refusals ---------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({
        "PUT, /live/anna.ts?key=wrong, 403",
        "PUT, /live/bella.ts?key=key-anna, 403",
        "PUT, /live/anna.mp4?key=key-anna, 415",
        "POST, /live/anna?key=key-anna, 404",
        "PUT, /live/key-anna, 404",
        "PUT, /live/.ts?key=key-anna, 40",
        "DELETE, /live/anna.ts?key=key-anna, 405",
        "PUT, /live/a/b.ts?key=key-anna, 404",
        "PUT, /api/v1/streams, 40"
    })
    void whatCannotBeTakenIsRefusedInWords(String method, String target, String status) throws Exception {
        try (Upload upload = upload()) {
            upload.begin(method, target, "Connection: close").body(new byte[3_000], new Random(6));
            try {
                upload.end();
            } catch (IOException answered) {
                // in the middle of the body
            }
            String answer = upload.answer();
            assertThat(answer).startsWith("HTTP/1.1 " + status);
            assertThat(answer).doesNotContain("key-anna");
        }
    }

    @Test
    void whoHasNoKeyIsAsked() throws Exception {
        for (String target : List.of(
                "/live/anna.ts", "/live/!.ts", "/live/anna.flv?key=", "/live/anna.ts?key=" + "x".repeat(2_000))) {
            try (Upload upload = upload()) {
                upload.begin("PUT", target);
                assertThat(upload.answer())
                        .as(target)
                        .startsWith("HTTP/1.1 401")
                        .containsIgnoringCase("www-authenticate: Bearer realm=")
                        .contains(target.contains("=x") ? "A stream key is missing" : "no valid stream key");
            }
        }
    }

    @Test
    void pagesOfOtherSitesCannotPublish() throws Exception {
        try (Upload upload = upload()) {
            upload.begin("POST", "/live/anna.ts?key=key-anna", "Origin: https://elsewhere.example");
            assertThat(upload.answer()).startsWith("HTTP/1.1 403");
        }
        assertThat(told).isEmpty();
    }

    @Test
    void aNewerEncoderTakesOver() throws Exception {
        try (Upload first = upload();
                Upload second = upload()) {
            first.begin("PUT", "/live/anna.ts?key=key-anna").body(transportStream(), new Random(7));
            Wait.until("frames", () -> frames("anna") > 20);
            // A take-over within two seconds of the last is an encoder in a loop; the first publisher is none.
            second.begin("PUT", "/live/anna.ts?key=key-anna").body(transportStream(), new Random(8));
            assertThat(first.answer()).startsWith("HTTP/1.1 409").contains("took over");
        }
        Wait.until("the end", () -> told.contains("anna ended TAKEN_OVER"));
    }

    @Test
    void anotherWayInIsTakenOverAsWell() throws Exception {
        try (RtmpScript rtmp = new RtmpScript(engine.port("rtmp"))) {
            rtmp.handshake().connect("live");
            rtmp.publish("key-anna");
            Wait.until("the start", () -> !told.isEmpty());
            try (Upload upload = upload()) {
                upload.begin("PUT", "/live/anna.ts?key=key-anna").body(transportStream(), new Random(9));
                Wait.until("the end", () -> told.contains("anna ended TAKEN_OVER"));
            }
        }
    }

    // ---- what is no media -------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"ts", "flv"})
    void somethingElseIsNamed(String suffix) throws Exception {
        byte[] noise = new byte[200_000];
        new Random(10).nextBytes(noise);
        try (Upload upload = upload()) {
            upload.begin("PUT", "/live/anna." + suffix + "?key=key-anna");
            try {
                upload.body(noise, new Random(11));
            } catch (IOException cut) {
                // answered before all of it was sent
            }
            assertThat(upload.answer()).startsWith("HTTP/1.1 415").contains("This is no");
        }
        Wait.until("the end", () -> told.contains("anna ended NO_MEDIA"));
        Wait.until(
                "nobody waits for more", () -> engine.control().stream("anna").isEmpty());
    }

    @Test
    void anEmptyBodyIsNoBroadcast() throws Exception {
        try (Upload upload = upload()) {
            upload.begin("PUT", "/live/anna.ts?key=key-anna").end();
            assertThat(upload.answer()).startsWith("HTTP/1.1 415").contains("No audio or video");
        }
        Wait.until("the reason", () -> told.contains("anna ended NO_MEDIA"));
    }

    /** Each picture is whole when nothing comes for a moment, and counts like any other: between two of them there is no silence. */
    @Test
    void fewPicturesASecondAreNoSilence() throws Exception {
        engine.close();
        engine = engine(Duration.ofSeconds(1)); // six times as long without media is too long
        TsMuxer muxer = new TsMuxer(UnpooledByteBufAllocator.DEFAULT);
        muxer.tracks(List.of(SampleTracks.VIDEO, SampleTracks.AUDIO));
        long began = System.nanoTime();
        try (Upload upload = upload()) {
            upload.begin("PUT", "/live/anna.ts?key=key-anna");
            for (int i = 0; i < 32; i++) {
                ByteBuf out = Unpooled.buffer();
                if (i == 0) {
                    muxer.startSegment(false, out);
                }
                muxer.write(picture(i * 22_500L, i == 0), out);
                if (i == 0) {
                    muxer.write(sound(0), out); // with both kinds it is known at once what the stream is of
                }
                chunk(upload, out);
                long next = Duration.ofMillis(250L * (i + 1)).toNanos();
                Wait.until("the next picture is there", () -> System.nanoTime() - began >= next);
            }
            assertThat(told).noneMatch(each -> each.contains("ended"));
        }
    }

    private static MediaFrame picture(long time, boolean key) {
        return new MediaFrame(
                SampleTracks.VIDEO,
                time,
                0,
                key,
                Unpooled.buffer()
                        .writeInt(900)
                        .writeByte(key ? 0x65 : 0x41)
                        .writeByte(0x88)
                        .writeZero(898));
    }

    private static MediaFrame sound(long time) {
        return new MediaFrame(
                SampleTracks.AUDIO, time, 0, true, Unpooled.buffer().writeZero(200));
    }

    private static void chunk(Upload upload, ByteBuf bytes) throws IOException {
        byte[] all = new byte[bytes.readableBytes()];
        bytes.readBytes(all);
        upload.chunk(all, 0, all.length);
    }

    /** The hub ends it in the middle of a packet, of which the demuxer has more to read. */
    @Test
    void aClockThatJumpsTooOftenEndsItWithoutAnErrorOfOurs() throws Exception {
        Logger root = (Logger) LoggerFactory.getLogger("live.millrace");
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        logged.start();
        root.addAppender(logged);
        try (Upload upload = upload()) {
            upload.begin("PUT", "/live/anna.ts?key=key-anna");
            try {
                ByteBuf out = Unpooled.buffer();
                TsMuxer muxer = new TsMuxer(UnpooledByteBufAllocator.DEFAULT);
                muxer.tracks(List.of(SampleTracks.VIDEO, SampleTracks.AUDIO));
                for (int i = 0; i < 60; i++) {
                    muxer.startSegment(false, out);
                    long jump = i % 2 == 0 ? 0 : 10_000;
                    muxer.write(picture(i * 3_600L + jump * 90_000, true), out);
                    muxer.write(sound(i * 1_764L + jump * 44_100), out);
                }
                chunk(upload, out);
            } catch (IOException answered) {
                // in the middle of the body
            }
            Wait.until("the end", () -> told.contains("anna ended PROTOCOL_ERROR"));
            assertThat(upload.answer()).startsWith("HTTP/1.1 400").contains("time stamps");
        } finally {
            root.detachAppender(logged);
        }
        assertThat(logged.list).noneMatch(event -> event.getLevel().isGreaterOrEqual(Level.WARN));
    }

    /** Somebody who holds a socket and sends next to nothing. */
    @Test
    void aBodyThatStandsStillIsEnded() throws Exception {
        engine.close();
        engine = engine(Duration.ofSeconds(2));
        try (Upload upload = upload()) {
            upload.begin("PUT", "/live/anna.ts?key=key-anna").body(transportStream(), new Random(12));
            assertThat(upload.answer()).startsWith("HTTP/1.1 408");
        }
        Wait.until("the end", () -> told.contains("anna ended SILENT"));
    }

    @Test
    void brokenTagsOfFlvEndIt() throws Exception {
        byte[] flv = flv();
        flv[13] = 77;
        try (Upload upload = upload()) {
            upload.begin("PUT", "/live/anna.flv?key=key-anna").body(flv, new Random(13));
            assertThat(upload.answer()).startsWith("HTTP/1.1 400").contains("broken");
        }
        Wait.until("the end", () -> told.stream().anyMatch(each -> each.startsWith("anna ended")));
    }

    @Test
    void theKeyReachesNoLog() throws Exception {
        Logger root = (Logger) LoggerFactory.getLogger("live.millrace");
        Level before = root.getLevel();
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        logged.start();
        root.setLevel(Level.DEBUG);
        root.addAppender(logged);
        try {
            try (Upload upload = upload()) {
                upload.begin("PUT", "/live/anna.ts?key=key-anna").body(transportStream(), new Random(14));
                Wait.until("frames", () -> frames("anna") > 20);
            }
            Wait.until("the end", () -> told.contains("anna ended CONNECTION_LOST"));
            try (Upload upload = upload()) {
                upload.begin("PUT", "/live/anna.ts?key=secret-key").end();
                upload.answer();
            }
        } finally {
            root.detachAppender(logged);
            root.setLevel(before);
        }
        assertThat(logged.list).isNotEmpty();
        assertThat(logged.list)
                .noneMatch(event -> event.getFormattedMessage().contains("key-anna")
                        || event.getFormattedMessage().contains("secret-key"));
    }
}
