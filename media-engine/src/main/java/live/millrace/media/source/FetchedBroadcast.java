// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.source;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import live.millrace.media.bytes.Releasing;
import live.millrace.media.frame.FrameSink;
import live.millrace.media.frame.LeftOut;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Repair;
import live.millrace.media.frame.Track;
import live.millrace.media.hub.LiveStream;
import live.millrace.media.hub.PublishRequest;
import live.millrace.media.hub.PublishResult;
import live.millrace.media.hub.Publisher;
import live.millrace.media.hub.StreamRegistry;
import org.jspecify.annotations.Nullable;

/**
 * Puts fetched media on air: asks the hub with the first track, holds what comes until the answer, and hands on what follows. Where nothing
 * comes there is no broadcast.
 *
 * <pre>
 * waits for media → asks the hub → on air → over
 *                        └──── refused ──────↗
 * </pre>
 *
 * <p>Confined to the loop that its request names as the owner.
 */
final class FetchedBroadcast implements FrameSink {
    /** The hub answers within a turn of a loop; more than this came faster than anything live. */
    private static final int MAX_HELD = 1_024;

    /** Key frames that come a little late do not make segments a second longer. */
    private static final long LATE_MILLIS = 50;

    /** As many as are named of what is published; a source repeats itself. */
    private static final int MAX_LEFT_OUT = 8;

    private final StreamRegistry registry;
    private final PublishRequest request;
    private final Consumer<PublishResult.Cause> refused;
    private final List<Track> tracks = new ArrayList<>();
    private final List<LeftOut> leftOut = new ArrayList<>();
    private final Deque<MediaFrame> held = new ArrayDeque<>();

    private boolean asked;
    private boolean over;
    private @Nullable Publisher publisher;
    private @Nullable UUID broadcast;

    FetchedBroadcast(StreamRegistry registry, PublishRequest request, Consumer<PublishResult.Cause> refused) {
        this.registry = registry;
        this.request = request;
        this.refused = refused;
    }

    /** How long the segments of a stream are, as far as its key frames have shown. */
    static int segmentSeconds(LiveStream stream) {
        long apart = stream.statistics().maxKeyFrameIntervalMillis();
        return Math.max(stream.targetSeconds(), Math.ceilDiv(Math.clamp(apart - LATE_MILLIS, 0, 60_000), 1_000));
    }

    @Override
    public void track(Track track) {
        Publisher on = publisher;
        if (on != null) {
            on.track(track);
            return;
        }
        tracks.removeIf(before -> before.id() == track.id());
        tracks.add(track);
        if (!asked && !over) {
            asked = true;
            var _ = registry.publish(request).whenComplete(this::answered);
        }
    }

    private void answered(@Nullable PublishResult result, @Nullable Throwable failure) {
        switch (result) {
            case PublishResult.Accepted(Publisher accepted) when over -> accepted.end();
            case PublishResult.Accepted(Publisher accepted) -> begin(accepted);
            case PublishResult.Refused(PublishResult.Cause cause) -> refuse(cause);
            case null -> refuse(PublishResult.Cause.FULL);
        }
    }

    private void refuse(PublishResult.Cause cause) {
        if (!over) {
            end();
            refused.accept(cause);
        }
    }

    private void begin(Publisher accepted) {
        publisher = accepted;
        broadcast = accepted.stream().broadcastId();
        tracks.forEach(accepted::track);
        leftOut.forEach(accepted::leftOut);
        List<MediaFrame> frames = List.copyOf(held);
        held.clear();
        try {
            frames.forEach(accepted::frame);
        } finally {
            Releasing.all(frames, MediaFrame::release);
        }
    }

    @Override
    public void frame(MediaFrame frame) {
        Publisher on = publisher;
        if (on != null) {
            on.frame(frame);
        } else if (!over && held.size() < MAX_HELD) {
            held.add(frame.retain());
        }
    }

    @Override
    public void repaired(Repair repair) {
        Publisher on = publisher;
        if (on != null) {
            on.repaired(repair);
        }
    }

    @Override
    public void leftOut(LeftOut part) {
        Publisher on = publisher;
        if (on != null) {
            on.leftOut(part);
        } else if (leftOut.size() < MAX_LEFT_OUT && !leftOut.contains(part)) {
            leftOut.add(part);
        }
    }

    /** The broadcast that it goes to; null before it is on air. */
    @Nullable
    UUID broadcast() {
        return broadcast;
    }

    /** No more comes; the broadcast waits for another. Idempotent. */
    void end() {
        over = true;
        List<MediaFrame> frames = List.copyOf(held);
        held.clear();
        Releasing.all(frames, MediaFrame::release);
        Publisher on = publisher;
        publisher = null;
        if (on != null) {
            on.end();
        }
    }
}
