// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import live.millrace.media.access.PlayAttempt;
import live.millrace.media.access.PlayDecision;
import live.millrace.media.access.PlayObserver;
import live.millrace.media.access.PlayRefusal;
import live.millrace.media.access.PlaySession;
import live.millrace.media.access.PlayTicket;
import live.millrace.media.hub.StreamPath;
import org.junit.jupiter.api.Test;

/** Sessions by ticket: whose they are, how long a no holds, and how they end. */
class PlayTicketsTest {
    private static final int PER_ADDRESS = 20;
    private static final PlayTicket TICKET = PlayTicket.fresh();
    private static final Optional<PlayRefusal> ALLOWED = Optional.empty();

    private final AtomicLong now = new AtomicLong(1);
    private final List<PlayAttempt> asked = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private final Set<PlayTicket> good = new HashSet<>(Set.of(TICKET));
    private Function<PlayAttempt, CompletionStage<PlayDecision>> answer = attempt -> CompletableFuture.completedStage(
            attempt.ticket().filter(good::contains).isPresent() ? PlayDecision.UNLIMITED : PlayDecision.NOT_ALLOWED);

    private final PlayAdmission admission = new PlayAdmission(
            new PlayAdmission.Limits(PER_ADDRESS, false),
            attempt -> {
                asked.add(attempt);
                return answer.apply(attempt);
            },
            new PlayObserver() {
                @Override
                public void stopped(PlayAttempt attempt) {
                    told.add("stopped " + attempt.protocol());
                }

                @Override
                public void spread(PlayAttempt attempt, int networks) {
                    told.add("spread " + networks + " " + address(attempt));
                }
            },
            InstantSource.fixed(Instant.EPOCH),
            now::get);

    private static String address(PlayAttempt attempt) {
        return attempt.remoteAddress().getAddress().getHostAddress();
    }

