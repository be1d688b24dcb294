// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.admin.web;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.site.Announcements;
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

/** The site's settings, announcements and maintenance. For admins. */
@Controller
class SettingsConsole {
    private static final int SHOWN = 10;
    private static final int MAX_HOURS = 24 * 365;

    /** The settings of one section. */
    public record Group(Setting.Section section, List<SettingsForm.Row> rows) {}

    private final SettingsForm form;
    private final Announcements announcements;

    SettingsConsole(SettingsForm form, Announcements announcements) {
        this.form = form;
        this.announcements = announcements;
    }

    @GetMapping("/admin/settings")
    String page(Model model) {
        return page(Map.of(), Map.of(), model);
    }

    /**
     * The page, after a save that was refused with what was typed and why.
     *
     * @param refused keys of texts, by the keys of settings
     */
    private String page(Map<String, String> typed, Map<String, String> refused, Model model) {
        model.addAttribute(
                "groups",
                Arrays.stream(Setting.Section.values())
                        .map(section -> new Group(
                                section,
                                Arrays.stream(Setting.values())
                                        .filter(setting -> setting.section() == section)
                                        .map(setting -> form.row(setting, typed))
                                        .toList()))
                        .toList());
        model.addAttribute("refused", refused);
        return "admin/settings";
    }

    /** Saves all that is sent, or nothing: then the page comes back as it was typed, and each field that cannot be says why. */
    @PostMapping("/admin/settings")
    String change(
            @RequestParam Map<String, String> sent,
            @RequestParam(name = "logo") @Nullable MultipartFile logo,
            @AuthenticationPrincipal AccountPrincipal staff,
            HttpServletResponse response,
            Model model)
            throws IOException {
        Map<String, String> refused = form.save(sent, logo, staff.actor());
        if (!refused.isEmpty()) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return page(sent, refused, model);
        }
        return "redirect:/admin/settings?said=done";
    }

    @GetMapping("/admin/announcements")
    String announcements(Model model) {
        model.addAttribute("current", announcements.current().orElse(null));
        model.addAttribute("last", announcements.last(SHOWN));
        return "admin/announcements";
    }

    @PostMapping("/admin/announcements")
    String announce(
            @RequestParam(defaultValue = "") String textEn,
            @RequestParam(defaultValue = "") String textZh,
            @RequestParam(defaultValue = "0") int hours,
            @AuthenticationPrincipal AccountPrincipal staff) {
        boolean made = announcements.announce(
                textEn, textZh, Duration.ofHours(Math.clamp(hours, 0, MAX_HOURS)), staff.actor());
        return "redirect:/admin/announcements?said=" + (made ? "done" : "text");
    }

    @PostMapping("/admin/announcements/end")
    String end(@AuthenticationPrincipal AccountPrincipal staff) {
        announcements.end(staff.actor());
        return "redirect:/admin/announcements?said=done";
    }
}
