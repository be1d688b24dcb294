// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import java.util.List;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.ConfirmationWay;
import live.millrace.platform.security.Confirmations;
import live.millrace.platform.security.KeptForm;
import live.millrace.platform.security.LoginFailure;
import live.millrace.platform.shared.web.LocalRedirect;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/** The page that asks whether it is still they, and goes on to what they were about to do. */
@Controller
class ConfirmController {
    private static final String PAGE = "security/confirm";

    private final Confirmations confirmations;
    private final List<ConfirmationWay> ways;

    ConfirmController(Confirmations confirmations, List<ConfirmationWay> ways) {
        this.confirmations = confirmations;
        this.ways = ways;
    }

    @GetMapping("/confirm")
    String form(
            @RequestParam(name = LocalRedirect.PARAMETER, required = false) @Nullable String next,
            @AuthenticationPrincipal AccountPrincipal principal,
            HttpServletRequest request,
            Model model) {
        return page(principal, new KeptForm(LocalRedirect.orElse(next, "/"), false, List.of()), null, request, model);
    }

    /** Somebody was about to do something: the form, with what they sent. */
    @RequestMapping(
            value = "/confirm/ask",
            method = {RequestMethod.GET, RequestMethod.POST})
    String ask(
            @RequestAttribute(name = KeptForm.ATTRIBUTE, required = false) @Nullable KeptForm kept,
            @AuthenticationPrincipal AccountPrincipal principal,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        if (kept == null) {
            return "redirect:/confirm";
        }
        response.setHeader("Cache-Control", "no-store");
        return page(principal, kept, null, request, model);
    }

    @PostMapping("/confirm")
    Object confirm(
            @RequestParam(name = "confirm-password", defaultValue = "") String password,
            @RequestParam(name = "confirm-code", defaultValue = "") String code,
            @RequestParam(name = ConfirmationWay.PATH, defaultValue = "/") String path,
            @RequestParam(name = ConfirmationWay.AGAIN, defaultValue = "false") boolean again,
            @AuthenticationPrincipal AccountPrincipal principal,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        return answer(
                // The key Enter sends what was typed, whichever field it is in.
                password.isEmpty() && !code.isBlank()
                        ? confirmations.code(principal, code, request, response)
                        : confirmations.password(principal, password, request, response),
                path,
                again,
                principal,
                request,
                response,
                model);
    }

    @PostMapping("/confirm/code")
    Object code(
            @RequestParam(name = "confirm-code", defaultValue = "") String code,
            @RequestParam(name = ConfirmationWay.PATH, defaultValue = "/") String path,
            @RequestParam(name = ConfirmationWay.AGAIN, defaultValue = "false") boolean again,
            @AuthenticationPrincipal AccountPrincipal principal,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        return answer(
                confirmations.code(principal, code, request, response),
                path,
                again,
                principal,
                request,
                response,
                model);
    }

    /** What a browser needs to ask for a passkey of theirs. */
    @GetMapping(value = "/confirm/passkey", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<String> passkey(@AuthenticationPrincipal AccountPrincipal principal, HttpServletRequest request) {
        return confirmations
                .passkeyOptions(principal, request)
                .map(options ->
                        ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(options))
                .orElseGet(() -> ResponseEntity.notFound().build());
    }

    /** @param credential what the browser showed, as JSON; nothing without a script */
    @PostMapping("/confirm/passkey")
    Object passkey(
            @RequestParam(name = "confirm-credential", defaultValue = "") String credential,
            @RequestParam(name = ConfirmationWay.PATH, defaultValue = "/") String path,
            @RequestParam(name = ConfirmationWay.AGAIN, defaultValue = "false") boolean again,
            @AuthenticationPrincipal AccountPrincipal principal,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        return answer(
                confirmations.passkey(principal, credential, request, response),
                path,
                again,
                principal,
                request,
                response,
                model);
    }

    private Object answer(
            @Nullable LoginFailure failure,
            String path,
            boolean again,
            AccountPrincipal principal,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        if (Confirmations.ENDED.equals(failure)) {
            return "redirect:/login?ended";
        }
        if (failure != null) {
            if (!failure.pause().isZero()) {
                response.setHeader(
                        "Retry-After",
                        Long.toString(failure.pause().plusMillis(999).toSeconds()));
            }
            response.setStatus(failure.status().value());
            page(principal, KeptForm.returned(request, path, again), failure, request, model);
            return new ModelAndView(PAGE, model.asMap());
        }
        // A browser sends the same form to the new address when the status is 307.
        return ResponseEntity.status(again ? HttpStatus.TEMPORARY_REDIRECT : HttpStatus.SEE_OTHER)
                .location(URI.create(LocalRedirect.orElse(path, "/")))
                .build();
    }

    String page(
            AccountPrincipal principal,
            KeptForm kept,
            @Nullable LoginFailure failure,
            HttpServletRequest request,
            Model model) {
        List<ConfirmationWay> offered =
                ways.stream().filter(way -> way.offered(principal)).toList();
        offered.forEach(way -> way.fill(principal, request, model));
        model.addAttribute("kept", kept);
        model.addAttribute("failure", failure);
        model.addAttribute(
                "minutes", failure == null ? 0 : failure.pause().plusSeconds(59).toMinutes());
        model.addAttribute("name", principal.getUsername());
        model.addAttribute("firstWays", templates(offered, true));
        model.addAttribute("ways", templates(offered, false));
        model.addAttribute("byCode", confirmations.byCode(principal));
        model.addAttribute("byPassword", ways.stream().noneMatch(way -> way.insteadOfPassword(principal)));
        return PAGE;
    }

    private static List<String> templates(List<ConfirmationWay> offered, boolean first) {
        return offered.stream()
                .filter(way -> way.first() == first)
                .map(ConfirmationWay::template)
                .toList();
    }
}
