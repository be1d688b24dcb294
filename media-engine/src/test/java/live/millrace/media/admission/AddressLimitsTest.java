// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

/** What one address, its network, and all together may do. */
class AddressLimitsTest {
    private static AddressLimits limits(boolean loopback) {
        return new AddressLimits(new AdmissionConfig.Limits(10, 3, 2, 5, loopback));
    }

    private static InetAddress address(int... bytes) throws Exception {
        byte[] raw = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            raw[i] = (byte) bytes[i];
        }
        return InetAddress.getByAddress(raw);
    }

    @Test
    void socketsAreCountedByAddressAndInAll() throws Exception {
        AddressLimits limits = limits(false);
        for (int i = 0; i < 3; i++) {
            assertThat(limits.enter(address(192, 0, 2, 1))).isEqualTo(AddressLimits.Entry.WELCOME);
        }
        assertThat(limits.enter(address(192, 0, 2, 1))).isEqualTo(AddressLimits.Entry.TOO_MANY_OF_ADDRESS);
        assertThat(limits.enter(address(192, 0, 2, 1))).isEqualTo(AddressLimits.Entry.TOO_FAST);
        for (int i = 0; i < 7; i++) {
            assertThat(limits.enter(address(192, 0, 2, 10 + i))).isEqualTo(AddressLimits.Entry.WELCOME);
        }
        assertThat(limits.enter(address(192, 0, 2, 100))).isEqualTo(AddressLimits.Entry.FULL);
        limits.leave(address(192, 0, 2, 10));
        assertThat(limits.enter(address(192, 0, 2, 100))).isEqualTo(AddressLimits.Entry.WELCOME);
    }

    @Test
    void anAddressThatFailsFiveTimesIsNotAskedAboutAgain() throws Exception {
        AddressLimits limits = limits(false);
        InetAddress guesser = address(192, 0, 2, 1);
        for (int i = 0; i < 5; i++) {
            assertThat(limits.tooManyRefusals(guesser)).isFalse();
            limits.refused(guesser);
        }
        assertThat(limits.tooManyRefusals(guesser)).isTrue();
        assertThat(limits.tooManyRefusals(address(192, 0, 2, 2))).isFalse();
    }

    @Test
    void aNetworkThatFailsTogetherIsOneGuesser() throws Exception {
        AddressLimits limits = limits(false);
        for (int i = 0; i < 25; i++) {
            limits.refused(address(192, 0, 2, i));
        }
        assertThat(limits.tooManyRefusals(address(192, 0, 2, 3))).isTrue();
        assertThat(limits.tooManyRefusals(address(192, 0, 2, 200)))
                .as("never failed")
                .isFalse();
        assertThat(limits.tooManyRefusals(address(192, 0, 3, 3))).isFalse();
    }

    @Test
    void inBadTimesOneFailureIsEnoughAndWhoeverNeverFailedIsStillAsked() throws Exception {
        AddressLimits limits = limits(false);
        for (int i = 0; i < 250; i++) {
            limits.refused(address(100, i, 0, 1));
        }
        assertThat(limits.tooManyRefusals(address(100, 7, 0, 1))).isTrue();
        assertThat(limits.tooManyRefusals(address(192, 0, 2, 1))).isFalse();
    }

    @Test
    void addressesOfIpv6AreCountedByTheirSubnet() throws Exception {
        AddressLimits limits = limits(false);
        for (int i = 0; i < 3; i++) {
            limits.enter(address(0x20, 1, 0xd, 0xb8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, i));
        }
        assertThat(limits.enter(address(0x20, 1, 0xd, 0xb8, 0, 0, 0, 1, 9, 9, 9, 9, 9, 9, 9, 9)))
                .isEqualTo(AddressLimits.Entry.TOO_MANY_OF_ADDRESS);
    }

    @Test
    void loopbackIsWhereProxiesAre() {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        AddressLimits open = limits(false);
        AddressLimits closed = limits(true);
        for (int i = 0; i < 6; i++) {
            assertThat(open.enter(loopback)).isEqualTo(AddressLimits.Entry.WELCOME);
            open.refused(loopback);
            closed.refused(loopback);
        }
        assertThat(open.tooManyRefusals(loopback)).isFalse();
        assertThat(closed.tooManyRefusals(loopback)).isTrue();
    }
}
