// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.rtmp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import live.millrace.media.admission.AdmissionConfig;
import live.millrace.media.amf.AmfValue;
import live.millrace.media.protocol.rtmp.chunk.RawMessage;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.Test;

/** What a connection does with a peer that sends or reads what it must not. */
class RtmpConnectionTest extends ScriptedConnection {
    private static void writable(EmbeddedChannel channel, boolean writable) {
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, writable);
        channel.runPendingTasks();
    }

    @Test
    void anAggregateOfAStrangerIsReleasedWhereverItBreaksTheLimit() {
        EmbeddedChannel channel = connected();
        command(channel, 0, "createStream", AmfValue.NULL);
        ByteBuf payload = emptyParts(64_000 / 15);
        channel.writeInbound(new RawMessage(22, 1, 0, payload));
        assertThat(channel.isOpen()).isFalse();
        assertThat(payload.refCnt()).isZero();
    }

    @Test
    void aWatchThatFailsEndsItsSession() throws Exception {
        admission = new AdmissionConfig(AUTHORIZE, Duration.ofMillis(1), admission.limits());
        EmbeddedChannel channel = onAir();
        observerFails = true;
        Wait.until("it is silent", () -> {
            pass(channel, Duration.ofMillis(200));
            return told.contains("ended SILENT");
        });
        channel.runPendingTasks();
        assertThat(channel.isOpen()).isFalse();
        assertThat(tallies.connections().of(RtmpTallies.Connection.FAILED)).isOne();
    }

    @Test
    void aPeerThatDoesNotReadIsClosed() {
        EmbeddedChannel channel = onAir();
        writable(channel, false);
        assertThat(channel.config().isAutoRead()).isFalse();
        pass(channel, Duration.ofSeconds(9));
        assertThat(channel.isOpen()).isTrue();
        pass(channel, Duration.ofSeconds(1));
        assertThat(channel.isOpen()).isFalse();
        assertThat(told).containsExactly("started", "ended PROTOCOL_ERROR");
        assertThat(tallies.connections().of(RtmpTallies.Connection.NOT_READING)).isOne();
    }

    @Test
    void aPeerThatReadsInTimeGoesOn() {
        EmbeddedChannel channel = onAir();
        writable(channel, false);
        pass(channel, Duration.ofSeconds(9));
        writable(channel, true);
        assertThat(channel.config().isAutoRead()).isTrue();
        pass(channel, Duration.ofSeconds(9));
        assertThat(channel.isOpen()).isTrue();
        assertThat(told).containsExactly("started");
    }
}
