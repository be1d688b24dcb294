// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.line;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.UUID;
import live.millrace.media.access.PublishAttempt;
import live.millrace.media.access.PublishEnd;
import live.millrace.media.access.RequestedStream;
import live.millrace.media.access.StreamKey;
import live.millrace.media.admission.Admission;
import live.millrace.media.admission.PlayRequest;
import live.millrace.media.admission.PublishAnswer;
import live.millrace.media.admission.PublishPeer;
import live.millrace.media.admission.PublishSession;
import live.millrace.media.codec.aac.Aac;
import live.millrace.media.endpoint.EndpointContext;
import live.millrace.media.fanout.Feeds;
import live.millrace.media.fanout.Viewer;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.hub.Demand;
import live.millrace.media.hub.LiveStream;
import live.millrace.media.hub.PublisherHandle;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.socket.Answers;

/** One peer of {@link LineEndpoint}. Confined to its event loop. */
final class LineConnection extends SimpleChannelInboundHandler<String> {
    private final EndpointContext engine;
    private PublishSession session;
    private Track sound;

    LineConnection(EndpointContext engine) {
        this.engine = engine;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, String line) {
        Channel channel = context.channel();
        String[] words = line.split(" ", -1);
        switch (words[0]) {
            case "publish" -> publish(channel, words[1]);
            case "play" -> play(context, StreamPath.of("live", words[1]).orElseThrow());
            case "sound" -> {
                sound = new Track(Track.AUDIO, Aac.CODEC.configuration(hex(words[1])));
                session.publisher().track(sound);
            }
            case "frame" -> {
                session.received();
                session.media();
                session.readable();
                long time = Long.parseLong(words[1]) * sound.timescale() / 1_000;
                session.publisher().frame(new MediaFrame(sound, time, 0, true, hex(words[2])));
            }
            default -> channel.close();
        }
    }

    private static io.netty.buffer.ByteBuf hex(String text) {
        return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(text));
    }

    private void publish(Channel channel, String key) {
        PublishAttempt attempt = new PublishAttempt(
                UUID.randomUUID(),
                (InetSocketAddress) channel.remoteAddress(),
                "line",
                "",
                Optional.empty(),
                Optional.of(new StreamKey(key)),
                new RequestedStream.Plain("live", key, ""));
        PublishPeer peer = new PublishPeer() {
            @Override
            public void leave(PublisherHandle.Reason reason) {
                channel.close();
            }

            @Override
            public void failed(Throwable cause) {
                channel.close();
            }
        };
        Answers.take(
                channel,
                engine.publishing().request(attempt, peer, channel.eventLoop()).answer(),
                (answer, _) -> {
                    if (answer instanceof PublishAnswer.Admitted(PublishSession admitted)) {
                        session = admitted;
                        channel.closeFuture().addListener(_ -> session.end(PublishEnd.CONNECTION_LOST));
                    }
                    channel.writeAndFlush(session != null ? "ok\n" : "no\n");
                });
    }

    private void play(ChannelHandlerContext context, StreamPath path) {
        Channel channel = context.channel();
        InetSocketAddress remote = (InetSocketAddress) channel.remoteAddress();
        PlayRequest request = new PlayRequest(path, remote, "line", Optional.empty(), false, "", "");
        Answers.take(channel, engine.playing().open(request, channel::close), (admission, _) -> {
            if (admission instanceof Admission.Granted granted) {
                channel.closeFuture().addListener(_ -> granted.leave());
                Answers.take(channel, engine.locator().locate(path, Demand.SOON), (location, _) -> {
                    Optional<LiveStream> stream = location.here();
                    channel.writeAndFlush(stream.isPresent() ? "ok\n" : "no\n");
                    stream.ifPresent(found -> engine.feeds()
                            .watch(
                                    found,
                                    new Feeds.Format("line", true),
                                    LineFeedEncoder::new,
                                    Viewer.closing(context, null)));
                });
            } else {
                channel.writeAndFlush("no\n");
            }
        });
    }
}
