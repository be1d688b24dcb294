// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RtmpMessageTypeTest {
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "UNKNOWN")
    void isFoundByItsId(RtmpMessageType type) {
        assertThat(RtmpMessageType.of(type.id())).isSameAs(type);
    }

    @Test
    void everyOtherIdIsUnknown() {
        assertThat(IntStream.range(-1, 300).filter(id -> RtmpMessageType.of(id) != RtmpMessageType.UNKNOWN))
                .containsExactly(1, 2, 3, 4, 5, 6, 8, 9, 15, 16, 17, 18, 19, 20, 22);
        assertThatThrownBy(RtmpMessageType.UNKNOWN::id).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void threeAreMedia() {
        assertThat(RtmpMessageType.values())
                .filteredOn(RtmpMessageType::isMedia)
                .containsExactly(RtmpMessageType.AUDIO, RtmpMessageType.VIDEO, RtmpMessageType.AGGREGATE);
    }
}
