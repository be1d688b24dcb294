// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.admin.web;

import java.io.IOException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import live.millrace.platform.account.Reauthentication;
import live.millrace.platform.audit.Actor;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.picture.BadPictureException;
import live.millrace.platform.picture.PictureKind;
import live.millrace.platform.picture.Pictures;
import live.millrace.platform.site.Setting;
import live.millrace.platform.site.SiteSettings;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.web.multipart.MultipartFile;

/** Settings as forms show and send them. */
@Component
class SettingsForm {
    private static final String ON = "on";

    /**
     * A setting as a page shows it.
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

    private final SiteSettings settings;
    private final Pictures pictures;
    private final Channels channels;
    private final Reauthentication session;

    SettingsForm(SiteSettings settings, Pictures pictures, Channels channels, Reauthentication session) {
        this.settings = settings;
        this.pictures = pictures;
        this.channels = channels;
        this.session = session;
    }

    /** @param typed what was sent and refused, by the keys of settings */
    Row row(Setting setting, Map<String, String> typed) {
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

    /**
     * Saves all that is sent, or nothing.
     *
     * @return why fields cannot be that: keys of texts, by the keys of settings; empty when all was saved
     */
    Map<String, String> save(Map<String, String> sent, @Nullable MultipartFile logo, Actor actor) throws IOException {
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
            settings.change(wanted, actor)
                    .forEach(setting -> refused.put(setting.key(), "setting.refused." + setting.kind()));
        }
        String after = wanted.get(Setting.SITE_LOGO);
        if (!refused.isEmpty()) {
            if (after != null && !after.isEmpty()) {
                pictures.delete(after);
            }
        } else if (after != null && !before.isEmpty() && !before.equals(after)) {
            pictures.delete(before);
        }
        return refused;
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
}
