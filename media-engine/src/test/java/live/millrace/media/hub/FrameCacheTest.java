// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.testing.LeakExtension;
import live.millrace.media.testing.SampleTracks;
import live.millrace.media.time.Timescale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a late subscriber begins with. Each payload is a name, with as many blanks behind it as the test wants. */
@ExtendWith(LeakExtension.class)
class FrameCacheTest {
    private static final Track VIDEO = SampleTracks.VIDEO;
    private static final Track AUDIO = SampleTracks.AUDIO;

    private final FrameCache cache = new FrameCache();

    @AfterEach
    void clear() {
        cache.clear();
    }

    private void add(Track track, long millis, boolean key, String name, int size) {
        ByteBuf payload = PooledByteBufAllocator.DEFAULT.directBuffer(size);
        payload.writeCharSequence(name, StandardCharsets.US_ASCII);
        payload.writeBytes(" ".repeat(Math.max(0, size - name.length())).getBytes(StandardCharsets.US_ASCII));
        cache.add(
                new MediaFrame(track, Timescale.convert(millis, Timescale.MILLIS, track.timescale()), 3, key, payload));
        assertThat(payload.release())
                .as("the frame's own buffer goes back at once")
                .isTrue();
    }

    private void picture(long millis, boolean key, String name) {
        add(VIDEO, millis, key, name, 8);
    }

    private void sound(long millis, String name) {
        add(AUDIO, millis, true, name, 8);
    }

    private List<String> replayed() {
        List<String> names = new ArrayList<>();
        cache.replay(frame ->
                names.add(frame.payload().toString(StandardCharsets.US_ASCII).strip()));
        return names;
    }

    @Test
    void aSubscriberBeginsAtTheLastRandomAccessPointWithItsSound() {
        cache.tracks(List.of(VIDEO, AUDIO));
        sound(0, "a0");
        picture(0, false, "p0");
        assertThat(replayed()).as("nothing can be decoded yet").isEmpty();
        picture(40, true, "k1");
        sound(45, "a1");
        picture(80, false, "p2");
        sound(2_000, "a2");
        sound(2_045, "a3");
        picture(2_040, true, "k3");
        picture(2_080, false, "p4");
        assertThat(replayed()).containsExactly("a3", "k3", "p4");
    }

    @Test
    void framesComeBackAsTheyWere() {
        cache.tracks(List.of(VIDEO, AUDIO));
        picture(1_000, true, "key");
        sound(1_020, "sound");
        List<MediaFrame> frames = new ArrayList<>();
        cache.replay(frames::add);
        assertThat(frames.getFirst().track()).isSameAs(VIDEO);
        assertThat(frames.getFirst().decodeTime()).isEqualTo(90_000);
        assertThat(frames.getFirst().compositionTimeOffset()).isEqualTo(3);
        assertThat(frames.getFirst().randomAccessPoint()).isTrue();
        assertThat(frames.getLast().track()).isSameAs(AUDIO);
    }

    @Test
    void largeAndSmallFramesStandInTheirBlocks() {
        cache.tracks(List.of(VIDEO));
        picture(0, true, "k");
        for (int i = 1; i <= 100; i++) {
            add(VIDEO, i * 40L, false, "p" + i, i % 10 == 0 ? 100_000 : 3_000);
        }
        assertThat(replayed()).hasSize(101).startsWith("k", "p1", "p2").endsWith("p99", "p100");
    }

    @Test
    void whatASubscriberKeepsOutlivesTheCache() {
        cache.tracks(List.of(VIDEO));
        picture(0, true, "key");
        List<MediaFrame> kept = new ArrayList<>();
        cache.replay(frame -> kept.add(frame.retain()));
        picture(2_000, true, "next");
        cache.clear();
        assertThat(kept.getFirst().payload().toString(StandardCharsets.US_ASCII))
                .startsWith("key");
        assertThat(kept.getFirst().payload().refCnt()).isEqualTo(1);
        kept.getFirst().release();
    }

    @Test
    void ofSoundAloneItKeepsASecondOrTwo() {
        cache.tracks(List.of(AUDIO));
        for (int i = 0; i < 1_000; i++) {
            sound(i * 20L, "a" + i);
            assertThat(replayed()).hasSizeLessThanOrEqualTo(101).endsWith("a" + i);
        }
        assertThat(replayed()).hasSizeGreaterThanOrEqualTo(50);
    }

    @Test
    void tooManyFramesAreDroppedUntilTheNextRandomAccessPoint() {
        cache.tracks(List.of(VIDEO));
        picture(0, true, "k");
        for (int i = 1; i < FrameCache.MAX_FRAMES; i++) {
            picture(i, false, "p");
        }
        assertThat(replayed()).hasSize(FrameCache.MAX_FRAMES);
        picture(FrameCache.MAX_FRAMES, false, "one more");
        assertThat(replayed()).isEmpty();
        picture(FrameCache.MAX_FRAMES + 1, false, "p");
        assertThat(replayed()).isEmpty();
        picture(5_000, true, "k2");
        assertThat(replayed()).containsExactly("k2");
    }

    @Test
    void tooMuchOrTooLongIsDroppedAsWell() {
        cache.tracks(List.of(VIDEO));
        add(VIDEO, 0, true, "k", 8 << 20);
        add(VIDEO, 40, false, "p", 8 << 20);
        assertThat(replayed()).hasSize(2);
        picture(80, false, "one more");
        assertThat(replayed()).isEmpty();
        picture(100, true, "k2");
        picture(100 + FrameCache.MAX_MILLIS, false, "p2");
        assertThat(replayed()).hasSize(2);
        picture(101 + FrameCache.MAX_MILLIS, false, "p3");
        assertThat(replayed()).isEmpty();
    }

    @Test
    void otherTracksBeginAnew() {
        cache.tracks(List.of(VIDEO));
        picture(0, true, "k");
        cache.tracks(List.of(VIDEO, AUDIO));
        assertThat(replayed()).isEmpty();
    }
}
