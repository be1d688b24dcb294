// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import live.millrace.media.bytes.Releasing;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.frame.LeftOut;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Repair;
import live.millrace.media.frame.Track;
import live.millrace.media.time.Timescale;

/**
 * The media of a broadcast on its way from the publisher to the subscribers: held until its tracks are known, put on one time line,
 * mended where sound is missing; beside it what is contributed in the form of {@linkplain Rendition renditions}. Lives as long as the broadcast, over all its publish sessions. Confined to the stream's thread, but for
 * {@link #tracks()} and {@link #targetSeconds}.
 */
final class IncomingMedia {
    /** Media may run so far ahead of the clock on the wall, and so many times as fast: a burst at the start, a file in a hurry. */
    private static final long MAX_LEAD_MILLIS = 300_000;

    private static final long MAX_SPEED = 10;

    /** Sound that is so far behind the picture is missing, not late. */
    private static final long SOUND_MISSING_MILLIS = 1_500;

    /** Silence that stands in stays so far behind the picture, so that sound which comes back is not in its way. */
    private static final long SILENCE_BEHIND_MILLIS = 300;

    /** Parts of a publisher's media that are named as left out. */
    private static final int MAX_LEFT_OUT = 8;

    private final LiveStream stream;
    private final boolean silentAudio;
    private final Subscribers subscribers;
    private final StatisticsMeter meter;
    private final InstantSource clock;

    private final TrackGate gate = new TrackGate();
    private final TimeLine timeLine = new TimeLine();
    private final WallClock wallClock = new WallClock();
    private final FrameCache cache = new FrameCache();
    private final PictureWait pictureWait = new PictureWait();
    private final KeyFrameProbe probe;
    private final CutBudget cuts = new CutBudget();

    private final Renditions renditions = new Renditions(this);

    private volatile List<Track> tracks = List.of();
    private volatile int targetSeconds;
    private volatile List<LeftOut> leftOut = List.of();
    private long lastFrameNanos;

    // Lifetime of a publish session.
    private boolean anchored;
    private long firstHeldNanos;
    private long heldMillis;
    private boolean soundMissing;

    /** The publisher sends no sound. Its format cannot tell: silence looks like the sound of most encoders. */
    private boolean mute;

    private long sessionStartNanos;
    private long sessionStartMillis;

    /**
     * @param silentAudio give streams without sound a track of silence
     * @param knownTarget how long segments may be, in seconds; 0 to find out
     */
    IncomingMedia(
            LiveStream stream,
            boolean silentAudio,
            int knownTarget,
            Subscribers subscribers,
            StatisticsMeter meter,
            InstantSource clock) {
        this.stream = stream;
        this.silentAudio = silentAudio;
        this.probe = new KeyFrameProbe(knownTarget);
        this.subscribers = subscribers;
        this.meter = meter;
        this.clock = clock;
    }

    /** Empty until they are known. */
    List<Track> tracks() {
        return tracks;
    }

    /** 0 while the stream is being probed. */
    int targetSeconds() {
        return targetSeconds;
    }

    Renditions renditions() {
        return renditions;
    }

    /** What the publisher sends and nobody gets. */
    List<LeftOut> leftOut() {
        return leftOut;
    }

    void leftOut(LeftOut part) {
        List<LeftOut> known = leftOut;
        if (known.size() < MAX_LEFT_OUT && !known.contains(part)) {
            List<LeftOut> more = new ArrayList<>(known);
            more.add(part);
            leftOut = List.copyOf(more);
        }
    }

    /** When a frame came last, by {@link System#nanoTime}. */
    long lastFrameNanos() {
        return lastFrameNanos;
    }

    /** When a frame was made, in milliseconds of the epoch. */
    long wallClock(long millis) {
        return wallClock.at(millis);
    }

    /** How long somebody who comes now waits for a picture; zero when it is not known, empty when there is one. */
    Optional<Duration> pictureIn() {
        return pictureWait.at(clock.millis());
    }

