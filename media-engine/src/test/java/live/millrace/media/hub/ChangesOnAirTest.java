// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.codec.aac.Aac;
import live.millrace.media.codec.aac.AudioSpecificConfig;
import live.millrace.media.codec.h264.AvcDecoderConfigurationRecord;
import live.millrace.media.codec.h264.H264;
import live.millrace.media.codec.mp3.Mp3;
import live.millrace.media.container.mpegts.TsMuxer;
import live.millrace.media.container.mpegts.TsReader;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.segment.Part;
import live.millrace.media.segment.SegmentListener;
import live.millrace.media.segment.SegmentedTrack;
import live.millrace.media.segment.Segmenter;
import live.millrace.media.segment.SegmenterConfig;
import live.millrace.media.segment.TrackSegment;
import live.millrace.media.testing.SampleMedia;
import live.millrace.media.testing.SampleTracks;
import live.millrace.media.time.Timescale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a format may change on air, in both directions: no frame is lost, and no clock behind the hub jumps. 25 pictures a second
 * with a key frame every two, beside sound; the change comes with a key frame after {@value #BEFORE} s.
 */
class ChangesOnAirTest {
    /** Long enough for a tick in the wrong timescale to be more than any tolerance. */
    private static final int BEFORE = 20;

    private static final int AFTER = 8;
    private static final Track WIDE = new Track(
            Track.VIDEO,
            new H264.Format(AvcDecoderConfigurationRecord.parse(
                    SampleMedia.videoHeader(SampleMedia.WIDE_SPS).skipBytes(5))));

    /** One change; the sound is null where there is none. */
    record Change(String name, Track picture, Track sound, Track pictureAfter, Track soundAfter) {
        @Override
        public String toString() {
            return name;
        }

        Change back() {
            return new Change(name + ", backwards", pictureAfter, soundAfter, picture, sound);
        }
    }

    private static Track aac(String audioSpecificConfig) {
        return new Track(
                Track.AUDIO,
                new Aac.Format(AudioSpecificConfig.parse(
                        Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(audioSpecificConfig)))));
    }

    private static Change sound(String name, Track before, Track after) {
        return new Change(name, SampleTracks.VIDEO, before, SampleTracks.VIDEO, after);
    }

    static Stream<Change> changes() {
        Track stereo48 = aac("1190");
        Track mp3 = new Track(Track.AUDIO, new Mp3.Format(44_100, 2, true));
        Track mpeg2 = new Track(Track.AUDIO, new Mp3.Format(22_050, 2, false));
        return Stream.of(
                        sound("the rate, 48 to 44.1 kHz", stereo48, SampleTracks.AUDIO),
                        sound("the rate, 48 to 16 kHz", stereo48, aac("1410")),
                        sound("the channels", SampleTracks.AUDIO, aac("1208")),
                        sound("the codec at one rate", SampleTracks.AUDIO, mp3),
                        sound("the codec and the rate", stereo48, mp3),
                        sound("the frame's size and the rate", mp3, mpeg2),
                        new Change(
                                "the picture's size", SampleTracks.VIDEO, SampleTracks.AUDIO, WIDE, SampleTracks.AUDIO),
                        new Change("everything", SampleTracks.VIDEO, stereo48, WIDE, mpeg2))
                .flatMap(change -> Stream.of(change, change.back()));
    }

    private final EmbeddedChannel loop = new EmbeddedChannel();
    private final StreamRegistry registry = new StreamRegistry(HubConfig.defaults(), List.of(), InstantSource.system());
    private final List<MediaFrame> out = new ArrayList<>();
    private final List<TrackSegment> pictures = new ArrayList<>();
    private final List<TrackSegment> sounds = new ArrayList<>();
    private final Segmenter segmenter = new Segmenter(
            SegmenterConfig.defaults(),
            () -> 2,
            1,
            1,
            new SegmentListener() {
                @Override
                public void tracks(List<SegmentedTrack> tracks) {}

                @Override
                public void part(SegmentedTrack track, Part part) {
                    part.content().release();
                }

                @Override
                public void segment(SegmentedTrack track, TrackSegment segment) {
                    (track.track().isVideo() ? pictures : sounds).add(segment);
                }

                @Override
                public void ended() {}
            },
            Instant.EPOCH::plusMillis,
            UnpooledByteBufAllocator.DEFAULT);
    private Publisher publisher;
    private LiveStream stream;
    private int sent;

    @BeforeEach
    void publish() {
        loop.freezeTime();
        PublisherInfo info = new PublisherInfo(
                UUID.randomUUID(), "k1", new InetSocketAddress("192.0.2.1", 1), "test", "rtmp", Instant.EPOCH);
        var result = registry.publish(new PublishRequest(
                        StreamPath.live("anna"), info, loop.eventLoop(), reason -> {}, Latency.NORMAL))
                .toCompletableFuture();
        loop.runPendingTasks();
        publisher = ((PublishResult.Accepted) result.join()).publisher();
        stream = publisher.stream();
        stream.subscribe(new Subscriber() {
            @Override
            public void tracks(List<Track> tracks) {}

            @Override
            public void frame(MediaFrame frame) {
                out.add(new MediaFrame(
                        frame.track(), frame.decodeTime(), 0, frame.randomAccessPoint(), Unpooled.EMPTY_BUFFER));
            }

            @Override
            public void paused() {}

            @Override
            public void ended() {}
        });
        stream.subscribe(segmenter);
    }

    @AfterEach
    void release() {
        registry.close();
        loop.runPendingTasks();
        segmenter.release();
        Stream.concat(pictures.stream(), sounds.stream())
                .forEach(segment -> segment.content().release());
    }

    private void frame(Track track, long millis, boolean key) {
        ByteBuf payload =
                Unpooled.buffer().writeInt(4).writeByte(key ? 0x65 : 0x41).writeZero(3);
        publisher.frame(
                new MediaFrame(track, Timescale.convert(millis, Timescale.MILLIS, track.timescale()), 0, key, payload));
        payload.release();
        sent++;
    }

    /** Sends media as RTMP does: times in whole milliseconds. Sound begins where the last one ended. */
    private double play(Track picture, Track sound, int from, int to, double soundFrom) {
        publisher.track(picture);
        publisher.track(sound);
        TrackFormat.Audio audio = (TrackFormat.Audio) sound.format();
        double soundAt = soundFrom;
        for (int i = from * 25; i < to * 25; i++) {
            frame(picture, i * 40L, i % 50 == 0);
            for (; soundAt < (i + 1) * 40; soundAt += audio.samplesPerFrame() * 1_000.0 / audio.sampleRate()) {
                frame(sound, (long) soundAt, true);
            }
        }
        return soundAt;
    }

    private static double millis(MediaFrame frame) {
        return frame.decodeTime() * 1_000.0 / frame.track().timescale();
    }

    @ParameterizedTest
    @MethodSource("changes")
    void noFrameIsLostAndNoClockJumps(Change change) {
        double soundAt = play(change.picture(), change.sound(), 0, BEFORE, 0);
        play(change.pictureAfter(), change.soundAfter(), BEFORE, BEFORE + AFTER, soundAt);
        stream.onOwner(segmenter::paused);
        loop.runPendingTasks();

        assertThat(stream.statistics().repairs()).isEmpty();
        assertThat(out.size()).as("frames out of the hub").isEqualTo(sent);
        for (int id : new int[] {Track.VIDEO, Track.AUDIO}) {
            List<MediaFrame> own =
                    out.stream().filter(frame -> frame.track().id() == id).toList();
            assertThat(own.stream().map(MediaFrame::track).distinct())
                    .contains(
                            id == Track.VIDEO ? change.picture() : change.sound(),
                            id == Track.VIDEO ? change.pictureAfter() : change.soundAfter());
            assertThat(largestJump(own)).as("milliseconds, in track " + id).isLessThan(1.5);
        }
        segments(pictures, BEFORE + AFTER);
        segments(sounds, BEFORE + AFTER);
        transportStream();
    }

    /** How much the time between two frames differs from the length of the first, at most. */
    private static double largestJump(List<MediaFrame> frames) {
        double largest = 0;
        for (int i = 1; i < frames.size(); i++) {
            MediaFrame before = frames.get(i - 1);
            double length = before.track().format() instanceof TrackFormat.Audio audio
                    ? audio.samplesPerFrame() * 1_000.0 / audio.sampleRate()
                    : 40;
            largest = Math.max(largest, Math.abs(millis(frames.get(i)) - millis(before) - length));
        }
        return largest;
    }

    /** They follow each other without hole or overlap, in whatever timescale. */
    private static void segments(List<TrackSegment> segments, int seconds) {
        double end = 0;
        long number = 0;
        for (TrackSegment segment : segments) {
            double start = segment.baseDecodeTime() * 1_000.0 / segment.track().timescale();
            assertThat(start).as("segment " + segment.mediaSequence()).isBetween(end - 80, end + 80);
            end = start + segment.duration() / 90.0;
            assertThat(segment.mediaSequence()).isGreaterThan(number);
            number = segment.mediaSequence();
        }
        assertThat(end).isBetween(seconds * 1_000.0 - 150, seconds * 1_000.0 + 150);
        assertThat(segments.stream().filter(TrackSegment::discontinuity).count())
                .isLessThanOrEqualTo(2);
    }

    /** Clock references only grow, and each says that it jumps where it does. */
    private void transportStream() {
        TsMuxer muxer = new TsMuxer(UnpooledByteBufAllocator.DEFAULT);
        TsReader reader = new TsReader();
        List<Track> program = List.of();
        int access = 0;
        for (TrackSegment picture : pictures) {
            List<TrackSegment> sources = Stream.concat(
                            Stream.of(picture),
                            sounds.stream().filter(each -> each.mediaSequence() == picture.mediaSequence()))
                    .toList();
            List<Track> tracks = sources.stream().map(TrackSegment::track).toList();
            if (!tracks.equals(program)) {
                program = tracks;
                muxer.tracks(tracks);
            }
            ByteBuf bytes = Unpooled.buffer();
            muxer.startSegment(picture.discontinuity(), bytes);
            for (TrackSegment source : sources) {
                source.frames(each -> muxer.write(each, bytes));
                access += source.samples().size();
            }
            reader.read(bytes);
        }
        assertThat(access).as("access units in segments").isGreaterThan(sent - 10);
    }
}
