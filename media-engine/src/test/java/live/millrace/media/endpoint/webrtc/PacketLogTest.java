// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.webrtc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import live.millrace.media.protocol.rtp.packet.RtpPacket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The packets of a stream for all its viewers. */
class PacketLogTest {
    private final PacketLog log = new PacketLog();
    private final List<ByteBuf> all = new ArrayList<>();
    private int number = 65_000;

    /** Nothing is kept behind the end. */
    @AfterEach
    void release() {
        log.release();
        assertThat(all).allMatch(each -> each.refCnt() == 0);
        assertThat(log.first()).isEqualTo(log.end());
        assertThat(log.join()).isEqualTo(PacketLog.NONE);
    }

    private void add(boolean picture, boolean start, int payload) {
        ByteBuf packet = Unpooled.buffer(RtpPacket.HEADER + payload);
        RtpPacket.writeHeader(false, 96, number++ & 0xFFFF, 0, 1, packet);
        packet.writeZero(payload);
        all.add(packet);
        log.add(packet, picture, start);
    }

    private void pictures(int count) {
        for (int i = 0; i < count; i++) {
            add(true, false, 10);
        }
    }

    @Test
    void aViewerBeginsWithTheLastPictureThatNeedsNoOther() {
        assertThat(log.join()).isEqualTo(PacketLog.NONE);
        pictures(3);
        assertThat(log.join()).isEqualTo(PacketLog.NONE);
        add(true, true, 10);
        pictures(2);
        assertThat(log.join()).isEqualTo(3);
        assertThat(log.isStart(3)).isTrue();
        assertThat(log.isStart(4)).isFalse();
        add(true, true, 10);
        assertThat(log.join()).isEqualTo(6);
        assertThat(log.end()).isEqualTo(7);
    }

    /** Janus #2401: what is missing may be older than the picture that others begin with. */
    @Test
    void whatIsOlderThanAKeyFrameIsStillThere() {
        add(true, true, 10);
        pictures(100);
        add(true, true, 10);
        assertThat(log.find(true, 65_050)).isEqualTo(50);
        assertThat(log.first()).isZero();
    }

    @Test
    void oldPacketsGoAndTheirNumbersWithThem() {
        pictures(3_000); // the numbers turn over meanwhile
        assertThat(log.end() - log.first()).isEqualTo(PacketLog.HISTORY);
        assertThat(all.subList(0, 3_000 - PacketLog.HISTORY)).allMatch(each -> each.refCnt() == 0);
        for (int place = 0; place < 3_000; place++) {
            assertThat(log.find(true, (65_000 + place) & 0xFFFF))
                    .isEqualTo(place < log.first() ? PacketLog.NONE : place);
        }
        assertThatThrownBy(() -> log.packet(log.first() - 1)).isInstanceOf(RuntimeException.class);
    }

    @Test
    void aLongGroupIsKeptWhole() {
        add(true, true, 10);
        pictures(5_000);
        assertThat(log.join()).isZero();
        assertThat(log.first()).isZero();
    }

    @Test
    void aGroupWithoutAnEndIsGivenUp() {
        add(true, true, 10);
        pictures(PacketLog.MAX_PACKETS);
        assertThat(log.join()).isEqualTo(PacketLog.NONE);
        assertThat(log.end() - log.first()).isEqualTo(PacketLog.HISTORY);
        add(true, true, 10);
        assertThat(log.join()).isEqualTo(log.end() - 1);
    }

    @Test
    void aGroupOfTooManyBytesIsGivenUp() {
        add(true, true, 10);
        int half = (int) (PacketLog.MAX_BYTES / 2_000);
        for (int i = 0; i < 2 * half; i++) {
            add(true, false, 1_000);
        }
        assertThat(log.join()).isEqualTo(PacketLog.NONE);
        assertThat(log.end() - log.first()).isEqualTo(PacketLog.HISTORY);
    }

    @Test
    void soundAndPicturesHaveNumbersOfTheirOwn() {
        number = 7;
        add(true, true, 10);
        number = 7;
        add(false, false, 10);
        assertThat(log.find(true, 7)).isZero();
        assertThat(log.find(false, 7)).isEqualTo(1);
        assertThat(log.find(false, 8)).isEqualTo(PacketLog.NONE);
        assertThat(log.isPicture(0)).isTrue();
        assertThat(log.isPicture(1)).isFalse();
    }

    @Test
    void nobodyBeginsBeforeABreak() {
        add(true, true, 10);
        pictures(2_000);
        log.closeJoin();
        assertThat(log.join()).isEqualTo(PacketLog.NONE);
        assertThat(log.end() - log.first()).isEqualTo(PacketLog.HISTORY);
    }
}
