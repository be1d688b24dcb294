// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.srt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import live.millrace.media.testing.SrtScript;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Handshakes, packet by packet. */
class SrtCallersTest {
    private static final int CONCLUSION = SrtScript.CONCLUSION;
    private static final int PAYLOAD = 1_316;

    /** Nothing comes: a later answer comes first. */
    private static final int SHORT_MILLIS = 1;

    @TempDir
    Path folder;

    private SrtScene scene;

    @BeforeEach
    void start() {
        scene = new SrtScene(folder, Optional.empty(), Duration.ofMillis(120));
    }

    @AfterEach
    void stop() {
        scene.close();
    }

    private SrtTallies tallies() {
        return scene.engine().endpoint(SrtEndpoint.class).tallies();
    }

    private int connections() {
        return scene.engine().endpoint(SrtEndpoint.class).connections();
    }

    @Test
    void aFirstHandshakeLeavesNothingBehindAndItsAnswerIsNoLonger() throws Exception {
        try (SrtScript caller = new SrtScript(scene.port())) {
            byte[] first = SrtScript.handshake(4, 2, 1, 0);
            caller.send(first);
            assertThat(caller.awaitHandshake()).hasSize(first.length);
            assertThat(connections()).isZero();
        }
    }

    @Test
    void aForgedCookieIsNotAnswered() throws Exception {
        try (SrtScript caller = new SrtScript(scene.port())) {
            int cookie = caller.cookie();
            caller.send(SrtScript.handshake(5, 5, CONCLUSION, cookie + 1, SrtScript.wishes("live/anna")));
            Wait.until("it is seen", () -> tallies().handshakes().of(SrtTallies.Handshake.BAD_COOKIE) == 1);
            assertThat(caller.receive(SHORT_MILLIS)).isEmpty();
            assertThat(connections()).isZero();
        }
    }

