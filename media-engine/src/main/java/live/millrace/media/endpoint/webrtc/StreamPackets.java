// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.webrtc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import live.millrace.media.bytes.Releasing;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.hub.LiveStream;
import live.millrace.media.hub.Subscriber;
import live.millrace.media.protocol.rtp.payload.Packetizer;
import live.millrace.media.protocol.rtp.payload.PayloadFormats;
import live.millrace.media.protocol.rtp.payload.RtpTrackWriter;
import live.millrace.media.protocol.sdp.PayloadFormat;
import live.millrace.media.sound.Converters;
import live.millrace.media.sound.Listening;
import live.millrace.media.sound.Recipe;
import live.millrace.media.time.NtpTime;
import live.millrace.media.time.Timescale;
import org.jspecify.annotations.Nullable;

/**
 * Makes the packets of a stream, once for all its viewers, and hands them to the event loop of the port. On one time line, whatever the
 * stream's does: browsers throw away pictures that lie before those that they have shown. Confined to the stream's thread.
 */
final class StreamPackets implements Subscriber {
    /** What browsers take of what there is; the sound of most other ways in is AAC, which is none of it. */
    private static final List<String> PLAYED = List.of("H264", "H265", "VP8", "VP9", "AV1", "opus", "PCMA", "PCMU");

    /** Whose pictures may come in another order than they are shown in, which browsers do not mend. */
    private static final List<String> REORDERED = List.of("H264", "H265");

    private static final int MTU = 1_200;
    private static final int RTP_HEADER = 12;

    /** Two extensions, and the number of what is sent once more. */
    private static final int ADDED = 12 + 2;

    private static final int TAG = 16;

    /** So that a packet with all that is added fits every way there is: tunnels have 1,280 bytes, less 48 for IPv6 and UDP. */
    static final int LARGEST_PAYLOAD = MTU - RTP_HEADER - ADDED - TAG;

    private static final long REPORT_MILLIS = 500;

    /** The line went back by more than clocks differ, or jumped. */
    private static final long BACK_MILLIS = 500;

    /** No track. */
    private static final int NONE = -1;

    private static final long AHEAD_MILLIS = 2_000;

    /**
     * One instant on all clocks.
     *
     * @param ntpTime as in sender reports
     * @param picture on the clock of the pictures, 32 bits; negative without any
     * @param sound on the clock of the sound, 32 bits; negative without any
     */
    record Clock(long ntpTime, long picture, long sound) {}

    /** A packet in clear, whose payload type stands for none. */
    record Made(ByteBuf packet, boolean picture, boolean start) {}

    /** Takes what is made, on the event loop of the port, in order. */
    interface Taker {
        /**
         * What the stream is of from now on, as far as it can be played.
         *
         * @param unheard there is sound, and it cannot
         */
        void tracks(Optional<PayloadFormat> picture, Optional<PayloadFormat> sound, boolean unheard);

        /** @param packets taken over */
        void packets(List<Made> packets, @Nullable Clock clock);

        /** Pictures come in another order than they are shown in; no more of them are made. */
        void reordered();

        /** All that was there when it began has been handed over. */
        void caughtUp();

        /** What comes next does not follow from what came. */
        void cut();

        void ended();
    }

    private final LiveStream stream;
    private final Executor loop;
    private final Taker taker;
    private final Lane picture;
    private final Lane sound;
    private final Listening converted;

    private List<Track> tracks = List.of();

    /** The sound that another is made of. */
    private int convertedId = NONE;

    private boolean replaying;
    private List<Made> made = new ArrayList<>();
    private boolean orderly = true;

    // The time line.
    private boolean fresh;
    private boolean begun;
    private long shiftMillis;
    private long lastMillis;
    private long lastNanos;
    private long toEpochMillis;
    private long reportedMillis;
    private @Nullable Clock clock;

