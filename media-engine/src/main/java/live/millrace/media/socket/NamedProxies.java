// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.socket;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol;
import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The proxies that say in front of each connection whom they speak for (PROXY protocol, versions 1 and 2). Whoever is named must say
 * it, and nobody else is heard: so that no client can choose his address, and no proxy that forgot it lends its own to all.
 */
public final class NamedProxies {
    private static final Logger LOG = LoggerFactory.getLogger(NamedProxies.class);

    /** A proxy says it in its first packet. */
    private static final long HEADER_MILLIS = 5_000;

    /** Of version 2, behind the addresses: some hundred bytes where TLS is told about. */
    private static final int MOST_FURTHER = 2_048;

    /** Whom a proxy spoke for. */
    private static final AttributeKey<InetSocketAddress> CLIENT = AttributeKey.valueOf(NamedProxies.class, "client");

    private final List<IpSubnetFilterRule> ranges;

    private NamedProxies(List<IpSubnetFilterRule> ranges) {
        this.ranges = ranges;
    }

    /** No proxy is heard. */
    public static NamedProxies none() {
        return new NamedProxies(List.of());
    }

    /**
     * Those of some networks.
     *
     * @param ranges addresses, or networks like {@code 10.0.0.0/8}
     * @throws IllegalArgumentException if one is none
     */
    public static NamedProxies of(List<String> ranges) {
        return new NamedProxies(ranges.stream().map(NamedProxies::range).toList());
    }

    private static IpSubnetFilterRule range(String text) {
        String stripped = text.strip();
        int slash = stripped.indexOf('/');
        try {
            // Looks up no name.
            InetAddress address = InetAddress.ofLiteral(slash < 0 ? stripped : stripped.substring(0, slash));
            int bits = slash < 0
                    ? address.getAddress().length * Byte.SIZE
                    : Integer.parseInt(stripped.substring(slash + 1));
            return new IpSubnetFilterRule(address, bits, IpFilterRuleType.ACCEPT);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("a proxy is an address or a network like 10.0.0.0/8, not " + text, e);
        }
    }

    /** Who is at the other end of a connection, or of a stream of one: the client, where a named proxy told; null when it is gone. */
    public static @Nullable InetSocketAddress clientOf(Channel channel) {
        for (Channel each = channel; each != null && !(each instanceof ServerChannel); each = each.parent()) {
            InetSocketAddress client = each.attr(CLIENT).get();
            if (client != null) {
                return client;
            }
        }
        return (InetSocketAddress) channel.remoteAddress();
    }

    /**
     * Goes on when it is known who is there: at once, or when a named proxy has told. Whoever is named and tells nothing is closed. On
     * the channel's event loop, before the channel has handlers.
     */
    public void know(Channel accepted, Runnable then) {
        if (!(accepted.remoteAddress() instanceof InetSocketAddress remote)
                || ranges.stream().noneMatch(range -> range.matches(remote))) {
            then.run();
            return;
        }
        accepted.pipeline()
                .addLast(new HAProxyMessageDecoder(MOST_FURTHER, true))
                .addLast(new Header(then));
    }

    /** Takes what the decoder made. */
    private static final class Header extends ChannelInboundHandlerAdapter {
        private final Runnable then;

        Header(Runnable then) {
            this.then = then;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            ctx.executor()
                    .schedule(
                            () -> {
                                if (!ctx.isRemoved()) {
                                    refuse(ctx, "nothing in time");
                                }
                            },
                            HEADER_MILLIS,
                            TimeUnit.MILLISECONDS);
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (!(message instanceof HAProxyMessage header)) {
                ReferenceCountUtil.release(message);
                refuse(ctx, "something else");
                return;
            }
            @Nullable InetSocketAddress client;
            try {
                client = client(header);
            } catch (IllegalArgumentException e) {
                refuse(ctx, e.getMessage());
                return;
            } finally {
                header.release();
            }
            if (client != null) {
                ctx.channel().attr(CLIENT).set(client);
            }
            // First, so that what follows in the same packet finds the handlers that are made now.
            ctx.pipeline().remove(this);
            then.run();
        }

        /** Null for the proxy itself, which looks whether we are well. */
        private static @Nullable InetSocketAddress client(HAProxyMessage header) {
            HAProxyProxiedProtocol protocol = header.proxiedProtocol();
            if (header.command() == HAProxyCommand.LOCAL || protocol == HAProxyProxiedProtocol.UNKNOWN) {
                return null;
            }
            if (protocol != HAProxyProxiedProtocol.TCP4 && protocol != HAProxyProxiedProtocol.TCP6) {
                throw new IllegalArgumentException("a client of " + protocol);
            }
            return new InetSocketAddress(InetAddress.ofLiteral(header.sourceAddress()), header.sourcePort());
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                refuse(ctx, "nothing");
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            refuse(ctx, cause.getMessage());
        }

        private static void refuse(ChannelHandlerContext ctx, @Nullable String said) {
            LOG.debug("The proxy at {} said no PROXY header: {}", ctx.channel().remoteAddress(), said);
            ctx.close();
        }
    }
}
