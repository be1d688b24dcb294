// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.rtmp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import live.millrace.media.amf.AmfValue;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.protocol.rtmp.chunk.RawMessage;
import live.millrace.media.testing.SampleMedia;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On which message stream a role and its media are taken. */
class MessageStreamsTest extends ScriptedConnection {
    @ParameterizedTest
    @ValueSource(strings = {"publish", "play"})
    void aRoleNeedsAStreamThatWasCreated(String role) {
        for (long stream : new long[] {0, 1, 7, 0x0100_0000, 0xFFFF_FFFFL}) {
            EmbeddedChannel channel = connected();
            command(channel, stream, role, AmfValue.NULL, AmfValue.of("key"));
            assertThat(channel.isOpen()).as("stream " + stream).isFalse();
        }
        assertThat(questions).isEmpty();
        assertThat(tallies.connections().of(RtmpTallies.Connection.PROTOCOL_ERROR))
                .isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2})
    void publishingIsTakenOnWhatWasCreatedAndOnNone(long stream) {
        EmbeddedChannel channel = connected();
        command(channel, 0, "createStream", AmfValue.NULL);
        command(channel, 0, "createStream", AmfValue.NULL);
        command(channel, stream, "publish", AmfValue.NULL, AmfValue.of("key"));
        grant(channel);
        assertThat(told).containsExactly("started");
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 9, 22})
    void mediaOnAStreamThatWasNeverCreatedCloses(int type) {
        for (long stream : new long[] {2, 77, 0xFFFF_FFFFL}) {
            EmbeddedChannel channel = onAir();
            ByteBuf payload = emptyParts(3);
            channel.writeInbound(new RawMessage(type, stream, 0, payload));
            assertClosesWhenTold(channel);
            assertThat(told).containsExactly("started", "ended PROTOCOL_ERROR");
            assertThat(payload.refCnt()).isZero();
            registry.end(StreamPath.live("anna"));
            channel.runPendingTasks();
            told.clear();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1})
    void mediaOnTheStreamOrOnNoneIsTaken(long stream) {
        EmbeddedChannel channel = onAir();
        channel.writeInbound(video(stream, SampleMedia.videoHeader()));
        assertThat(channel.isOpen()).isTrue();
    }
}