    /** An answer may be lost: the same question has the same answer, and one connection. */
    @Test
    void aRepeatedConclusionHasTheSameAnswer() throws Exception {
        try (SrtScript caller = new SrtScript(scene.port())) {
            byte[] conclusion =
                    SrtScript.handshake(5, 5, CONCLUSION, caller.cookie(), SrtScript.wishes("publish:live/anna"));
            List<byte[]> answers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                caller.send(conclusion);
                answers.add(caller.awaitHandshake());
            }
            assertThat(SrtScript.typeOf(answers.getFirst())).isEqualTo(CONCLUSION);
            for (byte[] answer : answers) {
                answer[8] = answer[9] = answer[10] = answer[11] = 0; // when it was sent
                assertThat(answer).isEqualTo(answers.getFirst());
            }
            assertThat(connections()).isEqualTo(1);
            assertThat(tallies().handshakes().of(SrtTallies.Handshake.ACCEPTED)).isEqualTo(1);
        }
    }

    @Test
    void refusalsHaveTheirCodes() throws Exception {
        assertThat(conclude("#!::r=live/anna,m=bidirectional")).isEqualTo(2_405);
        assertThat(conclude("#!::m")).isEqualTo(2_400);
        assertThat(conclude("")).as("ant-media #4480: no stream id").isEqualTo(2_400);
        assertThat(conclude("read:live/nobody")).isEqualTo(2_404);
        try (SrtScript old = new SrtScript(scene.port())) {
            old.send(SrtScript.handshake(4, 1, CONCLUSION, old.cookie()));
            assertThat(SrtScript.typeOf(old.awaitHandshake()))
                    .as("libsrt before 1.3")
                    .isEqualTo(1_008);
        }
    }

    private int conclude(String streamId) throws Exception {
        try (SrtScript caller = new SrtScript(scene.port())) {
            return caller.conclude(streamId);
        }
    }

    @Test
    void oneWhoTakesOverSendsTheOtherAway() throws Exception {
        try (SrtScript first = new SrtScript(scene.port());
                SrtScript second = new SrtScript(scene.port())) {
            assertThat(first.conclude("publish:live/anna")).isEqualTo(CONCLUSION);
            assertThat(second.conclude("publish:live/anna")).isEqualTo(CONCLUSION);
            first.awaitShutdown();
            Wait.until("the other is left", () -> connections() == 1);
        }
    }

    @Test
    void whoIsKickedHearsGoodbye() throws Exception {
        try (SrtScript caller = new SrtScript(scene.port())) {
            assertThat(caller.conclude("publish:live/anna")).isEqualTo(CONCLUSION);
            Wait.until("it is there", () -> scene.isLive("anna"));
            assertThat(scene.engine().control().end("anna")).isTrue();
            caller.awaitShutdown();
            Wait.until("it is gone", () -> connections() == 0);
        }
    }

    /** Only the next picture could tell that this one is over; a pause does as well. */
    @Test
    void theLastPictureBeforeAPauseIsNotKeptBack() throws Exception {
        try (SrtScript caller = new SrtScript(scene.port())) {
            assertThat(caller.conclude("publish:live/anna")).isEqualTo(CONCLUSION);
            send(caller, onePicture(golden()));
            Wait.until(
                    "the picture",
                    () -> scene.engine().control().stream("anna")
                            .filter(status -> status.statistics().frames() > 0)
                            .isPresent());
            assertThat(connections()).as("it is still there").isEqualTo(1);
        }
    }

    /** A transport stream up to its second picture. */
    private static byte[] onePicture(byte[] stream) {
        int pictures = 0;
        for (int at = 0; at < stream.length; at += 188) {
            boolean begins = (stream[at + 1] & 0x5F) == 0x41 && stream[at + 2] == 0;
            pictures += begins ? 1 : 0;
            if (pictures == 2) {
                return Arrays.copyOf(stream, at);
            }
        }
        throw new AssertionError("one picture at most");
    }

    private static byte[] golden() throws Exception {
        try (InputStream in = SrtCallersTest.class.getResourceAsStream("/golden/ts/h264-aac.ts.bin")) {
            return in.readAllBytes();
        }
    }

    private static void send(SrtScript caller, byte[] stream) throws Exception {
        int sequence = SrtScript.FIRST_SEQUENCE;
        for (int at = 0; at < stream.length; at += PAYLOAD) {
            caller.data(sequence++, Arrays.copyOfRange(stream, at, Math.min(stream.length, at + PAYLOAD)));
        }
    }

    /** The goodbye would have it throw away what it still waits for. */
    @Test
    void aPlayerHasWhatWasSentBeforeTheGoodbye() throws Exception {
        try (SrtScript publisher = new SrtScript(scene.port());
                SrtScript player = new SrtScript(scene.port())) {
            assertThat(publisher.conclude("publish:live/anna")).isEqualTo(CONCLUSION);
            send(publisher, golden());
            assertThat(player.conclude("read:live/anna")).isEqualTo(CONCLUSION);
            player.awaitData();
            assertThat(scene.engine().control().end("anna")).isTrue();
            assertThat(player.awaitShutdown())
                    .as("sent again, since nothing was acknowledged")
                    .isPositive();
            Wait.until("it is gone", () -> connections() == 0);
        }
    }

    @Test
    void aPlayerWhoHasItAllHearsGoodbyeAtOnce() throws Exception {
        try (SrtScript publisher = new SrtScript(scene.port());
                SrtScript player = new SrtScript(scene.port())) {
            assertThat(publisher.conclude("publish:live/anna")).isEqualTo(CONCLUSION);
            send(publisher, golden());
            assertThat(player.conclude("read:live/anna")).isEqualTo(CONCLUSION);
            int next = player.awaitQuiet();
            player.control(2, next, 1_000, 500, 8_192);
            assertThat(scene.engine().control().end("anna")).isTrue();
            assertThat(player.awaitShutdown()).isZero();
        }
    }

    @Test
    void aServerThatGoesDownSaysGoodbye() throws Exception {
        try (SrtScript caller = new SrtScript(scene.port())) {
            assertThat(caller.conclude("publish:live/anna")).isEqualTo(CONCLUSION);
            scene.engine().drain(Duration.ofSeconds(5));
            caller.awaitShutdown();
        }
    }

    @Test
    void whoSaysGoodbyeIsGone() throws Exception {
        try (SrtScript caller = new SrtScript(scene.port())) {
            assertThat(caller.conclude("publish:live/anna")).isEqualTo(CONCLUSION);
            caller.control(5, 0);
            Wait.until("it is gone", () -> connections() == 0);
        }
    }

    /** Whoever knows the number of another's connection, and sends from elsewhere, is not heard. */
    @Test
    void packetsFromElsewhereAreNotHeard() throws Exception {
        try (SrtScript caller = new SrtScript(scene.port());
                SrtScript thief = new SrtScript(scene.port())) {
            assertThat(caller.conclude("publish:live/anna")).isEqualTo(CONCLUSION);
            thief.as(caller).control(5, 0);
            assertThat(thief.conclude("read:live/nobody")).isEqualTo(2_404); // its goodbye was read before
            assertThat(scene.isLive("anna")).isTrue();
        }
    }
}
