// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.hls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.hub.HubConfig;
import live.millrace.media.hub.Latency;
import live.millrace.media.hub.PublishRequest;
import live.millrace.media.hub.PublishResult;
import live.millrace.media.hub.Publisher;
import live.millrace.media.hub.PublisherInfo;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.hub.StreamRegistry;
import live.millrace.media.protocol.dash.DashManifest;
import live.millrace.media.segment.HandCut;
import live.millrace.media.segment.SegmentFiles;
import live.millrace.media.segment.SegmentedBroadcast;
import live.millrace.media.segment.Segmenter;
import live.millrace.media.segment.SequenceNumbers;
import live.millrace.media.testing.ParsedPlaylist;
import live.millrace.media.testing.SampleTracks;
import live.millrace.media.time.Timescale;
import org.jspecify.annotations.Nullable;

/**
 * A broadcast in segments without sockets: tests say what it consists of and let its media run, as fast as they like. Segments of two
 * seconds, five pictures a segment and ten frames of sound a second.
 */
final class HandFed {
    private static final int PICTURE_MILLIS = 400;
    private static final int SOUND_MILLIS = 100;
    private static final int KEY_MILLIS = 2_000;
    private static final long FIRST = 1_000;

    private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor();
    private final Path directory;
    private final Publisher publisher;
    private final Segmenter segmenter;
    private final SegmentFiles files;
    private final HlsTimers timers = new HlsTimers();
    private final SegmentedBroadcast segmented;
    private final HlsShared shared;
    private final List<HlsStream> streams = new ArrayList<>();
    private final HlsStream stream;
    private long millis;

    HandFed(Path directory) throws Exception {
        this.directory = directory.resolve("hls");
        files = SegmentFiles.temporary(this.directory);
        StreamRegistry registry = new StreamRegistry(HubConfig.defaults(), List.of(), InstantSource.system());
        publisher = run(() -> {
            PublishRequest request = new PublishRequest(
                    StreamPath.live("anna"),
                    new PublisherInfo(
                            UUID.randomUUID(),
                            "key",
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
                            "a test",
                            "rtmp",
                            Instant.EPOCH),
                    loop,
                    _ -> {},
                    Latency.NORMAL);
            PublishResult result =
                    registry.publish(request).toCompletableFuture().get();
            return ((PublishResult.Accepted) result).publisher();
        });
        run(() -> {
            for (int i = 0; i < 300; i++) { // until the hub knows how long segments are
                boolean key = i % (KEY_MILLIS / PICTURE_MILLIS) == 0;
                ByteBuf payload = picture(key);
                publisher.frame(new MediaFrame(SampleTracks.VIDEO, i * 90L * PICTURE_MILLIS, 0, key, payload));
                payload.release();
            }
            return null;
        });
        assertThat(publisher.stream().targetSeconds()).isEqualTo(2);
        SequenceNumbers numbers =
                new SequenceNumbers(directory.resolve("numbers"), () -> Instant.ofEpochSecond(FIRST), files);
        AtomicReference<Segmenter> made = new AtomicReference<>();
        segmented = HandCut.of(publisher.stream(), numbers, made::set);
        shared = new HlsShared(HlsConfig.defaults(directory), files, timers);
        stream = another();
        segmenter = Objects.requireNonNull(made.get());
    }

    HlsStream stream() {
        return stream;
    }

    /** What its playlists are one listener of. */
    SegmentedBroadcast segmented() {
        return segmented;
    }

    /** The same broadcast for those who come now. */
    HlsStream another() throws Exception {
        HlsStream late = new HlsStream(Presentation.asItComes(publisher.stream().path()), segmented, shared, _ -> {});
        streams.add(late);
        run(() -> {
            late.startNow();
            return null;
        });
        return late;
    }

    HlsTimers timers() {
        return timers;
    }

    /** An initialization section, by the names of its playlist and its own. */
    Optional<ByteBuf> initialization(String playlist, String name) {
        return stream.renditions().named(playlist).flatMap(found -> found.initialization(name));
    }

    /** Executes something on the stream's thread. */
    <T extends @Nullable Object> T run(Callable<T> task) throws Exception {
        return loop.submit(task).get(20, TimeUnit.SECONDS);
    }

    /** What follows consists of these tracks. */
    void tracks(Track... now) throws Exception {
        run(() -> {
            segmenter.tracks(List.of(now));
            return null;
        });
    }

    /** Lets some seconds of media run. */
    void play(double seconds, Track... heard) throws Exception {
        run(() -> {
            long end = millis + Math.round(seconds * 1_000);
            for (; millis < end; millis += SOUND_MILLIS) {
                for (Track track : heard) {
                    frame(track);
                }
            }
            return null;
        });
    }

    private void frame(Track track) {
        if (track.isVideo() && millis % PICTURE_MILLIS != 0) {
            return;
        }
        boolean key = !track.isVideo() || millis % KEY_MILLIS == 0;
        ByteBuf payload = track.isVideo() ? picture(key) : Unpooled.buffer().writeMedium(0xFC0102);
        long time = Timescale.convert(millis, Timescale.MILLIS, track.timescale());
        segmenter.frame(new MediaFrame(track, time, 0, key, payload));
        payload.release();
    }

    private static ByteBuf picture(boolean key) {
        return Unpooled.buffer().writeInt(2).writeByte(key ? 0x65 : 0x41).writeByte(0);
    }

    /** The newest version of a playlist, read back. */
    static ParsedPlaylist read(BlockingReload reload) {
        PlaylistVersion version = reload.version();
        assertThat(version).isNotNull();
        return ParsedPlaylist.parse(
                URI.create("http://engine/live/anna/x.m3u8"), version.playlist().text());
    }

    ParsedPlaylist track(String name) {
        return read(stream.renditions().named(name).orElseThrow().reload());
    }

    /** Asks for a transport stream, and waits until it has begun. */
    TransportPlaylist transport(boolean soundAlone) throws Exception {
        TransportPlaylist playlist = stream.transports().playlist(soundAlone).orElseThrow();
        run(() -> null);
        return playlist;
    }

    DashManifest manifest() throws Exception {
        return run(() -> Manifests.of(stream, false, Instant.EPOCH).orElseThrow());
    }

    /** The names of the files that are there when all that is due now was written and deleted. */
    List<String> written() throws Exception {
        CompletableFuture<List<String>> names = new CompletableFuture<>();
        timers.later(
                () -> files.execute(() -> {
                    try (Stream<Path> all = Files.walk(directory)) {
                        names.complete(all.filter(Files::isRegularFile)
                                .map(file -> file.getFileName().toString())
                                .sorted()
                                .toList());
                    } catch (IOException e) {
                        names.completeExceptionally(e);
                    }
                }),
                0);
        return names.get(20, TimeUnit.SECONDS);
    }

    /** Ends it, and gives everything back. */
    void close() throws Exception {
        run(() -> {
            segmenter.ended();
            publisher.end();
            return null;
        });
        timers.close();
        files.close();
        run(() -> {
            streams.forEach(HlsStream::release);
            return null;
        });
        loop.shutdownNow();
    }
}
