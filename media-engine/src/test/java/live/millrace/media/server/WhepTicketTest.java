// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import live.millrace.media.access.PlayTicket;
import live.millrace.media.endpoint.webrtc.WebrtcEndpoint;
import live.millrace.media.endpoint.webrtc.WhepPeer;
import live.millrace.media.testing.Beside;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A channel for invited eyes, watched by WHEP. */
class WhepTicketTest {
    private static final String PATH = "/live/anna/whep";

    @TempDir
    Path directory;

    private TicketScene scene;

    @BeforeEach
    void start() throws Exception {
        scene = new TicketScene(directory);
    }

    @AfterEach
    void stop() {
        scene.close();
    }

    private WhepPeer watches(PlayTicket ticket) throws Exception {
        WhepPeer peer = new WhepPeer(scene.engine.port("http"));
        peer.watches(TicketScene.below(ticket) + PATH);
        Wait.until("pictures come", () -> !peer.came(WhepPeer.VIDEO).isEmpty());
        return peer;
    }

    @Test
    void aTicketThatIsTakenBackEndsItsViewerAndNobodyElse() throws Exception {
        PlayTicket ticket = scene.invite();
        try (WhepPeer mine = watches(ticket);
                WhepPeer other = watches(scene.invite())) {
            assertThat(scene.revoke(ticket)).isEqualTo(1);
            Wait.until("goodbye is said", () -> mine.said.contains("the peer said goodbye"));
            int until = mine.came.size();
            int before = other.came.size();
            Wait.until("another's goes on", () -> other.came.size() > before + 20);
            assertThat(mine.came).hasSize(until);
            assertThat(other.said).isEmpty();
            assertThat(scene.engine.endpoint(WebrtcEndpoint.class).connections())
                    .isEqualTo(1);
        }
    }

    private CompletableFuture<Integer> asked(WhepPeer peer, String below) {
        return Beside.supply(() -> {
            try {
                return peer.post(below + PATH, Optional.empty(), "application/sdp", peer.offer())
                        .statusCode();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** As of a channel that is not there: who waits for one cannot tell them apart. */
    @Test
    void withoutTheRightTicketNothingIsThere() throws Exception {
        PlayTicket taken = scene.invite();
        scene.revoke(taken);
        try (WhepPeer peer = new WhepPeer(scene.engine.port("http"))) {
            CompletableFuture<Integer> none = asked(peer, "");
            CompletableFuture<Integer> back = asked(peer, TicketScene.below(taken));
            CompletableFuture<Integer> wrong = asked(peer, "/t/nobodys-ticket");
            assertThat(asked(peer, TicketScene.below(scene.invite())).get(10, TimeUnit.SECONDS))
                    .isEqualTo(201);
            assertThat(none.get(30, TimeUnit.SECONDS)).isEqualTo(404);
            assertThat(back.get(30, TimeUnit.SECONDS)).isEqualTo(404);
            assertThat(wrong.get(30, TimeUnit.SECONDS)).isEqualTo(404);
        }
    }
}
