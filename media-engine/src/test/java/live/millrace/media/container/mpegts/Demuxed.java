// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.mpegts;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.List;
import live.millrace.media.frame.FrameSink;
import live.millrace.media.frame.LeftOut;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Repair;
import live.millrace.media.frame.Track;
import live.millrace.media.time.Timescale;

/** Keeps what a demuxer finds. */
public final class Demuxed implements FrameSink {
    /**
     * A frame.
     *
     * @param presentation at 90 kHz
     * @param decode the same
     */
    public record Found(int track, long presentation, long decode, boolean key, String payload) {}

    public final List<Track> tracks = new ArrayList<>();
    public final List<Found> frames = new ArrayList<>();
    public final List<Repair> repairs = new ArrayList<>();
    public final List<LeftOut> leftOut = new ArrayList<>();

    @Override
    public void track(Track track) {
        tracks.add(track);
    }

    @Override
    public void frame(MediaFrame frame) {
        int scale = frame.track().timescale();
        ByteBuf payload = frame.payload();
        frames.add(new Found(
                frame.track().id(),
                Timescale.convert(frame.presentationTime(), scale, Timescale.MPEG),
                Timescale.convert(frame.decodeTime(), scale, Timescale.MPEG),
                frame.randomAccessPoint(),
                ByteBufUtil.hexDump(payload)));
    }

    @Override
    public void repaired(Repair repair) {
        repairs.add(repair);
    }

    @Override
    public void leftOut(LeftOut part) {
        leftOut.add(part);
    }

    /** Of one track. */
    public List<Found> of(int track) {
        return frames.stream().filter(each -> each.track() == track).toList();
    }
}
