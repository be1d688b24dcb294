// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.testing.SampleTracks;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A broadcast on event loops whose clocks the test holds, and what its subscriber heard. */
abstract class BroadcastOnLoops {
    static final Track VIDEO = SampleTracks.VIDEO;
    static final Track AUDIO = SampleTracks.AUDIO;
    static final StreamPath ANNA = StreamPath.live("anna");

    final List<String> events = new ArrayList<>();
    final List<String> kicks = new ArrayList<>();
    final EmbeddedChannel loop = new EmbeddedChannel();
    final EmbeddedChannel otherLoop = new EmbeddedChannel();

    final StreamRegistry registry = new StreamRegistry(
            HubConfig.defaults(),
            List.of(new StreamListener() {
                @Override
                public void created(LiveStream stream) {
                    stream.subscribe(new Subscriber() {
                        @Override
                        public void tracks(List<Track> tracks) {
                            events.add("tracks" + tracks.stream().map(Track::id).toList());
                        }

                        @Override
                        public void frame(MediaFrame frame) {
                            events.add(frame.track().id() + "@" + frame.decodeTime());
                            stream.markPlayable();
                        }

                        @Override
                        public void paused() {
                            events.add("paused");
                        }

                        @Override
                        public void ended() {
                            events.add("ended");
                        }
                    });
                }

                @Override
                public void stateChanged(LiveStream stream, StreamState from, StreamState to) {
                    events.add(from + ">" + to);
                }
            }),
            InstantSource.system());

    @BeforeEach
    void holdTheClocks() {
        loop.freezeTime();
        otherLoop.freezeTime();
    }

    /** What streams hold goes with them. */
    @AfterEach
    void endAll() {
        registry.close();
        runAll();
    }

    CompletableFuture<PublishResult> publish(EmbeddedChannel on, String key) {
        return publish(on, new PublisherOrigin.Key(key), key);
    }

    /** With a broadcast that goes on from elsewhere. */
    CompletableFuture<PublishResult> publish(EmbeddedChannel on, String key, BroadcastIdentity identity) {
        return publish(on, new PublisherOrigin.Key(key), key, identity);
    }

    CompletableFuture<PublishResult> pull(EmbeddedChannel on) {
        return publish(on, new PublisherOrigin.Pull("camera"), "camera");
    }

    private CompletableFuture<PublishResult> publish(EmbeddedChannel on, PublisherOrigin origin, String key) {
        return publish(on, origin, key, BroadcastIdentity.fresh());
    }

    private CompletableFuture<PublishResult> publish(
            EmbeddedChannel on, PublisherOrigin origin, String key, BroadcastIdentity identity) {
        PublisherInfo info = new PublisherInfo(
                UUID.randomUUID(), origin, new InetSocketAddress("192.0.2.1", 1), "test", "rtmp", Instant.EPOCH);
        CompletableFuture<PublishResult> result = registry.publish(new PublishRequest(
                        ANNA, info, on.eventLoop(), reason -> kicks.add(key + " " + reason), Latency.NORMAL, identity))
                .toCompletableFuture();
        runAll();
        return result;
    }

    Publisher accepted(EmbeddedChannel on, String key) {
        return ((PublishResult.Accepted) publish(on, key).join()).publisher();
    }

    void runAll() {
        for (int i = 0; i < 4; i++) {
            loop.runPendingTasks();
            otherLoop.runPendingTasks();
        }
    }

    void picture(Publisher publisher, long millis) {
        frame(
                publisher,
                new MediaFrame(VIDEO, millis * 90, 0, true, Unpooled.buffer().writeZero(8)));
    }

    void sound(Publisher publisher, long millis) {
        frame(
                publisher,
                new MediaFrame(
                        AUDIO,
                        millis * 44_100 / 1000,
                        0,
                        true,
                        Unpooled.buffer().writeZero(8)));
    }

    static void frame(Publisher publisher, MediaFrame frame) {
        ByteBuf payload = frame.payload();
        publisher.frame(frame);
        payload.release();
    }

    Publisher onAir(EmbeddedChannel on, String key) {
        Publisher publisher = accepted(on, key);
        publisher.track(VIDEO);
        publisher.track(AUDIO);
        picture(publisher, 0);
        sound(publisher, 0);
        return publisher;
    }

    StreamState state() {
        return registry.find(ANNA).map(LiveStream::state).orElse(StreamState.ENDED);
    }

    Publisher accepted(StreamRegistry other) {
        PublisherInfo info = new PublisherInfo(
                UUID.randomUUID(), "k1", new InetSocketAddress("192.0.2.1", 1), "test", "rtmp", Instant.EPOCH);
        CompletableFuture<PublishResult> result = other.publish(
                        new PublishRequest(ANNA, info, loop.eventLoop(), _ -> {}, Latency.NORMAL))
                .toCompletableFuture();
        runAll();
        return ((PublishResult.Accepted) result.join()).publisher();
    }

    List<Long> times(int track) {
        return events.stream()
                .filter(event -> event.startsWith(track + "@"))
                .map(event -> Long.parseLong(event.substring(2)))
                .toList();
    }
}
