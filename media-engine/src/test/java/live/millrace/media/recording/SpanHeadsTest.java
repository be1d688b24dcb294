// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** Heads of fragments in the form in which they are kept. Whole spans are in ArchivedVideoTest. */
class SpanHeadsTest {
    private static byte[] kept(long place, int length, int bytes) {
        return ByteBuffer.allocate(12 + bytes).putLong(place).putInt(length).array();
    }

    @Test
    void aHeadIsFoundAtItsPlaceAlone() throws IOException {
        SpanHeads heads = SpanHeads.parse(kept(700, 5, 5));
        assertThat(heads.at(700).orElseThrow().readableBytes()).isEqualTo(5);
        assertThat(heads.at(699)).isEmpty();
        assertThat(SpanHeads.parse(new byte[0]).at(0)).isEmpty();
    }

    @Test
    void theyLieBesideTheirSpan() {
        assertThat(SpanHeads.object("2026-11/AbC_-123xyz/v0-12.mp4")).isEqualTo("2026-11/AbC_-123xyz/v0-12.heads");
    }

    @Test
    void whatCannotBeIsRefused() {
        for (byte[] bad : new byte[][] {
            new byte[11], kept(-1, 5, 5), kept(0, 6, 5), kept(0, -1, 5), kept(0, 0, 5), kept(0, Integer.MAX_VALUE, 5)
        }) {
            assertThatThrownBy(() -> SpanHeads.parse(bad)).isInstanceOf(IOException.class);
        }
    }

    @FuzzTest
    void anythingIsReadOrRefused(byte[] bytes) {
        try {
            SpanHeads.parse(bytes).at(0);
        } catch (IOException refused) {
            assertThat(refused).hasMessageStartingWith("heads");
        }
    }
}
