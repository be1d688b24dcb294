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
import org.springframework.http.HttpStatus;
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
            Model model) {
        return page(principal, new KeptForm(LocalRedirect.orElse(next, "/"), false, List.of()), null, model);
    }

    /** Somebody was about to do something: the form, with what they sent. */
    @RequestMapping(
            value = "/confirm/ask",
            method = {RequestMethod.GET, RequestMethod.POST})
    String ask(
            @RequestAttribute(name = KeptForm.ATTRIBUTE, required = false) @Nullable KeptForm kept,
            @AuthenticationPrincipal AccountPrincipal principal,
            HttpServletResponse response,
            Model model) {
        if (kept == null) {
            return "redirect:/confirm";
        }
        response.setHeader("Cache-Control", "no-store");
        return page(principal, kept, null, model);
    }

    @PostMapping("/confirm")
    Object confirm(
            @RequestParam(name = "confirm-password", defaultValue = "") String password,
            @RequestParam(name = ConfirmationWay.PATH, defaultValue = "/") String path,
            @RequestParam(name = ConfirmationWay.AGAIN, defaultValue = "false") boolean again,
            @AuthenticationPrincipal AccountPrincipal principal,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        return answer(
                confirmations.password(principal, password, request, response),
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
            response.setStatus(
                    failure.pause().isZero()
                            ? HttpStatus.UNPROCESSABLE_CONTENT.value()
                            : HttpStatus.TOO_MANY_REQUESTS.value());
            page(principal, KeptForm.returned(request, path, again), failure, model);
            return new ModelAndView(PAGE, model.asMap());
        }
        // A browser sends the same form to the new address when the status is 307.
        return ResponseEntity.status(again ? HttpStatus.TEMPORARY_REDIRECT : HttpStatus.SEE_OTHER)
                .location(URI.create(LocalRedirect.orElse(path, "/")))
                .build();
    }

    String page(AccountPrincipal principal, KeptForm kept, @Nullable LoginFailure failure, Model model) {
        List<ConfirmationWay> offered =
                ways.stream().filter(way -> way.offered(principal)).toList();
        model.addAttribute("kept", kept);
        model.addAttribute("failure", failure);
        model.addAttribute(
                "minutes", failure == null ? 0 : failure.pause().plusSeconds(59).toMinutes());
        model.addAttribute("name", principal.getUsername());
        model.addAttribute(
                "ways", offered.stream().map(ConfirmationWay::template).toList());
        model.addAttribute("byCode", confirmations.byCode(principal));
        offered.forEach(way -> way.fill(principal, model));
        model.addAttribute("byPassword", ways.stream().noneMatch(way -> way.insteadOfPassword(principal)));
        return PAGE;
    }
}
