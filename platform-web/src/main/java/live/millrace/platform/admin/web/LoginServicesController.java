// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.admin.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.signin.OpenIdFlow;
import live.millrace.platform.signin.OpenIdProviders;
import live.millrace.platform.signin.OpenIdProviders.Draft;
import live.millrace.platform.signin.OpenIdProviders.Problem;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;

/** Other services by which people log in. For admins. A secret is taken and never shown. */
@Controller
class LoginServicesController {
    private static final String LIST = "admin/login-services";
    private static final String FORM = "admin/login-service";

    private final OpenIdProviders services;
    private final OpenIdFlow flow;

    LoginServicesController(OpenIdProviders services, OpenIdFlow flow) {
        this.services = services;
        this.flow = flow;
    }

    @GetMapping("/admin/login-services")
    String list(Model model) {
        model.addAttribute("services", services.all());
        model.addAttribute("full", services.all().size() >= OpenIdProviders.MOST);
        return LIST;
    }

    @GetMapping("/admin/login-services/new")
    String empty(HttpServletRequest request, Model model) {
        return form(new Draft(services.next(), "", "", "", "", true, 0), true, false, null, request, model);
    }

    @GetMapping("/admin/login-services/{id}")
    String filled(@PathVariable int id, HttpServletRequest request, Model model) {
        OpenIdProviders.View found = find(id);
        Draft draft =
                new Draft(id, found.name(), found.issuer(), found.clientId(), "", found.enabled(), found.position());
        return form(draft, false, found.secret(), null, request, model);
    }

    private OpenIdProviders.View find(int id) {
        return services.find(id).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    }

    /** @param number the one that the page's address was made of */
    @PostMapping("/admin/login-services")
    String make(
            @RequestParam(defaultValue = "0") int number,
            @RequestParam(defaultValue = "") String name,
            @RequestParam(defaultValue = "") String issuer,
            @RequestParam(defaultValue = "") String clientId,
            @RequestParam(required = false) @Nullable String secret,
            @RequestParam(defaultValue = "false") boolean enabled,
            @RequestParam(defaultValue = "0") int position,
            @AuthenticationPrincipal AccountPrincipal admin,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        Draft draft = draft(number, name, issuer, clientId, secret, enabled, position);
        Problem problem = number == services.next() ? saved(draft, true, secret, admin) : taken();
        if (problem == null) {
            return "redirect:/admin/login-services?said=done";
        }
        response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
        Draft again = draft(services.next(), name, issuer, clientId, "", enabled, position);
        return form(again, true, false, problem, request, model);
    }

    @PostMapping("/admin/login-services/{id}")
    String change(
            @PathVariable int id,
            @RequestParam(defaultValue = "") String name,
            @RequestParam(defaultValue = "") String issuer,
            @RequestParam(defaultValue = "") String clientId,
            @RequestParam(required = false) @Nullable String secret,
            @RequestParam(defaultValue = "false") boolean enabled,
            @RequestParam(defaultValue = "0") int position,
            @AuthenticationPrincipal AccountPrincipal admin,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        OpenIdProviders.View before = find(id);
        Draft draft = draft(id, name, issuer, clientId, secret, enabled, position);
        Problem problem = saved(draft, false, secret, admin);
        if (problem == null) {
            return "redirect:/admin/login-services?said=done";
        }
        response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
        Draft again = draft(id, name, issuer, clientId, "", enabled, position);
        return form(again, false, before.secret(), problem, request, model);
    }

    private @Nullable Problem saved(Draft draft, boolean make, @Nullable String secret, AccountPrincipal admin) {
        // A form that was kept while its sender confirmed who they are holds no secret: not even an empty one.
        return secret == null
                ? Problem.of("openid.problem.secret-lost", "secret")
                : services.save(draft, make, admin.actor());
    }

    private static Problem taken() {
        return Problem.of("openid.problem.number", "name");
    }

    private static Draft draft(
            int id,
            String name,
            String issuer,
            String clientId,
            @Nullable String secret,
            boolean enabled,
            int position) {
        return new Draft(
                id,
                name.strip(),
                issuer.strip(),
                clientId.strip(),
                secret == null ? "" : secret.strip(),
                enabled,
                Math.clamp(position, 0, OpenIdProviders.MOST_POSITION));
    }

    @PostMapping("/admin/login-services/{id}/remove")
    String remove(@PathVariable int id, @AuthenticationPrincipal AccountPrincipal admin) {
        return "redirect:/admin/login-services?said=" + (services.remove(id, admin.actor()) ? "done" : "gone");
    }

    private String form(
            Draft draft,
            boolean make,
            boolean secret,
            @Nullable Problem problem,
            HttpServletRequest request,
            Model model) {
        model.addAttribute("draft", draft);
        model.addAttribute("make", make);
        model.addAttribute("secretKept", secret);
        model.addAttribute("problem", problem);
        model.addAttribute("address", flow.redirectAddress(draft.id(), request));
        return FORM;
    }
}
