// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.fanout;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import live.millrace.media.hub.LiveStream;
import live.millrace.media.sound.Converters;

/** The feeds that somebody watches, one for each broadcast and format. Thread-safe. */
public final class Feeds implements AutoCloseable {
    /**
     * What viewers can share bytes of.
     *
     * @param name of the format, with whatever else its bytes depend on
     * @param soundAlone without the picture
     * @param commonSound with sound that every player knows, where the stream's is none and can be made such
     */
    public record Format(String name, boolean soundAlone, boolean commonSound) {
        /** With the sound as it comes. */
        public Format(String name, boolean soundAlone) {
            this(name, soundAlone, false);
        }
    }

    record Key(UUID broadcast, Format format) {}

    private final ConcurrentHashMap<Key, Feed> feeds = new ConcurrentHashMap<>();
    private final FanoutConfig config;
    private final Converters converters;
    private final FlushClock clock;
    private final FanoutTallies tallies = FanoutTallies.fresh();
    private final ByteBufAllocator alloc = PooledByteBufAllocator.DEFAULT;

    public Feeds(FanoutConfig config) {
        this.config = config;
        this.converters = new Converters(config.converter());
        this.clock = new FlushClock(config);
    }

    /**
     * Lets a viewer watch a stream, from the last random access point on. When the stream is over, or its channel closes, it leaves by
     * itself. From any thread.
     *
     * @param encoder makes the format's encoder, for its first viewer
     */
    public void watch(LiveStream stream, Format format, Supplier<FeedEncoder> encoder, Viewer viewer) {
        stream.onOwner(() -> {
            Key key = new Key(stream.broadcastId(), format);
            Feed feed = feeds.get(key);
            if (feed == null) {
                feed = new Feed(stream, key, encoder.get(), this);
                feeds.put(key, feed);
                feed.subscribe();
            }
            if (feed.isOver()) {
                viewer.channel().eventLoop().execute(viewer::end);
            } else {
                feed.add(viewer);
            }
        });
    }

    /** All viewers of all feeds. */
    public int viewers() {
        return clock.viewers();
    }

    /** Formats that are being encoded. */
    public int size() {
        return feeds.size();
    }

    /** What was counted since the start. */
    public FanoutTallies tallies() {
        return tallies;
    }

    /** What makes sound anew for viewers. */
    public Converters converters() {
        return converters;
    }

    /** Programs that make sound anew. */
    public int sounds() {
        return converters.running();
    }

    /** The engine goes down. */
    @Override
    public void close() {
        converters.close();
    }

    FanoutConfig config() {
        return config;
    }

    FlushClock clock() {
        return clock;
    }

    ByteBufAllocator alloc() {
        return alloc;
    }

    void forget(Feed feed) {
        feeds.remove(feed.key(), feed);
    }
}
