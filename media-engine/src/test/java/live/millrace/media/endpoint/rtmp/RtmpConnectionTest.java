// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.rtmp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.local.LocalIoHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import live.millrace.media.access.PlayAuthorizer;
import live.millrace.media.access.PlayObserver;
import live.millrace.media.access.PublishAttempt;
import live.millrace.media.access.PublishDecision;
import live.millrace.media.access.PublishEnd;
import live.millrace.media.access.PublishObserver;
import live.millrace.media.access.RefusalCause;
import live.millrace.media.admission.AdmissionConfig;
import live.millrace.media.admission.PlayAdmission;
import live.millrace.media.admission.PublishAdmission;
import live.millrace.media.amf.Amf0Writer;
import live.millrace.media.amf.AmfValue;
import live.millrace.media.endpoint.EndpointContext;
import live.millrace.media.fanout.FanoutConfig;
import live.millrace.media.fanout.Feeds;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.hub.HubConfig;
import live.millrace.media.hub.LiveStream;
import live.millrace.media.hub.LocalStreams;
import live.millrace.media.hub.StreamListener;
import live.millrace.media.hub.StreamNaming;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.hub.StreamRegistry;
import live.millrace.media.hub.StreamState;
import live.millrace.media.hub.Subscriber;
import live.millrace.media.protocol.rtmp.chunk.ChunkDecoder;
import live.millrace.media.protocol.rtmp.chunk.ChunkEncoder;
import live.millrace.media.protocol.rtmp.chunk.RawMessage;
import live.millrace.media.socket.Listening;
import live.millrace.media.socket.ReadTurns;
import live.millrace.media.socket.Shortage;
import live.millrace.media.testing.SampleMedia;
import live.millrace.media.testing.Wait;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One connection, message by message, with every answer given when the test says so. */
class RtmpConnectionTest {
    private static final PublishDecision GRANT = new PublishDecision.Granted("anna", "7");
    private static final Duration AUTHORIZE = AdmissionConfig.defaults().authorize();

    private final List<String> told = new ArrayList<>();
    private final Deque<CompletableFuture<PublishDecision>> questions = new ArrayDeque<>();
    private final RtmpTallies tallies = RtmpTallies.fresh();
    private boolean hubFails;
    private boolean observerFails;

    private final StreamRegistry registry = new StreamRegistry(
            HubConfig.defaults(),
            List.of(new StreamListener() {
                @Override
                public void created(LiveStream stream) {
                    if (hubFails) {
                        throw new IllegalStateException("the hub fails");
                    }
                }
            }),
            InstantSource.system());

    private final PublishObserver observer = new PublishObserver() {
        @Override
        public void refused(PublishAttempt attempt, RefusalCause cause, Optional<PublishDecision.Granted> granted) {
            told.add("refused " + cause + (granted.isPresent() ? " of a grant" : ""));
        }

        @Override
        public void started(PublishAttempt attempt, PublishDecision.Granted granted) {
            told.add("started");
            if (observerFails) {
                throw new IllegalStateException("the observer fails");
            }
        }

        @Override
        public void ended(PublishAttempt attempt, PublishDecision.Granted granted, PublishEnd end) {
            told.add("ended " + end);
            if (observerFails) {
                throw new IllegalStateException("the observer fails");
            }
        }
    };

    private AdmissionConfig admission = AdmissionConfig.defaults();
    private @Nullable PublishAdmission publishing;

    /** One for all connections of a test, with what it has changed before the first. */
    private PublishAdmission publishing() {
        PublishAdmission made =
                publishing == null ? new PublishAdmission(admission, this::authorize, observer, registry) : publishing;
        publishing = made;
        return made;
    }

