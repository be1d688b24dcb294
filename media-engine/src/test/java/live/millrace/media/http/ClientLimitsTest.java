// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one client address may have of the HTTP server. */
class ClientLimitsTest {
    private static ClientLimits limits(boolean limitPrivate) {
        return new ClientLimits(new HttpConfig(
                "127.0.0.1", 0, Duration.ofSeconds(1), Duration.ofSeconds(1), 100, 3, 5, limitPrivate, true));
    }

    private static InetAddress address(String literal) throws Exception {
        return InetAddress.ofLiteral(literal);
    }

    @Test
    void socketsAndRequestsOfAnAddressAreBounded() throws Exception {
        ClientLimits limits = limits(false);
        InetAddress greedy = address("192.0.2.1");
        for (int i = 0; i < 3; i++) {
            assertThat(limits.enter(greedy)).isTrue();
        }
        assertThat(limits.enter(greedy)).isFalse();
        assertThat(limits.enter(address("192.0.2.2"))).isTrue();
        limits.leave(greedy);
        assertThat(limits.enter(greedy)).isTrue();
        int allowed = 0;
        for (int i = 0; i < 50; i++) {
            allowed += limits.allows(greedy) ? 1 : 0;
        }
        assertThat(allowed).isBetween(10, 15);
        assertThat(limits.allows(address("192.0.2.2"))).isTrue();
    }

    @Test
    void aSubnetOfIpv6IsOneClient() throws Exception {
        ClientLimits limits = limits(false);
        for (int i = 0; i < 3; i++) {
            assertThat(limits.enter(address("2001:db8::" + i))).isTrue();
        }
        assertThat(limits.enter(address("2001:db8::ffff"))).isFalse();
        assertThat(limits.enter(address("2001:db8:1::1"))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1", "10.1.2.3", "172.16.0.9", "192.168.1.1", "fd00::1", "fe80::1"})
    void proxiesConnectFromNearby(String literal) throws Exception {
        ClientLimits open = limits(false);
        for (int i = 0; i < 50; i++) {
            assertThat(open.enter(address(literal))).isTrue();
            assertThat(open.allows(address(literal))).isTrue();
        }
        ClientLimits closed = limits(true);
        for (int i = 0; i < 3; i++) {
            closed.enter(address(literal));
        }
        assertThat(closed.enter(address(literal))).isFalse();
    }
}
