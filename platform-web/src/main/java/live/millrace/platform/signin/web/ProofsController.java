// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.signin.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Optional;
import live.millrace.platform.account.AccountAlerts;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Reauthentication;
import live.millrace.platform.shared.ShownOnce;
import live.millrace.platform.shared.WellFormed;
import live.millrace.platform.signin.AuthenticatorApps;
import live.millrace.platform.signin.OpenIdLinks;
import live.millrace.platform.signin.Passkeys;
import live.millrace.platform.signin.Places;
import live.millrace.platform.signin.Proofs;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Sets up and takes away what proves somebody beside their password. */
@Controller
class ProofsController {
    private static final String BACK = "redirect:/settings/security?said=";
    private static final String NO_STORE = "no-store";
    private static final String CODES = "recovery codes";
    private static final String CODES_PAGE = "redirect:/settings/security/codes";

    private final Passkeys passkeys;
    private final Places places;
    private final AuthenticatorApps apps;
    private final Reauthentication session;
    private final AccountAlerts alerts;
    private final OpenIdLinks links;
    private final ShownOnce once;

    ProofsController(
            Passkeys passkeys,
            Places places,
            AuthenticatorApps apps,
            Reauthentication session,
            AccountAlerts alerts,
            OpenIdLinks links,
            ShownOnce once) {
        this.links = links;
        this.once = once;
        this.passkeys = passkeys;
        this.places = places;
        this.apps = apps;
        this.session = session;
        this.alerts = alerts;
    }

    // ---- after a new password by mail ------------------------------------------------------------------------

    /** What opens the account beside the password stayed: whoever has some of it looks at it, before they are asked about their keys. */
    @GetMapping("/settings/security/reset")
    String reset(@AuthenticationPrincipal AccountPrincipal principal) {
        long id = principal.accountId();
        boolean any = passkeys.any(id) || apps.asked(id) || !links.of(id).isEmpty();
        return any ? "redirect:/settings/security?reset" : "redirect:/settings/keys";
    }

    // ---- passkeys ---------------------------------------------------------------------------------------------

