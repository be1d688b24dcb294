// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtmp.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.List;
import live.millrace.media.amf.AmfValue;
import live.millrace.media.protocol.rtmp.RtmpProtocolException;
import live.millrace.media.protocol.rtmp.chunk.RawMessage;
import org.junit.jupiter.api.Test;

/** Whole messages (RTMP 1.0 §5.4 and §7) to what they say. */
class RtmpMessageParserTest {
    private static RtmpMessage parse(int type, String hex) {
        return RtmpMessageParser.parse(new RawMessage(
                type, 1, 1_000, Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex.replace(" ", "")))));
    }

    @Test
    void readsControlMessagesAndIgnoresShortOnes() {
        assertThat(parse(3, "00000100")).isEqualTo(new RtmpMessage.Acknowledgement(256));
        assertThat(parse(4, "0006 0000002a")).isEqualTo(new RtmpMessage.UserControl(6, 42));
        assertThat(parse(4, "0000")).isEqualTo(new RtmpMessage.UserControl(0, 0));
        assertThat(parse(5, "002625a0")).isEqualTo(new RtmpMessage.WindowAcknowledgementSize(2_500_000));
        assertThat(parse(6, "002625a0 02")).isEqualTo(new RtmpMessage.SetPeerBandwidth(2_500_000));
        for (int type : new int[] {3, 4, 5, 6}) {
            assertThat(parse(type, "00")).isEqualTo(new RtmpMessage.Ignored(type));
        }
        assertThat(parse(99, "0102")).isEqualTo(new RtmpMessage.Ignored(99));
    }

    @Test
    void readsCommandsInBothMessageTypes() {
        String play = "020004706c6179 0040100000000000000 5".replace(" ", "");
        for (RtmpMessage message : List.of(parse(20, play), parse(17, "00" + play), parse(17, play))) {
            assertThat(message).isEqualTo(new RtmpMessage.Command(1, "play", 4, List.of(AmfValue.NULL)));
        }
        assertThatThrownBy(() -> parse(20, "05")).isInstanceOf(RtmpProtocolException.class);
        assertThatThrownBy(() -> parse(20, "0200ff")).isInstanceOf(RtmpProtocolException.class);
    }

    /** §7.1.6: times are relative to the first part's; the aggregate's own counts. */
    @Test
    void takesAggregatesApart() {
        RtmpMessage.Aggregate aggregate = (RtmpMessage.Aggregate)
                parse(22, "08 000002 000064 00 000000 af01 0000000d" + "09 000001 00008c 00 000000 27 0000000c");
        assertThat(aggregate.parts()).hasSize(2);
        RtmpMessage.Audio sound = (RtmpMessage.Audio) aggregate.parts().getFirst();
        RtmpMessage.Video picture = (RtmpMessage.Video) aggregate.parts().getLast();
        assertThat(sound.timestamp()).isEqualTo(1_000);
        assertThat(picture.timestamp()).isEqualTo(1_040);
        sound.payload().release();
        picture.payload().release();
        assertThatThrownBy(() -> parse(22, "08 ffffff 000064 00 000000 af01"))
                .isInstanceOf(RtmpProtocolException.class);
    }

    @FuzzTest(maxDuration = "60s")
    void anyMessageIsReadOrFailsCleanlyAndNothingLeaks(byte[] bytes) {
        if (bytes.length == 0) {
            return;
        }
        ByteBuf payload = Unpooled.buffer(bytes.length).writeBytes(bytes, 1, bytes.length - 1);
        try {
            release(RtmpMessageParser.parse(new RawMessage(bytes[0] & 0x1F, 1, 1_000, payload)));
        } catch (RtmpProtocolException expected) {
            // what a peer's mistake may cost
        }
        assertThat(payload.refCnt()).isZero();
    }

    private static void release(RtmpMessage message) {
        switch (message) {
            case RtmpMessage.Audio(long _, ByteBuf payload) -> payload.release();
            case RtmpMessage.Video(long _, ByteBuf payload) -> payload.release();
            case RtmpMessage.Aggregate(List<RtmpMessage> parts) -> parts.forEach(RtmpMessageParserTest::release);
            default -> {
                // nothing else holds a buffer
            }
        }
    }
}
