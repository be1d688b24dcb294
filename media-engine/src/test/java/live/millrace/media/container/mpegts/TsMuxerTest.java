// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.mpegts;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.List;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.testing.SampleTracks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** ISO/IEC 13818-1 and TR 101 290, rule by rule. */
class TsMuxerTest {
    private static final Track VIDEO = SampleTracks.VIDEO;
    private static final Track AUDIO = SampleTracks.AUDIO;

    private final TsMuxer muxer = new TsMuxer(UnpooledByteBufAllocator.DEFAULT);
    private final TsReader reader = new TsReader();
    private final ByteBuf out = Unpooled.buffer();

    private static MediaFrame picture(long time, int offset, boolean key, int size) {
        return new MediaFrame(
                VIDEO,
                time,
                offset,
                key,
                Unpooled.buffer().writeInt(size).writeByte(key ? 0x65 : 0x41).writeZero(size - 1));
    }

    private static MediaFrame sound(long frame) {
        return new MediaFrame(AUDIO, frame * 1024, 0, true, Unpooled.buffer().writeZero(200));
    }

    @Test
    void aSegmentStartsWithBothTablesAndThenAKeyFrameThatSaysSo() {
        muxer.tracks(List.of(VIDEO, AUDIO));
        muxer.startSegment(false, out);
        muxer.write(picture(0, 3600, true, 5000), out);
        List<TsReader.Packet> packets = reader.read(out);
        assertThat(packets.get(0).pid()).isZero();
        assertThat(packets.get(1).pid()).isEqualTo(0x1000);
        TsReader.Packet first = packets.get(2);
        assertThat(first.pid()).isEqualTo(0x100);
        assertThat(first.randomAccess()).isTrue();
        assertThat(first.pts() - first.dts()).isEqualTo(3600);
        assertThat(first.pcr()).isGreaterThanOrEqualTo(0).isLessThan(first.dts());
    }

    @Test
    void tablesSayWhatThereIsAndCheckOut() {
        muxer.tracks(List.of(VIDEO, AUDIO));
        muxer.startSegment(false, out);
        String dump = ByteBufUtil.hexDump(out);
        assertThat(dump).startsWith("4740001000" + "00b00d0001c100000001f000" + "2ab104b2" + "ffff");
        assertThat(dump.substring(376))
                .startsWith("4750001000" + "02b0170001c10000e100f000" + "1be100f000" + "0fe101f000");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 169, 170, 171, 183, 184, 185, 353, 354, 355, 10_000})
    void stuffingFitsEveryLength(int size) {
        muxer.tracks(List.of(VIDEO));
        muxer.startSegment(false, out);
        muxer.write(picture(0, 0, true, size), out);
        muxer.write(picture(3600, 0, false, size), out);
        assertThat(reader.read(out)).isNotEmpty();
    }

    @Test
    void countersRunOnOverSegments() {
        muxer.tracks(List.of(VIDEO, AUDIO));
        for (int segment = 0; segment < 5; segment++) {
            out.clear();
            muxer.startSegment(false, out);
            for (int i = 0; i < 7; i++) {
                muxer.write(picture((segment * 7L + i) * 3600, 0, i == 0, 700), out);
                muxer.write(sound(segment * 7L + i), out);
            }
            reader.read(out);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 25})
    void clockReferencesComeEvery100MillisAndNeverRunAhead(int picturesPerSecond) {
        muxer.tracks(List.of(VIDEO));
        muxer.startSegment(false, out);
        for (int i = 0; i < 3 * picturesPerSecond; i++) {
            muxer.write(picture(i * 90_000L / picturesPerSecond, 0, i == 0, 300), out);
        }
        long lastPcr = -1;
        long lastDts = -1;
        for (TsReader.Packet packet : reader.read(out)) {
            lastDts = packet.dts() >= 0 ? packet.dts() : lastDts;
            if (packet.pcr() >= 0) {
                if (lastPcr >= 0) {
                    assertThat(packet.pcr() - lastPcr).isBetween(1L, 9_000L);
                }
                lastPcr = packet.pcr();
            }
        }
        assertThat(lastPcr).isLessThan(lastDts);
    }

    @Test
    void tablesComeTwiceASecond() {
        muxer.tracks(List.of(VIDEO));
        muxer.startSegment(false, out);
        for (int i = 0; i < 100; i++) {
            muxer.write(picture(i * 3600L, 0, i == 0, 300), out);
        }
        long lastTable = 0;
        long now = 0;
        for (TsReader.Packet packet : reader.read(out)) {
            now = packet.dts() >= 0 ? packet.dts() : now;
            if (packet.pid() == 0) {
                lastTable = now;
            }
            assertThat(now - lastTable == now ? 0 : now - lastTable).isLessThanOrEqualTo(45_000);
        }
    }

    @Test
    void stampsWrapAt33Bits() {
        long start = (1L << 33) - 20L * 90_000;
        muxer.tracks(List.of(VIDEO));
        muxer.startSegment(false, out);
        long previous = -1;
        boolean wrapped = false;
        for (int i = 0; i < 60; i++) {
            out.clear();
            muxer.write(picture(start + i * 90_000L, 0, true, 300), out);
            TsReader.Packet first = reader.read(out).stream()
                    .filter(packet -> packet.dts() >= 0)
                    .findFirst()
                    .orElseThrow();
            if (previous >= 0) {
                assertThat((first.dts() - previous) & ((1L << 33) - 1)).isEqualTo(90_000);
                wrapped |= first.dts() < previous;
            }
            previous = first.dts();
        }
        assertThat(wrapped).isTrue();
    }

    @Test
    void aNewTimeLineIsSaidInTheAdaptationField() {
        muxer.tracks(List.of(AUDIO));
        muxer.startSegment(true, out);
        muxer.write(sound(0), out);
        muxer.write(sound(1), out);
        assertThat(reader.read(out).stream().filter(TsReader.Packet::discontinuity))
                .hasSize(1);
    }
}
