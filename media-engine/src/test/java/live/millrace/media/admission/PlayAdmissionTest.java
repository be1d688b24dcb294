// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import live.millrace.media.access.PlayAttempt;
import live.millrace.media.access.PlayDecision;
import live.millrace.media.access.PlayObserver;
import live.millrace.media.access.PlayRefusal;
import live.millrace.media.hub.StreamPath;
import org.junit.jupiter.api.Test;

/** Who invents viewers gets so many of them. */
class PlayAdmissionTest {
    private static final int PER_ADDRESS = 20;

    private final AtomicLong now = new AtomicLong();
    private int questions;

    private PlayAdmission admission(boolean nearby) {
        return new PlayAdmission(
                new PlayAdmission.Limits(PER_ADDRESS, nearby),
                _ -> {
                    questions++;
                    return CompletableFuture.completedStage(PlayDecision.UNLIMITED);
                },
                PlayObserver.NOBODY,
                InstantSource.system(),
                now::get);
    }

    private static final Optional<PlayRefusal> ALLOWED = Optional.empty();
    private static final Optional<PlayRefusal> TOO_MANY = Optional.of(PlayRefusal.TOO_MANY_SESSIONS);

    /** A wish to watch any channel. */
    private record Wish(InetSocketAddress remote, String viewerId, String userAgent) {
        PlayRequest to(String channel) {
            return new PlayRequest(
                    StreamPath.live(channel),
                    remote,
                    "hls",
                    Optional.of(viewerId).filter(id -> !id.isEmpty()),
                    false,
                    "",
                    userAgent);
        }
    }

    private static Wish visit(String address, String viewerId, String userAgent) {
        try {
            return new Wish(new InetSocketAddress(InetAddress.getByName(address), 1), viewerId, userAgent);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private static String id(int number) {
        return "viewer-" + (10_000 + number);
    }

    private static Optional<PlayRefusal> polled(PlayAdmission admission, String channel, Wish wish) {
        return refusal(admission.open(wish.to(channel)).toCompletableFuture().join());
    }

    private static Optional<PlayRefusal> refusal(Admission admission) {
        return admission instanceof Admission.Refused(PlayRefusal cause) ? Optional.of(cause) : Optional.empty();
    }

    @Test
    void newIdsMakeNoSessionsWithoutEnd() {
        PlayAdmission admission = admission(false);
        int refused = 0;
        for (int i = 0; i < 1_000; i++) {
            // In any channel, whatever the player calls itself, from anywhere in a subnet.
            Wish visit = visit("2001:db8:0:1::" + Integer.toHexString(i + 1), id(i), "player " + i);
            refused += polled(admission, "channel-" + i % 3, visit).equals(TOO_MANY) ? 1 : 0;
        }
        assertThat(refused).isEqualTo(1_000 - PER_ADDRESS);
        assertThat(admission.sessions()).hasSize(PER_ADDRESS);
        assertThat(questions).isEqualTo(PER_ADDRESS);
        assertThat(polled(admission, "channel-0", visit("2001:db8:0:1::1", id(0), "player 0")))
                .as("who is known goes on")
                .isEqualTo(ALLOWED);
        assertThat(polled(admission, "channel-0", visit("2001:db8:0:2::1", id(1_000), "")))
                .as("another address")
                .isEqualTo(ALLOWED);
    }

    @Test
    void thoseWhoLeftMakeRoom() {
        PlayAdmission admission = admission(false);
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < PER_ADDRESS; i++) {
                assertThat(polled(admission, "anna", visit("192.0.2.1", id(round * 100 + i), "")))
                        .isEqualTo(ALLOWED);
            }
            assertThat(polled(admission, "anna", visit("192.0.2.1", id(round * 100 + 99), "")))
                    .isEqualTo(TOO_MANY);
            now.addAndGet(TimeUnit.SECONDS.toNanos(31));
            admission.sweep();
        }
        for (int i = 0; i < PER_ADDRESS; i++) {
            polled(admission, "anna", visit("192.0.2.1", id(i), ""));
        }
        admission.ended(StreamPath.live("anna"));
        assertThat(polled(admission, "anna", visit("192.0.2.1", id(500), ""))).isEqualTo(ALLOWED);
    }

