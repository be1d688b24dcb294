// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.socket;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import live.millrace.platform.account.AccessTokens;
import live.millrace.platform.account.TokenScope;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.core.Authentication;
import org.springframework.web.socket.WebSocketSession;

/** The sockets that programs opened with a token: what it lets them follow, and the token, to be asked about again. Thread-safe. */
final class ProgramPages {
    private static final String BEARER = "Bearer ";

    private record Program(String token, Set<TokenScope> scopes) {}

    private final Map<String, Program> programs = new ConcurrentHashMap<>();

    void opened(WebSocketSession session) {
        if (session.getPrincipal() instanceof Authentication authentication
                && authentication.getDetails() instanceof AccessTokens.Bearer bearer) {
            @Nullable String header = session.getHandshakeHeaders().getFirst(HttpHeaders.AUTHORIZATION);
            String token = header == null || header.length() < BEARER.length()
                    ? ""
                    : header.substring(BEARER.length()).strip();
            programs.put(session.getId(), new Program(token, bearer.scopes()));
        }
    }

    void closed(String id) {
        programs.remove(id);
    }

    boolean contains(String id) {
        return programs.containsKey(id);
    }

    /** A page of a person follows what the person may. */
    boolean mayFollow(String id, Topic topic) {
        Program program = programs.get(id);
        return program == null || program.scopes.contains(topic.scope());
    }

    /** Those whose token is not good any more. */
    Set<String> lost(Predicate<String> good) {
        return programs.entrySet().stream()
                .filter(program -> !good.test(program.getValue().token()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }
}
