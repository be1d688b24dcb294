// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.video;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import live.millrace.media.endpoint.StreamAddresses;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.http.Gate;
import live.millrace.media.http.HttpConfig;
import live.millrace.media.http.HttpRouter;
import live.millrace.media.http.HttpServer;
import live.millrace.media.hub.BroadcastIdentity;
import live.millrace.media.hub.HubConfig;
import live.millrace.media.hub.Latency;
import live.millrace.media.hub.LocalStreams;
import live.millrace.media.hub.PublishRequest;
import live.millrace.media.hub.PublishResult;
import live.millrace.media.hub.Publisher;
import live.millrace.media.hub.PublisherInfo;
import live.millrace.media.hub.StreamNaming;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.hub.StreamRegistry;
import live.millrace.media.recording.MemoryArchive;
import live.millrace.media.recording.MemoryIndex;
import live.millrace.media.recording.RecordedSegment;
import live.millrace.media.recording.RecordedSpan;
import live.millrace.media.recording.Recorder;
import live.millrace.media.recording.Recording;
import live.millrace.media.recording.RecordingConfig;
import live.millrace.media.segment.SegmentedBroadcasts;
import live.millrace.media.segment.SegmenterConfig;
import live.millrace.media.segment.SequenceNumbers;
import live.millrace.media.socket.Listening;
import live.millrace.media.socket.Shortage;
import live.millrace.media.testing.ParsedPlaylist;
import live.millrace.media.testing.SampleTracks;
import live.millrace.media.testing.Wait;
import live.millrace.media.time.Timescale;

/** A channel, {@code anna}, that is recorded, and the addresses of what was: media runs as fast as a test likes. */
final class OnRecord implements AutoCloseable {
    static final String ID = "AbC_-123xyz";
    private static final int PICTURE_MILLIS = 200;
    private static final int SOUND_MILLIS = 100;
    private static final int USUAL_MILLIS = 40;
    private static final int SAMPLES = 1_024;

    final MemoryIndex index = new MemoryIndex();
    final MemoryArchive archive = new MemoryArchive();
    final Path store;
    final Recorder recorder;
    final HttpClient http = HttpClient.newHttpClient();
    Instant now = Instant.parse("2026-11-27T10:00:00Z");

    /** From one random access point to the next, in media time. */
    int keyMillis = 2_000;

    /** Frames come as those of an encoder do: 25 pictures a second, and sound in access units of 1,024 samples. */
    boolean usual;

    private final EmbeddedChannel loop = new EmbeddedChannel();
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final StreamRegistry registry;
    private final LocalStreams locator;
    private final VideoEndpoint endpoint;
    private final HttpServer server;
    private final List<Track> tracks = new ArrayList<>();
    private Publisher publisher;
    private long millis;

    OnRecord(Path directory) {
        this(
                directory,
                RecordingConfig.defaults(directory.resolve("recordings")).spanLength());
    }

    OnRecord(Path directory, Duration spanLength) {
        store = directory.resolve("recordings");
        RecordingConfig usual = RecordingConfig.defaults(store);
        SequenceNumbers numbers = new SequenceNumbers(directory.resolve("numbers"), () -> now, Runnable::run);
        SegmentedBroadcasts all = new SegmentedBroadcasts(SegmenterConfig.defaults(), numbers);
        recorder = new Recorder(
                new RecordingConfig(
                        store,
                        RecordingConfig.Sync.NONE,
                        spanLength,
                        usual.spanBytes(),
                        usual.queueBytes(),
                        usual.streamQueueBytes(),
                        0,
                        0),
                index,
                all,
                () -> now,
                Optional.of(archive));
        registry = new StreamRegistry(HubConfig.defaults(), List.of(recorder, all), () -> now);
        locator = new LocalStreams(registry::find, List.of(), Duration.ofSeconds(1));
        endpoint = new VideoEndpoint(
                recorder.recordings(),
                new StreamAddresses(StreamNaming.CHANNELS),
                locator,
                new RecordingAudience() {
                    @Override
                    public CompletionStage<Boolean> mayHave(
                            live.millrace.media.http.HttpRequest request, Recording recording) {
                        return CompletableFuture.completedStage(recording.access() == Recording.Access.EVERYBODY);
                    }

                    @Override
                    public CompletionStage<Boolean> mayList(
                            live.millrace.media.http.HttpRequest request, StreamPath path) {
                        return CompletableFuture.completedStage(true);
                    }
                },
                () -> now);
        HttpRouter router = new HttpRouter((_, _, _) -> Gate.FREE);
        endpoint.register(router);
        server = HttpServer.bind(
                "http",
                HttpConfig.defaults().at("127.0.0.1", 0),
                Listening.nio(loops, new Shortage(System::nanoTime)),
                router);
    }

    int port() {
        return server.port();
    }

    // ---- the broadcast ----------------------------------------------------------------------------------------

    void publish(Track... now) {
        publish(BroadcastIdentity.fresh().recordedAs(Optional.of(ID)), now);
    }

