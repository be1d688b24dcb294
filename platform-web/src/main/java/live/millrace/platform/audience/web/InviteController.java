// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.audience.Invitations;
import live.millrace.platform.audience.Invitations.Look;
import live.millrace.platform.audience.Invitations.Use;
import live.millrace.platform.audience.Invitations.Visitor;
import live.millrace.platform.audience.internal.InviteTries;
import live.millrace.platform.audience.internal.KeptSecret;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * Where the link of an invitation leads. It shows a page with a button, because messengers and mail programs open links too; only the button
 * uses it. Whoever signs in first comes back to {@code /i}: the secret waits in a cookie and stands in no other address.
 */
@Controller
class InviteController {
    private static final String PAGE = "audience/invite";

    private final Invitations invitations;
    private final InviteTries tries;

    InviteController(Invitations invitations, InviteTries tries) {
        this.invitations = invitations;
        this.tries = tries;
    }

    @GetMapping("/i/{secret}")
    String look(
            @PathVariable String secret,
            @AuthenticationPrincipal @Nullable AccountPrincipal person,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        return page(secret, null, "", person, request, response, model);
    }

    /** After a log-in. */
    @GetMapping("/i")
    String goOn(
            @AuthenticationPrincipal @Nullable AccountPrincipal person,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        return page(KeptSecret.INVITATION.read(request), null, "", person, request, response, model);
    }

    /** @param way where somebody wants to sign in first */
    @PostMapping("/i/{secret}")
    String come(
            @PathVariable String secret,
            @RequestParam(defaultValue = "") String name,
            @RequestParam(defaultValue = "") String way,
            @AuthenticationPrincipal @Nullable AccountPrincipal person,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        if (!tries.pause(request.getRemoteAddr()).isZero()) {
            return page(secret, null, name, person, request, response, model);
        }
        Visitor visitor = visitor(person, request);
        if (person == null && !way.isEmpty()) {
            return invitations.look(secret, visitor) instanceof Look.Open
                    ? signIn(secret, way, request, response)
                    : page(secret, null, name, null, request, response, model);
        }
        return switch (invitations.use(secret, visitor, name)) {
            case Use.Welcome welcome -> {
                String cookie = welcome.cookie();
                if (cookie != null) {
                    KeptSecret.GUEST.write(request, response, cookie);
                }
                if (!KeptSecret.INVITATION.read(request).isEmpty()) {
                    KeptSecret.INVITATION.forget(request, response);
                }
                yield "redirect:/" + welcome.channel().name();
            }
            case Use.Refused(String why) -> page(secret, why, name, person, request, response, model);
            case Use.Dead() -> page(secret, null, name, person, request, response, model);
        };
    }

    private static String signIn(String secret, String way, HttpServletRequest request, HttpServletResponse response) {
        KeptSecret.INVITATION.write(request, response, secret);
        return way.equals("signup") ? "redirect:/signup?continue=/i" : "redirect:/login?continue=/i";
    }

    private static Visitor visitor(@Nullable AccountPrincipal person, HttpServletRequest request) {
        return new Visitor(person, KeptSecret.GUEST.read(request));
    }

    private String page(
            String secret,
            @Nullable String error,
            String name,
            @Nullable AccountPrincipal person,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        // The address holds the secret; it goes nowhere else, and nothing keeps the page.
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.setHeader("X-Robots-Tag", "noindex");
        model.addAttribute("noindex", true);
        Duration pause = tries.pause(request.getRemoteAddr());
        if (!pause.isZero()) {
            response.setStatus(HttpStatus.TOO_MANY_REQUESTS.value());
            response.setHeader(HttpHeaders.RETRY_AFTER, Long.toString(pause.toSeconds() + 1));
            model.addAttribute("minutes", pause.plusSeconds(59).toMinutes());
            return PAGE;
        }
        return switch (invitations.look(secret, visitor(person, request))) {
            case Look.Inside inside -> "redirect:/" + inside.channel().name();
            case Look.Dead() -> {
                tries.wrong(request.getRemoteAddr());
                response.setStatus(HttpStatus.NOT_FOUND.value());
                yield PAGE;
            }
            case Look.Open open -> {
                if (error != null) {
                    response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
                }
                model.addAttribute("invitation", open);
                model.addAttribute("secret", secret);
                model.addAttribute("error", error);
                model.addAttribute("name", name);
                model.addAttribute("person", person);
                yield PAGE;
            }
        };
    }
}
