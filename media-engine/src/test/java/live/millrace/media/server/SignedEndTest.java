// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import live.millrace.media.access.PlayTicket;
import live.millrace.media.testing.Beside;
import live.millrace.media.testing.LeakExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What addresses for caches are worth when somebody who was given one is sent away: nothing, for everybody, at once. */
@ExtendWith(LeakExtension.class)
class SignedEndTest {
    private static final Duration MOST = Duration.ofSeconds(5);
    private static final int LARGE = 100_000;

    @TempDir
    Path directory;

    private TicketScene scene;

    @BeforeEach
    void start() throws Exception {
        scene = new TicketScene(directory, LARGE);
    }

    @AfterEach
    void stop() {
        scene.close();
    }

    private int status(String path) throws IOException {
        return scene.get(path).status();
    }

    @Test
    void allOfThemEndWithOneAndWhoStaysIsGivenAnother() throws Exception {
        PlayTicket stays = scene.invite();
        PlayTicket goes = scene.invite();
        String before = scene.signed(stays);
        String video = scene.signedVideo(stays);
        assertThat(scene.signed(goes)).isEqualTo(before);
        assertThat(status(before + "/live/anna/v0.m3u8")).isEqualTo(200);
        assertThat(scene.revoke(goes)).isPositive();
        assertThat(status(before + "/live/anna/v0.m3u8")).isEqualTo(404);
        assertThat(status(video + "/videos/" + TicketScene.VIDEO + "/v0.m3u8"))
                .as("one channel has one epoch")
                .isEqualTo(404);
        assertThat(status(TicketScene.below(goes) + "/live/anna/signed.json")).isEqualTo(404);
        String after = scene.signed(stays);
        assertThat(after).isNotEqualTo(before);
        assertThat(status(after + "/live/anna/v0.m3u8")).isEqualTo(200);
        assertThat(status(scene.signedVideo(stays) + "/videos/" + TicketScene.VIDEO + "/v0.m3u8"))
                .isEqualTo(200);
    }

    /** Else whoever comes and goes would have everybody ask anew. */
    @Test
    void whoWasGivenNoneEndsNone() throws Exception {
        PlayTicket stays = scene.invite();
        PlayTicket goes = scene.invite();
        String signed = scene.signed(stays);
        assertThat(status(TicketScene.below(goes) + "/live/anna.m3u8")).isEqualTo(200);
        assertThat(scene.revoke(goes)).isPositive();
        assertThat(status(signed + "/live/anna/v0.m3u8")).isEqualTo(200);
        assertThat(scene.signed(stays)).isEqualTo(signed);
    }

    @Test
    void whatIsWaitedForIsAnsweredWithTheRefusal() throws Exception {
        PlayTicket ticket = scene.invite();
        String playlist = scene.signed(ticket) + "/live/anna/v0.m3u8";
        scene.hush();
        String text = scene.text(playlist);
        long next = Long.parseLong(TicketScene.first(text, "#EXT-X-MEDIA-SEQUENCE:(\\d+)"))
                + text.lines().filter(line -> line.startsWith("#EXTINF")).count();
        try (Socket socket = scene.connect()) {
            TicketScene.say(socket, "GET", playlist + "?_HLS_msn=" + (next + 1), "");
            CompletableFuture<TicketScene.Answer> answer = Beside.supply(() -> {
                try {
                    return TicketScene.Answer.read(socket.getInputStream(), false);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            assertThatThrownBy(() -> answer.get(300, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            assertThat(scene.revoke(ticket)).isPositive();
            TicketScene.Answer refused = answer.get(MOST.toMillis(), TimeUnit.MILLISECONDS);
            assertThat(refused.status()).isEqualTo(404);
            assertThat(refused.headers()).containsEntry("cache-control", "private, no-store");
            assertThat(refused.body()).isEqualTo("This channel is not live.\n");
        }
    }

    @Test
    void whatIsBeingSentEndsInTheMiddle() throws Exception {
        PlayTicket ticket = scene.invite();
        String below = scene.signed(ticket);
        String path = below + "/live/anna/"
                + TicketScene.first(scene.text(below + "/live/anna/v0.m3u8"), "\n([^#\n]+\\.m4s)");
        try (Socket slow = new Socket()) {
            slow.setReceiveBufferSize(4_096);
            slow.setSoTimeout(30_000);
            slow.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), scene.engine.port("http")));
            TicketScene.say(slow, "GET", path, "");
            InputStream in = slow.getInputStream();
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) in.read());
            }
            assertThat(head).startsWith("HTTP/1.1 200");
            long length = Long.parseLong(TicketScene.first(head.toString(), "content-length: (\\d+)"));
            assertThat(scene.revoke(ticket)).isPositive();
            CompletableFuture<Long> rest = Beside.supply(() -> {
                long count = 0;
                byte[] buffer = new byte[4_096];
                try {
                    for (int some = in.read(buffer); some >= 0; some = in.read(buffer)) {
                        count += some;
                    }
                } catch (IOException reset) {
                    return count;
                }
                return count;
            });
            assertThat(rest.get(MOST.toMillis(), TimeUnit.MILLISECONDS))
                    .as("of %s", length)
                    .isLessThan(length / 2);
        }
    }

    /** By the one that asks for addresses: the caches are nobody. */
    @Test
    void viewersAreCountedByTheirTickets() throws Exception {
        PlayTicket ticket = scene.invite();
        String asking = TicketScene.below(ticket) + "/live/anna/signed.json?v=viewer-one";
        assertThat(status(asking)).isEqualTo(200);
        String below = scene.signed(ticket);
        for (int i = 0; i < 3; i++) {
            scene.text(below + "/live/anna/v0.m3u8");
        }
        assertThat(scene.engine.playSessions())
                .filteredOn(session -> session.attempt().parameters().contains("viewer-one"))
                .hasSize(1);
        assertThat(scene.engine.playSessions())
                .allMatch(session -> session.attempt().bears(ticket.hash()));
    }
}