    private void publish(BroadcastIdentity identity, Track... which) {
        PublisherInfo info = new PublisherInfo(
                UUID.randomUUID(), "k1", new InetSocketAddress("192.0.2.1", 1), "test", "rtmp", Instant.EPOCH);
        var result = registry.publish(new PublishRequest(
                        StreamPath.live("anna"), info, loop.eventLoop(), _ -> {}, Latency.NORMAL, identity))
                .toCompletableFuture();
        loop.runPendingTasks();
        publisher = ((PublishResult.Accepted) result.join()).publisher();
        tracks.clear();
        for (Track track : which.length == 0 ? new Track[] {SampleTracks.VIDEO, SampleTracks.AUDIO} : which) {
            publisher.track(track);
            tracks.add(track);
        }
    }

    /** The encoder goes for some seconds, and comes back with another clock. */
    void reconnect(int seconds, Track... which) {
        publisher.end();
        loop.runPendingTasks();
        now = now.plusSeconds(seconds);
        millis = 0;
        publish(which);
    }

    /** The encoder tells of other tracks, and goes on. */
    void change(Track... which) {
        tracks.clear();
        for (Track track : which) {
            publisher.track(track);
            tracks.add(track);
        }
    }

    /** The encoder's clock shows another time from here on; its frames come as before. */
    void jump(long by) {
        millis += by;
    }

    /** The stream ends; another broadcast of it, which nobody records, begins. */
    void another() {
        registry.end(StreamPath.live("anna"));
        loop.runPendingTasks();
        publish(BroadcastIdentity.fresh());
    }

    void play(double seconds) throws Exception {
        int step = usual ? USUAL_MILLIS : SOUND_MILLIS;
        long end = millis + Math.round(seconds * 1_000);
        for (; millis < end; millis += step) {
            for (Track track : tracks) {
                long time = Timescale.convert(millis, Timescale.MILLIS, track.timescale());
                if (track.isVideo() && (usual || millis % PICTURE_MILLIS == 0)) {
                    frame(track, time, millis % keyMillis == 0);
                } else if (!track.isVideo() && usual) {
                    long next = Timescale.convert(millis + step, Timescale.MILLIS, track.timescale());
                    for (long at = (time + SAMPLES - 1) / SAMPLES * SAMPLES; at < next; at += SAMPLES) {
                        frame(track, at, true);
                    }
                } else if (!track.isVideo()) {
                    frame(track, time, true);
                }
            }
            now = now.plusMillis(step);
        }
        loop.runPendingTasks();
        Wait.until("all is written", () -> recorder.waitingBytes() == 0);
    }

    private void frame(Track track, long time, boolean key) {
        ByteBuf payload = Unpooled.buffer()
                .writeInt(200)
                .writeByte(key ? 0x65 : 0x41)
                .writeByte(0)
                .writeLong(millis)
                .writeZero(190);
        // Shown late, as pictures that others refer to are.
        int late = track.isVideo() ? (int) (millis / PICTURE_MILLIS % 3) * 18_000 : 0;
        publisher.frame(new MediaFrame(track, time, late, key, payload));
        payload.release();
    }

    void over() throws Exception {
        registry.end(StreamPath.live("anna"));
        loop.runPendingTasks();
        Wait.until("the end is heard", () -> index.heard().contains("ended"));
        Wait.until(
                "it is over",
                () -> recorder.recordings().find(ID).toCompletableFuture().get().stream()
                        .anyMatch(each -> each.endedAt().isPresent()));
    }

    /** All of it leaves the disk for the archive. */
    void leavesTheDisk() throws Exception {
        shown(archive.take(index.get(ID), store));
    }

    /** The index says so from now on. */
    void shown(Recording recording) {
        index.put(recording);
        recorder.recordings().forget(recording.id());
    }

    /** What is known of the recording now. */
    Recording recording() throws Exception {
        return recorder.recordings().find(ID).toCompletableFuture().get().orElseThrow();
    }

    byte[] bytes(RecordedSpan span) throws IOException {
        return java.nio.file.Files.readAllBytes(store.resolve(index.get(ID).object(span)));
    }

    byte[] bytes(RecordedSpan span, RecordedSegment segment) throws IOException {
        return java.util.Arrays.copyOfRange(
                bytes(span), (int) segment.offset(), (int) segment.offset() + segment.bytes());
    }

    // ---- addresses --------------------------------------------------------------------------------------------

    HttpResponse<byte[]> get(String path, String... headers) throws Exception {
        return send("GET", path, headers);
    }

    HttpResponse<byte[]> send(String method, String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    String text(String path) throws Exception {
        HttpResponse<byte[]> answer = get(path);
        assertThat(answer.statusCode()).as(path).isEqualTo(200);
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    int status(String path) throws Exception {
        return get(path).statusCode();
    }

    ParsedPlaylist list(String path) throws Exception {
        return ParsedPlaylist.parse(URI.create("http://engine" + path), text(path));
    }

    @Override
    public void close() {
        recorder.closing();
        registry.close();
        loop.runPendingTasks();
        http.shutdownNow();
        server.close();
        endpoint.close();
        locator.close();
        recorder.close();
        loops.shutdownGracefully();
    }
}
