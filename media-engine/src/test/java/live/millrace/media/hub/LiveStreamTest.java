// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The life of a broadcast: who begins it, returns, takes over, ends it. */
class LiveStreamTest extends BroadcastOnLoops {
    @Test
    void framesWaitUntilSoundAndPictureAreThere() {
        Publisher publisher = accepted(loop, "k1");
        publisher.track(VIDEO);
        publisher.track(AUDIO);
        picture(publisher, 0);
        assertThat(events).isEmpty();
        sound(publisher, 0);
        assertThat(events).containsExactly("tracks[0, 1]", "0@0", "PROBING>LIVE", "1@0");
    }

    @Test
    void aPublisherThatLeavesAndReturnsContinuesTheBroadcastOnWhateverLoop() {
        Publisher first = onAir(loop, "k1");
        UUID broadcast = registry.find(ANNA).orElseThrow().broadcastId();
        first.end();
        assertThat(state()).isEqualTo(StreamState.RECONNECTING);
        events.clear();
        Publisher second = onAir(otherLoop, "k1");
        assertThat(registry.find(ANNA).orElseThrow().broadcastId()).isEqualTo(broadcast);
        assertThat(state()).isEqualTo(StreamState.LIVE);
        assertThat(events.getFirst()).isEqualTo("tracks[0, 1]");
        assertThat(events).as("time goes on").contains("0@3600");
        // What the old session still says reaches nobody.
        events.clear();
        picture(first, 40);
        first.end();
        assertThat(events).isEmpty();
        second.end();
        assertThat(state()).isEqualTo(StreamState.RECONNECTING);
    }

    @Test
    void whenTheGraceTimeIsOverTheBroadcastEnds() {
        onAir(loop, "k1").end();
        loop.advanceTimeBy(59, TimeUnit.SECONDS);
        runAll();
        assertThat(state()).isEqualTo(StreamState.RECONNECTING);
        loop.advanceTimeBy(2, TimeUnit.SECONDS);
        loop.runScheduledPendingTasks();
        runAll();
        assertThat(registry.find(ANNA)).isEmpty();
        assertThat(events).endsWith("ended", "RECONNECTING>ENDED");
    }

    @Test
    void theSameKeyTakesOverAtOnceButNotTwiceInTwoSeconds() {
        onAir(loop, "k1");
        Publisher second = onAir(otherLoop, "k1");
        assertThat(kicks).containsExactly("k1 TAKEN_OVER");
        assertThat(second.stream().state()).isEqualTo(StreamState.LIVE);
        assertThat(publish(loop, "k1").join())
                .isEqualTo(new PublishResult.Refused(PublishResult.Cause.TAKEOVER_TOO_SOON));
    }

    @Test
    void anotherKeyIsRefusedWhileSomebodyPublishes() {
        Publisher first = onAir(loop, "k1");
        assertThat(publish(otherLoop, "k2").join()).isEqualTo(new PublishResult.Refused(PublishResult.Cause.BUSY));
        assertThat(kicks).isEmpty();
        first.end();
        assertThat(publish(otherLoop, "k2").join()).isInstanceOf(PublishResult.Accepted.class);
    }

    /** A page that says "Reconnecting" of it would wait for what never was. */
    @Test
    void aPublisherThatNeverSentAnythingLeavesNothingBehind() {
        Publisher empty = accepted(loop, "k1");
        empty.track(VIDEO);
        empty.end();
        runAll();
        assertThat(registry.find(ANNA)).isEmpty();
        assertThat(events).containsExactly("paused", "ended", "PROBING>ENDED");
        assertThat(onAir(loop, "k1").stream().broadcastId())
                .isNotEqualTo(empty.stream().broadcastId());
    }

    /** The broadcast of before the restart was on. */
    @Test
    void aBroadcastThatGoesOnFromAnotherProcessIsWaitedForAllTheSame() {
        BroadcastIdentity before =
                new BroadcastIdentity(UUID.randomUUID(), Optional.of(Instant.EPOCH), 7, 1, Optional.empty());
        ((PublishResult.Accepted) publish(loop, "k1", before).join())
                .publisher()
                .end();
        runAll();
        assertThat(state()).isEqualTo(StreamState.RECONNECTING);
    }

    /** A camera that is always on may try at any time. */
    @Test
    void aSourceDoesNotJoinTheBroadcastOfAnEncoderThatIsAway() {
        Publisher encoder = onAir(loop, "k1");
        UUID broadcast = encoder.stream().broadcastId();
        encoder.end();
        assertThat(pull(otherLoop).join()).isEqualTo(new PublishResult.Refused(PublishResult.Cause.BUSY));
        assertThat(onAir(loop, "k1").stream().broadcastId()).isEqualTo(broadcast);
    }

    @Test
    void anEncoderDoesNotGoOnWithTheBroadcastOfASource() {
        Publisher source = ((PublishResult.Accepted) pull(loop).join()).publisher();
        UUID broadcast = source.stream().broadcastId();
        assertThat(publish(otherLoop, "k1").join()).isEqualTo(new PublishResult.Refused(PublishResult.Cause.BUSY));
        source.end();
        Publisher encoder = onAir(otherLoop, "k1");
        assertThat(encoder.stream().broadcastId()).isNotEqualTo(broadcast);
        assertThat(encoder.stream().isFetched()).isFalse();
        assertThat(events).contains("ended");
    }

    @Test
    void aSourceThatIsBackGoesOnWithItsBroadcast() {
        Publisher source = ((PublishResult.Accepted) pull(loop).join()).publisher();
        source.end();
        Publisher back = ((PublishResult.Accepted) pull(otherLoop).join()).publisher();
        assertThat(back.stream()).isSameAs(source.stream());
    }

    @Test
    void anAdminEndsWithoutGraceAndTheNextPublisherStartsAnew() {
        UUID first = onAir(loop, "k1").stream().broadcastId();
        assertThat(registry.end(ANNA)).isTrue();
        runAll();
        assertThat(kicks).containsExactly("k1 ENDED");
        assertThat(registry.find(ANNA)).isEmpty();
        assertThat(registry.end(ANNA)).isFalse();
        assertThat(onAir(loop, "k1").stream().broadcastId()).isNotEqualTo(first);
    }
}
