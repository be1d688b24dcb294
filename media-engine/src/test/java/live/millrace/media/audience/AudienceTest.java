// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.audience;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import live.millrace.media.access.PlayAttempt;
import live.millrace.media.access.PlayObserver;
import live.millrace.media.hub.StreamPath;
import org.junit.jupiter.api.Test;

/** Who invents viewers gets so many of them. */
class AudienceTest {
    private static final int PER_ADDRESS = 20;

    private final AtomicLong now = new AtomicLong();
    private int questions;

    private Audience audience(boolean nearby) {
        return new Audience(
                new Audience.Limits(PER_ADDRESS, nearby),
                _ -> {
                    questions++;
                    return CompletableFuture.completedStage(true);
                },
                PlayObserver.NOBODY,
                InstantSource.system(),
                now::get);
    }

    private static Visit visit(String address, String viewerId, String userAgent) {
        try {
            return new Visit(
                    new InetSocketAddress(InetAddress.getByName(address), 1),
                    "hls",
                    Optional.of(viewerId),
                    false,
                    "",
                    userAgent);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private static String id(int number) {
        return "viewer-" + (10_000 + number);
    }

    private static Audience.Admission polled(Audience audience, String channel, Visit visit) {
        return audience.polled(StreamPath.live(channel), visit)
                .toCompletableFuture()
                .join();
    }

    @Test
    void newIdsMakeNoSessionsWithoutEnd() {
        Audience audience = audience(false);
        int refused = 0;
        for (int i = 0; i < 1_000; i++) {
            // In any channel, whatever the player calls itself, from anywhere in a subnet.
            Visit visit = visit("2001:db8:0:1::" + Integer.toHexString(i + 1), id(i), "player " + i);
            refused += polled(audience, "channel-" + i % 3, visit) == Audience.Admission.TOO_FAST ? 1 : 0;
        }
        assertThat(refused).isEqualTo(1_000 - PER_ADDRESS);
        assertThat(audience.sessions()).hasSize(PER_ADDRESS);
        assertThat(questions).isEqualTo(PER_ADDRESS);
        assertThat(polled(audience, "channel-0", visit("2001:db8:0:1::1", id(0), "player 0")))
                .as("who is known goes on")
                .isEqualTo(Audience.Admission.ALLOWED);
        assertThat(polled(audience, "channel-0", visit("2001:db8:0:2::1", id(1_000), "")))
                .as("another address")
                .isEqualTo(Audience.Admission.ALLOWED);
    }

    @Test
    void thoseWhoLeftMakeRoom() {
        Audience audience = audience(false);
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < PER_ADDRESS; i++) {
                assertThat(polled(audience, "anna", visit("192.0.2.1", id(round * 100 + i), "")))
                        .isEqualTo(Audience.Admission.ALLOWED);
            }
            assertThat(polled(audience, "anna", visit("192.0.2.1", id(round * 100 + 99), "")))
                    .isEqualTo(Audience.Admission.TOO_FAST);
            now.addAndGet(TimeUnit.SECONDS.toNanos(31));
            audience.sweep();
        }
        for (int i = 0; i < PER_ADDRESS; i++) {
            polled(audience, "anna", visit("192.0.2.1", id(i), ""));
        }
        audience.ended(StreamPath.live("anna"));
        assertThat(polled(audience, "anna", visit("192.0.2.1", id(500), ""))).isEqualTo(Audience.Admission.ALLOWED);
    }

    @Test
    void proxiesBringManyUnlessTheConfigurationSaysOtherwise() {
        Audience open = audience(false);
        Audience closed = audience(true);
        for (int i = 0; i < 100; i++) {
            Visit visit = visit("10.0.0.1", id(i), "");
            assertThat(polled(open, "anna", visit)).isEqualTo(Audience.Admission.ALLOWED);
            polled(closed, "anna", visit);
        }
        assertThat(open.sessions()).hasSize(100);
        assertThat(closed.sessions()).hasSize(PER_ADDRESS);
    }

    @Test
    void aSocketBeyondTheLimitIsAViewerOfItsOwnAndGoesWithIt() {
        Audience audience = audience(false);
        for (int i = 0; i < 100; i++) {
            Audience.Seat seat = audience.entered(StreamPath.live("anna"), visit("192.0.2.1", id(i), ""), () -> {})
                    .toCompletableFuture()
                    .join()
                    .orElseThrow();
            seat.leave();
        }
        assertThat(audience.sessions()).hasSize(PER_ADDRESS);
    }

    // ---- a yes that comes late --------------------------------------------------------------------------------

    private final CompletableFuture<Boolean> answer = new CompletableFuture<>();
    private final List<PlayAttempt> stopped = new ArrayList<>();

    private Audience slowlyAnswered() {
        return new Audience(
                new Audience.Limits(PER_ADDRESS, false), _ -> answer, stopped::add, InstantSource.system(), now::get);
    }

    @Test
    void aYesForWhoeverLeftIsTakenBack() {
        Audience audience = slowlyAnswered();
        var _ = audience.polled(StreamPath.live("anna"), visit("192.0.2.1", id(1), ""));
        audience.ended(StreamPath.live("anna"));
        assertThat(stopped).isEmpty();
        answer.complete(true);
        assertThat(stopped).hasSize(1);
        audience.close();
        assertThat(stopped).hasSize(1);
    }

    @Test
    void aNoForWhoeverLeftIsNothingToTell() {
        Audience audience = slowlyAnswered();
        var _ = audience.polled(StreamPath.live("anna"), visit("192.0.2.1", id(1), ""));
        audience.close();
        answer.complete(false);
        assertThat(stopped).isEmpty();
    }
}
