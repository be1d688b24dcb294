// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bytes are those of HAProxy's proxy-protocol.txt, §2.1 and §2.2. */
class NamedProxiesTest {
    private static final String V2 = "0d0a0d0a000d0a515549540a";

    private final StringBuilder heard = new StringBuilder();
    private @Nullable InetSocketAddress known;

    private EmbeddedChannel connect(String from, NamedProxies proxies) {
        EmbeddedChannel channel = new EmbeddedChannel() {
            @Override
            protected SocketAddress remoteAddress0() {
                return new InetSocketAddress(from, 40_000);
            }
        };
        proxies.know(channel, () -> {
            known = NamedProxies.clientOf(channel);
            channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext ctx, Object message) {
                    ByteBuf bytes = (ByteBuf) message;
                    heard.append(bytes.toString(StandardCharsets.US_ASCII));
                    bytes.release();
                }
            });
        });
        return channel;
    }

    private EmbeddedChannel proxied() {
        return connect("10.1.2.3", NamedProxies.of(List.of("10.0.0.0/8", "2001:db8::/32")));
    }

    private static ByteBuf ascii(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }

    private static ByteBuf hex(String text) {
        return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(text));
    }

    @ParameterizedTest
    @CsvSource({
        "PROXY TCP4 203.0.113.7 198.51.100.1 56324 443, 203.0.113.7, 56324",
        "PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535, 255.255.255.255, 65535",
        "PROXY TCP6 2001:db8::7 2001:db8::1 56324 443, 2001:db8:0:0:0:0:0:7, 56324",
        "PROXY UNKNOWN, 10.1.2.3, 40000",
        "PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535, 10.1.2.3, 40000",
    })
    void a_line_of_version_1_tells_who_is_there(String line, String address, int port) {
        EmbeddedChannel channel = proxied();

        channel.writeInbound(ascii(line + "\r\nGET /"));

        assertThat(known).isNotNull();
        assertThat(known.getAddress().getHostAddress()).isEqualTo(address);
        assertThat(known.getPort()).isEqualTo(port);
        assertThat(heard).hasToString("GET /");
    }

    @ParameterizedTest
    @CsvSource({
        // PROXY over TCP and IPv4: 12 bytes of addresses.
        "2111000c cb007107 c6336401 dc0401bb, 203.0.113.7, 56324",
        // The same with a further field that nobody knows (PP2_TYPE_NOOP).
        "21110011 cb007107 c6336401 dc0401bb 0400020000, 203.0.113.7, 56324",
        // IPv6
        "21210024 20010db8000000000000000000000007 20010db8000000000000000000000001 dc0401bb, 2001:db8:0:0:0:0:0:7, 56324",
        // LOCAL: the proxy looks whether we are well.
        "20000000, 10.1.2.3, 40000",
        // UNSPEC
        "21000000, 10.1.2.3, 40000",
    })
    void a_header_of_version_2_tells_who_is_there(String bytes, String address, int port) {
        EmbeddedChannel channel = proxied();

        for (byte each : ByteBufUtil.decodeHexDump(V2 + bytes.replace(" ", ""))) {
            channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {each}));
        }
        channel.writeInbound(ascii("GET /"));

        assertThat(known).isNotNull();
        assertThat(known.getAddress().getHostAddress()).isEqualTo(address);
        assertThat(known.getPort()).isEqualTo(port);
        assertThat(heard).hasToString("GET /");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
                "PROXY TCP4 203.0.113.7 198.51.100.1 56324 443 443 443\r\n",
                "PROXY TCP4 localhost 198.51.100.1 56324 443\r\n",
                "PROXY TCP4 203.0.113.7 198.51.100.1 99999 443\r\n",
                "PROXY UDP4 203.0.113.7 198.51.100.1 1 2\r\n",
                "PROXY \r\n             ",
                "\u0003aaaaaaaaaaaaaaaaaaaaaaaaa\r\n",
            })
    void a_named_proxy_that_says_something_else_is_closed(String said) {
        EmbeddedChannel channel = proxied();

        channel.writeInbound(ascii(said));

        assertThat(channel.isOpen()).isFalse();
        assertThat(known).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2211000c cb007107 c6336401 dc0401bb",
                "2111ffff",
                "21320000",
                "2131 00d8",
                "1111000c cb007107 c6336401 dc0401bb"
            })
    void a_header_that_cannot_be_is_closed(String bytes) {
        EmbeddedChannel channel = proxied();

        channel.writeInbound(hex(V2 + bytes.replace(" ", "")));
        if (channel.isOpen()) {
            channel.writeInbound(Unpooled.wrappedBuffer(new byte[1 << 16]));
        }

        assertThat(channel.isOpen()).isFalse();
        assertThat(known).isNull();
    }

    @Test
    void a_header_that_drips_is_closed() {
        EmbeddedChannel channel = proxied();
        channel.freezeTime();
        for (int each = 0; each < 6 && channel.isOpen(); each++) {
            channel.writeInbound(ascii("PROXY ".substring(each, each + 1)));
            channel.advanceTimeBy(1, TimeUnit.SECONDS);
            channel.runScheduledPendingTasks();
        }

        assertThat(channel.isOpen()).isFalse();
    }

    /** No client chooses his address. */
    @Test
    void nobody_else_is_heard() {
        EmbeddedChannel channel = connect("203.0.113.9", NamedProxies.of(List.of("10.0.0.0/8")));

        channel.writeInbound(ascii("PROXY TCP4 192.0.2.1 198.51.100.1 1 2\r\n"));

        assertThat(known).isEqualTo(new InetSocketAddress("203.0.113.9", 40_000));
        assertThat(heard.toString()).startsWith("PROXY ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"example.org", "10.0.0.0/33", "10.0.0.0/x", "", "10.0.0.0/-1"})
    void what_is_no_network_is_said_at_the_start(String text) {
        assertThatThrownBy(() -> NamedProxies.of(List.of(text)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("10.0.0.0/8");
    }

    @FuzzTest(maxDuration = "30s")
    void any_bytes_are_a_header_or_an_end(byte[] bytes) {
        EmbeddedChannel channel = proxied();
        try {
            channel.writeInbound(Unpooled.copiedBuffer(bytes));
            channel.checkException();
            assertThat(known != null || channel.isOpen() || heard.isEmpty()).isTrue();
        } finally {
            channel.finishAndReleaseAll();
        }
    }
}
