// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import live.millrace.platform.account.AccountAlerts;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.ConfirmationWay;
import live.millrace.platform.account.NetworkTries;
import live.millrace.platform.account.Reauthentication;
import live.millrace.platform.security.KeptForm;
import live.millrace.platform.security.LoginFailure;
import live.millrace.platform.shared.web.LocalRedirect;
import live.millrace.platform.shared.web.Visit;
import live.millrace.platform.signin.OpenIdArrival;
import live.millrace.platform.signin.OpenIdException;
import live.millrace.platform.signin.OpenIdException.Why;
import live.millrace.platform.signin.OpenIdFlow;
import live.millrace.platform.signin.OpenIdLinks;
import live.millrace.platform.signin.OpenIdTrip;
import live.millrace.platform.signin.Proofs;
import live.millrace.platform.signin.ServicePage;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * Sends people to another service, and takes those back who are signed in already: to link it, or to confirm that it is they. Whoever comes
 * to log in is a filter's work.
 */
@Controller
class ServiceLoginController {
    private static final String KEPT = "live.millrace.kept-while-away";
    private static final String MALFORMED = "redirect:/login";
    private static final int MOST_INVITE = 100;

    /** Clocks differ. */
    private static final Duration TOLERANCE = Duration.ofMinutes(1);

    private final OpenIdFlow flow;
    private final OpenIdLinks links;
    private final NetworkTries tries;
    private final Reauthentication session;
    private final AccountAlerts alerts;
    private final ConfirmController confirm;

    ServiceLoginController(
            OpenIdFlow flow,
            OpenIdLinks links,
            NetworkTries tries,
            Reauthentication session,
            AccountAlerts alerts,
            ConfirmController confirm) {
        this.flow = flow;
        this.links = links;
        this.tries = tries;
        this.session = session;
        this.alerts = alerts;
        this.confirm = confirm;
    }

    /** A link, so that it works without a script; it changes nothing, and makes no session. */
    @GetMapping("/login/with/{provider}")
    String begin(
            @PathVariable int provider,
            @RequestParam(name = LocalRedirect.PARAMETER, required = false) @Nullable String next,
            @RequestParam(name = "for", required = false) @Nullable String purpose,
            @RequestParam(required = false) @Nullable String channel,
            @RequestParam(defaultValue = "") String invite,
            @AuthenticationPrincipal @Nullable AccountPrincipal principal,
            HttpServletRequest request,
            HttpServletResponse response) {
        String to = Visit.of(purpose, channel, next).next();
        if (principal != null) {
            return "redirect:" + (to.isEmpty() ? "/" : to);
        }
        try {
            if (!tries.take(NetworkTries.Work.SERVICE, request.getRemoteAddr()).isZero()) {
                throw new OpenIdException(Why.BUSY, "too many of one network");
            }
            response.setHeader("Cache-Control", "no-store");
            return "redirect:"
                    + flow.begin(
                            provider,
                            OpenIdTrip.logIn(to, invite.length() > MOST_INVITE ? "" : invite),
                            request,
                            response);
        } catch (OpenIdException failure) {
            request.setAttribute(LoginFailure.ATTRIBUTE, LoginFailure.ofService(failure, to));
            response.setStatus(
                    failure.why() == Why.OFF
                            ? HttpStatus.UNPROCESSABLE_CONTENT.value()
                            : HttpStatus.SERVICE_UNAVAILABLE.value());
            return "forward:" + LoginFailure.PAGE;
        }
    }

    // ---- confirming -------------------------------------------------------------------------------------------

    /** From the page that asks; what was sent there is kept in the session until they are back. */
    @PostMapping("/confirm/with/{provider}")
    String ask(
            @PathVariable int provider,
            @RequestParam(name = ConfirmationWay.PATH, defaultValue = "/") String path,
            @RequestParam(name = ConfirmationWay.AGAIN, defaultValue = "false") boolean again,
            @AuthenticationPrincipal AccountPrincipal principal,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        KeptForm kept = KeptForm.returned(request, path, again);
        try {
            OpenIdTrip trip = new OpenIdTrip(OpenIdTrip.Purpose.CONFIRM, principal.accountId(), kept.path(), "");
            URI there = flow.begin(provider, trip, request, response);
            request.getSession(true).setAttribute(KEPT, kept);
            return ServicePage.away(there, response, model);
        } catch (OpenIdException failure) {
            response.setStatus(HttpStatus.SERVICE_UNAVAILABLE.value());
            return confirm.page(principal, kept, LoginFailure.ofService(failure.messageKey()), request, model);
        }
    }

    // ---- back -------------------------------------------------------------------------------------------------

    @GetMapping("/login/with/{provider}/return")
    String back(
            @PathVariable int provider,
            @AuthenticationPrincipal @Nullable AccountPrincipal principal,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        OpenIdTrip trip = flow.trip(request).orElse(null);
        if (trip == null || principal == null || trip.accountId() != principal.accountId()) {
            return MALFORMED;
        }
        return switch (trip.purpose()) {
            case LOG_IN -> MALFORMED;
            case LINK -> link(provider, principal, request, response);
            case CONFIRM -> confirmed(provider, trip, principal, request, response, model);
        };
    }

    private String link(
            int provider, AccountPrincipal principal, HttpServletRequest request, HttpServletResponse response) {
        String said;
        try {
            said = switch (links.link(principal.accountId(), flow.arrive(provider, request, response))) {
                case DONE -> {
                    alerts.tell(principal.accountId(), AccountAlerts.Kind.SERVICE_LINKED, request);
                    yield "link-added";
                }
                case THERE -> "link-there";
                case TAKEN -> "link-taken";
                case TOO_MANY -> "link-many";
            };
        } catch (OpenIdException failure) {
            said = "link-" + failure.why().name().toLowerCase(Locale.ROOT);
        }
        return "redirect:/settings/security?said=" + said + "#links";
    }

    private String confirmed(
            int provider,
            OpenIdTrip trip,
            AccountPrincipal principal,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        KeptForm kept = kept(trip, request);
        String failed;
        try {
            failed = refusal(flow.arrive(provider, request, response), principal);
        } catch (OpenIdException failure) {
            failed = failure.messageKey();
        }
        response.setHeader("Cache-Control", "no-store");
        if (failed != null) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return confirm.page(principal, kept, LoginFailure.ofService(failed), request, model);
        }
        session.confirmed(Proofs.SERVICE, request, response);
        if (!kept.again()) {
            return "redirect:" + kept.path();
        }
        // No redirect makes a form of an address.
        model.addAttribute("kept", kept);
        return "security/confirmed";
    }

    /** Why it is no confirmation: somebody else's, or of some time ago. */
    private @Nullable String refusal(OpenIdArrival arrival, AccountPrincipal principal) {
        if (!links.account(arrival).equals(OptionalLong.of(principal.accountId()))) {
            return "openid.confirm.other";
        }
        Instant shownAt = arrival.authenticatedAt();
        if (shownAt == null) {
            return "openid.confirm.silent";
        }
        return shownAt.isBefore(arrival.begunAt().minus(TOLERANCE)) ? "openid.confirm.old" : null;
    }

    private static KeptForm kept(OpenIdTrip trip, HttpServletRequest request) {
        HttpSession held = request.getSession(false);
        if (held != null && held.getAttribute(KEPT) instanceof KeptForm form) {
            held.removeAttribute(KEPT);
            if (form.path().equals(trip.next())) {
                return form;
            }
        }
        return new KeptForm(LocalRedirect.orElse(trip.next(), "/"), false, List.of());
    }
}
