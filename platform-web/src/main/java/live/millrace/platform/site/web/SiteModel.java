// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.site.web;

import java.util.Locale;
import live.millrace.platform.site.Announcements;
import live.millrace.platform.site.Setting;
import live.millrace.platform.site.SiteIdentity;
import live.millrace.platform.site.SiteSettings;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;

/** What stands on every page: whose site it is, an announcement, and that the site is being worked on. */
@ControllerAdvice
class SiteModel {
    private final Announcements announcements;
    private final SiteSettings settings;

    SiteModel(Announcements announcements, SiteSettings settings) {
        this.announcements = announcements;
        this.settings = settings;
    }

    @ModelAttribute("site")
    SiteIdentity site() {
        return settings.identity();
    }

    @ModelAttribute("announcement")
    @Nullable
    String announcement(Locale locale) {
        return announcements
                .current()
                .map(current -> locale.getLanguage().equals("zh") ? current.textZh() : current.textEn())
                .orElse(null);
    }

    @ModelAttribute("maintenance")
    boolean maintenance() {
        return settings.text(Setting.MAINTENANCE).equals("on");
    }
}
