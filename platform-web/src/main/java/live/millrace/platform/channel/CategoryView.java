// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What streams can be about.
 *
 * @param slug its part of an address
 * @param picture a picture's name
 */
public record CategoryView(
        long id,
        String slug,
        String nameEn,
        String nameZh,
        @Nullable String picture,
        int position) {
    /** Its name as people of a language call it. */
    public String name(Locale locale) {
        return locale.getLanguage().equals("zh") ? nameZh : nameEn;
    }
}