    /** One of the two tracks. */
    private static final class Lane {
        private final int ssrc;
        private final long firstTimestamp = ThreadLocalRandom.current().nextInt() & 0xFFFF_FFFFL;
        private int next = ThreadLocalRandom.current().nextInt() & 0xFFFF;
        private int trackId = NONE;
        private @Nullable RtpTrackWriter writer;
        private long highest = Long.MIN_VALUE;

        Lane(int ssrc) {
            this.ssrc = ssrc;
        }

        private void follow(Track track, Packetizer packetizer) {
            stop();
            trackId = track.id();
            writer = new RtpTrackWriter(
                    packetizer, 0, ssrc, next, firstTimestamp, LARGEST_PAYLOAD, PooledByteBufAllocator.DEFAULT);
        }

        private void stop() {
            RtpTrackWriter before = writer;
            if (before != null) {
                next = before.nextSequenceNumber();
            }
            writer = null;
            trackId = NONE;
            highest = Long.MIN_VALUE;
        }

        private long timestamp(long millis) {
            RtpTrackWriter of = writer;
            return of == null ? -1 : of.timestamp(millis, Timescale.MILLIS);
        }
    }

    /** @param loop of the port */
    StreamPackets(
            LiveStream stream, int pictureSsrc, int soundSsrc, Converters converters, Executor loop, Taker taker) {
        this.stream = stream;
        this.picture = new Lane(pictureSsrc);
        this.sound = new Lane(soundSsrc);
        this.loop = loop;
        this.taker = taker;
        this.converted = converters.listening(stream, Recipe.OPUS, this::soundMade);
    }

    /** Follows the stream, from its last random access point on. */
    void subscribe() {
        replaying = true;
        stream.subscribe(this);
        replaying = false;
        handOver();
        if (!stream.tracks().isEmpty()) {
            tell(taker::caughtUp);
        }
    }

    private void tell(Runnable news) {
        try {
            loop.execute(news);
        } catch (RejectedExecutionException closing) {
            // nobody is there any more
        }
    }

    private void handOver() {
        List<Made> all = made;
        if (all.isEmpty()) {
            return;
        }
        made = new ArrayList<>();
        Clock now = clock;
        try {
            loop.execute(() -> taker.packets(all, now));
        } catch (RejectedExecutionException closing) {
            Releasing.all(all, each -> each.packet().release());
        }
    }

    // ---- what the stream sends --------------------------------------------------------------------------------

    @Override
    public void tracks(List<Track> all) {
        handOver();
        boolean goesOn = besideThePicture(all);
        tracks = List.copyOf(all);
        Optional<PayloadFormat> pictures = follow(picture, all, true);
        convertedId = NONE;
        Optional<PayloadFormat> sounds = follow(sound, all, false).or(() -> convert(all));
        if (convertedId == NONE) {
            converted.end();
        }
        boolean unheard = sounds.isEmpty() && all.stream().anyMatch(track -> track.isDefault() && !track.isVideo());
        fresh = true;
        if (!goesOn) {
            tell(taker::cut);
        }
        tell(() -> taker.tracks(pictures, sounds, unheard));
        if (!replaying) {
            tell(taker::caughtUp);
        }
    }

    /** Whether the pictures go on as they are, and something else becomes another. */
    private boolean besideThePicture(List<Track> all) {
        Optional<Track> shown = shown(all);
        return shown.isPresent() && shown.equals(shown(tracks)) && !all.equals(tracks);
    }

    private static Optional<Track> shown(List<Track> all) {
        return all.stream()
                .filter(track -> track.isDefault() && track.isVideo())
                .findFirst();
    }

    private static Optional<PayloadFormat> follow(Lane lane, List<Track> all, boolean video) {
        for (Track track : all) {
            if (track.isDefault() && track.isVideo() == video) {
                Optional<Packetizer> packetizer = PayloadFormats.packetizer(track.format());
                Optional<PayloadFormat> format =
                        packetizer.map(each -> each.format(0)).filter(StreamPackets::isPlayed);
                if (format.isPresent()) {
                    lane.follow(track, packetizer.orElseThrow());
                    return format;
                }
            }
        }
        lane.stop();
        return Optional.empty();
    }

