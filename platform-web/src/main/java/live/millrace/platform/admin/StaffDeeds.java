// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.admin;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import live.millrace.platform.account.AccountAlert;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.Role;
import live.millrace.platform.audit.Actor;
import live.millrace.platform.audit.Audit;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.PathContainer;
import org.springframework.security.authentication.event.InteractiveAuthenticationSuccessEvent;
import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * What staff do with their own account and channel that gives power away or away from somebody: logging in, keys and tokens, who
 * moderates a room. What they do in the console is written down where it is done, together with it.
 */
@Component
class StaffDeeds implements WebMvcConfigurer, HandlerInterceptor {
    private record Deed(String method, PathPattern path, String action) {}

    private final Audit audit;
    private final Accounts accounts;
    private final List<Deed> deeds;

    StaffDeeds(Audit audit, Accounts accounts) {
        this.audit = audit;
        this.accounts = accounts;
        this.deeds = List.of(
                deed("POST", "/settings/tokens", "token.make"),
                deed("POST", "/settings/tokens/{id}/revoke", "token.revoke"),
                deed("POST", "/settings/password", "password.change"),
                deed("POST", "/settings/delete", "leave.ask"),
                deed("POST", "/settings/keep", "leave.undo"),
                deed("POST", "/studio/keys", "key.make"),
                deed("POST", "/studio/{channel}/keys", "key.make"),
                deed("POST", "/studio/keys/{id}/revoke", "key.revoke"),
                deed("POST", "/studio/{channel}/keys/{id}/revoke", "key.revoke"),
                deed("POST", "/studio/keys/{id}/passphrase", "key.encrypt"),
                deed("POST", "/studio/{channel}/keys/{id}/passphrase", "key.encrypt"),
                deed("POST", "/studio/keys/{id}/passphrase/remove", "key.plain"),
                deed("POST", "/studio/{channel}/keys/{id}/passphrase/remove", "key.plain"),
                deed("POST", "/api/v1/channel/keys", "key.make"),
                deed("POST", "/api/v1/channels/{channel}/keys", "key.make"),
                deed("DELETE", "/api/v1/channel/keys/{id}", "key.revoke"),
                deed("DELETE", "/api/v1/channels/{channel}/keys/{id}", "key.revoke"),
                deed("DELETE", "/api/v1/channels/{channel}", "channel.remove"),
                deed("POST", "/studio/chat", "room.rules"),
                deed("POST", "/studio/{channel}/chat", "room.rules"),
                deed("POST", "/studio/chat/moderators", "room.moderator"),
                deed("POST", "/studio/{channel}/chat/moderators", "room.moderator"),
                deed("POST", "/studio/chat/moderators/remove", "room.moderator-remove"),
                deed("POST", "/studio/{channel}/chat/moderators/remove", "room.moderator-remove"),
                deed("POST", "/admin/reports/{id}/claim", "case.claim"),
                deed("POST", "/admin/reports/{id}/release", "case.release"));
    }

    private static Deed deed(String method, String path, String action) {
        return new Deed(method, PathPatternParser.defaultInstance.parse(path), action);
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(this)
                .addPathPatterns(deeds.stream()
                        .map(deed -> deed.path().getPatternString())
                        .distinct()
                        .toList());
    }

    @EventListener
    void loggedIn(InteractiveAuthenticationSuccessEvent event) {
        if (event.getAuthentication().getPrincipal() instanceof AccountPrincipal who && who.staff()) {
            audit.add(who.actor(), "login", who.getUsername(), who.accountId(), "", "");
        }
    }

    /** How an account of theirs is signed in to: whoever does that, in whichever way, tells its owner, and is heard here. */
    @EventListener
    void changed(AccountAlert alert) {
        String action = switch (alert.kind()) {
            case MAIL_CHANGED -> "mail.change";
            case NEW_PASSKEY, FACTOR_ADDED, NEW_CODES -> "factor.add";
            case FACTOR_REMOVED -> "factor.remove";
            case SERVICE_LINKED -> "login-service.link";
            case SERVICE_UNLINKED -> "login-service.unlink";
            // Written down where they are done.
            case NEW_DEVICE, PASSWORD_CHANGED -> "";
        };
        if (!action.isEmpty()) {
            accounts.find(alert.accountId())
                    .filter(account -> account.role().atLeast(Role.MODERATOR))
                    .ifPresent(account -> audit.add(
                            new Actor(account.id(), account.username()),
                            action,
                            account.username(),
                            account.id(),
                            "",
                            ""));
        }
    }

    @Override
    public void afterCompletion(
            HttpServletRequest request, HttpServletResponse response, Object handler, @Nullable Exception failed) {
        if (failed != null
                || response.getStatus() >= HttpStatus.BAD_REQUEST.value()
                || !(request.getUserPrincipal() instanceof Authentication authentication)
                || !(authentication.getPrincipal() instanceof AccountPrincipal who)
                || !who.staff()) {
            return;
        }
        PathContainer path = PathContainer.parsePath(
                request.getRequestURI().substring(request.getContextPath().length()));
        deeds.stream()
                .filter(deed -> deed.method().equals(request.getMethod()))
                .flatMap(deed -> Optional.ofNullable(deed.path().matchAndExtract(path)).stream()
                        .map(found -> Map.entry(deed, found.getUriVariables())))
                .findFirst()
                .ifPresent(found -> audit.add(
                        who.actor(),
                        found.getKey().action(),
                        subject(who, found.getValue(), found.getKey().action(), request),
                        found.getKey().action().startsWith("case.") ? null : who.accountId(),
                        "",
                        ""));
    }

    private static String subject(
            AccountPrincipal who, Map<String, String> variables, String action, HttpServletRequest request) {
        String channel = variables.getOrDefault("channel", who.getUsername()).replaceFirst("^@", "");
        String what = variables.containsKey("id")
                ? " #" + variables.get("id")
                : action.equals("room.moderator") && request.getParameter("username") != null
                        ? " / " + request.getParameter("username").strip()
                        : "";
        return channel + what;
    }
}
