// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.hls;

import java.util.List;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.hub.LiveStream;
import live.millrace.media.hub.Subscriber;
import live.millrace.media.segment.SegmentedBroadcast;
import live.millrace.media.sound.CommonSound;
import live.millrace.media.sound.Converters;
import live.millrace.media.time.Timescale;

/**
 * Brings a stream, with sound that every player knows, to whoever cuts it. It begins with the first sound, and so is cut from the first
 * random access point behind it: no sound is made of what is past, and players that begin with pictures without it wait for it for seconds.
 * Used on the stream's thread.
 */
final class CommonSoundFeed implements SegmentedBroadcast.Feed, Subscriber {
    /** Of media: a child begins within a second. Pictures without sound are better than none. */
    private static final long PATIENCE_MILLIS = 5_000;

    private static final long NONE = -1;

    private final LiveStream live;
    private final Subscriber segmenter;
    private final CommonSound sound;

    private boolean hasSound;
    private boolean replaying;
    private boolean begun;
    private long waitingSince = NONE;

    /** Hands on nothing yet. */
    CommonSoundFeed(Converters converters, LiveStream live, Subscriber segmenter) {
        this.live = live;
        this.segmenter = segmenter;
        this.sound = new CommonSound(converters, live, this);
    }

    @Override
    public void begin() {
        replaying = true;
        live.subscribe(sound);
        replaying = false;
    }

    @Override
    public void end() {
        sound.leave();
    }

    @Override
    public void tracks(List<Track> all) {
        hasSound = all.stream().anyMatch(track -> track.isDefault() && !track.isVideo());
        waitingSince = NONE;
        segmenter.tracks(all);
    }

    @Override
    public void frame(MediaFrame frame) {
        if (!begun && !replaying) {
            Track of = frame.track();
            begun = !hasSound || (of.isDefault() && !of.isVideo()) || waitedLong(frame);
        }
        if (begun) {
            segmenter.frame(frame);
        }
    }

    private boolean waitedLong(MediaFrame frame) {
        long now = Timescale.convert(frame.decodeTime(), frame.track().timescale(), Timescale.MILLIS);
        if (waitingSince == NONE) {
            waitingSince = now;
        }
        return now - waitingSince > PATIENCE_MILLIS;
    }

    @Override
    public void paused() {
        segmenter.paused();
    }

    @Override
    public void ended() {
        segmenter.ended();
    }

    @Override
    public boolean takes() {
        return segmenter.takes();
    }
}
