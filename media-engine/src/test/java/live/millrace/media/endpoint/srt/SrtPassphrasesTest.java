// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.srt;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import live.millrace.media.access.Passphrase;
import live.millrace.media.access.PublishAttempt;
import live.millrace.media.access.PublishDecision;
import live.millrace.media.access.PublishEnd;
import live.millrace.media.access.PublishObserver;
import live.millrace.media.access.RefusalCause;
import live.millrace.media.protocol.srt.SrtKeys;
import live.millrace.media.server.EnginePorts;
import live.millrace.media.server.MediaEngine;
import live.millrace.media.testing.OpenEngine;
import live.millrace.media.testing.SrtScript;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who has to encrypt, with which passphrase, and what everybody else is told. */
class SrtPassphrasesTest {
    private static final int YES = SrtScript.CONCLUSION;
    private static final int BAD_SECRET = 1_010;
    private static final int UNSECURE = 1_011;
    private static final int CRYPTO = 1_017;
    private static final int FORBIDDEN = 2_403;

    private static final String OWN = "four wet otters";
    private static final String OF_SERVER = "three quiet herons";

    /** More than a network may have half open, or any address may be refused in a minute. */
    private static final int MANY = 120;

    @TempDir
    Path folder;

    private final List<String> told = new CopyOnWriteArrayList<>();
    private MediaEngine engine;

