// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionException;
import live.millrace.media.source.SourceAddress.Reach;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every notation of an address that somebody might try. */
class AddressGuardTest {
    private static final String OUR_PUBLIC = "9.9.9.9";

    private final List<String> asked = new ArrayList<>();
    private List<String> answers = List.of("8.8.8.8");
    private final AddressGuard guard = new AddressGuard(
            this::resolve, address -> AddressGuard.isOurs(address) || OUR_PUBLIC.equals(address.getHostAddress()));

    @AfterEach
    void close() {
        guard.close();
    }

    private List<InetAddress> resolve(String name) throws UnknownHostException {
        asked.add(name);
        List<InetAddress> found = new ArrayList<>();
        for (String answer : answers) {
            found.add(InetAddress.getByName(answer));
        }
        return found;
    }

    private String locate(String host, Reach reach) {
        return guard.locate(URI.create("rtsp://" + host + "/live"), 554, reach, () -> {})
                .join()
                .toString();
    }

    private void refuses(String host, Reach reach) {
        assertThatThrownBy(() -> locate(host, reach))
                .as(host)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(ForbiddenAddressException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // this machine
                "127.0.0.1",
                "127.1.2.3",
                "[::1]",
                "0.0.0.0",
                "0.1.2.3",
                "[::]",
                "127.0.0.1:8080",
                // not four decimal numbers
                "127.1",
                "2130706433",
                "0x7f000001",
                "0x7f.1",
                "0177.0.0.1",
                "017700000001",
                "127.0.0.01",
                "1.2.3",
                "1.2.3.4.5",
                "256.1.1.1",
                "08.8.8.8",
                "8.8.8.0x8",
                "a.0x7f",
                "a.1",
                "0x",
                "127.0.0.1.",
                // an IPv4 address in disguise
                "[::ffff:127.0.0.1]",
                "[::ffff:7f00:1]",
                "[::127.0.0.1]",
                "[::7f00:1]",
                "[0:0:0:0:0:ffff:7f00:1]",
                "[64:ff9b::7f00:1]",
                "[64:ff9b::a9fe:a9fe]",
                "[64:ff9b:1::808:808]",
                "[2002:7f00:1::]",
                "[2002:808:808::1]",
                "[2001:0:53aa:64c::1]",
                "[::ffff:0:127.0.0.1]",
                "[::ffff:169.254.169.254]",
                // zones
                "[fe80::1%25eth0]",
                "[fe80::1]",
                "[fec0::1]",
                // what answers for clouds
                "169.254.169.254",
                "169.254.1.1",
                "[fd00:ec2::254]",
                "[fd20:ce::254]",
                "100.100.100.200",
                "168.63.129.16",
                "192.0.0.192",
                // groups, broadcast, reserved, documentation
                "224.0.0.1",
                "239.255.255.250",
                "255.255.255.255",
                "240.0.0.1",
                "[ff02::1]",
                "192.0.2.1",
                "198.51.100.1",
                "203.0.113.1",
                "198.18.0.1",
                "192.88.99.1",
                "[2001:db8::1]",
                "[100::1]",
                "[3fff::1]",
                "[4000::1]",
                // names that are none
                "a..b",
                ".a",
                "a.",
                "-a",
                "a-",
                "user@",
                "a:0",
                "a:65536",
                "a:b",
                "a:"
            })
    void nobodyIsSentToThese(String host) {
        answers = List.of("127.0.0.1");
        refuses(host, Reach.PRIVATE);
        refuses(host, Reach.PUBLIC);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.1",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.20",
                "100.64.0.1",
                "100.127.255.255",
                "[fd12:3456::1]",
                "[fc00::1]",
                "[::ffff:192.168.1.20]",
                "[64:ff9b::c0a8:114]"
            })
    void privateNetworksAreForThoseWhoMayNameThem(String host) {
        refuses(host, Reach.PUBLIC);
        assertThat(locate(host, Reach.PRIVATE)).endsWith(":554");
    }

    @ParameterizedTest
    @CsvSource({
        "8.8.8.8, /8.8.8.8:554",
        "172.32.0.1, /172.32.0.1:554",
        "100.128.0.1:8554, /100.128.0.1:8554",
        "user:secret@8.8.8.8, /8.8.8.8:554",
        "[2606:4700::1111], /[2606:4700:0:0:0:0:0:1111]:554",
        "[64:ff9b::808:808], /[64:ff9b:0:0:0:0:808:808]:554",
        "[::ffff:8.8.8.8], /8.8.8.8:554"
    })
    void everybodyMayGoToTheInternet(String host, String at) {
        assertThat(locate(host, Reach.PUBLIC)).isEqualTo(at);
        assertThat(asked).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "Camera.Example, camera.example",
        "camera_1.example, camera_1.example",
        "camera.example., camera.example",
        "camera, camera"
    })
    void namesAreResolvedOnce(String host, String name) {
        assertThat(locate(host, Reach.PUBLIC)).isEqualTo("/8.8.8.8:554");
        assertThat(asked).containsExactly(name);
    }

    /** Digits and dots of other scripts, as browsers read them. */
    @Test
    void wideDigitsAreDigits() {
        assertThatThrownBy(() -> HostName.of("１２７。１")).isInstanceOf(ForbiddenAddressException.class);
        assertThat(HostName.of("１２７.０.０.１").literal()).hasValue(InetAddress.getLoopbackAddress());
        assertThat(HostName.of("bücher.example").text()).isEqualTo("xn--bcher-kva.example");
    }

    @Test
    void theFirstAddressOfANameThatMayBeAskedForCounts() {
        answers = List.of("127.0.0.1", "192.168.1.1", "1.1.1.1");
        assertThat(locate("camera.example", Reach.PUBLIC)).isEqualTo("/1.1.1.1:554");
        assertThat(locate("camera.example", Reach.PRIVATE)).isEqualTo("/192.168.1.1:554");
        answers = List.of("127.0.0.1", "::1", "169.254.169.254");
        refuses("camera.example", Reach.PRIVATE);
        answers = List.of();
        assertThatThrownBy(() -> locate("camera.example", Reach.PRIVATE))
                .hasCauseInstanceOf(UnknownHostException.class);
    }

    @Test
    void thisMachineIsForThoseWhoDevelopButForOurOwnPorts() {
        guard.loopback(true);
        guard.own(8081);
        assertThat(locate("127.0.0.1:8554", Reach.PUBLIC)).isEqualTo("/127.0.0.1:8554");
        refuses("127.0.0.1:8081", Reach.PRIVATE);
        refuses("[::1]:8081", Reach.PRIVATE);
        refuses("169.254.169.254", Reach.PRIVATE);
    }

    @Test
    void ourOwnPortsAreRefusedOnEveryAddressOfThisMachine() throws Exception {
        guard.own(1935);
        List<String> own = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .map(InetAddress::getHostAddress)
                .filter(address -> !address.contains(":"))
                .toList();
        assertThat(own).isNotEmpty();
        own.forEach(address -> refuses(address + ":1935", Reach.PRIVATE));
    }

    /** What listens there may count on a firewall, which does not stand between this machine and itself. */
    @Test
    void thisMachineIsRefusedByAnyOfItsAddresses() throws Exception {
        for (String own : List.of(OUR_PUBLIC, "[64:ff9b::909:909]", "[::ffff:9.9.9.9]")) {
            refuses(own + ":5432", Reach.PRIVATE);
            refuses(own, Reach.PUBLIC);
        }
        assertThat(AddressGuard.isOurs(InetAddress.getLoopbackAddress())).isTrue();
        guard.loopback(true);
        guard.own(8081);
        assertThat(locate(OUR_PUBLIC + ":8554", Reach.PUBLIC)).isEqualTo("/9.9.9.9:8554");
        refuses(OUR_PUBLIC + ":8081", Reach.PRIVATE);
        refuses("[64:ff9b::909:909]:8081", Reach.PRIVATE);
    }

    @Test
    void aNeighbourIsInAPrivateNetworkAndNoPortOfOurs() throws Exception {
        assertThat(guard.neighbour(new InetSocketAddress(InetAddress.ofLiteral("192.168.1.20"), 80)))
                .isTrue();
        assertThat(guard.neighbour(new InetSocketAddress(InetAddress.ofLiteral("10.0.0.7"), 8000)))
                .isTrue();
        for (String other : List.of("8.8.8.8", "127.0.0.1", "169.254.169.254", "239.255.255.250", "0.0.0.0", "::1")) {
            assertThat(guard.neighbour(new InetSocketAddress(InetAddress.ofLiteral(other), 80)))
                    .as(other)
                    .isFalse();
        }
        assertThat(guard.neighbour(InetSocketAddress.createUnresolved("192.168.1.20", 80)))
                .isFalse();
        guard.loopback(true);
        guard.own(8081);
        assertThat(guard.neighbour(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 8080)))
                .isTrue();
        assertThat(guard.neighbour(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 8081)))
                .isFalse();
    }

    @Test
    void rulesHaveNoPrefixShorterThanTheyCount() throws Exception {
        byte[] address = new byte[16];
        for (int first = 0; first < 256; first++) {
            Arrays.fill(address, (byte) first);
            assertThat(AddressRules.of(InetAddress.getByAddress(address))).isNotNull();
            assertThat(AddressRules.of(InetAddress.getByAddress(Arrays.copyOf(address, 4))))
                    .isNotNull();
        }
        assertThat(AddressRules.of(InetAddress.getByName("2001:200::1"))).isEqualTo(AddressRules.Kind.PUBLIC);
    }
}