    /** Lends a subscriber what came since the last random access point. */
    void replay(Subscriber subscriber) {
        cache.replay(subscriber::frame);
    }

    /** How the publisher's packets come through. */
    void link(LinkQuality now) {
        meter.link(now);
    }

    /** Another publisher. */
    void newSession() {
        gate.reset();
        leftOut = List.of();
        anchored = false;
        timeLine.newSession();
        meter.newSession();
        cuts.reset();
        soundMissing = false;
        mute = false;
    }

    /** The publisher left. */
    void pause() {
        cache.clear();
        pictureWait.pause();
        renditions.parted();
        gate.drop();
        firstHeldNanos = 0;
        meter.silence();
    }

    /** The broadcast is over. */
    void end() {
        cache.clear();
        renditions.clear();
    }

    void track(Track track) {
        if (!gate.isOpen()) {
            gate.track(track);
        }
        // Later changes are announced with their first frame: a configuration without media changes nothing.
    }

    void frame(MediaFrame frame) {
        long now = System.nanoTime();
        lastFrameNanos = now;
        meter.frame(frame, now);
        if (gate.isOpen()) {
            if (isKnown(frame.track()) || changes(frame, now)) {
                deliver(frame, now);
            }
            return;
        }
        if (firstHeldNanos == 0) {
            firstHeldNanos = now;
        }
        heldMillis = TimeUnit.NANOSECONDS.toMillis(now - firstHeldNanos);
        if (gate.hold(frame, heldMillis)) {
            firstHeldNanos = 0;
            deliverHeld(gate.open(), now);
        }
    }

    /** Takes the frames over. */
    private void deliverHeld(Deque<MediaFrame> frames, long now) {
        try {
            announce(gate.tracks());
            sessionStartNanos = now;
            sessionStartMillis = timeLine.endMillis();
            for (MediaFrame held : frames) {
                if (stream.hasPublisher() && (isKnown(held.track()) || changes(held, now))) {
                    deliver(held, now);
                }
            }
        } finally {
            Releasing.all(frames, MediaFrame::release);
            heldMillis = 0;
        }
    }

    /** Nearly always the very same object as with the frame before. */
    @SuppressWarnings("ReferenceEquality") // the short way; the long one follows
    private boolean isKnown(Track track) {
        List<Track> known = tracks;
        for (int i = 0; i < known.size(); i++) {
            if (known.get(i) == track) {
                return true;
            }
        }
        return known.contains(track) && !renditions.hold(track.id());
    }

    /** A track that came late, or a changed format: announced with its first frame, as often as players can bear it. */
    private boolean changes(MediaFrame frame, long now) {
        if (!frame.randomAccessPoint()) {
            return false; // nothing can be decoded yet
        }
        if (!cuts.take(now)) {
            meter.repaired(Repair.CONFIGURATION_HELD);
            return false;
        }
        List<Track> changed = new ArrayList<>(tracks);
        changed.removeIf(old -> old.id() == frame.track().id());
        renditions.give(frame.track().id());
        changed.add(frame.track());
        changed.sort(Comparator.comparingInt(Track::id));
        announce(changed);
        return true;
    }

    void announce(List<Track> announced) {
        boolean noSound = announced.stream().allMatch(Track::isVideo) && !announced.isEmpty();
        if (noSound && silentAudio) {
            tracks = List.of(announced.getFirst(), Silence.TRACK);
            mute = true;
        } else {
            tracks = List.copyOf(announced);
        }
        begin(tracks);
        stream.tracksChanged();
    }

    /** Tells subscribers what the following frames belong to. */
    private void begin(List<Track> announced) {
        cache.tracks(announced);
        probe.tracks(announced);
        subscribers.tell(subscriber -> subscriber.tracks(announced));
    }

    /** Another clock: what is contributed by the old one joins again when it knows. */
    private void beginAnew() {
        List<Track> own =
                tracks.stream().filter(track -> !renditions.hold(track.id())).toList();
        renditions.parted();
        if (own.size() == tracks.size()) {
            begin(own);
        } else {
            announce(own);
        }
    }