    /** Sound that nobody plays becomes such that everybody does. */
    private Optional<PayloadFormat> convert(List<Track> all) {
        for (Track track : all) {
            if (track.isDefault() && !track.isVideo() && converted.takes(track.format())) {
                converted.begin();
                convertedId = track.id();
                Track heard = Recipe.OPUS.track();
                Optional<Packetizer> packetizer = PayloadFormats.packetizer(heard.format());
                packetizer.ifPresent(each -> sound.follow(heard, each));
                return packetizer.map(each -> each.format(0));
            }
        }
        return Optional.empty();
    }

    private void soundMade(MediaFrame frame) {
        if (convertedId != NONE) {
            send(sound, frame);
        }
    }

    /** Nobody takes it any more. */
    void close() {
        converted.end();
    }

    private static boolean isPlayed(PayloadFormat format) {
        return PLAYED.stream().anyMatch(format::isCalled);
    }

    @Override
    public void frame(MediaFrame frame) {
        int id = frame.track().id();
        if (id == convertedId) {
            return;
        }
        Lane lane = id == picture.trackId ? picture : id == sound.trackId ? sound : null;
        if (lane != null) {
            send(lane, frame);
        }
    }

    private void send(Lane lane, MediaFrame frame) {
        RtpTrackWriter writer = lane.writer;
        boolean video = lane.equals(picture);
        if (writer == null || (video && !inOrder(lane, frame, writer))) {
            return;
        }
        MediaFrame onLine = onLine(frame);
        boolean start = video && frame.randomAccessPoint();
        int before = made.size();
        writer.write(onLine, packet -> made.add(new Made(packet, video, start && made.size() == before)));
        report(onLine);
        if (!replaying) {
            handOver();
        }
    }

    private boolean inOrder(Lane lane, MediaFrame frame, RtpTrackWriter writer) {
        if (orderly
                && frame.presentationTime() < lane.highest
                && REORDERED.contains(writer.format().encoding())) {
            orderly = false;
            tell(taker::reordered);
        }
        lane.highest = Math.max(lane.highest, frame.presentationTime());
        return orderly;
    }

    // ---- the time line ----------------------------------------------------------------------------------------

    /** A frame where browsers expect it: the line goes on where it was left, whatever the stream's does. */
    private MediaFrame onLine(MediaFrame frame) {
        int timescale = frame.track().timescale();
        long millis = Timescale.convert(frame.decodeTime(), timescale, Timescale.MILLIS);
        long now = System.nanoTime();
        if (fresh) {
            fresh = false;
            long expected = lastMillis + TimeUnit.NANOSECONDS.toMillis(now - lastNanos);
            long mapped = millis + shiftMillis;
            if (begun && (mapped < lastMillis - BACK_MILLIS || mapped > expected + AHEAD_MILLIS)) {
                shiftMillis = Math.max(expected, lastMillis + 1) - millis;
            }
            begun = true;
            toEpochMillis = stream.wallClock(millis).toEpochMilli() - millis - shiftMillis;
            clock = null;
        }
        lastMillis = Math.max(lastMillis, millis + shiftMillis);
        lastNanos = now;
        return shiftMillis == 0
                ? frame
                : frame.at(frame.decodeTime() + Timescale.convert(shiftMillis, Timescale.MILLIS, timescale));
    }

    /** RFC 3550 §6.4.1: the same instant on every clock. */
    private void report(MediaFrame frame) {
        long millis = Timescale.convert(frame.presentationTime(), frame.track().timescale(), Timescale.MILLIS);
        if (clock == null || Math.abs(millis - reportedMillis) >= REPORT_MILLIS) {
            reportedMillis = millis;
            clock = new Clock(
                    NtpTime.ofEpochMillis(toEpochMillis + millis), picture.timestamp(millis), sound.timestamp(millis));
        }
    }

    @Override
    public void paused() {
        handOver();
        tell(taker::cut);
    }

    @Override
    public void ended() {
        handOver();
        converted.end();
        tell(taker::ended);
    }
}
