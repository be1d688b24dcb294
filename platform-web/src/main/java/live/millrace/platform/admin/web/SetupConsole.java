// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.admin.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.Preferences;
import live.millrace.platform.account.SiteMail;
import live.millrace.platform.account.Vouched;
import live.millrace.platform.delivery.Outcome;
import live.millrace.platform.engine.MediaAddresses;
import live.millrace.platform.shared.SiteAddress;
import live.millrace.platform.site.Introduction;
import live.millrace.platform.site.Setting;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.multipart.MultipartFile;

/**
 * The way through what a new site wants to know, once its first admin is there. Each step can be left for later, and come back to: what is
 * done is seen from the site itself. For admins.
 */
@Controller
class SetupConsole {
    private static final List<Setting> ASKED =
            List.of(Setting.SITE_NAME, Setting.SITE_LOGO, Setting.SITE_DESCRIPTION, Setting.SITE_LANGUAGE);

    private final SettingsForm form;
    private final Introduction introduction;
    private final SetupSteps steps;
    private final SiteMail mail;
    private final SiteAddress site;
    private final MediaAddresses media;
    private final Accounts accounts;

    SetupConsole(
            SettingsForm form,
            Introduction introduction,
            SetupSteps steps,
            SiteMail mail,
            SiteAddress site,
            MediaAddresses media,
            Accounts accounts) {
        this.form = form;
        this.introduction = introduction;
        this.steps = steps;
        this.mail = mail;
        this.site = site;
        this.media = media;
        this.accounts = accounts;
    }

    private String page(SetupSteps.Step step, AccountPrincipal admin, Model model) {
        List<SetupSteps.Place> places = steps.places(admin);
        SetupSteps.Place here = places.stream()
                .filter(each -> each.key().equals(step.key()))
                .findFirst()
                .orElseThrow();
        model.addAttribute("places", places);
        model.addAttribute("place", here);
        model.addAttribute(
                "next",
                places.stream()
                        .filter(each -> each.number() > here.number())
                        .findFirst()
                        .map(each -> "/admin/setup/" + each.key())
                        .orElse("/admin"));
        return "admin/setup";
    }

    /** The first step that is open. */
    @GetMapping("/admin/setup")
    String open(@AuthenticationPrincipal AccountPrincipal admin) {
        return steps.places(admin).stream()
                .filter(place -> !place.done())
                .findFirst()
                .map(place -> "redirect:/admin/setup/" + place.key())
                .orElse("redirect:/admin");
    }

    @GetMapping("/admin/setup/site")
    String site(@AuthenticationPrincipal AccountPrincipal admin, Model model) {
        return site(Map.of(), Map.of(), admin, model);
    }

    private String site(Map<String, String> typed, Map<String, String> refused, AccountPrincipal admin, Model model) {
        model.addAttribute(
                "rows", ASKED.stream().map(setting -> form.row(setting, typed)).toList());
        model.addAttribute("refused", refused);
        return page(SetupSteps.Step.SITE, admin, model);
    }

    @PostMapping("/admin/setup/site")
    String saveSite(
            @RequestParam Map<String, String> sent,
            @RequestParam(name = "logo") @Nullable MultipartFile logo,
            @AuthenticationPrincipal AccountPrincipal admin,
            HttpServletResponse response,
            Model model)
            throws IOException {
        // What else was sent is no part of this step.
        Map<String, String> asked = new HashMap<>(sent);
        asked.keySet()
                .retainAll(Stream.concat(ASKED.stream().map(Setting::key), Stream.of("logo-remove"))
                        .toList());
        Map<String, String> refused = form.save(asked, logo, admin.actor());
        if (!refused.isEmpty()) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return site(sent, refused, admin, model);
        }
        introduction.did();
        return "redirect:/admin/setup/mail";
    }

    @GetMapping("/admin/setup/mail")
    String mail(@AuthenticationPrincipal AccountPrincipal admin, Model model) {
        String own =
                accounts.preferences(admin.accountId()).map(Preferences::email).orElse("");
        return mail(own, null, null, admin, model);
    }

    /**
     * The step of mail.
     *
     * @param error key of the text that says what is wrong with the address; null for nothing
     * @param failure why the server did not take a mail, in its terms; null for nothing
     */
    private String mail(
            String to, @Nullable String error, @Nullable String failure, AccountPrincipal admin, Model model) {
        model.addAttribute("mailWorks", mail.available());
        model.addAttribute("publicUrl", site.origin().orElse(""));
        model.addAttribute("to", to);
        model.addAttribute("error", error);
        model.addAttribute("failure", failure);
        return page(SetupSteps.Step.MAIL, admin, model);
    }

    @PostMapping("/admin/setup/mail")
    String testMail(
            @RequestParam(defaultValue = "") String to,
            @AuthenticationPrincipal AccountPrincipal admin,
            Locale language,
            HttpServletResponse response,
            Model model) {
        String address = to.strip();
        String error = isMailable(address) ? null : "account.email.malformed";
        String failure = null;
        if (error == null && mail.available()) {
            failure = switch (mail.test(address, language)) {
                case Outcome.Later(String why) -> why;
                case Outcome.Never(String why) -> why;
                case Outcome.Done _, Outcome.Gone _ -> null;
            };
            if (failure == null) {
                return "redirect:/admin/setup/mail?sent";
            }
        }
        response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
        return mail(address, error, failure, admin, model);
    }

    @GetMapping("/admin/setup/address")
    String address(@AuthenticationPrincipal AccountPrincipal admin, HttpServletRequest request, Model model) {
        model.addAttribute("address", site.originFor(request));
        model.addAttribute("encrypted", site.encrypted());
        return page(SetupSteps.Step.ADDRESS, admin, model);
    }

    @GetMapping("/admin/setup/stream")
    String stream(@AuthenticationPrincipal AccountPrincipal admin, HttpServletRequest request, Model model) {
        model.addAttribute("server", media.rtmpServer(request));
        return page(SetupSteps.Step.STREAM, admin, model);
    }

    /** Not every server takes letters beyond ASCII, and brackets are no part of an address. */
    private static boolean isMailable(String address) {
        return Vouched.mail(address)
                && address.chars().allMatch(c -> c > ' ' && c <= '~' && "<>()[],;:\\\"".indexOf(c) < 0);
    }
}
