// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.socket;

import java.util.List;
import live.millrace.platform.shared.SiteAddress;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.web.socket.WebSocketExtension;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketHandlerRegistry;
import org.springframework.web.socket.server.HandshakeInterceptor;
import org.springframework.web.socket.server.standard.ServletServerContainerFactoryBean;
import org.springframework.web.socket.server.support.DefaultHandshakeHandler;

/** The socket's address. Spring would compare schemes as well, which a proxy may name otherwise: {@link SameHost} does not. */
@Configuration(proxyBeanMethods = false)
@EnableWebSocket
class SocketConfiguration implements WebSocketConfigurer {
    private static final int MAX_FRAME = 8 << 10;

    private final PageSocketHandler handler;
    private final SiteAddress site;
    private final ObjectProvider<HandshakeInterceptor> notes;

    /** @param notes of features, on the request that opens a socket: {@link Page#noted} */
    SocketConfiguration(PageSocketHandler handler, SiteAddress site, ObjectProvider<HandshakeInterceptor> notes) {
        this.handler = handler;
        this.site = site;
        this.notes = notes;
    }

    @Override
    public void registerWebSocketHandlers(WebSocketHandlerRegistry registry) {
        registry.addHandler(handler, "/api/v1/socket")
                .setHandshakeHandler(new PlainHandshake())
                .setAllowedOriginPatterns("*")
                .addInterceptors(new SameHost(site))
                .addInterceptors(notes.orderedStream().toArray(HandshakeInterceptor[]::new));
    }

    @Bean
    static ServletServerContainerFactoryBean socketLimits() {
        ServletServerContainerFactoryBean container = new ServletServerContainerFactoryBean();
        container.setMaxTextMessageBufferSize(MAX_FRAME);
        container.setMaxBinaryMessageBufferSize(MAX_FRAME);
        container.setMaxSessionIdleTimeout(60_000L);
        return container;
    }

    /** Without compression: a busy room is one text written to thousands, and each would be compressed for itself. */
    private static final class PlainHandshake extends DefaultHandshakeHandler {
        @Override
        protected List<WebSocketExtension> filterRequestedExtensions(
                ServerHttpRequest request, List<WebSocketExtension> requested, List<WebSocketExtension> supported) {
            return List.of();
        }
    }
}
