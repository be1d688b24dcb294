// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.mpegts;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import live.millrace.media.codec.aac.Aac;
import live.millrace.media.codec.aac.AudioSpecificConfig;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.testing.SampleTracks;
import org.junit.jupiter.api.Test;

/** What somebody reads who comes in the middle. */
class TsBroadcastTest {
    private static final int PMT = 0x1000;
    private static final int GROUP = 25;
    private static final Track VIDEO = SampleTracks.VIDEO;
    private static final Track SOUND = SampleTracks.AUDIO;

    /** At 48 kHz. */
    private static final Track OTHER = new Track(
            Track.AUDIO,
            new Aac.Format(AudioSpecificConfig.parse(Unpooled.wrappedBuffer(new byte[] {0x11, (byte) 0x90}))));

    private final TsBroadcast stream = new TsBroadcast(UnpooledByteBufAllocator.DEFAULT);

    private static ByteBuf configuration(TsBroadcast of) {
        ByteBuf out = Unpooled.buffer();
        of.configuration(out);
        return out;
    }

    private ByteBuf frames(int from, int count, Track sound) {
        ByteBuf out = Unpooled.buffer();
        for (int i = from; i < from + count; i++) {
            picture(i, out);
            sound(sound, i, out);
        }
        return out;
    }

    private void picture(int number, ByteBuf out) {
        boolean key = number % GROUP == 0;
        long time = 40L * number * VIDEO.timescale() / 1_000;
        write(
                VIDEO,
                time,
                key,
                Unpooled.buffer().writeInt(3_000).writeByte(key ? 0x65 : 0x41).writeZero(2_999),
                out);
    }

    private void sound(Track sound, int number, ByteBuf out) {
        write(
                sound,
                40L * number * sound.timescale() / 1_000,
                true,
                Unpooled.buffer().writeZero(200),
                out);
    }

    private void write(Track track, long time, boolean key, ByteBuf payload, ByteBuf out) {
        MediaFrame frame = new MediaFrame(track, time, 0, key, payload);
        stream.write(frame, out);
        frame.release();
    }

    /** The PIDs of packets with a payload, and where a counter jumps. */
    private static List<String> read(ByteBuf... parts) {
        Map<Integer, Integer> counters = new HashMap<>();
        List<String> jumps = new ArrayList<>();
        ByteBuf all = Unpooled.copiedBuffer(parts);
        for (int at = 0; at < all.readableBytes(); at += TsPacketWriter.PACKET) {
            int pid = all.getUnsignedShort(at + 1) & 0x1FFF;
            int counter = all.getUnsignedByte(at + 3) & 15;
            if ((all.getUnsignedByte(at + 3) & 0x10) == 0) {
                continue;
            }
            Integer before = counters.put(pid, counter);
            if (before != null && counter != ((before + 1) & 15)) {
                jumps.add("pid " + pid + " at " + at);
            }
        }
        assertThat(counters).containsKeys(0, PMT);
        return jumps;
    }

    private static int pid(ByteBuf packets) {
        return packets.getUnsignedShort(1) & 0x1FFF;
    }

    @Test
    void tablesStandBeforeEachPictureThatCanBeBegunWithAndNoCounterJumps() {
        stream.tracks(List.of(VIDEO, SOUND));
        ByteBuf early = configuration(stream);
        ByteBuf first = frames(0, 25, SOUND);
        ByteBuf late = configuration(stream);
        ByteBuf second = frames(25, 25, SOUND);
        ByteBuf latest = configuration(stream);
        ByteBuf third = frames(50, 25, SOUND);
        assertThat(pid(second)).isZero();
        assertThat(read(early, first, second, third)).as("from the beginning").isEmpty();
        assertThat(read(late, second, third)).as("from the second").isEmpty();
        assertThat(read(late, first, second)).as("a moment after the first").isEmpty();
        assertThat(read(latest, third)).as("from the third").isEmpty();
    }

    @Test
    void anotherSoundHasItsTablesWhereItBegins() {
        stream.tracks(List.of(VIDEO, SOUND));
        ByteBuf before = configuration(stream);
        ByteBuf first = frames(0, 10, SOUND);
        stream.tracks(List.of(VIDEO, OTHER));
        ByteBuf change = configuration(stream);
        assertThat(change.isReadable()).isTrue();
        assertThat(configuration(stream).isReadable()).isFalse();
        ByteBuf rest = frames(10, 40, OTHER);
        assertThat(read(before, first, change, rest)).isEmpty();
    }

    @Test
    void soundAloneHasTablesForWhoeverComes() {
        stream.tracks(List.of(SOUND));
        ByteBuf tables = configuration(stream);
        ByteBuf out = Unpooled.buffer();
        for (int i = 0; i < 50; i++) {
            sound(SOUND, i, out);
        }
        assertThat(tables.readableBytes()).isEqualTo(2 * TsPacketWriter.PACKET);
        assertThat(read(tables, out)).isEmpty();
    }
}