    private static PlayRequest wish(
            String address, String viewer, Optional<PlayTicket> ticket, Optional<String> video) {
        try {
            return new PlayRequest(
                    StreamPath.live("anna"),
                    new InetSocketAddress(InetAddress.getByName(address), 1),
                    "hls",
                    Optional.of(viewer).filter(id -> !id.isEmpty()),
                    false,
                    "",
                    "player",
                    ticket,
                    video);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private static PlayRequest wish(String address, String viewer) {
        return wish(address, viewer, Optional.of(TICKET), Optional.empty());
    }

    private static Optional<PlayRefusal> refusal(Admission admission) {
        return admission instanceof Admission.Refused(PlayRefusal cause) ? Optional.of(cause) : Optional.empty();
    }

    private Optional<PlayRefusal> open(PlayRequest request) {
        return refusal(admission.open(request).toCompletableFuture().join());
    }

    private Optional<PlayRefusal> piece(PlayRequest request) {
        return refusal(admission.openPiece(request).toCompletableFuture().join());
    }

    private void pass(long millis) {
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    // ---- whose ------------------------------------------------------------------------------------------------

    @Test
    void withoutItsTicketAViewerIsAnother() {
        assertThat(open(wish("192.0.2.1", "viewer-one"))).isEqualTo(ALLOWED);
        PlayRequest bare = wish("192.0.2.1", "viewer-one", Optional.empty(), Optional.empty());
        assertThat(refusal(admission.find(bare))).hasValue(PlayRefusal.NO_SESSION);
        assertThat(refusal(admission.find(wish("192.0.2.1", "", Optional.empty(), Optional.empty()))))
                .as("who looks like one with a ticket")
                .hasValue(PlayRefusal.NO_SESSION);
        PlayRequest other = wish("192.0.2.1", "viewer-one", Optional.of(PlayTicket.fresh()), Optional.empty());
        assertThat(refusal(admission.find(other))).hasValue(PlayRefusal.NO_SESSION);
        assertThat(open(other)).hasValue(PlayRefusal.NOT_ALLOWED);
        assertThat(open(bare)).hasValue(PlayRefusal.NOT_ALLOWED);
        assertThat(asked).hasSize(3);
    }

    @Test
    void aPieceIsOfTheSessionWhosePlaylistNamedIt() {
        assertThat(open(wish("192.0.2.1", "viewer-one"))).isEqualTo(ALLOWED);
        assertThat(piece(wish("192.0.2.1", ""))).isEqualTo(ALLOWED);
        assertThat(asked).hasSize(1);
        assertThat(admission.count(StreamPath.live("anna"))).isEqualTo(1);
        assertThat(piece(wish("192.0.2.9", "")))
                .as("and opens one where there is none")
                .isEqualTo(ALLOWED);
        assertThat(asked).hasSize(2);
    }

    @Test
    void aRecordingIsAskedAboutByItsNameAndIsNotTheStream() {
        PlayRequest video = wish("192.0.2.1", "viewer-one", Optional.of(TICKET), Optional.of("AbC_-123xyz"));
        assertThat(open(video)).isEqualTo(ALLOWED);
        assertThat(asked.getFirst().recording()).hasValue("AbC_-123xyz");
        assertThat(asked.getFirst().isOf("live", "anna")).isTrue();
        assertThat(admission.count(StreamPath.live("anna"))).isZero();
        assertThat(refusal(admission.find(wish("192.0.2.1", "viewer-one")))).hasValue(PlayRefusal.NO_SESSION);
        admission.ended(StreamPath.live("anna"));
        assertThat(admission.sessions()).hasSize(1);
    }

    @Test
    void theListSaysWhoByWhichTicketAndSinceWhen() {
        answer = _ ->
                CompletableFuture.completedStage(new PlayDecision.Granted(Optional.empty(), 5, Optional.of("grandma")));
        assertThat(open(wish("192.0.2.1", "viewer-one"))).isEqualTo(ALLOWED);
        pass(7_000);
        PlaySession session = admission.sessions().getFirst();
        assertThat(session.identity()).hasValue("grandma");
        assertThat(session.attempt().bears(TICKET.hash())).isTrue();
        assertThat(session.seen()).isEqualTo(Instant.EPOCH.minusSeconds(7));
        assertThat(session.toString()).doesNotContain(TICKET.secret());
    }

    // ---- no ---------------------------------------------------------------------------------------------------

    @Test
    void aNoHoldsForASecondWhoeverBringsTheTicket() {
        good.clear();
        assertThat(open(wish("192.0.2.1", "viewer-one"))).hasValue(PlayRefusal.NOT_ALLOWED);
        good.add(TICKET);
        pass(999);
        assertThat(open(wish("192.0.2.1", "viewer-one"))).hasValue(PlayRefusal.NOT_ALLOWED);
        assertThat(open(wish("192.0.2.1", "viewer-two"))).hasValue(PlayRefusal.NOT_ALLOWED);
        assertThat(piece(wish("192.0.2.2", ""))).hasValue(PlayRefusal.NOT_ALLOWED);
        assertThat(asked).hasSize(1);
        pass(1);
        assertThat(open(wish("192.0.2.1", "viewer-one"))).isEqualTo(ALLOWED);
        assertThat(asked).hasSize(2);
    }

    @Test
    void madeUpTicketsAreLimitedByTheirAddressAsMadeUpViewersAre() {
        int tooMany = 0;
        for (int i = 0; i < 1_000; i++) {
            PlayRequest made = wish(
                    "2001:db8:0:1::" + Integer.toHexString(i + 1),
                    "",
                    Optional.of(PlayTicket.fresh()),
                    Optional.empty());
            tooMany += piece(made).equals(Optional.of(PlayRefusal.TOO_MANY_SESSIONS)) ? 1 : 0;
        }
        assertThat(asked).hasSize(PER_ADDRESS);
        assertThat(tooMany).isEqualTo(1_000 - PER_ADDRESS);
        assertThat(open(wish("2001:db8:0:2::1", ""))).as("another address").isEqualTo(ALLOWED);
        pass(6_000);
        admission.sweep();
        assertThat(open(wish("2001:db8:0:1::1", ""))).as("some seconds later").isEqualTo(ALLOWED);
    }

    @Test
    void whoIsRefusedDoesNotHearThatHeAsksTooOften() {
        good.clear();
        for (int i = 0; i < 100; i++) {
            assertThat(open(wish("192.0.2.1", "viewer-one"))).hasValue(PlayRefusal.NOT_ALLOWED);
        }
    }

    // ---- the end ----------------------------------------------------------------------------------------------

    @Test
    void whatIsOnItsWayEndsWithTheSession() {
        Admission.Granted granted = (Admission.Granted) admission
                .open(wish("192.0.2.1", "viewer-one"))
                .toCompletableFuture()
                .join();
        List<String> ended = new ArrayList<>();
        Runnable segment = () -> ended.add("segment");
        granted.hold(segment);
        pass(60_000);
        admission.sweep();
        admission.ended(StreamPath.live("anna"));
        assertThat(admission.sessions()).as("a long file keeps the session").hasSize(1);
        assertThat(admission.revoke(attempt -> attempt.bears(PlayTicket.fresh().hash())))
                .isZero();
        assertThat(ended).isEmpty();
        assertThat(admission.revoke(attempt -> attempt.bears(TICKET.hash()))).isEqualTo(1);
        assertThat(ended).containsExactly("segment");
        assertThat(granted.check()).isFalse();
        assertThat(told).containsExactly("stopped hls");
        granted.release(segment);
        assertThat(admission.revoke(attempt -> attempt.bears(TICKET.hash())))
                .as("once")
                .isZero();
        assertThat(ended).hasSize(1);
    }

    @Test
    void oneThatIsNotAnsweredYetIsRefusedAsWellAndCountsForNothing() {
        CompletableFuture<PlayDecision> later = new CompletableFuture<>();
        answer = _ -> later;
        CompletableFuture<Admission> opening =
                admission.open(wish("192.0.2.1", "viewer-one")).toCompletableFuture();
        assertThat(admission.revoke(_ -> true)).isEqualTo(1);
        later.complete(PlayDecision.UNLIMITED);
        assertThat(refusal(opening.join())).hasValue(PlayRefusal.REVOKED);
        assertThat(told).as("whoever said yes hears of the end").containsExactly("stopped hls");
        assertThat(admission.sessions()).isEmpty();
    }

    @Test
    void aReviewAsksAgainAndCutsThoseWhoMayNot() {
        PlayTicket friend = PlayTicket.fresh();
        good.add(friend);
        PlayRequest friends = wish("192.0.2.2", "viewer-two", Optional.of(friend), Optional.empty());
        assertThat(open(wish("192.0.2.1", "viewer-one"))).isEqualTo(ALLOWED);
        assertThat(open(friends)).isEqualTo(ALLOWED);
        good.remove(TICKET);
        admission.review(attempt -> attempt.isOf("live", "bella"));
        assertThat(asked).hasSize(2);
        admission.review(attempt -> attempt.isOf("live", "anna"));
        assertThat(asked).hasSize(4);
        assertThat(open(wish("192.0.2.1", "viewer-one"))).isPresent();
        assertThat(open(friends)).isEqualTo(ALLOWED);
    }

    @Test
    void aYesThatWasOnItsWayWhenSomebodyHadItReviewedIsAskedAgain() {
        CompletableFuture<PlayDecision> early = new CompletableFuture<>();
        answer = _ -> early;
        CompletableFuture<Admission> opening =
                admission.open(wish("192.0.2.1", "viewer-one")).toCompletableFuture();
        answer = _ -> CompletableFuture.completedStage(PlayDecision.NOT_ALLOWED);
        admission.review(_ -> true);
        early.complete(PlayDecision.UNLIMITED);
        assertThat(refusal(opening.join())).hasValue(PlayRefusal.NOT_ALLOWED);
        assertThat(asked).hasSize(2);
    }

    @Test
    void whoIsReviewedAndNotAnsweredAboutIsSentAway() {
        assertThat(open(wish("192.0.2.1", "viewer-one"))).isEqualTo(ALLOWED);
        answer = _ -> CompletableFuture.failedStage(new IllegalStateException("away"));
        admission.review(_ -> true);
        assertThat(admission.sessions()).isEmpty();
        assertThat(admission.refusals().of(PlayRefusal.NO_ANSWER)).isEqualTo(1);
    }

    // ---- networks ---------------------------------------------------------------------------------------------

    @Test
    void theNetworkThatWasSeenLeastLatelyGoesWhenThereAreMoreThanThree() {
        for (int i = 1; i <= 3; i++) {
            assertThat(open(wish("198.51." + i + ".1", "viewer-00" + i))).isEqualTo(ALLOWED);
            pass(1_000);
        }
        assertThat(open(wish("198.51.1.200", "viewer-001")))
                .as("the same network")
                .isEqualTo(ALLOWED);
        assertThat(told).isEmpty();
        assertThat(open(wish("198.51.4.1", "viewer-004"))).isEqualTo(ALLOWED);
        assertThat(told).containsExactlyInAnyOrder("spread 4 198.51.4.1", "stopped hls");
        assertThat(open(wish("198.51.2.1", "viewer-002"))).hasValue(PlayRefusal.TOO_MANY_NETWORKS);
        assertThat(open(wish("198.51.1.1", "viewer-001"))).isEqualTo(ALLOWED);
        assertThat(open(wish("198.51.3.1", "viewer-003"))).isEqualTo(ALLOWED);
        pass(30_000);
        assertThat(open(wish("198.51.2.1", "viewer-002"))).as("for a minute").isPresent();
        pass(31_000);
        assertThat(open(wish("198.51.2.1", "viewer-002"))).isEqualTo(ALLOWED);
    }

    /** A socket that is held asks for nothing more, and counts nevertheless. */
    @Test
    void socketsCountAsLongAsTheyAreHeld() {
        List<String> closed = new ArrayList<>();
        for (int i = 1; i <= 4; i++) {
            String network = "198.51." + i + ".1";
            assertThat(refusal(admission
                            .open(wish(network, ""), () -> closed.add(network))
                            .toCompletableFuture()
                            .join()))
                    .isEqualTo(ALLOWED);
            for (int second = 0; second < 90; second += 5) {
                pass(5_000);
                admission.sweep();
            }
        }
        assertThat(closed).hasSize(1);
        assertThat(told).anyMatch(each -> each.startsWith("spread 4"));
        assertThat(admission.sessions()).hasSize(3);
    }

    @Test
    void anIpv6NetworkIsA48() {
        for (int i = 0; i < 50; i++) {
            assertThat(open(wish("2001:db8:0:" + Integer.toHexString(i) + "::1", "viewer-0" + (10 + i))))
                    .isEqualTo(ALLOWED);
        }
        pass(1_000);
        for (int i = 1; i <= 2; i++) {
            assertThat(open(wish("2001:db8:" + i + "::1", "viewer-20" + i))).isEqualTo(ALLOWED);
        }
        assertThat(told).isEmpty();
        open(wish("2001:db8:3::1", "viewer-203"));
        assertThat(told).contains("spread 4 2001:db8:3:0:0:0:0:1");
        assertThat(admission.sessions()).as("all of the first are gone").hasSize(3);
    }
}
