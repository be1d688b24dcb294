// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.socket;

import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.Session;
import java.io.IOException;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.adapter.NativeWebSocketSession;

/** What a page is written through: one message after the other, and nobody waits for its network. */
interface PageWire {
    /**
     * Hands a message over and returns. One at a time: the next one follows after {@code written} was told.
     *
     * @param written told once, by this call itself or later by another thread: of null when the network has the message, else of what
     *     hinders it for good
     */
    void send(String text, Consumer<@Nullable Throwable> written);

    /** Says goodbye and ends the socket; after the last message was written. Waits for the network a moment at most. */
    void close(CloseStatus status) throws IOException;

    /** Tomcat's, which writes without a thread that waits, and ends a socket that takes nothing for {@code sendMillis}. */
    static PageWire of(WebSocketSession session, long sendMillis, long controlMillis) {
        Session tomcat = Objects.requireNonNull(
                ((NativeWebSocketSession) session).getNativeSession(Session.class), "a session of the container");
        // Pongs and goodbyes alone are written by a thread that waits.
        tomcat.getUserProperties().put("org.apache.tomcat.websocket.BLOCKING_SEND_TIMEOUT", controlMillis);
        RemoteEndpoint.Async remote = tomcat.getAsyncRemote();
        remote.setSendTimeout(sendMillis);
        return new PageWire() {
            @Override
            public void send(String text, Consumer<@Nullable Throwable> written) {
                remote.sendText(text, result -> written.accept(result.isOK() ? null : result.getException()));
            }

            @Override
            public void close(CloseStatus status) throws IOException {
                session.close(status);
            }
        };
    }
}
