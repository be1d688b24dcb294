// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.admin.web;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Reauthentication;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.picture.BadPictureException;
import live.millrace.platform.picture.PictureKind;
import live.millrace.platform.picture.Pictures;
import live.millrace.platform.site.Announcements;
import live.millrace.platform.site.Setting;
import live.millrace.platform.site.SiteSettings;
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
    private static final String ON = "on";
    private static final int MAX_HOURS = 24 * 365;

    /**
     * A setting as the page shows it.
     *
     * @param value what stands in its field
     * @param stored what holds now, which the script compares with
     */
    public record Row(
            String key,
            Setting.Kind kind,
            String value,
            String stored,
            String otherwise,
            List<String> choices,
            int least,
            int most,
            boolean restart,
            boolean waits) {}

    /** The settings of one section. */
    public record Group(Setting.Section section, List<Row> rows) {}

    private final SiteSettings settings;
    private final Announcements announcements;
    private final Pictures pictures;
    private final Channels channels;
    private final Reauthentication session;

    SettingsConsole(
            SiteSettings settings,
            Announcements announcements,
            Pictures pictures,
            Channels channels,
            Reauthentication session) {
        this.session = session;
        this.settings = settings;
        this.announcements = announcements;
        this.pictures = pictures;
        this.channels = channels;
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
                                        .map(setting -> row(setting, typed))
                                        .toList()))
                        .toList());
        model.addAttribute("refused", refused);
        return "admin/settings";
    }

    private Row row(Setting setting, Map<String, String> typed) {
        String stored = settings.text(setting);
        return new Row(
                setting.key(),
                setting.kind(),
                typed.getOrDefault(setting.key(), stored),
                stored,
                setting.otherwise(),
                setting.choices(),
                setting.least(),
                setting.most(),
                setting.restart(),
                settings.waitsForRestart(setting));
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
        Map<Setting, String> wanted = new EnumMap<>(Setting.class);
        for (Setting setting : Setting.values()) {
            String value = sent.get(setting.key());
            if (value != null && setting.kind() != Setting.Kind.PICTURE) {
                // What is the default anyway follows the default.
                wanted.put(setting, value.strip().equals(setting.otherwise()) ? "" : value);
            }
        }
        String before = settings.text(Setting.SITE_LOGO);
        Map<String, String> refused = new HashMap<>();
        picture(logo, sent.containsKey("logo-remove"), wanted, refused);
        channel(wanted, refused);
        guard(wanted, refused);
        if (refused.isEmpty()) {
            settings.change(wanted, staff.actor())
                    .forEach(setting -> refused.put(setting.key(), "setting.refused." + setting.kind()));
        }
        String after = wanted.get(Setting.SITE_LOGO);
        if (!refused.isEmpty()) {
            if (after != null && !after.isEmpty()) {
                pictures.delete(after);
            }
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return page(sent, refused, model);
        }
        if (after != null && !before.isEmpty() && !before.equals(after)) {
            pictures.delete(before);
        }
        return "redirect:/admin/settings?said=done";
    }

    /** Whoever finds a session open does not take from staff what keeps others out: here, for an upload is kept by no page that asks. */
    private void guard(Map<Setting, String> wanted, Map<String, String> refused) {
        String typed = wanted.get(Setting.STAFF_SECOND_FACTOR);
        if (typed != null
                && !typed.equals(ON)
                && settings.text(Setting.STAFF_SECOND_FACTOR).equals(ON)
                && !session.recent()) {
            refused.put(Setting.STAFF_SECOND_FACTOR.key(), "setting.refused.confirm");
        }
    }

    /** Kept as the channel writes itself. One that was chosen before and is gone does not keep other settings from being saved. */
    private void channel(Map<Setting, String> wanted, Map<String, String> refused) {
        String typed = wanted.getOrDefault(Setting.HOME_HERO, "").strip().replaceFirst("^@", "");
        if (!wanted.containsKey(Setting.HOME_HERO)) {
            return;
        }
        wanted.put(Setting.HOME_HERO, typed);
        if (!typed.isEmpty() && !typed.equals(settings.text(Setting.HOME_HERO))) {
            channels.find(typed)
                    .map(ChannelView::name)
                    .ifPresentOrElse(
                            name -> wanted.put(Setting.HOME_HERO, name),
                            () -> refused.put(Setting.HOME_HERO.key(), "setting.refused." + Setting.HOME_HERO.kind()));
        }
    }

    private void picture(
            @Nullable MultipartFile logo, boolean remove, Map<Setting, String> wanted, Map<String, String> refused)
            throws IOException {
        if (logo != null && !logo.isEmpty()) {
            try (var upload = logo.getInputStream()) {
                wanted.put(Setting.SITE_LOGO, pictures.store(PictureKind.SITE, null, upload));
            } catch (BadPictureException bad) {
                refused.put(Setting.SITE_LOGO.key(), bad.messageKey());
            }
        } else if (remove) {
            wanted.put(Setting.SITE_LOGO, "");
        }
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
