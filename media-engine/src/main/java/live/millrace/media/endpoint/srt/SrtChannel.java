// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.srt;

import io.netty.buffer.ByteBuf;
import io.netty.channel.AbstractChannel;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * One conversation as a channel of its own beside the socket that all of them share: so that a feed writes to it, measures what waits for it
 * and hears of its end as of any other. What is written is cut into payloads of whole transport packets.
 */
final class SrtChannel extends AbstractChannel {
    /** Seven packets of 188 bytes: what fits, and what every receiver of a transport stream over SRT expects. */
    static final int PAYLOAD = 1_316;

    private static final ChannelMetadata METADATA = new ChannelMetadata(false);

    /** What the channel needs of whoever holds the conversation. */
    interface Conversation {
        boolean hasRoom();

        /** Sends so many bytes of a buffer. */
        void send(ByteBuf from, int length);

        /** The channel is closed. */
        void closed();
    }

    private final ChannelConfig config = new DefaultChannelConfig(this);
    private final InetSocketAddress remote;
    private final Conversation conversation;
    private boolean open = true;

    SrtChannel(Channel socket, InetSocketAddress remote, Conversation conversation) {
        super(socket);
        this.remote = remote;
        this.conversation = conversation;
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer in) {
        for (Object message = in.current(); message != null; message = in.current()) {
            if (message instanceof ByteBuf bytes) {
                while (bytes.isReadable()) {
                    if (!conversation.hasRoom()) {
                        return; // goes on when the peer has taken something
                    }
                    conversation.send(bytes, Math.min(PAYLOAD, bytes.readableBytes()));
                }
            }
            in.remove();
        }
    }

    /** There is room again. */
    void goOn() {
        if (open && unsafe().outboundBuffer() != null) {
            unsafe().flush();
        }
    }

    @Override
    protected void doClose() {
        open = false;
        conversation.closed();
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public boolean isActive() {
        return open;
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return true; // no poller knows of it
    }

    @Override
    protected void doRegister(ChannelPromise promise) {
        promise.setSuccess();
    }

    @Override
    protected void doDeregister() {}

    @Override
    protected SocketAddress localAddress0() {
        return parent().localAddress();
    }

    @Override
    protected SocketAddress remoteAddress0() {
        return remote;
    }

    @Override
    protected void doBind(SocketAddress local) {
        throw new UnsupportedOperationException("a conversation is bound with its socket");
    }

    @Override
    protected void doDisconnect() {
        doClose();
    }

    @Override
    protected void doBeginRead() {}

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new AbstractUnsafe() {
            @Override
            public void connect(SocketAddress to, SocketAddress from, ChannelPromise promise) {
                promise.setFailure(new UnsupportedOperationException("a conversation is connected already"));
            }
        };
    }
}
