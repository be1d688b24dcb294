// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.socket;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.timeout;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import tools.jackson.databind.json.JsonMapper;

/** What becomes of a page that does not read. */
class OpenPageTest {
    private static final int PATIENCE_MILLIS = 10_000;

    private final WebSocketSession session = mock();

    @Test
    void whoSendsNeverWaitsAndWhoDoesNotReadIsClosed() throws Exception {
        CountDownLatch network = new CountDownLatch(1);
        when(session.isOpen()).thenReturn(true);
        doAnswer(_ -> {
                    network.await();
                    return null;
                })
                .when(session)
                .sendMessage(any());
        try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
            OpenPage page = new OpenPage(session, null, "192.0.2.1", writers, new JsonMapper());
            TextMessage kilobyte = new TextMessage("x".repeat(1_024));
            page.send(kilobyte);
            verify(session, timeout(PATIENCE_MILLIS)).sendMessage(kilobyte);
            // Returns although not one more of them can be written.
            for (int i = 0; i < 600; i++) {
                page.send(kilobyte);
            }
            verify(session, never()).close(any());
            network.countDown();
            verify(session, timeout(PATIENCE_MILLIS)).close(CloseStatus.SERVICE_OVERLOAD);
        }
    }

    @Test
    void whatWasSaidBeforeAGoodbyeIsWritten() throws Exception {
        when(session.isOpen()).thenReturn(true);
        try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
            OpenPage page = new OpenPage(session, null, "192.0.2.1", writers, new JsonMapper());
            TextMessage word = new TextMessage("goodbye");
            page.send(word);
            page.close(CloseStatus.SERVICE_RESTARTED);
            verify(session, timeout(PATIENCE_MILLIS)).close(CloseStatus.SERVICE_RESTARTED);
            verify(session).sendMessage(word);
        }
    }
}
