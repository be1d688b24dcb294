// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.hls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import live.millrace.media.container.mpegts.TsMuxer;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.protocol.hls.MediaPlaylist;
import live.millrace.media.segment.StoredSegment;
import live.millrace.media.segment.TrackSegment;
import live.millrace.media.time.Timescale;

/**
 * The default tracks, or the sound alone, as a playlist of MPEG-TS segments. They are made from the CMAF segments of the same cut, when
 * a player asks for them. Confined to the stream's thread, but for what it publishes.
 */
final class TransportPlaylist {
    /** Longer than any frame, in units of 90 kHz. */
    private static final long SLEPT = Timescale.MPEG / 2;

    private final String folder;
    private final int life;
    private final HlsStream stream;
    private final SegmentWindow window;
    private final BlockingReload reload;
    private final TsMuxer muxer = new TsMuxer(PooledByteBufAllocator.DEFAULT);
    private List<Track> program = List.of();
    private boolean begun;

    /**
     * An empty playlist.
     *
     * @param folder of its segments, relative to the playlist's address, with a slash at its end
     * @param life counts the playlists at this address
     */
    TransportPlaylist(String folder, int life, HlsStream stream, SegmentWindow window, AtomicInteger held) {
        this.folder = folder;
        this.life = life;
        this.stream = stream;
        this.window = window;
        this.reload = new BlockingReload(held, stream::targetDuration, stream.partTarget() / (Timescale.MPEG / 1_000));
    }

    SegmentWindow window() {
        return window;
    }

    BlockingReload reload() {
        return reload;
    }

    /** Starts with what is listed already. */
    void begin(Iterable<List<TrackSegment>> listed) {
        begun = true;
        listed.forEach(this::add);
        if (!window.listed().isEmpty()) {
            publish(false);
        }
    }

    boolean hasBegun() {
        return begun;
    }

    /** Adds what the tracks hold of one number. The segments are borrowed. */
    void segment(List<TrackSegment> sources) {
        add(sources);
        publish(false);
    }

    private void add(List<TrackSegment> sources) {
        TrackSegment leading = sources.getFirst();
        window.fillGap(
                leading.mediaSequence(),
                leading.discontinuitySequence() - (leading.discontinuity() ? 1 : 0),
                stream::duration,
                this::address,
                Optional.empty());
        TrackSegment timing = timing(sources);
        List<Track> tracks = sources.stream().map(TrackSegment::track).toList();
        if (!tracks.equals(program)) {
            program = tracks;
            muxer.tracks(tracks);
        }
        ByteBuf content = mux(muxer, sources, leading.discontinuity());
        StoredSegment stored = new StoredSegment(
                leading.mediaSequence(),
                timing.duration(),
                content,
                new int[0],
                stream.store(),
                stream.objectName(leading.mediaSequence() + "." + folder.replace('/', '.') + life + ".ts"));
        window.add(
                new SegmentWindow.Listed(
                        leading.mediaSequence(),
                        leading.discontinuitySequence(),
                        new MediaPlaylist.Entry(
                                address(leading.mediaSequence()),
                                timing.duration(),
                                timing.programDateTime(),
                                leading.discontinuity()),
                        stored,
                        null),
                leading.independent());
    }

    private String address(long mediaSequence) {
        return stream.live().path().name() + "/" + stream.id() + "/" + folder + mediaSequence + ".ts";
    }

    /** The picture says how long a segment is, unless it slept through most of it. */
    private static TrackSegment timing(List<TrackSegment> sources) {
        TrackSegment longest = Collections.max(sources, Comparator.comparingLong(TrackSegment::duration));
        TrackSegment leading = sources.getFirst();
        return longest.duration() - leading.duration() > SLEPT ? longest : leading;
    }

    /** The access units of all sources in decoding order, as one stretch of a transport stream, in memory of its own. */
    static ByteBuf mux(TsMuxer muxer, List<TrackSegment> sources, boolean discontinuity) {
        List<MediaFrame> frames = new ArrayList<>();
        int bytes = 0;
        for (TrackSegment source : sources) {
            source.frames(frames::add);
            bytes += source.content().readableBytes();
        }
        frames.sort(Comparator.comparingLong(
                frame -> Timescale.convert(frame.decodeTime(), frame.track().timescale(), Timescale.MPEG)));
        ByteBuf out = PooledByteBufAllocator.DEFAULT.directBuffer(bytes + bytes / 16 + 4_096);
        try {
            muxer.startSegment(discontinuity, out);
            frames.forEach(frame -> muxer.write(frame, out));
            return Unpooled.directBuffer(out.readableBytes(), out.readableBytes())
                    .writeBytes(out)
                    .asReadOnly();
        } finally {
            out.release();
        }
    }

    /** No more segments are added. */
    boolean isEnded() {
        PlaylistVersion now = reload.version();
        return now != null && now.playlist().ended();
    }

    void ended() {
        if (!window.listed().isEmpty()) {
            publish(true);
        }
    }

    private void publish(boolean ended) {
        SegmentWindow.Listed first = window.listed().getFirst();
        MediaPlaylist playlist = new MediaPlaylist(
                stream.targetDuration(),
                first.mediaSequence(),
                first.discontinuitySequence() - (first.entry().discontinuity() ? 1 : 0),
                window.allIndependent(),
                window.listed().stream().map(SegmentWindow.Listed::entry).toList(),
                ended,
                Optional.empty());
        reload.publish(new PlaylistVersion(playlist, window.listed().getLast().mediaSequence(), -1, 0));
    }
}
