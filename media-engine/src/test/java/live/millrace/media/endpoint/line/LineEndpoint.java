// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.line;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.codec.string.StringDecoder;
import io.netty.handler.codec.string.StringEncoder;
import java.util.Map;
import live.millrace.media.endpoint.Endpoint;
import live.millrace.media.endpoint.EndpointContext;
import live.millrace.media.socket.ListeningSockets;

/**
 * A toy protocol of lines, to see that the engine's places for protocols are enough for one. A peer says {@code publish KEY} or
 * {@code play NAME} and hears {@code ok} or {@code no}; sound then goes as {@code sound HEX} with its configuration and
 * {@code frame MILLIS HEX}, the same in both directions.
 */
final class LineEndpoint implements Endpoint {
    private static final int LONGEST_LINE = 1 << 16;

    private final EndpointContext engine;
    private final ListeningSockets sockets = new ListeningSockets();

    LineEndpoint(EndpointContext engine) {
        this.engine = engine;
    }

    @Override
    public String name() {
        return "line";
    }

    @Override
    public void start() {
        sockets.open(
                "line",
                engine.listening().bootstrap().childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel accepted) {
                        accepted.pipeline()
                                .addLast(new LineBasedFrameDecoder(LONGEST_LINE))
                                .addLast(new StringDecoder(), new StringEncoder())
                                .addLast(new LineConnection(engine));
                    }
                }),
                "127.0.0.1",
                0);
    }

    @Override
    public Map<String, Integer> ports() {
        return sockets.ports();
    }

    @Override
    public void stopAccepting() {
        sockets.close();
    }
}
