// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.directory.web;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import live.millrace.platform.shared.web.PageChoices;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.ContentCachingResponseWrapper;

/**
 * Keeps the lists that everybody sees for a second: a crowd that comes at once is one rendering. Only for strangers, whose pages
 * hold nothing of their own, and for what they may choose: address, language and look. Headers are written for each answer.
 */
@Component
@Order(0) // after the security filters, which are at -100
class PublicPageCache extends OncePerRequestFilter {
    private static final Duration KEPT = Duration.ofSeconds(1);
    private static final int MAX_BYTES = 64 << 20;
    private static final int MAX_KEY = 300;

    /** Over HTTP and over HTTPS. */
    private static final Set<String> SESSIONS = Set.of("SESSION", "__Host-SESSION");

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Page(String contentType, byte[] body) {}

    private final Cache<String, Page> pages = Caffeine.newBuilder()
            .expireAfterWrite(KEPT)
            .maximumWeight(MAX_BYTES)
            .weigher((String key, Page page) -> 2 * key.length() + page.body().length)
            .build();

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String key = key(request);
        if (key == null) {
            chain.doFilter(request, response);
            return;
        }
        Page known = pages.getIfPresent(key);
        if (known != null) {
            response.setContentType(known.contentType());
            response.setContentLength(known.body().length);
            response.getOutputStream().write(known.body());
            return;
        }
        ContentCachingResponseWrapper kept = new ContentCachingResponseWrapper(response);
        chain.doFilter(request, kept);
        if (kept.getStatus() == HttpServletResponse.SC_OK
                && kept.getContentType() != null
                && response.getHeader(HttpHeaders.SET_COOKIE) == null) {
            pages.put(key, new Page(kept.getContentType(), kept.getContentAsByteArray()));
        }
        kept.copyBodyToResponse();
    }

    /** What the page depends on; null when it is not for everybody. */
    private static @Nullable String key(HttpServletRequest request) {
        String path = request.getRequestURI();
        String query = request.getQueryString();
        boolean list = path.equals("/")
                || path.equals("/categories")
                || path.startsWith("/categories/")
                || path.startsWith("/tags/");
        if (!list
                || !request.getMethod().equals("GET")
                || request.getUserPrincipal() != null
                || request.getHeader(HttpHeaders.AUTHORIZATION) != null
                || (query != null && query.contains("lang="))) {
            return null;
        }
        Cookie[] cookies = request.getCookies();
        String chosen = "";
        if (cookies != null) {
            if (Arrays.stream(cookies).anyMatch(cookie -> SESSIONS.contains(cookie.getName()))) {
                return null;
            }
            chosen = PageChoices.all(request)
                    + Arrays.stream(cookies)
                            .filter(cookie -> cookie.getName().equals("lang"))
                            .map(Cookie::getValue)
                            .collect(Collectors.joining(";"));
        }
        String key = String.join(
                "\n",
                // Streams are addressed as whoever asks reaches this site.
                request.getScheme() + "://" + request.getServerName() + ":" + request.getServerPort(),
                path,
                query == null ? "" : query,
                chosen,
                String.valueOf(request.getHeader(HttpHeaders.ACCEPT_LANGUAGE)),
                String.valueOf(request.getHeader(HttpHeaders.ACCEPT)));
        return key.length() > MAX_KEY ? null : key;
    }
}
