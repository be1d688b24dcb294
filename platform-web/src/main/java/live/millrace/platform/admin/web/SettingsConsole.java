// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.admin.web;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.site.Announcements;
import live.millrace.platform.site.Setting;
import live.millrace.platform.site.SiteSettings;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The site's settings, announcements and maintenance. For admins. */
@Controller
class SettingsConsole {
    private static final int SHOWN = 10;
    private static final int MAX_HOURS = 24 * 365;

    /** A setting as the page shows it. */
    public record Row(
            String key,
            String value,
            String otherwise,
            List<String> choices,
            int least,
            int most,
            boolean restart,
            boolean waits) {}

    private final SiteSettings settings;
    private final Announcements announcements;

    SettingsConsole(SiteSettings settings, Announcements announcements) {
        this.settings = settings;
        this.announcements = announcements;
    }

    @GetMapping("/admin/settings")
    String page(Model model) {
        model.addAttribute(
                "settings",
                Arrays.stream(Setting.values())
                        .map(setting -> new Row(
                                setting.key(),
                                settings.text(setting),
                                setting.otherwise(),
                                setting.choices(),
                                setting.least(),
                                setting.most(),
                                setting.restart(),
                                settings.waitsForRestart(setting)))
                        .toList());
        return "admin/settings";
    }

    @PostMapping("/admin/settings")
    String change(
            @RequestParam String key,
            @RequestParam(defaultValue = "") String value,
            @AuthenticationPrincipal AccountPrincipal staff) {
        boolean changed = Arrays.stream(Setting.values())
                .filter(setting -> setting.key().equals(key))
                .findFirst()
                .map(setting -> settings.change(setting, value, staff.actor()))
                .orElse(false);
        return "redirect:/admin/settings?said=" + (changed ? "done" : "value");
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
