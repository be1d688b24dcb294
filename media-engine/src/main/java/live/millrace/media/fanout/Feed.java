// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.fanout;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.hub.LiveStream;
import live.millrace.media.hub.Subscriber;
import live.millrace.media.sound.CommonSound;
import live.millrace.media.time.Timescale;
import org.jspecify.annotations.Nullable;

/**
 * One live stream in one format, encoded once for all who watch it. It keeps the join point (everything since the last random access
 * point, as it was sent) and lasts from the first viewer to the last.
 *
 * <p>Confined to the stream's thread, but for what says otherwise.
 */
final class Feed implements Subscriber {
    /** What a format adds to a frame, at most, before its buffer has to grow. */
    private static final int FRAME_ROOM = 512;

    /** The join point of sound alone is made anew after so much of it. */
    private static final long SOUND_ALONE_MILLIS = 1_000;

    private final LiveStream stream;

    /** Null where the sound is handed on as it comes. */
    private final @Nullable CommonSound sound;

    private final Feeds.Key key;
    private final boolean soundAlone;
    private final FeedEncoder encoder;
    private final Feeds feeds;
    private final Runnable flushWhenDue = this::flushOnOwner;
    private final Map<EventLoop, LoopViewers> groups = new HashMap<>();
    private final List<Viewer> early = new ArrayList<>();
    private final ByteBufAllocator alloc;
    private final JoinPoint join;
    private final PendingLimit pendingLimit;
    private int viewers;
    private boolean over;

    // Lifetime of a set of tracks.
    private List<Track> tracks = List.of();
    private int configuration;

    private boolean hasVideo;
    private boolean hasTracks;
    private boolean started;

    // Lifetime of a batch.
    private @Nullable ByteBuf pending;
    private boolean pendingIsRandomAccess;
    private boolean scheduled;
    private boolean replaying;

    /** What batches needed lately, so that their memory need not grow on the way: a slowly falling maximum. */
    private int usualBatch;

    Feed(LiveStream stream, Feeds.Key key, FeedEncoder encoder, Feeds feeds) {
        this.stream = stream;
        this.key = key;
        this.soundAlone = key.format().soundAlone();
        this.sound = key.format().commonSound() ? new CommonSound(feeds.converters(), stream, this) : null;
        this.encoder = encoder;
        this.feeds = feeds;
        this.alloc = feeds.alloc();
        this.join = new JoinPoint(encoder, alloc);
        this.pendingLimit = new PendingLimit(feeds.config());
    }

    boolean isOver() {
        return over;
    }

    Feeds.Key key() {
        return key;
    }

    /** Follows the stream, from its last random access point on. */
    void subscribe() {
        replaying = true;
        stream.subscribe(sound == null ? this : sound);
        replaying = false;
        flush();
    }

    private void leave() {
        if (sound == null) {
            stream.leave(this);
        } else {
            sound.leave();
        }
    }

    // ---- viewers come and go ----------------------------------------------------------------------------------

    /** Takes a viewer in. */
    void add(Viewer viewer) {
        viewers++;
        feeds.clock().viewerJoined();
        feeds.tallies().viewers().count(FanoutTallies.Event.JOINED);
        EventLoop loop = viewer.channel().eventLoop();
        LoopViewers group = groups.computeIfAbsent(
                loop,
                each -> new LoopViewers(
                        each, feeds.tallies(), feeds.config().stalled().toNanos()));
        group.count++;
        if (hasTracks) {
            begin(group, viewer);
        } else {
            early.add(viewer);
        }
        viewer.channel().closeFuture().addListener(_ -> {
            group.remove(viewer);
            stream.onOwner(() -> removed(group, viewer));
        });
    }

    private void begin(LoopViewers group, Viewer viewer) {
        group.join(viewer, join.forViewer(), configuration);
    }

    private void removed(LoopViewers group, Viewer viewer) {
        early.remove(viewer);
        group.count--;
        feeds.clock().viewerLeft();
        if (--viewers == 0) {
            close();
        }
    }

    /** Nobody watches any more, or there is nothing to watch. */
    private void close() {
        if (!over) {
            over = true;
            leave();
            feeds.forget(this);
            release();
        }
    }

    private void release() {
        ByteBuf unsent = pending;
        pending = null;
        try {
            join.release();
        } finally {
            if (unsent != null) {
                unsent.release();
            }
        }
    }

    // ---- what the stream sends --------------------------------------------------------------------------------

