// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** By what right somebody publishes, and which broadcast begins with it. */
class PublishRequestTest {
    private static final StreamPath ANNA = StreamPath.live("anna");

    private final EmbeddedChannel loop = new EmbeddedChannel();
    private final StreamRegistry registry = new StreamRegistry(
            new HubConfig(Duration.ofSeconds(60), Duration.ZERO, 10, false), List.of(), InstantSource.system());

    @AfterEach
    void end() {
        registry.close();
        loop.runPendingTasks();
        loop.finishAndReleaseAll();
    }

    private PublishResult publish(PublisherOrigin origin, BroadcastIdentity identity) {
        var result = request(origin, identity);
        loop.runPendingTasks();
        return result.join();
    }

    private CompletableFuture<PublishResult> request(PublisherOrigin origin, BroadcastIdentity identity) {
        PublisherInfo info = new PublisherInfo(
                UUID.randomUUID(), origin, new InetSocketAddress("192.0.2.1", 1), "test", "rtmp", Instant.EPOCH);
        return registry.publish(new PublishRequest(ANNA, info, loop.eventLoop(), _ -> {}, Latency.NORMAL, identity))
                .toCompletableFuture();
    }

    private static LiveStream stream(PublishResult result) {
        return ((PublishResult.Accepted) result).publisher().stream();
    }

    @Test
    void aBroadcastThatGoesOnFromElsewhereKeepsItsIdentity() {
        BroadcastIdentity before = new BroadcastIdentity(UUID.randomUUID(), 1_800_000_000, 7);
        LiveStream stream = stream(publish(new PublisherOrigin.Key("k"), before));
        assertThat(stream.broadcastId()).isEqualTo(before.id());
        assertThat(stream.identity()).isEqualTo(before);
    }

    @Test
    void oneThatIsOnKeepsItsOwn() {
        BroadcastIdentity first = BroadcastIdentity.fresh();
        LiveStream stream = stream(publish(new PublisherOrigin.Key("k"), first));
        assertThat(stream(publish(new PublisherOrigin.Key("k"), BroadcastIdentity.fresh())))
                .isSameAs(stream);
        assertThat(stream.identity()).isEqualTo(first);
        assertThat(BroadcastIdentity.fresh()).isNotEqualTo(BroadcastIdentity.fresh());
    }

    @Test
    void nobodyOfAnotherOriginTakesOver() {
        publish(new PublisherOrigin.Key("camera"), BroadcastIdentity.fresh());
        for (PublisherOrigin other : List.of(new PublisherOrigin.Key("k2"), new PublisherOrigin.Pull("camera"))) {
            assertThat(publish(other, BroadcastIdentity.fresh()))
                    .as(other.toString())
                    .isEqualTo(new PublishResult.Refused(PublishResult.Cause.BUSY));
        }
    }

    /** Two that ask before the first of them is attached: the stream is taken, and nobody else comes between. */
    @Test
    void ofSeveralWhoAskAtOnceOneHasTheStream() {
        publish(new PublisherOrigin.Key("k"), BroadcastIdentity.fresh());
        var first = request(new PublisherOrigin.Key("k"), BroadcastIdentity.fresh());
        var second = request(new PublisherOrigin.Key("k"), BroadcastIdentity.fresh());
        var other = request(new PublisherOrigin.Key("k2"), BroadcastIdentity.fresh());
        loop.runPendingTasks();
        assertThat(first.join()).isInstanceOf(PublishResult.Accepted.class);
        assertThat(second.join()).isEqualTo(new PublishResult.Refused(PublishResult.Cause.TAKEOVER_TOO_SOON));
        assertThat(other.join()).isEqualTo(new PublishResult.Refused(PublishResult.Cause.BUSY));
    }

    /** The same while nobody publishes: the first to come back has it. */
    @Test
    void ofSeveralWhoComeBackAtOnceOneHasTheStream() {
        ((PublishResult.Accepted) publish(new PublisherOrigin.Key("k"), BroadcastIdentity.fresh()))
                .publisher()
                .end();
        var first = request(new PublisherOrigin.Key("k"), BroadcastIdentity.fresh());
        var second = request(new PublisherOrigin.Key("k2"), BroadcastIdentity.fresh());
        loop.runPendingTasks();
        assertThat(first.join()).isInstanceOf(PublishResult.Accepted.class);
        assertThat(second.join()).isEqualTo(new PublishResult.Refused(PublishResult.Cause.BUSY));
    }

    @Test
    void onlyAKeyHasACredential() {
        LiveStream stream = stream(publish(new PublisherOrigin.Pull("camera"), BroadcastIdentity.fresh()));
        assertThat(stream.publisher().orElseThrow().credentialId()).isEmpty();
    }

    @Test
    void sequenceNumbersAreNotNegative() {
        assertThatIllegalArgumentException().isThrownBy(() -> new BroadcastIdentity(UUID.randomUUID(), -1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new BroadcastIdentity(UUID.randomUUID(), 0, -1));
    }
}
