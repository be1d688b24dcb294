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
import live.millrace.media.hub.HubConfig;
import live.millrace.media.hub.LiveStream;
import live.millrace.media.hub.LocalStreams;
import live.millrace.media.hub.StreamListener;
import live.millrace.media.hub.StreamNaming;
import live.millrace.media.hub.StreamRegistry;
import live.millrace.media.protocol.rtmp.chunk.ChunkDecoder;
import live.millrace.media.protocol.rtmp.chunk.ChunkEncoder;
import live.millrace.media.protocol.rtmp.chunk.RawMessage;
import live.millrace.media.socket.Listening;
import live.millrace.media.socket.ReadTurns;
import live.millrace.media.socket.Shortage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** A connection, message by message, with every answer given when the test says so. */
abstract class ScriptedConnection {
    static final PublishDecision GRANT = new PublishDecision.Granted("anna", "7");
    static final Duration AUTHORIZE = AdmissionConfig.defaults().authorize();

    final List<String> told = new ArrayList<>();
    final Deque<CompletableFuture<PublishDecision>> questions = new ArrayDeque<>();
    final RtmpTallies tallies = RtmpTallies.fresh();
    boolean hubFails;
    boolean observerFails;

    final StreamRegistry registry = new StreamRegistry(
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

    final PublishObserver observer = new PublishObserver() {
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

    AdmissionConfig admission = AdmissionConfig.defaults();

    @Nullable
    PublishAdmission publishing;

    /** One for all connections of a test, with what it has changed before the first. */
    PublishAdmission publishing() {
        PublishAdmission made =
                publishing == null ? new PublishAdmission(admission, this::authorize, observer, registry) : publishing;
        publishing = made;
        return made;
    }

    RtmpListener.Context context() {
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

    CompletableFuture<PublishDecision> authorize(PublishAttempt attempt) {
        CompletableFuture<PublishDecision> question = new CompletableFuture<>();
        questions.add(question);
        return question;
    }

    final List<EmbeddedChannel> channels = new ArrayList<>();

    @AfterEach
    void close() {
        channels.forEach(EmbeddedChannel::finishAndReleaseAll);
    }

    EmbeddedChannel channel() {
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

    static void command(EmbeddedChannel channel, long stream, String name, AmfValue... arguments) {
        ByteBuf payload = Unpooled.buffer();
        Amf0Writer.write(payload, AmfValue.of(name));
        Amf0Writer.write(payload, AmfValue.of(1));
        Amf0Writer.writeAll(payload, List.of(arguments));
        channel.writeInbound(new RawMessage(20, stream, 0, payload));
    }

    EmbeddedChannel connected() {
        EmbeddedChannel channel = channel();
        command(channel, 0, "connect", AmfValue.object("app", AmfValue.of("live")));
        return channel;
    }

    /** One that asked whether it may publish. */
    EmbeddedChannel asking() {
        EmbeddedChannel channel = connected();
        command(channel, 0, "createStream", AmfValue.NULL);
        command(channel, 1, "publish", AmfValue.NULL, AmfValue.of("key"));
        assertThat(questions).hasSize(1);
        return channel;
    }

    void grant(EmbeddedChannel channel) {
        questions.remove().complete(GRANT);
        channel.runPendingTasks();
    }

    EmbeddedChannel onAir() {
        EmbeddedChannel channel = asking();
        grant(channel);
        assertThat(told).containsExactly("started");
        return channel;
    }

    static RawMessage video(long stream, ByteBuf payload) {
        return new RawMessage(9, stream, 0, payload);
    }

    static ByteBuf emptyParts(int count) {
        ByteBuf aggregate = Unpooled.buffer(count * 15);
        for (int i = 0; i < count; i++) {
            aggregate.writeByte(8).writeZero(10).writeInt(11);
        }
        return aggregate;
    }

    /** A publisher gets the time to read why it has to go. */
    static void assertClosesWhenTold(EmbeddedChannel channel) {
        assertThat(channel.isOpen()).isTrue();
        channel.advanceTimeBy(RtmpConnection.TOLD_MILLIS, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isFalse();
    }

    static void pass(EmbeddedChannel channel, Duration time) {
        channel.advanceTimeBy(time.toMillis(), TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }
}
