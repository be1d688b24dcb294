// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.rtmp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import live.millrace.media.access.RefusalCause;
import live.millrace.media.amf.AmfValue;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.hub.StreamState;
import live.millrace.media.protocol.rtmp.chunk.RawMessage;
import live.millrace.media.testing.SampleMedia;
import org.junit.jupiter.api.Test;

/** From the question whether a peer may publish to its answer, and who leaves or fails meanwhile. */
class PublishQuestionTest extends ScriptedConnection {
    @Test
    void whatWaitsBehindAQuestionIsReleasedWhenThePeerLeaves() {
        EmbeddedChannel channel = asking();
        ByteBuf picture = SampleMedia.videoHeader();
        ByteBuf aggregate = emptyParts(10);
        channel.writeInbound(video(1, picture), new RawMessage(22, 1, 0, aggregate));
        channel.close();
        assertThat(picture.refCnt()).isZero();
        assertThat(aggregate.refCnt()).isZero();
    }

    @Test
    void aProtocolErrorBehindThePublishCommandClosesLikeAnyOther() {
        EmbeddedChannel channel = asking();
        ByteBuf behind = SampleMedia.videoHeader();
        command(channel, 0, "connect", AmfValue.object("app", AmfValue.of("live")));
        channel.writeInbound(video(1, behind));
        assertThat(channel.isOpen()).isTrue();
        grant(channel);
        assertThat(told).containsExactly("started", "ended PROTOCOL_ERROR");
        assertClosesWhenTold(channel);
        assertThat(tallies.connections().of(RtmpTallies.Connection.PROTOCOL_ERROR))
                .isOne();
        assertThat(behind.refCnt()).isZero();
    }

    @Test
    void anErrorOfOursInAnAnswerClosesAsWell() {
        EmbeddedChannel channel = asking();
        observerFails = true;
        grant(channel);
        assertThat(channel.isOpen()).isFalse();
        assertThat(told).containsExactly("started", "ended FAILED");
        assertThat(tallies.connections().of(RtmpTallies.Connection.FAILED)).isOne();
    }

    @Test
    void aHubThatFailsRefuses() {
        EmbeddedChannel channel = asking();
        hubFails = true;
        grant(channel);
        channel.runPendingTasks();
        assertThat(channel.isOpen()).isFalse();
        assertThat(told).containsExactly("refused NO_ANSWER of a grant");
        assertThat(registry.streams()).isEmpty();
    }

    @Test
    void aPeerThatLeavesWhileTheQuestionIsOpenLeft() {
        EmbeddedChannel channel = asking();
        channel.close();
        assertThat(told).containsExactly("refused PEER_LEFT");
        assertThat(questions.element()).as("nobody wants to know any more").isCancelled();
        grant(channel);
        assertThat(told).containsExactly("refused PEER_LEFT");
        assertThat(publishing().tallies().refusals().of(RefusalCause.PEER_LEFT)).isOne();
        assertThat(publishing().tallies().refusals().of(RefusalCause.NO_ANSWER)).isZero();
    }

    @Test
    void aGrantThatThePeerDidNotWaitForIsReported() {
        EmbeddedChannel channel = asking();
        questions.remove().complete(GRANT);
        channel.pipeline().fireChannelInactive(); // before the answer's turn came
        channel.runPendingTasks();
        assertThat(told).containsExactly("refused PEER_LEFT of a grant");
    }

    @Test
    void aQuestionThatIsNotAnsweredInTimeIsGivenUp() {
        EmbeddedChannel channel = asking();
        pass(channel, AUTHORIZE);
        assertThat(channel.isOpen()).isFalse();
        assertThat(told).containsExactly("refused NO_ANSWER");
        assertThat(questions.element()).isCancelled();
    }

    @Test
    void aGrantThatCameBeforeTheLimitCounts() {
        EmbeddedChannel channel = asking();
        channel.advanceTimeBy(AUTHORIZE.toMillis(), TimeUnit.MILLISECONDS);
        questions.remove().complete(GRANT);
        channel.runScheduledPendingTasks();
        assertThat(told).containsExactly("started");
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void aHubThatNeverAnswersIsGivenUpAndWhatItGrantsLateEndsAtOnce() {
        EmbeddedChannel first = onAir();
        told.clear();
        EmbeddedChannel second = asking();
        grant(second); // the hub asks the loop of the first, which does nothing
        pass(second, AUTHORIZE);
        assertThat(told).isEmpty();
        pass(second, Duration.ofSeconds(5));
        assertThat(told).containsExactly("refused NO_ANSWER of a grant");
        assertThat(second.isOpen()).isFalse();
        first.runPendingTasks();
        second.runPendingTasks();
        first.runPendingTasks();
        assertThat(told).containsExactly("refused NO_ANSWER of a grant", "ended TAKEN_OVER");
        registry.find(StreamPath.live("anna"))
                .ifPresent(stream -> assertThat(stream.state()).isNotEqualTo(StreamState.LIVE));
    }

    @Test
    void aPublisherThatIsLetInHasNoLimitLeft() {
        EmbeddedChannel channel = onAir();
        pass(channel, AUTHORIZE.plusSeconds(5));
        assertThat(told).containsExactly("started");
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void aHubThatFailsAfterThePeerLeftRefusesNobody() {
        EmbeddedChannel first = onAir();
        told.clear();
        EmbeddedChannel second = asking();
        registry.end(StreamPath.live("anna"));
        grant(second);
        second.close();
        assertThat(told).containsExactly("refused PEER_LEFT of a grant");
        hubFails = true;
        first.runPendingTasks(); // the broadcast ends, and whoever wanted to go on with it begins another
        second.runPendingTasks();
        assertThat(told).containsExactly("refused PEER_LEFT of a grant", "ended KICKED");
        assertThat(registry.streams()).isEmpty();
    }
}