    @Test
    void proxiesBringManyUnlessTheConfigurationSaysOtherwise() {
        PlayAdmission open = admission(false);
        PlayAdmission closed = admission(true);
        for (int i = 0; i < 100; i++) {
            Wish visit = visit("10.0.0.1", id(i), "");
            assertThat(polled(open, "anna", visit)).isEqualTo(ALLOWED);
            polled(closed, "anna", visit);
        }
        assertThat(open.sessions()).hasSize(100);
        assertThat(closed.sessions()).hasSize(PER_ADDRESS);
    }

    @Test
    void aSocketBeyondTheLimitIsAViewerOfItsOwnAndGoesWithIt() {
        PlayAdmission admission = admission(false);
        for (int i = 0; i < 100; i++) {
            Admission seat = admission
                    .open(visit("192.0.2.1", id(i), "").to("anna"), () -> {})
                    .toCompletableFuture()
                    .join();
            ((Admission.Granted) seat).leave();
        }
        assertThat(admission.sessions()).hasSize(PER_ADDRESS);
    }

    // ---- a yes that comes late --------------------------------------------------------------------------------

    private final CompletableFuture<PlayDecision> answer = new CompletableFuture<>();
    private final List<PlayAttempt> stopped = new ArrayList<>();

    private PlayAdmission slowlyAnswered() {
        return new PlayAdmission(
                new PlayAdmission.Limits(PER_ADDRESS, false),
                _ -> answer,
                stopped::add,
                InstantSource.system(),
                now::get);
    }

    @Test
    void aYesForWhoeverLeftIsTakenBack() {
        PlayAdmission admission = slowlyAnswered();
        var _ = admission.open(visit("192.0.2.1", id(1), "").to("anna"));
        admission.ended(StreamPath.live("anna"));
        assertThat(stopped).isEmpty();
        answer.complete(PlayDecision.UNLIMITED);
        assertThat(stopped).hasSize(1);
        admission.close();
        assertThat(stopped).hasSize(1);
    }

    @Test
    void aNoForWhoeverLeftIsNothingToTell() {
        PlayAdmission admission = slowlyAnswered();
        var _ = admission.open(visit("192.0.2.1", id(1), "").to("anna"));
        admission.close();
        answer.complete(PlayDecision.NOT_ALLOWED);
        assertThat(stopped).isEmpty();
    }

    // ---- a time that ends -------------------------------------------------------------------------------------

    private final AtomicReference<Instant> time = new AtomicReference<>(Instant.EPOCH);
    private final List<CompletableFuture<PlayDecision>> questionsAsked = new ArrayList<>();

    private PlayAdmission timed() {
        return new PlayAdmission(
                new PlayAdmission.Limits(PER_ADDRESS, false),
                _ -> {
                    CompletableFuture<PlayDecision> question = new CompletableFuture<>();
                    questionsAsked.add(question);
                    return question;
                },
                stopped::add,
                time::get,
                now::get);
    }

    private static PlayDecision until(int second) {
        return new PlayDecision.Granted(Optional.of(Instant.ofEpochSecond(second)), Integer.MAX_VALUE);
    }

    @Test
    void aGrantThatEndsIsAskedAboutAgainBefore() {
        PlayAdmission admission = timed();
        var opening = admission.open(visit("192.0.2.1", id(1), "").to("anna")).toCompletableFuture();
        questionsAsked.getFirst().complete(until(60));
        Admission.Granted granted = (Admission.Granted) opening.join();
        time.set(Instant.ofEpochSecond(49));
        admission.sweep();
        assertThat(questionsAsked).hasSize(1);
        time.set(Instant.ofEpochSecond(51));
        admission.sweep();
        admission.sweep();
        assertThat(questionsAsked).as("once").hasSize(2);
        assertThat(granted.check()).as("while there is no answer").isTrue();
        questionsAsked.get(1).complete(until(120));
        time.set(Instant.ofEpochSecond(61));
        admission.sweep();
        assertThat(granted.check()).isTrue();
        assertThat(questionsAsked).hasSize(2);
        time.set(Instant.ofEpochSecond(115));
        admission.sweep();
        questionsAsked.get(2).complete(PlayDecision.NOT_ALLOWED);
        assertThat(granted.check()).isFalse();
        assertThat(stopped).hasSize(1);
    }

