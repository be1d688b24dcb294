// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.site;

import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import live.millrace.platform.audit.Actor;
import live.millrace.platform.shared.SiteName;

/** The settings of the site, as they are now. Thread-safe; reading costs nothing. */
public interface SiteSettings extends SiteName {
    /** What is set, or the default. */
    String text(Setting setting);

    default int number(Setting setting) {
        return Integer.parseInt(text(setting));
    }

    /** A number that the web may set instead of the process's own property. */
    default OptionalInt override(Setting setting) {
        String value = text(setting);
        return value.isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(value));
    }

    @Override
    default String siteName() {
        return text(Setting.SITE_NAME);
    }

    @Override
    default Locale siteLanguage() {
        return Locale.forLanguageTag(text(Setting.SITE_LANGUAGE));
    }

    /** Whose site it is. */
    default SiteIdentity identity() {
        return SiteIdentity.of(this);
    }

    /** Whether it was changed since the start and takes effect at the next. */
    boolean waitsForRestart(Setting setting);

    /**
     * Sets it, at once, and writes it into the audit log.
     *
     * @param value empty for the default
     * @return false when it cannot be that; then nothing changes
     */
    boolean change(Setting setting, String value, Actor actor);

    /**
     * Sets several, all or none, and writes those that change into the audit log.
     *
     * @return those that cannot be what was asked; where there is one, nothing changed
     */
    Set<Setting> change(Map<Setting, String> values, Actor actor);
}
