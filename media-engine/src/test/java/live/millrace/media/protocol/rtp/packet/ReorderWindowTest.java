// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtp.packet;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The order of packets is mended, and what is lost is told where it is missing. */
class ReorderWindowTest {
    private static final int SSRC = 7;

    private final List<String> heard = new ArrayList<>();
    private final List<ByteBuf> payloads = new ArrayList<>();
    private final ReorderWindow.Listener listener = new ReorderWindow.Listener() {
        @Override
        public void packet(RtpPacket packet) {
            heard.add(String.valueOf(packet.sequenceNumber()));
        }

        @Override
        public void lost(long packets) {
            heard.add("-" + packets);
        }

        @Override
        public void sourceChanged() {
            heard.add("new");
        }
    };
    private final ReorderWindow window = ReorderWindow.overUdp(listener);

    private void take(ReorderWindow to, int ssrc, int sequenceNumber, long millis) {
        ByteBuf payload = Unpooled.buffer(1).writeByte(1);
        payloads.add(payload);
        to.take(new RtpPacket(false, 96, sequenceNumber & 0xFFFF, 0, ssrc, payload), millis * 1_000_000);
        payload.release();
    }

    private void take(int... sequenceNumbers) {
        for (int number : sequenceNumbers) {
            take(window, SSRC, number, 0);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'5 6 7',               '5 6 7'",
        "'5 7 6 8',             '5 6 7 8'",
        "'5 6 6 5 7',           '5 6 7'",
        "'5 7 7 6',             '5 6 7'",
        "'65534 0 65535 1',     '65534 65535 0 1'",
        "'5 4 6',               '5 6'",
        "'5 3006 3007',         '5 new 3006 3007'",
        // a gap larger than the window is given up before what comes behind it
        "'5 3005 3004',         '5 -2999 3005'",
    })
    void putsPacketsInOrder(String sent, String expected) {
        for (String number : sent.split(" ", -1)) {
            take(Integer.parseInt(number));
        }
        window.flush();
        assertThat(String.join(" ", heard)).isEqualTo(expected);
    }

    @Test
    void waitsForSixtyFourPackets() {
        take(1);
        for (int i = 3; i <= 65; i++) {
            take(i);
        }
        assertThat(heard).containsExactly("1");
        take(66);
        assertThat(heard).containsExactly("1");
        take(67);
        assertThat(heard).startsWith("1", "-1", "3").endsWith("67").hasSize(67);
        take(2);
        assertThat(heard).endsWith("67");
    }

    @Test
    void waitsForATenthOfASecond() {
        take(window, SSRC, 1, 0);
        take(window, SSRC, 3, 10);
        window.expire(109_000_000);
        assertThat(heard).containsExactly("1");
        window.expire(110_000_000);
        assertThat(heard).containsExactly("1", "-1", "3");
        take(window, SSRC, 5, 200);
        take(window, SSRC, 6, 301);
        assertThat(heard).containsExactly("1", "-1", "3", "-1", "5", "6");
    }

    @Test
    void waitsForNothingOverTcp() {
        ReorderWindow tcp = ReorderWindow.overTcp(listener);
        for (int number : new int[] {1, 3, 2, 4}) {
            take(tcp, SSRC, number, 0);
        }
        assertThat(heard).containsExactly("1", "-1", "3", "4");
    }

    @Test
    void anotherSourceBeginsAnew() {
        take(window, SSRC, 100, 0);
        take(window, SSRC, 102, 0);
        take(window, SSRC + 1, 50, 0);
        assertThat(heard).containsExactly("100", "-1", "102", "new", "50");
    }

    @Test
    void letsGoOfWhatWaits() {
        take(1, 3, 5);
        window.release();
        assertThat(payloads).allSatisfy(payload -> assertThat(payload.refCnt()).isZero());
        assertThat(heard).containsExactly("1");
    }