    private RtmpListener.Context context() {
        PlayAdmission playing = new PlayAdmission(
                new PlayAdmission.Limits(10, false),
                PlayAuthorizer.ANYBODY,
                PlayObserver.NOBODY,
                InstantSource.system(),
                System::nanoTime);
        return new RtmpListener.Context(
                new RtmpConfig("127.0.0.1", 0, RtmpConfig.Timeouts.defaults(), "no"),
                tallies,
                new ReadTurns(0),
                new EndpointContext(
                        Listening.nio(
                                new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory()),
                                new Shortage(System::nanoTime)),
                        StreamNaming.AS_SAID,
                        publishing(),
                        playing,
                        new LocalStreams(registry::find, List.of(), Duration.ZERO),
                        new Feeds(FanoutConfig.defaults())));
    }

    private CompletableFuture<PublishDecision> authorize(PublishAttempt attempt) {
        CompletableFuture<PublishDecision> question = new CompletableFuture<>();
        questions.add(question);
        return question;
    }

    private final List<EmbeddedChannel> channels = new ArrayList<>();

    @AfterEach
    void close() {
        channels.forEach(EmbeddedChannel::finishAndReleaseAll);
    }

    private EmbeddedChannel channel() {
        EmbeddedChannel channel = new EmbeddedChannel();
        channels.add(channel);
        ChunkEncoder encoder = new ChunkEncoder();
        InetSocketAddress remote = new InetSocketAddress(InetAddress.getLoopbackAddress(), 40_000);
        RtmpConnection connection = new RtmpConnection(channel, remote, context(), encoder);
        ChunkDecoder decoder = new ChunkDecoder();
        connection.reads(decoder);
        channel.pipeline()
                .addLast(RtmpListener.CHUNK_DECODER, decoder)
                .addLast(RtmpListener.CHUNK_ENCODER, encoder)
                .addLast(RtmpListener.CONNECTION, connection);
        return channel;
    }

    private static void command(EmbeddedChannel channel, long stream, String name, AmfValue... arguments) {
        ByteBuf payload = Unpooled.buffer();
        Amf0Writer.write(payload, AmfValue.of(name));
        Amf0Writer.write(payload, AmfValue.of(1));
        Amf0Writer.writeAll(payload, List.of(arguments));
        channel.writeInbound(new RawMessage(20, stream, 0, payload));
    }

    private EmbeddedChannel connected() {
        EmbeddedChannel channel = channel();
        command(channel, 0, "connect", AmfValue.object("app", AmfValue.of("live")));
        return channel;
    }

    /** One that asked whether it may publish. */
    private EmbeddedChannel asking() {
        EmbeddedChannel channel = connected();
        command(channel, 0, "createStream", AmfValue.NULL);
        command(channel, 1, "publish", AmfValue.NULL, AmfValue.of("key"));
        assertThat(questions).hasSize(1);
        return channel;
    }

    private void grant(EmbeddedChannel channel) {
        questions.remove().complete(GRANT);
        channel.runPendingTasks();
    }

    private EmbeddedChannel onAir() {
        EmbeddedChannel channel = asking();
        grant(channel);
        assertThat(told).containsExactly("started");
        return channel;
    }

    private static RawMessage video(long stream, ByteBuf payload) {
        return new RawMessage(9, stream, 0, payload);
    }

    private static ByteBuf emptyParts(int count) {
        ByteBuf aggregate = Unpooled.buffer(count * 15);
        for (int i = 0; i < count; i++) {
            aggregate.writeByte(8).writeZero(10).writeInt(11);
        }
        return aggregate;
    }

    // ---- memory -----------------------------------------------------------------------------------------------

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
    void whatWaitsBehindAQuestionIsReleasedWhenThePeerLeaves() {
        EmbeddedChannel channel = asking();
        ByteBuf picture = SampleMedia.videoHeader();
        ByteBuf aggregate = emptyParts(10);
        channel.writeInbound(video(1, picture), new RawMessage(22, 1, 0, aggregate));
        channel.close();
        assertThat(picture.refCnt()).isZero();
        assertThat(aggregate.refCnt()).isZero();
    }

    /** A publisher gets the time to read why it has to go. */
    private static void assertClosesWhenTold(EmbeddedChannel channel) {
        assertThat(channel.isOpen()).isTrue();
        channel.advanceTimeBy(RtmpConnection.TOLD_MILLIS, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isFalse();
    }

    // ---- what waited behind the question ----------------------------------------------------------------------

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

    // ---- a peer that leaves -----------------------------------------------------------------------------------

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

    // ---- limits -----------------------------------------------------------------------------------------------

    private static void pass(EmbeddedChannel channel, Duration time) {
        channel.advanceTimeBy(time.toMillis(), TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
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

    private static void writable(EmbeddedChannel channel, boolean writable) {
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, writable);
        channel.runPendingTasks();
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

    // ---- message streams --------------------------------------------------------------------------------------

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

    // ---- turns ------------------------------------------------------------------------------------------------

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
