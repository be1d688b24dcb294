// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtp.packet;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Elements of header extensions (RFC 8285 §4.2, §4.3). */
class HeaderExtensionsTest {
    private static final String HEADER = "90e0 0001 00000002 00000003";

    /** Behind a packet that is of no concern. */
    private static ByteBuf packet(String hex) {
        ByteBuf packet = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump("ffffffff" + hex.replace(" ", "")))
                .skipBytes(4);
        packet.markReaderIndex();
        return packet;
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                // one byte: number and length less one
                "bede 0001 31 1234 00,                  3,  4660",
                "bede 0001 31 ffff 00,                  3,  65535",
                "bede 0001 31 1234 00,                  4,  none",
                "bede 0003 10 aa 31 1234 22 bbcccc 000000, 3,  4660",
                "bede 0003 10 aa 31 1234 22 bbcccc 000000, 2,  48076",
                "bede 0002 00 10 aa 00 00 31 1234,      3,  4660",
                "bede 0001 e1 1234 00,                  14, 4660",
                "bede 0001 30 12 0000,                  3,  none",
                "bede 0005 2f 00112233445566778899aabbccddeeff e1 1234, 14, 4660",
                "bede 0000,                             3,  none",
                "bede 0001 00000000,                    3,  none",
                // 15 ends it, and so does a length without a number
                "bede 0002 f0 aa 31 1234 000000,        3,  none",
                "bede 0002 f1 aaaa 31 1234 0000,        15, none",
                "bede 0002 01 aaaa 31 1234 0000,        3,  none",
                "bede 0002 31 1234 f0 00000000,         3,  4660",
                // an element that is longer than the extension
                "bede 0001 33 123456,                   3,  none",
                "bede 0001 000000 31,                   3,  none",
                // two bytes: number, length
                "1000 0001 03 02 1234,                  3,  4660",
                "100f 0001 03 02 1234,                  3,  4660",
                "1000 0002 07 00 00 03 02 1234 00,      3,  4660",
                "1000 0002 0f 01 aa 03 02 1234 00,      3,  4660",
                "1000 0001 0f 02 1234,                  15, 4660",
                "1000 0001 03 01 12 00,                 3,  none",
                "1000 0001 03 00 0000,                  3,  none",
                "1000 0001 03 03 1234,                  3,  none",
                "1000 0001 000000 03,                   3,  none",
                // of another profile
                "1010 0001 31 1234 00,                  3,  none",
                "bedf 0001 31 1234 00,                  3,  none",
            })
    void findsAnElement(String extension, int id, Integer value) {
        assertThat(HeaderExtensions.find(packet(HEADER + extension + "cafe"), id))
                .isEqualTo(value == null ? -1 : value);
    }

    @Test
    void contributingSourcesStandBefore() {
        ByteBuf packet = packet("92e0 0001 00000002 00000003 bede0001 31ffff00 bede 0001 31 1234 00");
        assertThat(HeaderExtensions.find(packet, 3)).isEqualTo(0x1234);
    }

    @Test
    void withoutTheBitThereIsNone() {
        assertThat(HeaderExtensions.find(packet("80e0 0001 00000002 00000003 bede 0001 31 1234 00"), 3))
                .isEqualTo(-1);
    }

    @ParameterizedTest
    @CsvSource({"bede 0002 20 00 31 1234 000000", "1000 0002 02 01 00 03 02 1234 00"})
    void cutAnywhereIsNoFailure(String extension) {
        ByteBuf whole = packet("91e0 0001 00000002 00000003 00000004" + extension);
        for (int length = 0; length <= whole.readableBytes(); length++) {
            // nothing behind the cut may be looked at
            ByteBuf cut = Unpooled.copiedBuffer(whole.slice(whole.readerIndex(), length));
            int found = HeaderExtensions.find(cut, 3);
            assertThat(found).as("%d bytes", length).isEqualTo(length == whole.readableBytes() ? 0x1234 : -1);
            assertThat(cut.readerIndex()).isZero();
            ByteBuf longer = whole.duplicate().writerIndex(whole.readerIndex() + length);
            assertThat(HeaderExtensions.find(longer, 3)).isEqualTo(found);
        }
    }
}
