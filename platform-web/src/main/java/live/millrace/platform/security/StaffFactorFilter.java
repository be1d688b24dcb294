// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Role;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Takes the power of staff from whoever showed a password alone, where the site wants more of them: for this request they are somebody who
 * may stream, whatever asks afterwards, page, room or program. The console leads them to where they set it up; whoever has set one up
 * already shows that one first.
 */
final class StaffFactorFilter extends OncePerRequestFilter {
    /** Where a second proof is set up. */
    static final String SET_UP = "/settings/security?staff";

    /** Where those hear who have one that they have to log in with it. */
    static final String SHOW = "/settings/security?show";

    private static final String FOR_A_SCRIPT = "/options";

    private static final PathPatternRequestMatcher.Builder PATH = PathPatternRequestMatcher.withDefaults();

    /** What sets up, or takes away, what proves somebody beside their password: as addresses are understood, not as they are written. */
    private static final RequestMatcher PROOFS = new OrRequestMatcher(
            PATH.matcher("/settings/security/passkeys/**"),
            PATH.matcher("/settings/security/app/**"),
            PATH.matcher("/settings/security/codes/**"),
            PATH.matcher("/settings/security/links/**"));

    private static final RequestMatcher CONSOLE = PATH.matcher(HttpMethod.GET, "/admin/**");

    private static final String WHOLE = StaffFactorFilter.class.getName() + ".whole";

    private final StaffFactor rule;

    StaffFactorFilter(StaffFactor rule) {
        this.rule = rule;
    }

    /** What the session holds, where this request has less. */
    @Nullable
    static Authentication whole(HttpServletRequest request, @Nullable Authentication seen) {
        return request.getAttribute(WHOLE) instanceof Authentication held ? held : seen;
    }

    @Override
    protected boolean shouldNotFilterErrorDispatch() {
        return false;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        boolean token = ApiTokenFilter.carriesToken(request);
        String path = request.getRequestURI();
        boolean console = CONSOLE.matches(request);
        if ((console || PROOFS.matches(request)) && sentAway(console, path, token, request, response)) {
            return;
        }
        // Not before somebody asks who it is: most requests need no session, and none is looked for.
        Supplier<SecurityContext> held = SecurityContextHolder.getDeferredContext();
        SecurityContextHolder.setDeferredContext(
                SingletonSupplier.of(() -> reduced(Objects.requireNonNull(held.get()), token, request)));
        chain.doFilter(request, response);
    }

    /** Whether somebody has to show first what they have, or to set something up. */
    private boolean sentAway(
            boolean console, String path, boolean token, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Optional<AccountPrincipal> lacking =
                rule.lacking(SecurityContextHolder.getContext().getAuthentication(), token);
        if (lacking.isEmpty()) {
            return false;
        }
        if (console) {
            // Whoever has just switched this on is told that it is saved, wherever they are sent.
            response.sendRedirect(rule.page(lacking.get(), "done".equals(request.getParameter("said"))));
            return true;
        }
        if (!rule.any(lacking.get())) {
            return false;
        }
        // Whoever knows the password alone would set up something of their own beside it, and show that.
        if (path.endsWith(FOR_A_SCRIPT)) {
            rule.refuse(response);
        } else {
            response.sendRedirect(SHOW);
        }
        return true;
    }

    private SecurityContext reduced(SecurityContext context, boolean token, HttpServletRequest request) {
        Authentication held = context.getAuthentication();
        Optional<AccountPrincipal> lacking = rule.lacking(held, token);
        if (held == null || lacking.isEmpty()) {
            return context;
        }
        request.setAttribute(WHOLE, held);
        AccountPrincipal staff = lacking.get();
        AccountPrincipal person = new AccountPrincipal(
                staff.accountId(),
                staff.getUsername(),
                Role.STREAMER,
                !staff.isAccountNonLocked(),
                staff.isEnabled(),
                null);
        UsernamePasswordAuthenticationToken less =
                UsernamePasswordAuthenticationToken.authenticated(person, null, StaffFactor.without(held, person));
        // Whatever is known of how they came, a program's token too.
        less.setDetails(held.getDetails());
        SecurityContext reduced = SecurityContextHolder.createEmptyContext();
        reduced.setAuthentication(less);
        return reduced;
    }
}
