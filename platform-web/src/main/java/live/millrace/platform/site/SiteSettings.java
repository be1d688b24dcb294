// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.site;

import java.util.OptionalInt;
import live.millrace.platform.audit.Actor;

/** The settings of the site, as they are now. Thread-safe; reading costs nothing. */
public interface SiteSettings {
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

    /** Whether it was changed since the start and takes effect at the next. */
    boolean waitsForRestart(Setting setting);

    /**
     * Sets it, at once, and writes it into the audit log.
     *
     * @param value empty for the default
     * @return false when it cannot be that; then nothing changes
     */
    boolean change(Setting setting, String value, Actor actor);
}
