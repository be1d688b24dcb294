// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FourCcTest {
    @ParameterizedTest
    @CsvSource({"avc1, 61766331", ".mp3, 2e6d7033", "ac-3, 61632d33", "Opus, 4f707573"})
    void isItsFourCharacters(String text, String hex) {
        FourCc fourCc = FourCc.of(text);
        assertThat(fourCc.bits()).isEqualTo(Integer.parseInt(hex, 16));
        assertThat(fourCc).hasToString(text);
        ByteBuf wire = Unpooled.buffer();
        fourCc.write(wire);
        assertThat(wire.readableBytes()).isEqualTo(4);
        assertThat(FourCc.read(wire)).isEqualTo(fourCc);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "mp4", "mp4a.", "av\n1", "é001", "ğ001"})
    void hasNoOtherText(String text) {
        assertThatThrownBy(() -> FourCc.of(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatCannotBeReadIsNotLogged() {
        assertThat(new FourCc(0x0A0D1B5B).text()).isEqualTo("unknown");
        assertThat(new FourCc(0x61626380).text()).isEqualTo("unknown");
        assertThat(new FourCc(0).text()).isEqualTo("unknown");
    }
}
