// SPDX-License-Identifier: Apache-2.0
package live.millrace.bench.load;

import io.netty.channel.ChannelHandlerContext;
import live.millrace.media.amf.AmfValue;
import live.millrace.media.protocol.rtmp.chunk.RawMessage;
import live.millrace.media.protocol.rtmp.message.RtmpMessageWriter;

/** An RTMP player. */
final class PlayClient extends Client {
    private final String name;
    private final Watched watched;

    PlayClient(String app, String name, Watched watched) {
        super(app);
        this.name = name;
        this.watched = watched;
    }

    @Override
    void created(ChannelHandlerContext ctx) {
        ctx.writeAndFlush(RtmpMessageWriter.command(ctx.alloc(), 1, "play", 3, AmfValue.NULL, AmfValue.of(name)));
    }

    @Override
    void status(ChannelHandlerContext ctx, String code) {
        if (code.equals("NetStream.Play.Start")) {
            isReady(ctx.channel());
        }
    }

    @Override
    void media(RawMessage message) {
        switch (message.type()) {
            case VIDEO -> watched.picture(message.payload());
            case AUDIO -> watched.sound();
            default -> {
                // metadata and control
            }
        }
    }
}
