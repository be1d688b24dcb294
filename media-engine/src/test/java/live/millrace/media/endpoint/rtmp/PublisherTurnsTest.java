// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.rtmp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.List;
import live.millrace.media.amf.AmfValue;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.hub.LiveStream;
import live.millrace.media.hub.Subscriber;
import live.millrace.media.socket.ReadTurns;
import org.junit.jupiter.api.Test;

/** When a publisher is read in turns, and when as it comes. */
class PublisherTurnsTest extends ScriptedConnection {
    private static void aTurn(EmbeddedChannel channel) {
        for (int i = 0; i < ReadTurns.TURN_MILLIS; i++) {
            pass(channel, Duration.ofMillis(1));
        }
    }

    private static final class Viewer implements Subscriber {
        @Override
        public void tracks(List<Track> tracks) {}

        @Override
        public void frame(MediaFrame frame) {}

        @Override
        public void paused() {}

        @Override
        public void ended() {}
    }

    @Test
    void aPublisherIsReadInTurnsWhileNobodyWatches() {
        EmbeddedChannel channel = onAir();
        assertThat(channel.config().isAutoRead()).isTrue();
        aTurn(channel);
        assertThat(channel.config().isAutoRead()).as("nobody watches").isFalse();
        LiveStream stream = registry.streams().iterator().next();
        Viewer viewer = new Viewer();
        stream.subscribe(viewer);
        aTurn(channel);
        assertThat(channel.config().isAutoRead()).as("somebody watches").isTrue();
        stream.leave(viewer);
        channel.runPendingTasks();
        aTurn(channel);
        assertThat(channel.config().isAutoRead()).as("nobody watches any more").isFalse();
    }

    @Test
    void aPublisherWhoSendsMuchIsReadAsItComes() {
        EmbeddedChannel channel = onAir();
        aTurn(channel);
        assertThat(channel.config().isAutoRead()).isFalse();
        RtmpConnection connection = channel.pipeline().get(RtmpConnection.class);
        connection.received(100_000);
        aTurn(channel);
        assertThat(channel.config().isAutoRead()).isTrue();
        aTurn(channel);
        assertThat(channel.config().isAutoRead()).as("it calmed down").isFalse();
    }

    @Test
    void whoNoLongerPublishesIsReadAsItComes() {
        EmbeddedChannel channel = onAir();
        aTurn(channel);
        assertThat(channel.config().isAutoRead()).isFalse();
        command(channel, 0, "deleteStream", AmfValue.NULL, AmfValue.of(1));
        assertThat(told).containsExactly("started", "ended UNPUBLISHED");
        assertThat(channel.config().isAutoRead()).isTrue();
        aTurn(channel);
        assertThat(channel.config().isAutoRead()).isTrue();
    }
}
