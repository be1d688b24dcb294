// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.mp4;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import live.millrace.media.frame.Track;
import live.millrace.media.testing.SampleTracks;
import org.junit.jupiter.api.Test;

class FragmentReaderTest {
    private static ByteBuf written(Track track, Random random, List<Sample> samples, long time) {
        for (int i = 0; i < 1 + random.nextInt(20); i++) {
            byte[] bytes = new byte[random.nextInt(500)];
            random.nextBytes(bytes);
            samples.add(new Sample(
                    1 + random.nextInt(5_000),
                    track.isVideo() ? random.nextInt(2_000) - 1_000 : 0,
                    !track.isVideo() || i == 0,
                    Unpooled.wrappedBuffer(bytes)));
        }
        ByteBuf out = Unpooled.buffer();
        FragmentWriter.write(3, track, time, samples, out);
        return out;
    }

    @Test
    void readsWhatWasWritten() {
        Random random = new Random(3);
        for (int round = 0; round < 200; round++) {
            Track track = round % 2 == 0 ? SampleTracks.VIDEO : SampleTracks.AUDIO;
            List<Sample> samples = new ArrayList<>();
            long time = random.nextLong(1L << 40);
            ByteBuf bytes = written(track, random, samples, time);
            FragmentReader.Fragment read = FragmentReader.read(bytes).orElseThrow();
            assertThat(read.length()).isEqualTo(bytes.readableBytes());
            assertThat(read.baseDecodeTime()).isEqualTo(time);
            assertThat(read.samples()).hasSameSizeAs(samples);
            for (int i = 0; i < samples.size(); i++) {
                FragmentReader.FragmentSample sample = read.samples().get(i);
                assertThat(bytes.slice(sample.offset(), sample.bytes()))
                        .isEqualTo(samples.get(i).payload());
                assertThat(sample.duration()).isEqualTo(samples.get(i).duration());
                assertThat(sample.compositionTimeOffset())
                        .isEqualTo(samples.get(i).compositionTimeOffset());
                assertThat(sample.sync()).isEqualTo(samples.get(i).sync());
            }
            assertThat(read.duration())
                    .isEqualTo(samples.stream().mapToLong(Sample::duration).sum());
        }
    }

    /** Without its media data a head says the same; with less it is no fragment. */
    @Test
    void theHeadIsEnough() {
        ByteBuf bytes = written(SampleTracks.VIDEO, new Random(5), new ArrayList<>(), 90_000);
        Optional<FragmentReader.Fragment> whole = FragmentReader.read(bytes);
        int head = FragmentReader.headLength(bytes);
        assertThat(FragmentReader.read(bytes.slice(0, head))).isEqualTo(whole);
        for (int cut = 0; cut < head; cut++) {
            assertThat(FragmentReader.read(bytes.slice(0, cut))).isEmpty();
        }
    }

    @Test
    void damageIsNoFragmentOrAnother() {
        Random random = new Random(9);
        ByteBuf good = written(SampleTracks.VIDEO, random, new ArrayList<>(), 90_000);
        for (int round = 0; round < 20_000; round++) {
            ByteBuf bad = good.copy();
            bad.setByte(random.nextInt(FragmentReader.headLength(good)), random.nextInt());
            FragmentReader.read(bad)
                    .ifPresent(read -> assertThat(read.samples()).isNotEmpty());
        }
    }
}
