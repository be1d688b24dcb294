// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.https.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import live.millrace.platform.https.Trouble;
import live.millrace.platform.https.internal.HttpsRows.Failed;
import live.millrace.platform.https.internal.HttpsRows.State;
import live.millrace.platform.https.internal.KeptCertificates.Kept;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When it is time, also where a clock was wrong for a while. */
class CertificateWorkTest {
    private static final Instant NOW = Instant.parse("2026-12-01T00:00:00Z");
    private static final KeyPair KEYS = KeyPairs.make();

    private static Kept made(Instant at) {
        // From a day before, for ninety days.
        return new Kept(1, "a.example", "d", List.of(SelfSigned.forNow(KEYS, "a.example", at)), KEYS);
    }

    private static State state(@Nullable Trouble trouble, @Nullable Instant next) {
        Failed failed = trouble == null ? null : new Failed(trouble, Way.HTTP, null, "", null, null, null);
        return new State(null, null, null, null, null, null, next, 0, List.of(), null, failed, null);
    }

    private static boolean due(@Nullable Trouble trouble, @Nullable Duration next, @Nullable Kept kept) {
        return CertificateWork.due(state(trouble, next == null ? null : NOW.plus(next)), kept, NOW);
    }

    @Test
    void withoutACertificateItIsTimeAtOnce() {
        assertThat(due(null, null, null)).isTrue();
        assertThat(due(null, Duration.ofDays(60), null))
                .as("what was there is gone")
                .isTrue();
    }

    @Test
    void aCertificateIsRenewedByItsOwnLife() {
        assertThat(due(null, null, made(NOW))).isFalse();
        assertThat(due(null, null, made(NOW.minus(Duration.ofDays(58))))).isFalse();
        assertThat(due(null, null, made(NOW.minus(Duration.ofDays(64))))).isTrue();
        // Written down while the clock was a year ahead.
        assertThat(due(null, Duration.ofDays(400), made(NOW.minus(Duration.ofDays(64)))))
                .isTrue();
        assertThat(due(null, Duration.ofDays(-400), made(NOW))).isFalse();
        assertThat(due(null, null, made(NOW.minus(Duration.ofDays(800))))).isTrue();
    }

    @Test
    void afterAFailureItIsTimeWhenItWasSaid() {
        assertThat(due(Trouble.CLOSED, Duration.ofMinutes(3), null)).isFalse();
        assertThat(due(Trouble.CLOSED, Duration.ofSeconds(-1), null)).isTrue();
        assertThat(due(Trouble.RATE, Duration.ofDays(7), null)).isFalse();
        assertThat(due(Trouble.CLOSED, Duration.ofDays(365), null))
                .as("nobody would choose that")
                .isTrue();
        assertThat(due(Trouble.CLOSED, null, made(NOW))).isTrue();
    }

    private static State begun(Duration ago, @Nullable Instant workingUntil) {
        return new State(null, null, null, null, workingUntil, NOW.minus(ago), null, 0, List.of(), null, null, null);
    }

    @Test
    void ordersAreAMinuteApartThoughNothingFailed() {
        Kept due = made(NOW.minus(Duration.ofDays(64)));
        assertThat(CertificateWork.due(begun(Duration.ofSeconds(20), null), due, NOW))
                .isFalse();
        assertThat(CertificateWork.due(begun(Duration.ofMinutes(2), null), due, NOW))
                .isTrue();
        assertThat(CertificateWork.due(begun(Duration.ofDays(-300), null), due, NOW))
                .as("its clock was ahead")
                .isTrue();
        assertThat(CertificateWork.due(begun(Duration.ofSeconds(20), null), null, NOW))
                .as("a person agreed a moment after the first look")
                .isTrue();
    }

    @Test
    void anOrderThatWasKilledIsNotBegunAgainAtOnce() {
        Instant until = NOW.plus(Duration.ofMinutes(7));
        assertThat(CertificateWork.due(begun(Duration.ofSeconds(20), until), null, NOW))
                .isFalse();
        assertThat(CertificateWork.due(begun(Duration.ofMinutes(2), until), null, NOW))
                .isTrue();
    }
}