    /** Whatever a network does, packets come out once, in order, and each that is missing was told. */
    @Test
    void anyNetworkIsMended() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<Integer> sent = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            sent.add(65_000 + i);
        }
        for (int i = 1; i + 16 < sent.size(); i += 16) {
            Collections.shuffle(sent.subList(i, i + 16), random);
        }
        Set<Integer> dropped = new HashSet<>();
        for (int number : sent) {
            if (number > 65_010 && random.nextInt(20) == 0) {
                dropped.add(number);
                continue;
            }
            take(number);
            if (random.nextInt(30) == 0) {
                take(number);
            }
        }
        window.flush();
        int next = Integer.parseInt(heard.getFirst());
        int missing = 0;
        for (String each : heard) {
            if (each.startsWith("-")) {
                next -= Integer.parseInt(each);
                missing -= Integer.parseInt(each);
            } else {
                assertThat(Integer.parseInt(each)).as("seed %d", seed).isEqualTo(next & 0xFFFF);
                next++;
            }
        }
        assertThat(missing).as("seed %d", seed).isLessThanOrEqualTo(dropped.size());
        assertThat(payloads).allSatisfy(payload -> assertThat(payload.refCnt()).isZero());
    }

    private static List<Long> missing(ReorderWindow window) {
        List<Long> missing = new ArrayList<>();
        window.missing(missing::add);
        return missing;
    }

    private final ReorderWindow asking = ReorderWindow.overUdpWithQuestions(listener);

    /** By extended numbers, so that they differ for ever. */
    @Test
    void saysWhatIsMissing() {
        assertThat(missing(asking)).isEmpty();
        take(asking, SSRC, 65_533, 0);
        assertThat(missing(asking)).isEmpty();
        take(asking, SSRC, 0, 1);
        take(asking, SSRC, 3, 1);
        List<Long> missing = missing(asking);
        assertThat(missing).hasSize(4).isSorted();
        assertThat(missing.stream().map(each -> each & 0xFFFF)).containsExactly(65_534L, 65_535L, 1L, 2L);
        take(asking, SSRC, 65_534, 2);
        take(asking, SSRC, 2, 2);
        assertThat(missing(asking)).containsExactly(missing.get(1), missing.get(2));
        take(asking, SSRC, 65_535, 3);
        take(asking, SSRC, 1, 3);
        assertThat(missing(asking)).isEmpty();
        assertThat(heard).containsExactly("65533", "65534", "65535", "0", "1", "2", "3");
    }

    @Test
    void whatIsAskedForHasTime() {
        take(asking, SSRC, 1, 0);
        take(asking, SSRC, 3, 10);
        asking.expire(409_999_999);
        assertThat(heard).containsExactly("1");
        asking.expire(410_000_000);
        assertThat(heard).containsExactly("1", "-1", "3");
        assertThat(missing(asking)).isEmpty();
    }

    @Test
    void waitsForAThousandPacketsThatAreAskedFor() {
        take(asking, SSRC, 1, 0);
        for (int i = 3; i <= 2 + 1_024; i++) {
            take(asking, SSRC, i, 0);
        }
        assertThat(heard).containsExactly("1");
        assertThat(missing(asking)).hasSize(1);
        take(asking, SSRC, 2 + 1_025, 0);
        assertThat(heard).startsWith("1", "-1", "3").endsWith("1027").hasSize(1 + 1 + 1_025);
        assertThat(payloads).allSatisfy(payload -> assertThat(payload.refCnt()).isZero());
    }

    /** A gap behind another has as much time as the first had. */
    @Test
    void gapsAreGivenUpOneAfterTheOther() {
        take(asking, SSRC, 1, 0);
        take(asking, SSRC, 3, 0);
        take(asking, SSRC, 5, 300);
        asking.expire(400_000_000);
        assertThat(heard).containsExactly("1", "-1", "3");
        assertThat(missing(asking)).hasSize(1);
        asking.expire(700_000_000);
        assertThat(heard).containsExactly("1", "-1", "3");
        asking.expire(800_000_000);
        assertThat(heard).containsExactly("1", "-1", "3", "-1", "5");
    }

    @Test
    void nothingIsMissingOfASourceThatIsGone() {
        take(asking, SSRC, 1, 0);
        take(asking, SSRC, 9, 0);
        take(asking, SSRC + 1, 500, 0);
        assertThat(missing(asking)).isEmpty();
        take(asking, SSRC + 1, 502, 0);
        assertThat(missing(asking)).hasSize(1);
        asking.release();
        assertThat(missing(asking)).isEmpty();
    }
}
