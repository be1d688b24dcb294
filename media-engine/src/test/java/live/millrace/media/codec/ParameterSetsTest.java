// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import live.millrace.media.codec.h264.AvcParameterSets;
import live.millrace.media.codec.nal.ParameterSets;
import live.millrace.media.testing.SampleMedia;
import org.junit.jupiter.api.Test;

/** How many parameter sets a stream may bring: as many as the record counts that tells of them, and no more bytes than it may have. */
class ParameterSetsTest {
    private static final byte[] SEQUENCE = HexFormat.of().parseHex(SampleMedia.SPS);

    /** The header of a NAL unit, the id as an Exp-Golomb code, and whatever follows it. */
    private static byte[] picture(int id) {
        int code = id + 1;
        int length = 2 * (32 - Integer.numberOfLeadingZeros(code)) - 1;
        long bits = (long) code << (32 - length);
        return new byte[] {0x68, (byte) (bits >> 24), (byte) (bits >> 16), (byte) (bits >> 8), (byte) 0x80};
    }

    @Test
    void aStreamMayBringAsManyPictureParameterSetsAsItsRecordCounts() {
        AvcParameterSets sets = new AvcParameterSets();
        sets.put(SEQUENCE);
        assertThat(sets.format()).as("without a picture parameter set").isNull();
        for (int id = 0; id < 255; id++) {
            assertThat(ParameterSets.idAt(picture(id), 8)).isEqualTo(id);
            sets.put(picture(id));
        }
        assertThat(Objects.requireNonNull(sets.format()).configuration().parameterSets())
                .hasSize(256);
        assertThatThrownBy(() -> sets.put(picture(255)))
                .isInstanceOf(MalformedMediaException.class)
                .hasMessageContaining("more than 255");
        sets.put(picture(7)); // one that is known
        assertThat(Objects.requireNonNull(sets.format()).configuration().parameterSets())
                .hasSize(256);
    }

    @Test
    void ofEachTypeThereAreSoManyAndNoLargeOnes() {
        ParameterSets sets = new ParameterSets();
        for (int id = 0; id < 3; id++) {
            assertThat(sets.put(1, id, new byte[] {1, (byte) id}, 3)).isTrue();
            assertThat(sets.put(2, id, new byte[] {2, (byte) id}, 3)).isTrue();
        }
        assertThat(sets.put(1, 2, new byte[] {1, 2}, 3)).as("it is known").isFalse();
        assertThat(sets.put(1, 2, new byte[] {1, 9}, 3)).as("in its place").isTrue();
        assertThat(sets.of(1)).containsExactly(new byte[] {1, 0}, new byte[] {1, 1}, new byte[] {1, 9});
        assertThat(sets.knows(new byte[] {1, 2})).isFalse();
        assertThatThrownBy(() -> sets.put(1, 3, new byte[] {1, 3}, 3)).isInstanceOf(MalformedMediaException.class);
        assertThatThrownBy(() -> sets.put(3, 0, new byte[4_097], 3)).isInstanceOf(MalformedMediaException.class);
        assertThatThrownBy(() -> sets.put(3, 256, new byte[1], 3)).isInstanceOf(MalformedMediaException.class);
        assertThatThrownBy(() -> sets.put(3, -1, new byte[1], 3)).isInstanceOf(MalformedMediaException.class);
    }

    @Test
    void allTogetherFitIntoARecord() {
        ParameterSets sets = new ParameterSets();
        byte[] large = new byte[4_096];
        for (int id = 0; id < 12; id++) {
            sets.put(1, id, large, 31);
        }
        assertThatThrownBy(() -> sets.put(1, 12, large, 31)).isInstanceOf(MalformedMediaException.class);
        byte[] other = Arrays.copyOf(large, large.length);
        other[0] = 1;
        assertThat(sets.put(1, 11, other, 31)).as("in the place of another").isTrue();
    }
}