    /** The publisher is there, his tracks are known, and it is decided how the stream is cut. */
    boolean runs() {
        return targetSeconds > 0 && gate.isOpen() && stream.hasPublisher();
    }

    /** Sends a frame that is on the stream's time line already. */
    void contributed(MediaFrame frame) {
        cache.add(frame);
        subscribers.frame(frame);
    }

    private void deliver(MediaFrame frame, long now) {
        switch (timeLine.map(frame, now)) {
            case CONTINUES -> {
                // the usual case
            }
            case STEPPED_BACK -> meter.repaired(Repair.STEPPED_BACK);
            case SOUND_RESYNCED -> meter.repaired(Repair.SOUND_RESYNCED);
            case REBASED -> meter.repaired(Repair.REBASED);
            case TIMED_BY_ARRIVAL -> meter.repaired(Repair.TIMED_BY_ARRIVAL);
            case DROP -> {
                meter.repaired(Repair.SOUND_OVERLAPPED);
                return;
            }
            case CUT -> {
                meter.cut();
                if (!cuts.take(now)) {
                    stream.leave(PublisherHandle.Reason.BROKEN_CLOCK);
                    return;
                }
                anchored = false;
                beginAnew();
            }
        }
        if (runsAhead(now)) {
            stream.leave(PublisherHandle.Reason.BROKEN_CLOCK);
            return;
        }
        MediaFrame mapped = frame.at(timeLine.mapped());
        send(mapped);
        if (mapped.track().isVideo()) {
            fillSilence(mapped);
        } else if (mapped.track().id() == Track.AUDIO) {
            soundMissing = false;
            mute = false;
        }
        stream.delivered();
    }

    /** Time stamps in large steps would make hours of segments in a second. */
    private boolean runsAhead(long now) {
        long media = timeLine.endMillis() - sessionStartMillis;
        return media - MAX_LEAD_MILLIS > MAX_SPEED * TimeUnit.NANOSECONDS.toMillis(now - sessionStartNanos);
    }

    private void send(MediaFrame mapped) {
        long millis = Timescale.convert(mapped.decodeTime(), mapped.track().timescale(), Timescale.MILLIS);
        long arrival = clock.millis();
        if (!anchored) {
            anchored = true;
            wallClock.begin(millis, arrival - heldMillis);
        }
        wallClock.arrived(millis, arrival);
        meter.mapped(mapped);
        cache.add(mapped);
        pictureWait.frame(mapped, cache.isOpen(), meter.snapshot().keyFrameIntervalMillis(), arrival);
        if (targetSeconds == 0 && probe.decidesOn(mapped)) {
            targetSeconds = probe.targetSeconds();
            stream.markPlayable();
        }
        subscribers.frame(mapped);
    }

    /** A sound track that was announced and says nothing would stop every player: silence takes its place. */
    private void fillSilence(MediaFrame picture) {
        if (tracks.size() < 2
                || picture.track().id() != Track.VIDEO
                || tracks.get(1).id() != Track.AUDIO
                || !(tracks.get(1).format() instanceof TrackFormat.Audio audio)) {
            return;
        }
        Track sound = tracks.get(1);
        boolean never = mute;
        long pictureMillis =
                Timescale.convert(picture.decodeTime(), picture.track().timescale(), Timescale.MILLIS);
        long soundMillis = timeLine.nextSoundMillis(sound.id());
        soundMissing |= never || pictureMillis - soundMillis >= SOUND_MISSING_MILLIS;
        if (!soundMissing) {
            return;
        }
        ByteBuf payload = Silence.frame(audio);
        if (payload == null) {
            return;
        }
        long until = never ? pictureMillis : pictureMillis - SILENCE_BEHIND_MILLIS;
        while (timeLine.nextSoundMillis(sound.id()) <= until) {
            MediaFrame silence = new MediaFrame(sound, 0, 0, true, payload);
            timeLine.continueSound(silence);
            send(silence.at(timeLine.mapped()));
            meter.repaired(Repair.SILENCE_INSERTED);
        }
    }
}
