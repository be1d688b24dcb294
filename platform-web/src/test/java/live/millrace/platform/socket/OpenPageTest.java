// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import tools.jackson.databind.json.JsonMapper;

/** How a page is written to, and what becomes of one that does not read. */
class OpenPageTest {
    private static final long PATIENCE_SECONDS = 10;
    private static final String KILOBYTE = "x".repeat(1_024);

    /** A network that takes a message when it is told to, or at once. */
    private static final class Network implements PageWire {
        private final boolean atOnce;
        private final LinkedBlockingQueue<Consumer<@Nullable Throwable>> writing = new LinkedBlockingQueue<>();
        private final LinkedBlockingQueue<String> written = new LinkedBlockingQueue<>();
        private final LinkedBlockingQueue<CloseStatus> closed = new LinkedBlockingQueue<>();

        Network(boolean atOnce) {
            this.atOnce = atOnce;
        }

        @Override
        public void send(String text, Consumer<@Nullable Throwable> told) {
            written.add(text);
            if (atOnce) {
                told.accept(null);
            } else {
                writing.add(told);
            }
        }

        @Override
        public void close(CloseStatus status) throws IOException {
            closed.add(status);
            throw new IOException("the peer is gone already");
        }

        Consumer<@Nullable Throwable> nextWrite() throws InterruptedException {
            return present(writing.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
        }
    }

    private static <T> T present(@Nullable T value) {
        assertThat(value).isNotNull();
        return value;
    }

    private static OpenPage page(PageWire wire, ExecutorService writers) {
        return new OpenPage("1", wire, null, "192.0.2.1", writers, new JsonMapper(), Map.of());
    }

    @Test
    void whoSendsNeverWaitsAndWhoDoesNotReadIsClosed() throws Exception {
        Network network = new Network(false);
        try (ExecutorService writers = Executors.newSingleThreadExecutor()) {
            OpenPage page = page(network, writers);
            page.send(new TextMessage(KILOBYTE));
            Consumer<@Nullable Throwable> first = network.nextWrite();
            // Returns although not one more of them can be written.
            for (int i = 0; i < 600; i++) {
                page.send(new TextMessage(KILOBYTE));
            }
            assertThat(network.closed).isEmpty();
            first.accept(null);
            assertThat(network.closed.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(CloseStatus.SERVICE_OVERLOAD);
        }
    }

    @Test
    void aPageThatDoesNotReadHoldsUpNoOther() throws Exception {
        Network stuck = new Network(false);
        Network healthy = new Network(true);
        try (ExecutorService writers = Executors.newSingleThreadExecutor()) {
            OpenPage slow = page(stuck, writers);
            slow.send(new TextMessage("never read"));
            stuck.nextWrite();
            page(healthy, writers).send(new TextMessage("read"));
            assertThat(healthy.written.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("read");
        }
    }

    @Test
    void messagesKeepTheirOrderWhoeverGoesOn() throws Exception {
        Network network = new Network(false);
        List<String> said = IntStream.range(0, 200).mapToObj(Integer::toString).toList();
        try (ExecutorService writers = Executors.newFixedThreadPool(4)) {
            OpenPage page = page(network, writers);
            said.forEach(word -> page.send(new TextMessage(word)));
            for (int i = 0; i < said.size(); i++) {
                network.nextWrite().accept(null);
            }
        }
        assertThat(new ArrayList<>(network.written)).isEqualTo(said);
    }

    @Test
    void aNetworkThatTakesEverythingAtOnceIsWrittenToInOneTurn() throws Exception {
        Network network = new Network(true);
        try (ExecutorService writers = Executors.newSingleThreadExecutor()) {
            OpenPage page = page(network, writers);
            // More than a stack could hold, did each message call for the next.
            for (int i = 0; i < 20_000; i++) {
                page.send(new TextMessage("x"));
            }
            page.close(CloseStatus.NORMAL);
            assertThat(network.closed.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(CloseStatus.NORMAL);
        }
        assertThat(network.written).hasSize(20_000);
    }

    @Test
    void aMessageThatFailsEndsThePage() throws Exception {
        Network network = new Network(false);
        try (ExecutorService writers = Executors.newSingleThreadExecutor()) {
            OpenPage page = page(network, writers);
            page.send(new TextMessage("lost"));
            page.send(new TextMessage("never written"));
            network.nextWrite().accept(new IOException("reset"));
            assertThat(network.closed.poll(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .isEqualTo(CloseStatus.SESSION_NOT_RELIABLE);
            page.send(new TextMessage("too late"));
        }
        assertThat(network.written).containsExactly("lost");
    }

    @Test
    void whatWasSaidBeforeAGoodbyeIsWritten() throws Exception {
        Network network = new Network(true);
        try (ExecutorService writers = Executors.newSingleThreadExecutor()) {
            OpenPage page = page(network, writers);
            page.send(new TextMessage("goodbye"));
            page.close(CloseStatus.SERVICE_RESTARTED);
            assertThat(network.closed.poll(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .isEqualTo(CloseStatus.SERVICE_RESTARTED);
        }
        assertThat(network.written).containsExactly("goodbye");
    }
}
