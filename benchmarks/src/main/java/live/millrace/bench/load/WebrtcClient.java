// SPDX-License-Identifier: Apache-2.0
package live.millrace.bench.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import live.millrace.media.protocol.dtls.DtlsAssociation;
import live.millrace.media.protocol.dtls.DtlsIdentity;
import live.millrace.media.protocol.dtls.DtlsKeys;
import live.millrace.media.protocol.dtls.Fingerprint;
import org.jspecify.annotations.Nullable;

/** A peer over WebRTC: offers over HTTP, checks, shakes hands. On loopback nothing is lost, and nothing asked for. Confined to its event loop. */
abstract class WebrtcClient extends SimpleChannelInboundHandler<DatagramPacket> {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final ExecutorService HANDSHAKES = Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("bench-handshake-", 0).factory());

    private static final Pattern LINE = Pattern.compile("a=(ice-ufrag|ice-pwd|fingerprint|candidate):(.*)");
    private static final String PASSWORD = "a-password-of-the-bench";
    private static final int COOKIE = 0x2112_A442;
    private static final int FINGERPRINT_MASK = 0x5354_554E;
    private static final long CHECK_MILLIS = 2_500;

    private final CompletableFuture<Channel> ready = new CompletableFuture<>();
    private final DtlsIdentity identity = DtlsIdentity.generate(Instant.now());
    private final String address;
    private final @Nullable String key;

    private String user = "";
    private byte[] secret = {};
    private @Nullable DtlsAssociation dtls;
    private long transaction;
    private boolean found;
    private volatile @Nullable Channel channel;

    /** @param key null for viewers */
    WebrtcClient(String address, @Nullable String key) {
        this.address = address;
        this.key = key;
    }

    /** What it offers of its media, behind the lines of the session. */
    abstract String media();

    /** Its keys are there. */
    abstract void established(DtlsKeys keys);

    /** A packet of RTP came; borrowed, protected. */
    abstract void packet(ByteBuf packet);

    public final CompletableFuture<Channel> start(EventLoopGroup loops, int port) {
        String offer =
                """
                v=0
                o=- 1 2 IN IP4 127.0.0.1
                s=-
                t=0 0
                a=group:BUNDLE 0 1
                a=ice-ufrag:bench
                a=ice-pwd:%s
                a=fingerprint:%s
                a=setup:actpass
                %s""".formatted(PASSWORD, identity.fingerprint().text(), media()).replace("\n", "\r\n");
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + address))
                .header("Content-Type", "application/sdp")
                .POST(HttpRequest.BodyPublishers.ofString(offer));
        if (key != null) {
            request.header("Authorization", "Bearer " + key);
        }
        HTTP.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString()).whenComplete((answer, failure) -> {
            if (failure != null || answer.statusCode() != 201) {
                ready.completeExceptionally(
                        failure == null ? new IllegalStateException("refused: " + answer.body()) : failure);
            } else {
                answered(answer.body(), loops);
            }
        });
        return ready;
    }

    private void answered(String answer, EventLoopGroup loops) {
        String fragment = "";
        String fingerprint = "";
        int port = 0;
        Matcher lines = LINE.matcher(answer);
        while (lines.find()) {
            String value = lines.group(2).strip();
            switch (lines.group(1)) {
                case "ice-ufrag" -> fragment = value;
                case "ice-pwd" -> secret = value.getBytes(StandardCharsets.US_ASCII);
                case "fingerprint" -> fingerprint = value;
                default -> port = port == 0 ? Integer.parseInt(value.split(" ", -1)[5]) : port;
            }
        }
        user = fragment + ":bench";
        dtls = new DtlsAssociation(
                identity,
                DtlsAssociation.Side.CLIENT,
                Fingerprint.parse(fingerprint).stream().toList(),
                HANDSHAKES,
                new Handshake());
        new Bootstrap()
                .group(loops)
                .channel(EpollDatagramChannel.class)
                .handler(this)
                .connect(InetAddress.getLoopbackAddress(), port);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        var _ = ctx.executor().scheduleAtFixedRate(() -> check(ctx.channel()), 0, CHECK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** RFC 8445 §7.2.2. */
    private void check(Channel channel) {
        if (!channel.isActive()) {
            return;
        }
        byte[] name = user.getBytes(StandardCharsets.US_ASCII);
        int padded = (name.length + 3) / 4 * 4;
        ByteBuffer out = ByteBuffer.allocate(20 + 4 + padded + 12 + 4 + 8 + 24 + 8);
        out.putShort((short) 1).putShort((short) 0).putInt(COOKIE).putInt(0).putLong(++transaction);
        out.putShort((short) 6).putShort((short) name.length).put(name).position(20 + 4 + padded);
        out.putShort((short) 0x802A).putShort((short) 8).putLong(1);
        out.putShort((short) 0x25).putShort((short) 0);
        out.putShort((short) 0x24).putShort((short) 4).putInt(0x6E00_1EFF);
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(secret, "HmacSHA1"));
            out.putShort(2, (short) (out.position() + 24 - 20));
            mac.update(out.array(), 0, out.position());
            out.putShort((short) 8).putShort((short) 20).put(mac.doFinal());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        out.putShort(2, (short) (out.position() + 8 - 20));
        CRC32 sum = new CRC32();
        sum.update(out.array(), 0, out.position());
        out.putShort((short) 0x8028).putShort((short) 4).putInt((int) sum.getValue() ^ FINGERPRINT_MASK);
        channel.writeAndFlush(Unpooled.wrappedBuffer(out.array(), 0, out.position()));
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket message) {
        ByteBuf packet = message.content();
        int first = packet.isReadable() ? packet.getUnsignedByte(packet.readerIndex()) : 255;
        DtlsAssociation handshake = dtls;
        if (first <= 3 && !found && handshake != null) {
            found = true;
            channel = ctx.channel();
            handshake.start();
        } else if (first >= 20 && first <= 63 && handshake != null) {
            handshake.take(packet);
        } else if (first >= 128 && first <= 191) {
            packet(packet);
        }
    }

    private final class Handshake implements DtlsAssociation.Listener {
        @Override
        public void send(byte[] datagram) {
            Channel out = channel;
            if (out != null) {
                out.writeAndFlush(Unpooled.wrappedBuffer(datagram));
            }
        }

        @Override
        public void established(DtlsKeys keys) {
            Channel out = channel;
            if (out != null) {
                out.eventLoop().execute(() -> {
                    WebrtcClient.this.established(keys);
                    ready.complete(out);
                });
            }
        }

        @Override
        public void ended(String why) {
            ready.completeExceptionally(new IllegalStateException(why));
            Channel out = channel;
            if (out != null) {
                out.close();
            }
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ready.completeExceptionally(cause);
        ctx.close();
    }
}
