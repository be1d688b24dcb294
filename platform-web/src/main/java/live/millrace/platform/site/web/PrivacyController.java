// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.site.web;

import live.millrace.platform.site.Setting;
import live.millrace.platform.site.SiteSettings;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** What this site stores of people, why, and how long. For everybody. */
@Controller
class PrivacyController {
    private final SiteSettings settings;

    PrivacyController(SiteSettings settings) {
        this.settings = settings;
    }

    @GetMapping("/privacy")
    String privacy(Model model) {
        model.addAttribute("addressDays", settings.number(Setting.ADDRESS_DAYS));
        model.addAttribute("evidenceDays", settings.number(Setting.EVIDENCE_DAYS));
        model.addAttribute("messageDays", settings.number(Setting.MESSAGE_DAYS));
        model.addAttribute("videoDays", settings.number(Setting.RECORDING_DAYS));
        return "site/privacy";
    }
}
