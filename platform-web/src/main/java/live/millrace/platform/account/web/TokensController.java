// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import live.millrace.platform.account.AccessTokens;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.TokenScope;
import live.millrace.platform.shared.ShownOnce;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;

/** The tokens of programs that act as an account: what each may do, and until when. */
@Controller
class TokensController {
    /** What tokens are made for, with what that needs. */
    enum Use {
        CHAT_BOT(EnumSet.of(TokenScope.READ, TokenScope.CHAT)),
        DECK(EnumSet.of(TokenScope.READ, TokenScope.CHANNEL)),
        READ_ONLY(EnumSet.of(TokenScope.READ)),
        MODERATION_BOT(EnumSet.of(TokenScope.READ, TokenScope.CHAT, TokenScope.MODERATE)),
        CUSTOM(EnumSet.noneOf(TokenScope.class));

        private final Set<TokenScope> scopes;

        Use(Set<TokenScope> scopes) {
            this.scopes = scopes;
        }
    }

    /** How long tokens live. */
    enum Life {
        WEEK(Duration.ofDays(7)),
        MONTH(Duration.ofDays(30)),
        QUARTER(Duration.ofDays(90)),
        YEAR(Duration.ofDays(365)),
        EVER(null);

        private final @Nullable Duration time;

        Life(@Nullable Duration time) {
            this.time = time;
        }
    }

    /** The form. */
    record TokenForm(
            @Nullable String name,
            @Nullable Use use,
            @Nullable Set<TokenScope> scope,
            @Nullable Life life) {
        String text() {
            return name == null ? "" : name.strip();
        }

        Set<TokenScope> scopes() {
            Use chosen = use == null ? Use.READ_ONLY : use;
            Set<TokenScope> ticked = scope == null ? Set.of() : scope;
            return chosen == Use.CUSTOM ? ticked : chosen.scopes;
        }

        @Nullable
        Duration time() {
            return (life == null ? Life.QUARTER : life).time;
        }
    }

    private static final String MADE = "token";

    private final AccessTokens tokens;
    private final ShownOnce once;

    TokensController(AccessTokens tokens, ShownOnce once) {
        this.tokens = tokens;
        this.once = once;
    }

    @GetMapping("/settings/tokens")
    String tokens(
            @RequestParam(required = false) @Nullable String made,
            @AuthenticationPrincipal AccountPrincipal principal,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        if (made != null) {
            Optional<List<String>> shown = once.take(request, response, MADE);
            model.addAttribute("created", shown.map(List::getFirst).orElse(null));
            model.addAttribute("shownBefore", shown.isEmpty());
        }
        return page(principal, new TokenForm("", Use.CHAT_BOT, Set.of(), Life.QUARTER), null, model);
    }

    /** The token is shown by the page that follows, and never again. */
    @PostMapping("/settings/tokens")
    String create(
            @ModelAttribute("sent") TokenForm form,
            @AuthenticationPrincipal AccountPrincipal principal,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        Set<TokenScope> scopes = EnumSet.noneOf(TokenScope.class);
        scopes.addAll(form.scopes());
        if (!principal.admin()) {
            scopes.remove(TokenScope.ADMIN);
        }
        String error = null;
        Optional<String> created = Optional.empty();
        if (form.text().isEmpty() || form.text().length() > AccessTokens.MAX_NAME) {
            error = "settings.tokens.name.length";
        } else if (scopes.isEmpty()) {
            error = "settings.tokens.scopes.none";
        } else {
            created =
                    tokens.create(principal.accountId(), form.text(), Collections.unmodifiableSet(scopes), form.time());
            error = created.isEmpty() ? "settings.tokens.many" : null;
        }
        if (created.isPresent()) {
            once.keep(request, MADE, List.of(created.get()));
            return "redirect:/settings/tokens?made";
        }
        response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
        return page(principal, form, error, model);
    }

    private String page(AccountPrincipal principal, TokenForm form, @Nullable String error, Model model) {
        List<TokenScope> offered = principal.admin()
                ? List.of(TokenScope.values())
                : List.of(TokenScope.READ, TokenScope.CHAT, TokenScope.CHANNEL, TokenScope.MODERATE);
        model.addAttribute("tokens", tokens.ofAccount(principal.accountId()));
        model.addAttribute("error", error);
        model.addAttribute("name", form.text());
        model.addAttribute("use", (form.use() == null ? Use.CHAT_BOT : form.use()).name());
        model.addAttribute("ticked", form.scope() == null ? Set.of() : form.scope());
        model.addAttribute("life", (form.life() == null ? Life.QUARTER : form.life()).name());
        model.addAttribute("uses", List.of(Use.values()));
        model.addAttribute("lives", List.of(Life.values()));
        model.addAttribute("scopes", offered);
        return "settings/tokens";
    }

    @PostMapping("/settings/tokens/{id}/revoke")
    String revoke(@PathVariable long id, @AuthenticationPrincipal AccountPrincipal principal) {
        if (!tokens.revoke(principal.accountId(), id)) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND);
        }
        return "redirect:/settings/tokens?revoked";
    }
}
