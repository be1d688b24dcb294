// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.timeout;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;
import static org.mockito.Mockito.withSettings;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.SendHandler;
import jakarta.websocket.SendResult;
import jakarta.websocket.Session;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpHeaders;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.adapter.NativeWebSocketSession;
import tools.jackson.databind.json.JsonMapper;

/** Who waits for whom when pages join. */
@Timeout(30)
class PageSocketHandlerTest {
    private static final int PATIENCE_MILLIS = 10_000;

    private record News(String type) {}

    /** A topic whose database hangs for whoever joins late. */
    private static final class SlowTopic implements Topic {
        private final CountDownLatch asked = new CountDownLatch(1);
        private final CompletableFuture<Boolean> database = new CompletableFuture<>();
        private volatile boolean slow;

        @Override
        public boolean owns(String name) {
            return true;
        }

        @Override
        public void prepare(String name) {
            if (slow) {
                asked.countDown();
                database.join();
            }
        }

        @Override
        public Optional<List<?>> join(String name, Page page, long since) {
            return Optional.of(List.of(new News("joined")));
        }
    }

    private final SlowTopic topic = new SlowTopic();
    private final ExecutorService others = Executors.newSingleThreadExecutor();
    private final PageSocketHandler sockets = new PageSocketHandler(
            new ObjectProvider<>() {
                @Override
                public Stream<Topic> stream() {
                    return Stream.of(topic);
                }
            },
            new JsonMapper(),
            new SimpleMeterRegistry());

    @AfterEach
    void stop() {
        topic.database.complete(true);
        others.shutdownNow();
        sockets.stop();
    }

    /** A page, and what its network was handed. */
    private record Browser(WebSocketSession session, RemoteEndpoint.Async network) {
        void hears(String message) {
            verify(network, timeout(PATIENCE_MILLIS)).sendText(eq(message), any(SendHandler.class));
        }
    }

    private Browser page(String id) throws Exception {
        Session tomcat = mock();
        RemoteEndpoint.Async network = mock();
        when(tomcat.getUserProperties()).thenReturn(new HashMap<>());
        when(tomcat.getAsyncRemote()).thenReturn(network);
        doAnswer(sent -> {
                    sent.<SendHandler>getArgument(1).onResult(new SendResult(tomcat));
                    return null;
                })
                .when(network)
                .sendText(any(), any(SendHandler.class));
        WebSocketSession session =
                mock(WebSocketSession.class, withSettings().extraInterfaces(NativeWebSocketSession.class));
        when(session.getHandshakeHeaders()).thenReturn(new HttpHeaders());
        when(((NativeWebSocketSession) session).getNativeSession(Session.class)).thenReturn(tomcat);
        when(session.getId()).thenReturn(id);
        sockets.afterConnectionEstablished(session);
        return new Browser(session, network);
    }

    private void join(Browser page) throws Exception {
        sockets.handleTextMessage(page.session(), new TextMessage("{\"type\":\"join\",\"topics\":[\"chat:anna\"]}"));
    }

    @Test
    void whoIsInARoomIsToldWhileTheNextWaitsForTheDatabase() throws Exception {
        sockets.start();
        Browser first = page("first");
        join(first);
        first.hears("{\"type\":\"joined\",\"topic\":\"chat:anna\"}");
        topic.slow = true;
        Browser second = page("second");
        Future<?> joining = others.submit(() -> {
            join(second);
            return null;
        });
        assertThat(topic.asked.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)).isTrue();
        sockets.publish("chat:anna", new News("news"));
        first.hears("{\"type\":\"news\",\"topic\":\"chat:anna\"}");
        assertThat(joining.isDone()).isFalse();
        topic.database.complete(true);
        joining.get();
        second.hears("{\"type\":\"joined\",\"topic\":\"chat:anna\"}");
    }
}