    @Override
    public void tracks(List<Track> all) {
        if (over) {
            return;
        }
        flush();
        List<Track> wanted = all.stream()
                .filter(track -> track.isDefault() && !(soundAlone && track.isVideo()))
                .toList();
        if (besideThePicture(wanted)) {
            goOn(wanted);
            return;
        }
        tracks = wanted;
        hasVideo = wanted.stream().anyMatch(Track::isVideo);
        boolean first = !hasTracks;
        hasTracks = true;
        configuration++;
        join.reset();
        started = false;
        encoder.tracks(wanted);
        if (!first) {
            send(join.configuration(), false, null);
        }
        if (!early.isEmpty()) {
            for (Viewer viewer : early) {
                LoopViewers group = groups.get(viewer.channel().eventLoop());
                if (group != null) {
                    begin(group, viewer);
                }
            }
            early.clear();
        }
        endIfOver();
    }

    /** Whether the pictures go on as they are, and the sound becomes another. */
    private boolean besideThePicture(List<Track> wanted) {
        return join.isOpen()
                && hasVideo
                && !wanted.equals(tracks)
                && wanted.stream()
                        .filter(Track::isVideo)
                        .toList()
                        .equals(tracks.stream().filter(Track::isVideo).toList());
    }

    /** Nothing is lost: the new configuration stands between the frames, for those who watch and those who join here. */
    private void goOn(List<Track> wanted) {
        join.beforeChange();
        tracks = wanted;
        configuration++;
        encoder.tracks(wanted);
        send(join.change(), false, null);
        endIfOver();
    }

    private void endIfOver() {
        if (encoder.isOver()) {
            endViewers();
            leave();
        }
    }

    @Override
    public void frame(MediaFrame frame) {
        Track track = frame.track();
        if (over || !track.isDefault() || (soundAlone && track.isVideo())) {
            return;
        }
        long millis = Timescale.convert(frame.decodeTime(), track.timescale(), Timescale.MILLIS);
        boolean start = hasVideo
                ? track.isVideo() && frame.randomAccessPoint()
                : !join.isOpen() || millis - join.openedMillis() >= SOUND_ALONE_MILLIS;
        if (start) {
            flush(); // so that a join point is a batch's beginning
            join.open(millis);
            started = true;
            pendingIsRandomAccess = true;
        }
        if (!started) {
            return; // nothing can be decoded before the first random access point
        }
        ByteBuf out = pending;
        if (out == null) {
            out = alloc.directBuffer(Math.max(frame.payload().readableBytes() + FRAME_ROOM, usualBatch));
            pending = out;
        }
        int before = out.writerIndex();
        boolean whole = false;
        try {
            encoder.frame(frame, out);
            whole = true;
        } finally {
            if (!whole) {
                out.writerIndex(before); // half a frame would spoil those before and behind it
            }
        }
        pendingLimit.sent(millis, out.writerIndex() - before);
        if (replaying) {
            return;
        }
        long gathering = feeds.clock().gatheringMillis(stream.latency());
        if (gathering == 0) {
            flush();
        } else if (!scheduled) {
            scheduled = true;
            feeds.clock().schedule(stream.owner(), flushWhenDue, gathering);
        }
    }

    private void flushOnOwner() {
        stream.onOwner(() -> {
            scheduled = false;
            ByteBuf gathered = pending;
            // A key frame's batch says nothing about the next.
            if (gathered != null && !pendingIsRandomAccess) {
                usualBatch = Math.max(gathered.readableBytes() + FRAME_ROOM, usualBatch - usualBatch / 16);
            }
            flush();
        });
    }

    private void flush() {
        ByteBuf out = pending;
        if (out == null || over) {
            return;
        }
        pending = null;
        boolean start = pendingIsRandomAccess;
        pendingIsRandomAccess = false;
        try {
            if (out.isReadable()) {
                send(out, start, start ? join.configuration() : null);
                join.add(out);
            }
        } finally {
            out.release();
        }
    }

    private void sayGoodbye(Consumer<ByteBuf> write) {
        ByteBuf goodbye = join.encoded(write);
        try {
            send(goodbye, false, null);
        } finally {
            goodbye.release();
        }
    }

    private void send(ByteBuf bytes, boolean start, @Nullable ByteBuf headerForResuming) {
        if (!bytes.isReadable()) {
            return;
        }
        Batch batch = new Batch(bytes, start, configuration, headerForResuming, pendingLimit.bytes());
        feeds.tallies().flushes().increment();
        for (LoopViewers group : groups.values()) {
            if (group.count > 0) {
                group.send(batch);
            }
        }
    }

    @Override
    public void paused() {
        if (over) {
            return;
        }
        flush();
        sayGoodbye(encoder::paused);
        join.close();
    }

    @Override
    public void ended() {
        if (over) {
            return;
        }
        flush();
        sayGoodbye(encoder::ended);
        endViewers();
    }

    private void endViewers() {
        groups.values().forEach(LoopViewers::end);
        early.forEach(viewer -> viewer.channel().eventLoop().execute(viewer::end));
        early.clear();
        over = true;
        feeds.forget(this);
        release();
    }
}
