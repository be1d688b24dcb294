// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience.internal;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.KnownStrangers;
import live.millrace.platform.audience.ChannelPasswords;
import live.millrace.platform.audience.Guest;
import live.millrace.platform.audience.Guests;
import live.millrace.platform.audience.Viewer;
import live.millrace.platform.audience.Viewers;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.server.HandshakeInterceptor;

/** Reads who looks from the session and from cookies, once for each request; and notes it of pages that open their socket. */
@Component
class RequestViewers implements Viewers, KnownStrangers, HandshakeInterceptor {
    private static final String READ = Viewer.class.getName();

    /** In sessions: the numbers of the passwords that were said, by channel. */
    private static final String UNLOCKED = "audience.unlocked";

    private static final int MOST_UNLOCKED = 50;

    private final Guests guests;
    private final ChannelPasswords passwords;

    RequestViewers(Guests guests, ChannelPasswords passwords) {
        this.guests = guests;
        this.passwords = passwords;
    }

    @Override
    public Viewer current() {
        return RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes
                ? of(attributes.getRequest())
                : Viewer.STRANGER;
    }

    @Override
    public Viewer of(HttpServletRequest request) {
        if (request.getAttribute(READ) instanceof Viewer read) {
            return read;
        }
        Viewer viewer = new Viewer(person(), guests(request), unlocked(request));
        request.setAttribute(READ, viewer);
        return viewer;
    }

    /** {@inheritDoc} Guests of some channel. */
    @Override
    public boolean sent(HttpServletRequest request) {
        return !of(request).guests().isEmpty();
    }

    private static @Nullable AccountPrincipal person() {
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        return authentication != null && authentication.getPrincipal() instanceof AccountPrincipal account
                ? account
                : null;
    }

    private Map<Long, Guest> guests(HttpServletRequest request) {
        String secret = KeptSecret.GUEST.read(request);
        return secret.isEmpty() ? Map.of() : guests.ofBrowser(secret);
    }

    private Set<Long> unlocked(HttpServletRequest request) {
        Set<Long> unlocked = new HashSet<>();
        said(request).forEach((channel, version) -> {
            if (passwords.version(channel).orElse(0) == version) {
                unlocked.add(channel);
            }
        });
        return unlocked;
    }

    private static Map<Long, Integer> said(HttpServletRequest request) {
        Map<Long, Integer> said = new HashMap<>();
        HttpSession session = request.getSession(false);
        if (session != null && session.getAttribute(UNLOCKED) instanceof Map<?, ?> kept) {
            kept.forEach((channel, version) -> {
                if (channel instanceof Long id && version instanceof Integer number) {
                    said.put(id, number);
                }
            });
        }
        return said;
    }

    /** {@inheritDoc} It is noted in the session. */
    @Override
    public void unlock(HttpServletRequest request, long channelId, int version) {
        Map<Long, Integer> said = said(request);
        if (said.size() >= MOST_UNLOCKED) {
            said.clear();
        }
        said.put(channelId, version);
        request.getSession().setAttribute(UNLOCKED, new HashMap<>(said));
        request.removeAttribute(READ);
    }

    // ---- sockets ----------------------------------------------------------------------------------------------

    @Override
    public boolean beforeHandshake(
            ServerHttpRequest request,
            ServerHttpResponse response,
            WebSocketHandler handler,
            Map<String, Object> attributes) {
        if (request instanceof ServletServerHttpRequest servlet) {
            attributes.put(Viewer.class.getName(), of(servlet.getServletRequest()));
        }
        return true;
    }

    @Override
    public void afterHandshake(
            ServerHttpRequest request,
            ServerHttpResponse response,
            WebSocketHandler handler,
            @Nullable Exception failure) {}
}