    /** The key {@code own} has a passphrase, {@code plain} has none; both are for a channel of their name. */
    private void start(Optional<String> ofServer) {
        PublishObserver observer = new PublishObserver() {
            @Override
            public void refused(PublishAttempt attempt, RefusalCause cause, Optional<PublishDecision.Granted> granted) {
                told.add(cause + granted.map(grant -> " of " + grant.name()).orElse(""));
            }

            @Override
            public void started(PublishAttempt attempt, PublishDecision.Granted granted) {
                told.add("started " + granted.name());
            }

            @Override
            public void ended(PublishAttempt attempt, PublishDecision.Granted granted, PublishEnd end) {}
        };
        engine = MediaEngine.start(
                OpenEngine.config(folder).with(new SrtConfig("127.0.0.1", 0, Duration.ofMillis(120), ofServer)),
                EnginePorts.openToViewers(
                        attempt -> CompletableFuture.completedStage(
                                switch (attempt.key().orElseThrow().secret()) {
                                    case "own" ->
                                        new PublishDecision.Granted("own", "1")
                                                .encryptedWith(Optional.of(new Passphrase(OWN)));
                                    case "plain" -> new PublishDecision.Granted("plain", "2");
                                    default -> new PublishDecision.Refused(RefusalCause.UNKNOWN_KEY);
                                }),
                        observer,
                        OpenEngine.DEAF));
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    private SrtScript caller() throws Exception {
        return new SrtScript(engine.port(SrtEndpoint.SCHEME));
    }

    private static byte[] keys(String passphrase) {
        return SrtKeys.fresh(16, new SecureRandom()).under(passphrase).wrap();
    }

    private int publish(String key, String passphrase) throws Exception {
        return conclude(SrtScript.wishes("publish:live/" + key, keys(passphrase)));
    }

    private int publish(String key) throws Exception {
        return conclude(SrtScript.wishes("publish:live/" + key));
    }

    private int conclude(byte[] wishes) throws Exception {
        try (SrtScript caller = caller()) {
            int answer = caller.conclude(wishes);
            if (answer == YES) {
                caller.control(5, 0);
                Wait.until("it is gone", () -> connections() == 0);
            }
            return answer;
        }
    }

    /** The caller hears its answer first. */
    private void awaitTold(String... expected) throws Exception {
        Wait.until("they are told", () -> told.size() >= expected.length);
        assertThat(told).containsExactly(expected);
    }

    private int connections() {
        return engine.endpoint(SrtEndpoint.class).connections();
    }

    @Test
    void aKeysOwnPassphraseIsAskedForAndNoOther() throws Exception {
        start(Optional.empty());
        assertThat(publish("own", "another of no use")).isEqualTo(BAD_SECRET);
        assertThat(publish("own")).isEqualTo(UNSECURE);
        assertThat(publish("own", OWN)).isEqualTo(YES);
        awaitTold("WRONG_PASSPHRASE of own", "PASSPHRASE_MISSING of own", "started own");
    }

    @Test
    void aKeyWithoutOneIsNotEncryptedUnlessTheServerSaysSo() throws Exception {
        start(Optional.empty());
        assertThat(publish("plain", OWN)).isEqualTo(UNSECURE);
        assertThat(publish("plain")).isEqualTo(YES);
        awaitTold("PASSPHRASE_UNWANTED of plain", "started plain");
    }

    @Test
    void theServersCountsForKeysThatHaveNone() throws Exception {
        start(Optional.of(OF_SERVER));
        assertThat(publish("plain")).isEqualTo(UNSECURE);
        assertThat(publish("plain", OWN)).isEqualTo(BAD_SECRET);
        assertThat(publish("plain", OF_SERVER)).isEqualTo(YES);
        assertThat(publish("own", OF_SERVER)).isEqualTo(BAD_SECRET);
        assertThat(publish("own", OWN)).isEqualTo(YES);
    }

    /** Whether a passphrase is right is for those to know who have the key. */
    @Test
    void aWrongKeyIsAnsweredTheSameWhateverItEncryptsWith() throws Exception {
        start(Optional.of(OF_SERVER));
        assertThat(publish("nobody")).isEqualTo(FORBIDDEN);
        assertThat(publish("nobody", OWN)).isEqualTo(FORBIDDEN);
        assertThat(publish("nobody", OF_SERVER)).isEqualTo(FORBIDDEN);
        assertThat(told).containsOnly("UNKNOWN_KEY");
    }

    @Test
    void playersHaveTheServersOrNone() throws Exception {
        start(Optional.of(OF_SERVER));
        assertThat(conclude(SrtScript.wishes("read:live/own"))).isEqualTo(UNSECURE);
        assertThat(conclude(SrtScript.wishes("read:live/own", keys(OWN)))).isEqualTo(BAD_SECRET);
        assertThat(conclude(SrtScript.wishes("read:live/own", keys(OF_SERVER))))
                .as("nobody publishes")
                .isEqualTo(2_404);
    }

    @Test
    void encryptionThatIsNotSpokenIsNamed() throws Exception {
        start(Optional.empty());
        byte[] gcm = keys(OWN);
        gcm[8] = 4;
        assertThat(conclude(SrtScript.wishes("publish:live/own", gcm))).isEqualTo(CRYPTO);
        byte[] broken = keys(OWN);
        broken[14] = 1;
        assertThat(conclude(SrtScript.wishes("publish:live/own", broken))).isEqualTo(1_004);
        awaitTold("UNKNOWN_ENCRYPTION of own", "PEER_LEFT of own");
    }

    /** A caller that did not hear its no asks again: that is one attempt, and one line in a log. */
    @Test
    void aRepeatedQuestionHasTheSameNoAndIsAskedOnce() throws Exception {
        start(Optional.empty());
        try (SrtScript caller = caller()) {
            byte[] conclusion = SrtScript.handshake(
                    5, 7, YES, caller.cookie(), SrtScript.wishes("publish:live/own", keys("another of no use")));
            for (int i = 0; i < 3; i++) {
                caller.send(conclusion);
                assertThat(SrtScript.typeOf(caller.awaitHandshake())).isEqualTo(BAD_SECRET);
                assertThat(connections()).isZero();
            }
        }
        awaitTold("WRONG_PASSPHRASE of own");
    }

    /** They shut the whole network out that they are in: fifty of them counted for five seconds. */
    @Test
    void whoWasRefusedTakesNobodysPlace() throws Exception {
        start(Optional.empty());
        for (int i = 0; i < MANY; i++) {
            assertThat(publish("nobody")).isEqualTo(FORBIDDEN);
        }
        assertThat(publish("plain")).isEqualTo(YES);
        assertThat(engine.endpoint(SrtEndpoint.class).tallies().handshakes().of(SrtTallies.Handshake.TOO_MANY))
                .isZero();
    }
}
