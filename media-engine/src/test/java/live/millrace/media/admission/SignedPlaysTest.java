// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import live.millrace.media.access.PlayDecision;
import live.millrace.media.access.PlayObserver;
import live.millrace.media.access.PlayTicket;
import live.millrace.media.access.SigningKeys;
import live.millrace.media.hub.StreamPath;
import org.junit.jupiter.api.Test;

/** Addresses for caches: who is given one, for how long, and what ends it. */
class SignedPlaysTest {
    private static final StreamPath ANNA = StreamPath.live("anna");
    private static final SignedPlays.What LIVE = new SignedPlays.What(ANNA, Optional.empty());
    private static final SignedPlays.What VIDEO = new SignedPlays.What(ANNA, Optional.of("AbC_-123xyz"));

    /** Five seconds after a window began. */
    private long millis = 1_790_000_015_000L;

    private int today = 7;
    private final Set<PlayTicket> good = new HashSet<>();
    private final SigningKeys keys = new SigningKeys() {
        @Override
        public int current() {
            return today;
        }

        @Override
        public Optional<byte[]> key(int number) {
            return number == today || number == today - 1
                    ? Optional.of(("a key of thirty-two bytes no. " + number).getBytes(StandardCharsets.US_ASCII))
                    : Optional.empty();
        }
    };
    private final SignedPlays signed = new SignedPlays(keys, () -> Instant.ofEpochMilli(millis));
    private final PlayAdmission admission = admission(signed);

    private PlayAdmission admission(SignedPlays with) {
        return new PlayAdmission(
                new PlayAdmission.Limits(100, false),
                attempt -> CompletableFuture.completedStage(
                        attempt.ticket().filter(good::contains).isPresent()
                                ? PlayDecision.UNLIMITED
                                : PlayDecision.NOT_ALLOWED),
                PlayObserver.NOBODY,
                with,
                () -> Instant.ofEpochMilli(millis),
                () -> TimeUnit.MILLISECONDS.toNanos(millis));
    }

    private PlayTicket invite() {
        PlayTicket ticket = PlayTicket.fresh();
        good.add(ticket);
        return ticket;
    }

    private static PlayRequest wish(PlayTicket ticket, SignedPlays.What what) {
        return new PlayRequest(
                what.path(),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
                "hls",
                Optional.of("viewer-one"),
                false,
                "",
                "player",
                Optional.of(ticket),
                what.recording());
    }

    private Optional<SignedPlays.Issued> ask(PlayTicket ticket, SignedPlays.What what) {
        admission.open(wish(ticket, what)).toCompletableFuture().join();
        return admission.address(wish(ticket, what));
    }

    private String given(PlayTicket ticket, SignedPlays.What what) {
        return ask(ticket, what).orElseThrow().signature().text();
    }

    private boolean opens(String text, SignedPlays.What what) {
        return signed.check(text, what).isPresent();
    }

    private void revoke(PlayTicket ticket) {
        good.remove(ticket);
        admission.revoke(attempt -> attempt.bears(ticket.hash()));
    }

    @Test
    void allHaveTheSameInTheSameHalfMinute() {
        PlayTicket one = invite();
        PlayTicket other = invite();
        String first = given(one, LIVE);
        assertThat(first).startsWith("1790000070.7.");
        assertThat(ask(one, LIVE).orElseThrow().leftMillis()).isEqualTo(55_000);
        millis += 24_999;
        assertThat(given(other, LIVE)).isEqualTo(first);
        millis += 1;
        assertThat(given(other, LIVE)).startsWith("1790000100.7.").isNotEqualTo(first);
        assertThat(ask(one, LIVE).orElseThrow().leftMillis()).isEqualTo(60_000);
        assertThat(opens(first, LIVE)).isTrue();
    }

    @Test
    void holdsUntilItsSecondAndForWhatItIsSignedFor() {
        String text = given(invite(), LIVE);
        assertThat(opens(text, VIDEO)).isFalse();
        assertThat(opens(text, new SignedPlays.What(StreamPath.live("bert"), Optional.empty())))
                .isFalse();
        assertThat(opens(given(invite(), VIDEO), VIDEO)).isTrue();
        assertThat(signed.check(text, LIVE).orElseThrow().secondsLeft()).isEqualTo(55);
        millis += 54_999;
        assertThat(signed.check(text, LIVE).orElseThrow().secondsLeft()).isZero();
        millis += 1;
        assertThat(opens(text, LIVE)).isFalse();
        millis -= 120_000;
        assertThat(opens(text, LIVE)).as("by a clock that was set back").isFalse();
    }

    @Test
    void aKeyIsGoodForADayAndTheNext() {
        String text = given(invite(), LIVE);
        today++;
        assertThat(opens(text, LIVE)).isTrue();
        assertThat(given(invite(), LIVE)).contains(".8.");
        today++;
        assertThat(opens(text, LIVE)).isFalse();
    }

    @Test
    void whoMayNotWatchIsGivenNone() {
        PlayTicket stranger = PlayTicket.fresh();
        assertThat(ask(stranger, LIVE)).isEmpty();
        assertThat(admission.address(wish(invite(), LIVE)))
                .as("without a session")
                .isEmpty();
        assertThat(admission(SignedPlays.none()).address(wish(invite(), LIVE))).isEmpty();
    }

    @Test
    void whoIsSentAwayEndsThoseOfAllOnce() {
        PlayTicket one = invite();
        PlayTicket other = invite();
        PlayTicket stays = invite();
        String text = given(one, LIVE);
        given(other, LIVE);
        String video = given(stays, VIDEO);
        AtomicInteger ends = new AtomicInteger();
        SignedPlays.Grant grant = signed.check(text, LIVE).orElseThrow();
        grant.hold(ends::incrementAndGet);
        revoke(one);
        assertThat(grant.holds()).isFalse();
        assertThat(ends).hasValue(1);
        assertThat(opens(text, LIVE)).isFalse();
        assertThat(opens(video, VIDEO)).isFalse();
        assertThat(ask(one, LIVE)).isEmpty();
        String after = given(stays, LIVE);
        assertThat(opens(after, LIVE)).isTrue();
        revoke(other);
        assertThat(opens(after, LIVE))
                .as("what the other had was worth nothing already")
                .isTrue();
    }

    @Test
    void anotherChannelGoesOn() {
        PlayTicket ticket = invite();
        SignedPlays.What bert = new SignedPlays.What(StreamPath.live("bert"), Optional.empty());
        String text = given(invite(), bert);
        given(ticket, LIVE);
        revoke(ticket);
        assertThat(opens(text, bert)).isTrue();
    }

    /** A viewer leaves after half a minute without a question; the address holds for longer. */
    @Test
    void whoIsQuietForAMinuteCannotKeepIt() {
        PlayTicket ticket = invite();
        millis += 25_000; // a window begins: it holds for a minute
        String text = given(ticket, LIVE);
        millis += 35_000;
        assertThat(admission.count(ANNA)).as("watches no more").isZero();
        admission.sweep();
        revoke(ticket);
        assertThat(opens(text, LIVE)).isFalse();
    }

    @Test
    void isForgottenWithTheLastAddress() {
        PlayTicket ticket = invite();
        given(ticket, LIVE);
        millis += 61_000;
        admission.sweep();
        assertThat(admission.revoke(_ -> true)).isZero();
    }

    @Test
    void endsWithTheBroadcast() {
        String text = given(invite(), LIVE);
        admission.ended(ANNA);
        assertThat(opens(text, LIVE)).isFalse();
    }
}