    @Test
    void aGrantThatNobodyRenewsEndsAndClosesItsSockets() {
        PlayAdmission admission = timed();
        List<String> closed = new ArrayList<>();
        var opening = admission
                .open(visit("192.0.2.1", id(1), "").to("anna"), () -> closed.add("socket"))
                .toCompletableFuture();
        questionsAsked.getFirst().complete(until(60));
        Admission.Granted granted = (Admission.Granted) opening.join();
        time.set(Instant.ofEpochSecond(55));
        admission.sweep();
        questionsAsked.get(1).completeExceptionally(new IllegalStateException("away"));
        assertThat(granted.check()).isTrue();
        time.set(Instant.ofEpochSecond(60));
        admission.sweep();
        assertThat(granted.check()).isFalse();
        assertThat(closed).containsExactly("socket");
        assertThat(admission.refusals().of(PlayRefusal.EXPIRED)).isEqualTo(1);
    }

    @Test
    void aSessionHoldsAsManySocketsAsItWasAllowed() {
        PlayAdmission admission = timed();
        Wish wish = visit("192.0.2.1", id(1), "");
        var first = admission.open(wish.to("anna"), () -> {}).toCompletableFuture();
        questionsAsked.getFirst().complete(new PlayDecision.Granted(Optional.empty(), 1));
        assertThat(refusal(admission
                        .open(wish.to("anna"), () -> stopped.clear())
                        .toCompletableFuture()
                        .join()))
                .contains(PlayRefusal.TOO_MANY_SOCKETS);
        ((Admission.Granted) first.join()).leave();
        assertThat(refusal(admission
                        .open(wish.to("anna"), () -> {})
                        .toCompletableFuture()
                        .join()))
                .isEqualTo(ALLOWED);
    }

    // ---- pieces ------------------------------------------------------------------------------------------------

    @Test
    void piecesAreForThoseWhoseSessionWasAllowedByIdOrByLook() {
        PlayAdmission admission = timed();
        Wish viewer = visit("192.0.2.1", id(1), "player");
        Wish alike = visit("192.0.2.1", "", "player");
        assertThat(refusal(admission.find(alike.to("anna")))).contains(PlayRefusal.NO_SESSION);
        var opening = admission.open(viewer.to("anna")).toCompletableFuture();
        assertThat(refusal(admission.find(viewer.to("anna")))).as("not yet").contains(PlayRefusal.NO_SESSION);
        questionsAsked.getFirst().complete(PlayDecision.UNLIMITED);
        assertThat(refusal(admission.find(viewer.to("anna")))).isEqualTo(ALLOWED);
        assertThat(refusal(admission.find(alike.to("anna")))).isEqualTo(ALLOWED);
        assertThat(refusal(admission.find(alike.to("bella"))))
                .as("another stream")
                .contains(PlayRefusal.NO_SESSION);
        assertThat(refusal(admission.find(visit("192.0.2.1", "", "another").to("anna"))))
                .contains(PlayRefusal.NO_SESSION);
        assertThat(refusal(admission.find(visit("192.0.2.2", "", "player").to("anna"))))
                .contains(PlayRefusal.NO_SESSION);
        admission.open(visit("192.0.2.2", id(1), "player").to("anna"));
        assertThat(refusal(admission.find(visit("192.0.2.2", "", "player").to("anna"))))
                .as("a viewer whose address changed")
                .isEqualTo(ALLOWED);
        admission.revoke(((Admission.Granted) opening.join()).sessionId());
        assertThat(refusal(admission.find(viewer.to("anna")))).contains(PlayRefusal.REVOKED);
        assertThat(refusal(admission.find(visit("192.0.2.2", "", "player").to("anna"))))
                .contains(PlayRefusal.NO_SESSION);
        assertThat(stopped).hasSize(1);
    }
}
