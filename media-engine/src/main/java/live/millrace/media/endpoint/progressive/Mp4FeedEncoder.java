// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.progressive;

import io.netty.buffer.ByteBuf;
import java.util.List;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.container.mp4.FragmentWriter;
import live.millrace.media.container.mp4.InitializationSection;
import live.millrace.media.container.mp4.Sample;
import live.millrace.media.fanout.FeedEncoder;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.time.Timescale;

/** Frames to a fragmented MP4 of all tracks, a movie fragment for each frame. */
final class Mp4FeedEncoder implements FeedEncoder {
    /** A picture's length when none before it tells. */
    private static final int FIRST_PICTURE = Timescale.MPEG / 25;

    private List<Track> tracks = List.of();
    private int sequenceNumber;
    private long lastPicture = -1;
    private int pictureDuration = FIRST_PICTURE;

    @Override
    public void tracks(List<Track> newTracks) {
        tracks = newTracks;
        lastPicture = -1;
    }

    @Override
    public void header(ByteBuf out) {
        // the initialization section is the configuration
    }

    @Override
    public void configuration(ByteBuf out) {
        InitializationSection.write(tracks, out);
    }

    @Override
    public void frame(MediaFrame frame, ByteBuf out) {
        int duration;
        if (frame.track().format() instanceof TrackFormat.Audio audio) {
            duration = audio.samples(frame.payload());
        } else {
            // The next picture is not there yet: the last distance stands in for its duration.
            long step = frame.decodeTime() - lastPicture;
            if (lastPicture >= 0 && step > 0 && step < Timescale.MPEG) {
                pictureDuration = (int) step;
            }
            lastPicture = frame.decodeTime();
            duration = pictureDuration;
        }
        FragmentWriter.write(
                ++sequenceNumber, frame.track(), frame.decodeTime(), List.of(Sample.of(frame, duration)), out);
    }
}
