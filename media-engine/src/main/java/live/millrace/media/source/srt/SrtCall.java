// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.source.srt;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import live.millrace.media.protocol.srt.MalformedSrtException;
import live.millrace.media.protocol.srt.SrtConversation;
import live.millrace.media.protocol.srt.SrtExtensions;
import live.millrace.media.protocol.srt.SrtHandshake;
import live.millrace.media.protocol.srt.SrtKeys;
import live.millrace.media.protocol.srt.SrtPacket;
import live.millrace.media.protocol.srt.SrtRekeying;
import live.millrace.media.socket.Answers;
import live.millrace.media.socket.Periodic;
import live.millrace.media.source.SourceFailure;
import live.millrace.media.source.SourceProtocol;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call, on a socket of its own, which hears nobody but whom it called.
 *
 * <pre>
 * asks for a cookie → asks for the stream → conversation → over
 *         └─────────────────┴──────────────────┴────────↗ failed
 * </pre>
 *
 * <p>Confined to its event loop.
 */
final class SrtCall extends SimpleChannelInboundHandler<DatagramPacket>
        implements SourceProtocol.Conversation, SrtConversation.Peer {
    private static final Logger LOG = LoggerFactory.getLogger(SrtCall.class);

    /** What is asked is asked again after so long without an answer, as libsrt does. */
    private static final long ASKED_EVERY = 250_000;

    /** One that sends no media for so long is gone, though it may still be there. */
    private static final long SILENCE = 10_000_000;

    /** Media comes, and never a picture that can be begun with. */
    private static final long FIRST_FRAME = 90_000_000;

    private static final int SOCKET_BUFFER = 4 * 1024 * 1024;
    private static final int DATAGRAM = 2_048;
    private static final int DATAGRAMS_PER_TURN = 128;

    private final SourceProtocol.Request request;
    private final SourceProtocol.Listener listener;
    private final Executor keyWork;
    private final long began = now();
    private final int socket = ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE);
    private final SrtHandshake first =
            SrtHandshake.first(ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE), socket);

    private @Nullable SrtTarget target;
    private @Nullable Channel channel;
    private @Nullable ScheduledFuture<?> ticking;
    private @Nullable SrtKeys keys;
    private @Nullable SrtHandshake asking;
    private ByteBuf extensions = Unpooled.EMPTY_BUFFER;
    private boolean calling;
    private long asked;
    private boolean answered;
    private @Nullable SrtConversation conversation;
    private @Nullable SrtReception reception;
    private long connected;
    private boolean waitsForKeys;
    private boolean over;

    SrtCall(SourceProtocol.Request request, SourceProtocol.Listener listener, Executor keyWork) {
        this.request = request;
        this.listener = listener;
        this.keyWork = keyWork;
    }

    private static long now() {
        return System.nanoTime() / 1_000;
    }

    // ---- the handshake ------------------------------------------------------------------------------------------

    void start() {
        try {
            target = SrtTarget.of(request.address().uri(), request.address().password());
        } catch (IllegalArgumentException unspoken) {
            request.loop().execute(() -> fail(SourceFailure.PROTOCOL, String.valueOf(unspoken.getMessage())));
            return;
        }
        ChannelFuture connecting = new Bootstrap()
                .group(request.loop())
                .channel(request.sockets().datagrams())
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .option(ChannelOption.SO_RCVBUF, SOCKET_BUFFER)
                .option(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new FixedRecvByteBufAllocator(DATAGRAM).maxMessagesPerRead(DATAGRAMS_PER_TURN))
                .handler(this)
                .connect(request.at());
        channel = connecting.channel();
        connecting.addListener((ChannelFutureListener) done -> {
            if (!done.isSuccess()) {
                fail(SourceFailure.UNREACHABLE, "no way there");
            } else if (!over) {
                ticking = Periodic.of(done.channel(), this::tick, SrtConversation.TICK_MILLIS, TimeUnit.MILLISECONDS);
                ask(first, Unpooled.EMPTY_BUFFER);
            }
        });
    }

    /** From now on this is what is asked, until it is answered. */
    private void ask(SrtHandshake handshake, ByteBuf with) {
        asking = handshake;
        extensions = with;
        sendAsking();
    }

    private void sendAsking() {
        Channel on = channel;
        SrtHandshake handshake = asking;
        if (on != null && handshake != null) {
            asked = now();
            on.writeAndFlush(handshake.packet(
                    on.alloc(),
                    (int) (asked - began),
                    0,
                    request.at().getAddress().getAddress(),
                    extensions));
        }
    }

    private void handshake(ByteBuf packet) {
        int timestamp = SrtPacket.timestamp(packet);
        try {
            SrtHandshake answer = SrtHandshake.read(packet);
            answered = true;
            if (answer.type() == SrtHandshake.INDUCTION) {
                cookie(answer);
            } else if (answer.type() == SrtHandshake.CONCLUSION && calling) {
                connected(answer, SrtExtensions.readAnswer(packet), timestamp);
            } else if (answer.type() >= SrtHandshake.REFUSALS) {
                fail(SrtRefusals.meaning(answer.type()), "refused by " + answer.type());
            }
        } catch (MalformedSrtException e) {
            fail(SrtRefusals.meaning(e.reject().wire()), String.valueOf(e.getMessage()));
        }
    }

    private void cookie(SrtHandshake answer) {
        SrtTarget wanted = target;
        Channel on = channel;
        if (calling || wanted == null || on == null) {
            return; // an answer that came twice
        }
        if (answer.version() < SrtHandshake.VERSION) {
            fail(SourceFailure.PROTOCOL, "a version of SRT before 1.3");
            return;
        }
        calling = true;
        if (wanted.passphrase().isEmpty()) {
            conclude(wanted, answer.cookie());
            return;
        }
        CompletionStage<SrtKeys> fresh = beside(
                () -> SrtKeys.fresh(wanted.keyLength(), new SecureRandom()).under(wanted.passphrase()));
        Answers.take(on, fresh, (made, _) -> {
            if (made == null) {
                fail(SourceFailure.LOST, "no keys could be made");
            } else if (!over) {
                keys = made;
                conclude(wanted, answer.cookie());
            }
        });
    }

    private void conclude(SrtTarget wanted, int cookie) {
        ByteBuf wishes = Unpooled.buffer();
        int field = SrtExtensions.writeCall(
                wanted.latency(), Optional.ofNullable(keys).map(SrtKeys::wrap), wanted.streamId(), wishes);
        ask(first.concluding(keys == null ? 0 : wanted.keyLength(), field, cookie), wishes);
    }

    private void connected(SrtHandshake answer, SrtExtensions said, int timestamp) throws MalformedSrtException {
        SrtTarget wanted = target;
        if (wanted == null || conversation != null || asking == null) {
            return;
        }
        if ((keys != null) != said.keys().isPresent()) {
            throw MalformedSrtException.unsecure();
        }
        asking = null;
        connected = now();
        SrtReception taking = new SrtReception(listener, said.library());
        reception = taking;
        conversation = new SrtConversation(
                new SrtConversation.Terms(
                        answer.socket(),
                        answer.sequence(),
                        answer.window(),
                        began,
                        connected - Integer.toUnsignedLong(timestamp),
                        timestamp,
                        Math.max(wanted.latency(), said.sendLatency()),
                        said.receiveLatency()),
                Optional.ofNullable(keys),
                SrtRekeying.USUAL,
                PooledByteBufAllocator.DEFAULT,
                connected,
                this);
    }

    private interface Work<T> {
        T get() throws MalformedSrtException;
    }

    /** On a thread that may take its time. */
    private <T> CompletionStage<T> beside(Work<T> work) {
        CompletableFuture<T> done = new CompletableFuture<>();
        try {
            keyWork.execute(() -> {
                try {
                    done.complete(work.get());
                } catch (MalformedSrtException | RuntimeException e) {
                    done.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException full) {
            done.completeExceptionally(full);
        }
        return done;
    }

    // ---- packets ------------------------------------------------------------------------------------------------

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket datagram) {
        ByteBuf packet = datagram.content();
        if (over || !SrtPacket.isPacket(packet) || SrtPacket.destination(packet) != socket) {
            return;
        }
        if (SrtPacket.isHandshake(packet)) {
            if (conversation == null) {
                handshake(packet);
            }
        } else if (conversation != null) {
            conversation.take(packet, now());
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.flush();
    }

    /** Where nobody listens, the network says so. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            fail(lost(), "the network says: nobody there");
        } else {
            LOG.error("Fetching from {} failed", request.at(), cause);
            fail(SourceFailure.LOST, "it failed here");
        }
    }

    private SourceFailure lost() {
        return reception != null && reception.hadMedia()
                ? SourceFailure.LOST
                : isReached() ? SourceFailure.NO_MEDIA : SourceFailure.UNREACHABLE;
    }

    @Override
    public void send(ByteBuf packet) {
        Channel on = channel;
        if (on == null) {
            packet.release();
        } else {
            on.write(packet, on.voidPromise());
        }
    }

    @Override
    public void media(ByteBuf payload) {
        SrtReception taking = reception;
        if (taking != null) {
            taking.take(payload, now());
        }
    }

    @Override
    public void keys(byte[] message) {
        SrtTarget wanted = target;
        Channel on = channel;
        if (waitsForKeys || over || wanted == null || on == null) {
            return;
        }
        waitsForKeys = true;
        Answers.take(on, beside(() -> SrtKeys.unwrap(message, wanted.passphrase())), (further, _) -> {
            waitsForKeys = false;
            SrtConversation current = conversation;
            if (further != null && current != null && !over) {
                current.keys(further, message, now());
                on.flush();
            }
        });
    }

    @Override
    public void shutDown() {
        fail(lost(), "the other side said goodbye");
    }

    // ---- time ---------------------------------------------------------------------------------------------------

    private void tick() {
        long now = now();
        SrtConversation current = conversation;
        SrtReception taking = reception;
        Channel on = channel;
        if (over || on == null) {
            return;
        }
        boolean impatient = now - began
                > TimeUnit.MILLISECONDS.toMicros(request.address().patience().toMillis());
        if (current == null || taking == null) {
            if (impatient) {
                fail(SourceFailure.UNREACHABLE, "no answer in time");
            } else if (now - asked > ASKED_EVERY) {
                sendAsking();
            }
            return;
        }
        current.tick(now);
        taking.look(now);
        on.flush();
        if (over) {
            return;
        }
        if (current.isBroken(now)) {
            fail(lost(), "nothing comes any more");
        } else if (taking.isRubbish()) {
            fail(SourceFailure.PROTOCOL, "what comes is no transport stream");
        } else if (taking.isUnsupported(now)) {
            fail(SourceFailure.UNSUPPORTED_MEDIA, "nothing of it can be carried");
        } else if (!taking.hadMedia()) {
            if (impatient) {
                fail(SourceFailure.NO_MEDIA, "no media in time");
            }
        } else if (now - taking.lastMedia() > SILENCE) {
            fail(SourceFailure.LOST, "no media any more");
        } else if (!taking.hadFrame() && now - connected > FIRST_FRAME) {
            fail(SourceFailure.NO_MEDIA, "packets without a picture");
        }
    }

    // ---- the end ------------------------------------------------------------------------------------------------

    private void fail(SourceFailure failure, String why) {
        if (!over) {
            close();
            listener.failed(failure, why);
        }
    }

    @Override
    public boolean isReached() {
        return answered && conversation != null;
    }

    @Override
    public void stop() {
        if (!over) {
            close();
        }
    }

    private void close() {
        over = true;
        ScheduledFuture<?> timer = ticking;
        if (timer != null) {
            timer.cancel(false);
        }
        SrtReception taking = reception;
        if (taking != null) {
            taking.mute();
        }
        SrtConversation current = conversation;
        if (current != null) {
            current.shutDown(now());
        }
        Channel on = channel;
        if (on != null) {
            on.flush();
            // In a turn of its own: this may be within a packet that both are taking.
            on.eventLoop().execute(() -> {
                if (current != null) {
                    current.close();
                }
                if (taking != null) {
                    taking.end();
                }
                on.close();
            });
        }
    }
}
