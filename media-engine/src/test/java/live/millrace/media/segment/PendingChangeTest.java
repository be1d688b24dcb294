// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import live.millrace.media.codec.aac.Aac;
import live.millrace.media.codec.aac.AudioSpecificConfig;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.testing.SampleTracks;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Sound that changes beside pictures that go on: the change waits for the next key frame. RFC 8216 §4.3.2.3 wants a discontinuity where
 * the time stamps begin anew, so that no segment may hold the pictures before and behind such a place; where nothing but the tracks
 * change, the place is ours to choose.
 */
class PendingChangeTest {
    private static final Track VIDEO = SampleTracks.VIDEO;
    private static final Track A44 = SampleTracks.AUDIO;
    private static final Track A48 = new Track(
            Track.AUDIO,
            new Aac.Format(AudioSpecificConfig.parse(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump("1190")))));

    private final List<List<Track>> told = new ArrayList<>();
    private final List<TrackSegment> pictures = new ArrayList<>();
    private final List<TrackSegment> sounds = new ArrayList<>();
    private int picture;

    private final Segmenter segmenter = new Segmenter(
            SegmenterConfig.defaults(),
            () -> 2,
            1000,
            7,
            new SegmentListener() {
                @Override
                public void tracks(List<SegmentedTrack> tracks) {
                    told.add(tracks.stream().map(SegmentedTrack::track).toList());
                }

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

    @BeforeEach
    void halfAGroup() {
        segmenter.tracks(List.of(VIDEO, A48));
        frames(75, A48); // the second group of 50 is half told
        assertThat(pictures).hasSize(1);
    }

    @AfterEach
    void release() {
        segmenter.endRun();
        segmenter.release();
        pictures.forEach(segment -> segment.content().release());
        sounds.forEach(segment -> segment.content().release());
    }

    /** Pictures of 40 ms with a key frame every two seconds, each beside sound. */
    private void frames(int count, Track sound) {
        for (int i = 0; i < count; i++) {
            frame(new MediaFrame(
                    VIDEO,
                    picture * 3_600L,
                    0,
                    picture % 50 == 0,
                    Unpooled.buffer().writeLong(1)));
            frame(new MediaFrame(
                    sound,
                    picture * sound.timescale() / 25,
                    0,
                    true,
                    Unpooled.buffer().writeLong(1)));
            picture++;
        }
    }

    private void frame(MediaFrame frame) {
        ByteBuf payload = frame.payload();
        segmenter.frame(frame);
        payload.release();
    }

    private int samples(int segment) {
        return pictures.get(segment).samples().size();
    }

    @Test
    void theGroupIsShownToItsEnd() {
        segmenter.tracks(List.of(VIDEO, A44));
        frames(75, A44);
        assertThat(pictures).hasSize(2);
        assertThat(samples(1)).isEqualTo(50);
        assertThat(told).containsExactly(List.of(VIDEO, A48), List.of(VIDEO, A44));
        segmenter.endRun();
        assertThat(pictures.get(2).discontinuity()).isTrue();
        assertThat(pictures.get(2).independent()).isTrue();
    }

    /** The same tracks told twice mean another clock: what follows has other time stamps, key frame or not. */
    @Test
    void anotherClockEndsTheSegmentAtOnce() {
        segmenter.tracks(List.of(VIDEO, A44));
        frames(5, A44);
        segmenter.tracks(List.of(VIDEO, A44));
        assertThat(pictures).hasSize(2);
        assertThat(samples(1)).isEqualTo(30);
        frames(70, A44); // twenty that nobody can decode, then a group
        segmenter.endRun();
        assertThat(pictures).hasSize(3);
        assertThat(samples(2)).isEqualTo(50);
        assertThat(pictures.get(2).discontinuity()).isTrue();
        assertThat(pictures.get(2).independent()).isTrue();
        assertThat(pictures.get(2).discontinuitySequence()).isEqualTo(8);
    }

    @Test
    void aChangeThatIsTakenBackCostsNoPicture() {
        segmenter.tracks(List.of(VIDEO, A44));
        frames(5, A44);
        segmenter.tracks(List.of(VIDEO, A48));
        frames(70, A48);
        assertThat(pictures).hasSize(2);
        assertThat(samples(1)).isEqualTo(50);
        segmenter.endRun();
        assertThat(samples(2)).isEqualTo(50);
        assertThat(pictures.get(2).discontinuity()).isTrue();
        assertThat(sounds.getLast().track()).isEqualTo(A48);
        assertThat(sounds.stream().map(TrackSegment::mediaSequence).toList())
                .doesNotHaveDuplicates()
                .isSorted();
    }

    /** The picture stood still, or the publisher left: nobody tells of the change again. */
    @Test
    void theEndOfARunDoesNotForgetTheChange() {
        segmenter.tracks(List.of(VIDEO, A44));
        frames(5, A44);
        segmenter.endRun();
        assertThat(told.getLast()).isEqualTo(List.of(VIDEO, A44));
        assertThat(samples(1)).isEqualTo(30);
        frames(70, A44);
        segmenter.endRun();
        assertThat(samples(2)).isEqualTo(50);
        assertThat(pictures.get(2).discontinuitySequence()).isEqualTo(8);
        assertThat(sounds.getLast().track()).isEqualTo(A44);
        assertThat(sounds.getLast().mediaSequence()).isEqualTo(pictures.get(2).mediaSequence());
    }

    @Test
    void aTrackThatWasSilentAtABreakIsMarkedWhenItIsHeard() {
        segmenter.tracks(List.of(VIDEO, A48)); // the clock jumped
        picture = 100;
        for (int i = 0; i < 125; i++, picture++) { // two groups without sound, and half of one
            frame(new MediaFrame(
                    VIDEO,
                    picture * 3_600L,
                    0,
                    picture % 50 == 0,
                    Unpooled.buffer().writeLong(1)));
        }
        frames(75, A48);
        segmenter.endRun();
        TrackSegment heard = sounds.get(2);
        assertThat(heard.discontinuitySequence()).isEqualTo(8);
        assertThat(heard.discontinuity()).isTrue();
        assertThat(sounds.get(3).discontinuity()).isFalse();
    }
}
