// SPDX-License-Identifier: Apache-2.0
package live.millrace.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import live.millrace.media.protocol.rtsp.RtspHeaders;

/** An RTSP player, media over the same connection: counts the last packet of each picture, and each frame of sound. */
final class RtspPlayClient extends RtspClient {
    private static final int MARKER = 0x80;

    private final Watched watched;

    RtspPlayClient(String name, Watched watched) {
        super(name);
        this.watched = watched;
    }

    @Override
    void connected(ChannelHandlerContext ctx) {
        RtspHeaders none = RtspHeaders.NONE;
        ask(ctx, "DESCRIBE", address, none.with("Accept", "application/sdp"), "", description -> {
            String[] tracks = description
                    .body()
                    .lines()
                    .filter(line -> line.startsWith("a=control:") && !line.endsWith("*"))
                    .map(line -> line.substring("a=control:".length()))
                    .map(track -> track.startsWith("rtsp:") ? track : address + "/" + track)
                    .toArray(String[]::new);
            setUp(ctx, tracks, 0);
        });
    }

    private void setUp(ChannelHandlerContext ctx, String[] tracks, int next) {
        if (next == tracks.length) {
            ask(ctx, "PLAY", address, RtspHeaders.NONE.with("Range", "npt=0.000-"), "", _ -> isReady(ctx.channel()));
            return;
        }
        String transport = "RTP/AVP/TCP;unicast;interleaved=" + 2 * next + "-" + (2 * next + 1);
        ask(
                ctx,
                "SETUP",
                tracks[next],
                RtspHeaders.NONE.with("Transport", transport),
                "",
                _ -> setUp(ctx, tracks, next + 1));
    }

    @Override
    void packet(int channel, ByteBuf packet) {
        if (channel % 2 == 0
                && packet.readableBytes() > 12
                && (packet.getByte(packet.readerIndex() + 1) & MARKER) != 0) {
            watched.sound();
        }
    }
}