    @GetMapping(value = "/settings/security/passkeys/options", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<String> options(@AuthenticationPrincipal AccountPrincipal principal, HttpServletRequest request) {
        return places.of(request)
                .map(place -> ResponseEntity.ok()
                        .cacheControl(CacheControl.noStore())
                        .body(passkeys.creation(principal.accountId(), principal.getUsername(), place)))
                .orElseGet(() -> ResponseEntity.notFound().build());
    }

    /** @param credential what the browser made, as JSON; nothing without a script */
    @PostMapping("/settings/security/passkeys")
    String add(
            @RequestParam(defaultValue = "") String name,
            @RequestParam(defaultValue = "") String credential,
            @AuthenticationPrincipal AccountPrincipal principal,
            HttpServletRequest request,
            HttpServletResponse response) {
        String called = name.strip();
        if (called.isEmpty() || called.length() > Passkeys.MOST_LETTERS || !WellFormed.text(called)) {
            return BACK + "passkey-name#passkeys";
        }
        Optional<Passkeys.Place> place = places.of(request);
        Passkeys.Added added = place.isEmpty()
                ? Passkeys.Added.REFUSED
                : passkeys.add(principal.accountId(), called, credential, place.get());
        return switch (added) {
            case DONE -> {
                session.confirmed(Proofs.PASSKEY, request, response);
                changed(principal, AccountAlerts.Kind.NEW_PASSKEY, request);
                yield BACK + "passkey-added#passkeys";
            }
            case REFUSED -> BACK + "passkey-refused#passkeys";
            case TOO_MANY -> BACK + "passkey-many#passkeys";
        };
    }

    @PostMapping("/settings/security/passkeys/{id}/remove")
    String remove(
            @PathVariable long id, @AuthenticationPrincipal AccountPrincipal principal, HttpServletRequest request) {
        if (passkeys.last(principal.accountId(), id) && links.noneBeside(principal.accountId())) {
            return BACK + "passkey-last#passkeys";
        }
        if (passkeys.remove(principal.accountId(), id) == null) {
            return BACK + "passkey-gone#passkeys";
        }
        changed(principal, AccountAlerts.Kind.FACTOR_REMOVED, request);
        return BACK + "passkey-removed#passkeys";
    }

    // ---- authenticator app ------------------------------------------------------------------------------------

    @GetMapping("/settings/security/app")
    String offer(
            @RequestParam(required = false) @Nullable String late,
            @AuthenticationPrincipal AccountPrincipal principal,
            HttpServletResponse response,
            Model model) {
        if (late != null) {
            model.addAttribute("error", "security.app.late");
        }
        if (apps.asked(principal.accountId())) {
            return "redirect:/settings/security#app";
        }
        return offered(apps.offer(principal.accountId(), principal.getUsername()), response, model);
    }

    private static String offered(AuthenticatorApps.Offer offer, HttpServletResponse response, Model model) {
        response.setHeader("Cache-Control", NO_STORE);
        model.addAttribute("offer", offer);
        model.addAttribute("picture", QrPath.of(offer.address()));
        return "settings/app";
    }

    /** A code that is wrong leaves the key as it is: the app has it already. */
    @PostMapping("/settings/security/app")
    String confirm(
            @RequestParam(defaultValue = "") String sealed,
            @RequestParam(defaultValue = "") String code,
            @AuthenticationPrincipal AccountPrincipal principal,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        Optional<List<String>> codes = apps.confirm(principal.accountId(), sealed, code);
        if (codes.isPresent()) {
            session.confirmed(Proofs.APP, request, response);
            changed(principal, AccountAlerts.Kind.FACTOR_ADDED, request);
            once.keep(request, CODES, codes.get());
            return CODES_PAGE + "?first";
        }
        if (apps.asked(principal.accountId())) {
            return "redirect:/settings/security#app";
        }
        Optional<AuthenticatorApps.Offer> same = apps.reopen(principal.accountId(), principal.getUsername(), sealed);
        if (same.isEmpty()) {
            // A new key is shown where one is asked for, and by nothing that is sent.
            return "redirect:/settings/security/app?late";
        }
        response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
        model.addAttribute("error", "security.app.wrong");
        return offered(same.get(), response, model);
    }

    /** Codes that were made a moment ago: they are shown now, and never again. */
    @GetMapping("/settings/security/codes")
    String codes(
            @RequestParam(required = false) @Nullable String first,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        Optional<List<String>> codes = once.take(request, response, CODES);
        if (codes.isEmpty()) {
            return "redirect:/settings/security?shown#app";
        }
        model.addAttribute("codes", codes.get());
        model.addAttribute("first", first != null);
        return "settings/codes";
    }

    @PostMapping("/settings/security/codes")
    String renewCodes(@AuthenticationPrincipal AccountPrincipal principal, HttpServletRequest request) {
        List<String> codes = apps.renewCodes(principal.accountId());
        if (codes.isEmpty()) {
            return "redirect:/settings/security#app";
        }
        changed(principal, AccountAlerts.Kind.NEW_CODES, request);
        once.keep(request, CODES, codes);
        return CODES_PAGE;
    }

    @PostMapping("/settings/security/app/remove")
    String removeApp(@AuthenticationPrincipal AccountPrincipal principal, HttpServletRequest request) {
        if (apps.remove(principal.accountId())) {
            changed(principal, AccountAlerts.Kind.FACTOR_REMOVED, request);
        }
        return BACK + "app-removed#app";
    }

    /** They are told, in case it was somebody else. */
    private void changed(AccountPrincipal principal, AccountAlerts.Kind kind, HttpServletRequest request) {
        alerts.tell(principal.accountId(), kind, request);
    }
}
