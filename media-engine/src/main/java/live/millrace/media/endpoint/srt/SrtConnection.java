// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.srt;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import live.millrace.media.access.Passphrase;
import live.millrace.media.access.PublishEnd;
import live.millrace.media.container.mpegts.TsDemuxer;
import live.millrace.media.endpoint.EndpointContext;
import live.millrace.media.endpoint.PublishAddress;
import live.millrace.media.protocol.srt.MalformedSrtException;
import live.millrace.media.protocol.srt.SrtConversation;
import live.millrace.media.protocol.srt.SrtExtensions;
import live.millrace.media.protocol.srt.SrtHandshake;
import live.millrace.media.protocol.srt.SrtReject;
import live.millrace.media.protocol.srt.SrtStreamId;
import live.millrace.media.socket.Answers;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One caller behind a good cookie, from its conclusion to its end.
 *
 * <pre>
 * it is asked about → keys are unwrapped → conversation → over
 *         └──── refused, and nothing of it kept ───────────↗
 * </pre>
 *
 * <p>Confined to the event loop of the socket.
 */
final class SrtConnection extends ChannelInboundHandlerAdapter
        implements SrtChannel.Conversation, SrtConversation.Peer {
    private static final Logger LOG = LoggerFactory.getLogger(SrtConnection.class);

    /** Nobody knew whether it may for so long: the caller has left. */
    private static final long DECIDED_WITHIN = 60_000_000;

    /** Pictures are flushed after so long without a packet, µs. */
    private static final long MEDIA_IDLE = TsDemuxer.IDLE_MILLIS * 1_000L;

    /** On top of a player's latency, until its last packet is there and it has said so. */
    private static final long LAST_WAY = 500_000;

    private static final long COUNTED_EVERY = 1_000_000;

    private final SrtListener listener;
    private final InetSocketAddress remote;
    private final int socket;
    private final SrtHandshake conclusion;
    private final long arrived;
    private final int timestamp;
    private final SrtChannel channel;
    private final SrtCounts counts;

    private @Nullable SrtExtensions wishes;
    private @Nullable SrtEncryption encryption;
    private @Nullable SrtConversation conversation;
    private @Nullable ChannelHandlerContext context;
    private @Nullable SrtPublishSession publishing;
    private @Nullable SrtPlaySession playing;
    private @Nullable ByteBuf extensions;
    private int extensionField;
    private boolean halfOpen = true;
    private boolean closed;
    private boolean waitsForKeys;
    private long lastMedia;
    private long counted;
    private boolean mediaWaits;
    private boolean leaving;
    private long leavingSince;
    private PublishEnd end = PublishEnd.CONNECTION_LOST;

    /**
     * Makes one that nobody was asked about yet.
     *
     * @param socket its number, which the caller's packets are for
     * @param timestamp of the conclusion
     */
    SrtConnection(
            SrtListener listener,
            InetSocketAddress remote,
            int socket,
            SrtHandshake conclusion,
            int timestamp,
            long arrived) {
        this.listener = listener;
        this.remote = remote;
        this.socket = socket;
        this.conclusion = conclusion;
        this.timestamp = timestamp;
        this.arrived = arrived;
        this.counts = new SrtCounts(listener.tallies().packets(), listener.links());
        this.channel = new SrtChannel(listener.socket(), remote, this);
    }

    Channel channel() {
        return channel;
    }

    InetSocketAddress remote() {
        return remote;
    }

    int socketId() {
        return socket;
    }

    SrtHandshake conclusion() {
        return conclusion;
    }

    EndpointContext engine() {
        return listener.engine();
    }

    /** It has no answer yet. */
    boolean halfOpen() {
        return halfOpen;
    }

    /** SRT tells no name of the program, only a version; its media may tell more later. */
    String encoderName() {
        return wishes == null ? "" : wishes.library();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    // ---- the handshake ----------------------------------------------------------------------------------------

    /** Looks at what the caller wants. */
    void start(ByteBuf blocks) {
        try {
            SrtExtensions read = SrtExtensions.read(blocks);
            wishes = read;
            encryption = new SrtEncryption(listener.keyWork(), read.keys());
            SrtStreamId id = SrtStreamId.parse(read.streamId().orElse(""));
            if (id.isEmpty()) {
                refuse(SrtReject.BAD_REQUEST);
            } else {
                ask(id);
            }
        } catch (MalformedSrtException e) {
            LOG.debug("No SRT for {}: {}", remote, e.getMessage());
            refuse(e.reject());
        }
    }

    private void ask(SrtStreamId id) {
        SrtStreamId.Mode mode = SrtAddresses.mode(id);
        PublishAddress address = SrtAddresses.address(id, mode);
        switch (mode) {
            case PUBLISH -> {
                SrtPublishSession session = new SrtPublishSession(this, address);
                publishing = session;
                session.start(this::decided);
            }
            case REQUEST ->
                // Whoever plays has the server's passphrase or none: a wrong one costs no question.
                Answers.takeAtOnce(channel, encrypted(Optional.empty()), (fault, failure) -> {
                    if (closed) {
                        return;
                    }
                    if (fault == null || fault.isPresent()) {
                        refuse(fault == null ? SrtReject.RESOURCE : fault.get().reject());
                        return;
                    }
                    SrtPlaySession session = new SrtPlaySession(this);
                    playing = session;
                    session.start(address, this::decided);
                });
            case BIDIRECTIONAL -> refuse(SrtReject.BAD_MODE);
        }
    }

    /**
     * Whether the caller encrypts as it has to.
     *
     * @param own the passphrase of its key; empty: that of the server counts, if it has one
     */
    CompletionStage<Optional<SrtEncryption.Fault>> encrypted(Optional<Passphrase> own) {
        return Objects.requireNonNull(encryption)
                .check(channel, own.map(Passphrase::text).or(listener.config()::passphrase));
    }

    private void decided(@Nullable SrtReject no) {
        SrtExtensions wanted = wishes;
        if (closed || wanted == null) {
            return;
        }
        if (no != null) {
            refuse(no);
            return;
        }
        listener.established(this);
        halfOpen = false;
        listener.tallies().handshakes().count(SrtTallies.Handshake.ACCEPTED);
        int latency = Math.max((int) listener.config().latency().toMillis(), wanted.sendLatency());
        ByteBuf answer = Unpooled.buffer();
        extensionField = SrtExtensions.write(latency, wanted.receiveLatency(), wanted.keys(), answer);
        extensions = answer;
        long now = listener.now();
        conversation = new SrtConversation(
                new SrtConversation.Terms(
                        conclusion.socket(),
                        conclusion.sequence(),
                        conclusion.window(),
                        arrived,
                        arrived - Integer.toUnsignedLong(timestamp),
                        timestamp,
                        latency,
                        wanted.receiveLatency(),
                        publishing != null),
                Objects.requireNonNull(encryption).keys(),
                listener.config().rekeying(),
                channel.alloc(),
                now,
                this);
        answer(now);
        listener.flush();
        if (playing != null && context != null) {
            playing.begin(context);
        }
    }

    /** Says no, and lets go of everything. */
    private void refuse(SrtReject why) {
        if (closed) {
            return;
        }
        listener.tallies()
                .handshakes()
                .count(
                        switch (why) {
                            case BAD_SECRET, UNSECURE -> SrtTallies.Handshake.BAD_SECRET;
                            case ROGUE, VERSION -> SrtTallies.Handshake.MALFORMED;
                            default -> SrtTallies.Handshake.REFUSED;
                        });
        LOG.debug("No SRT for {}: {}", remote, why);
        channel.close(); // its place is free before it hears that
        listener.refuse(this, why);
    }

    /** Says yes, once it is one: the same as before to a caller that did not hear it. */
    void answer(long now) {
        ByteBuf yes = extensions;
        if (yes != null) {
            send(conclusion
                    .accepted(socket, extensionField)
                    .packet(
                            channel.alloc(),
                            (int) (now - arrived),
                            conclusion.socket(),
                            remote.getAddress().getAddress(),
                            yes));
        }
    }

    // ---- packets ----------------------------------------------------------------------------------------------

    /** A packet for it that is no handshake; borrowed. */
    void take(ByteBuf packet, long now) {
        SrtConversation current = conversation;
        if (current == null || closed) {
            return;
        }
        if (publishing != null) {
            publishing.received();
        }
        current.take(packet, now);
        if (playing != null) {
            channel.goOn();
        }
    }

    void tick(long now) {
        SrtConversation current = conversation;
        if (current == null) {
            if (now - arrived > DECIDED_WITHIN) {
                channel.close();
            }
            return;
        }
        if (current.isBroken(now) || hasLeft(current, now)) {
            channel.close();
            return;
        }
        current.tick(now);
        if (now - counted >= COUNTED_EVERY) {
            counted = now;
            OptionalLong buffered =
                    publishing == null ? OptionalLong.empty() : OptionalLong.of(current.bufferedMillis(now));
            counts.take(current.statistics(), buffered);
            if (publishing != null) {
                publishing.link(current.statistics(), buffered);
            }
        }
        if (playing != null) {
            channel.goOn();
        } else if (mediaWaits && now - lastMedia > MEDIA_IDLE && publishing != null) {
            mediaWaits = false;
            publishing.idle();
        }
    }

    @Override
    public void send(ByteBuf packet) {
        listener.send(packet, remote);
    }

    @Override
    public void media(ByteBuf payload) {
        lastMedia = listener.now();
        mediaWaits = true;
        if (publishing != null) {
            publishing.media(payload);
        }
    }

    @Override
    public void keys(byte[] message) {
        SrtEncryption read = encryption;
        if (waitsForKeys || read == null) {
            return; // the peer repeats it until it is answered
        }
        waitsForKeys = true;
        Answers.take(channel, read.unwrap(message), (further, failure) -> {
            waitsForKeys = false;
            SrtConversation current = conversation;
            if (further != null && current != null && !closed) {
                current.keys(further, message, listener.now());
                listener.flush();
            } else if (failure != null) {
                LOG.debug("{} sent keys that cannot be read", remote);
            }
        });
    }

    @Override
    public void shutDown() {
        end = PublishEnd.UNPUBLISHED;
        channel.close();
    }

    // ---- the channel ------------------------------------------------------------------------------------------

    @Override
    public boolean hasRoom() {
        return conversation != null && conversation.hasRoom();
    }

    @Override
    public void send(ByteBuf from, int length) {
        if (conversation != null) {
            conversation.send(from, length, listener.now());
            listener.flushLater();
        }
    }

    /** Says goodbye and closes; a player first has what was sent to it, as long as it would wait for that. */
    void goodbye() {
        SrtConversation current = conversation;
        if (playing == null || current == null || closed) {
            channel.close();
        } else if (!leaving) {
            leaving = true;
            leavingSince = listener.now();
        }
    }

    /** Nothing of what was sent is still on its way, or it would be shown no more. */
    private boolean hasLeft(SrtConversation current, long now) {
        SrtExtensions wanted = wishes;
        ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
        return leaving
                && wanted != null
                && ((current.isDelivered() && (waiting == null || waiting.isEmpty()))
                        || now - leavingSince > wanted.receiveLatency() * 1_000L + LAST_WAY);
    }

    /** The same at once, whatever is on its way. */
    void close() {
        channel.close();
    }

    CompletionStage<Void> askedToLeave() {
        if (publishing == null || closed) {
            return CompletableFuture.completedStage(null);
        }
        CompletionStage<Void> left = publishing.askedToLeave();
        end = PublishEnd.SHUTDOWN;
        goodbye();
        return left;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.error("A connection from {} failed", remote, cause);
        end = PublishEnd.FAILED;
        ctx.close();
    }

    @Override
    public void closed() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            if (publishing != null) {
                publishing.end(end);
            }
            if (playing != null) {
                playing.end();
            }
        } finally {
            SrtConversation last = conversation;
            if (last != null) {
                last.shutDown(listener.now());
                counts.end(last.statistics());
                last.close();
            }
            listener.forget(this);
        }
    }
}
