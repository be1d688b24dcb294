// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel;

import java.util.Locale;
import java.util.Map;
import live.millrace.platform.shared.Hues;
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
    /** Hues of the categories that came with the site, for which there are drawings. */
    private static final Map<String, Integer> DRAWN = Map.of(
            "talk",
            2,
            "games",
            19,
            "music",
            22,
            "art",
            4,
            "learning",
            17,
            "technology",
            14,
            "sports",
            9,
            "events",
            0,
            "outdoors",
            11,
            "radio",
            6);

    /** The address of its drawing, white on nothing; of one that an admin added, a drawing for all of those. */
    public String art() {
        return "/brand/art/" + (DRAWN.containsKey(slug) ? slug : "water") + ".svg";
    }

    /** The classes of whatever bears its colour. */
    public String hueClass() {
        Integer hue = DRAWN.get(slug);
        return "own " + (hue == null ? Hues.INSTANCE.of(slug) : Hues.INSTANCE.className(hue));
    }

    /** Its name as people of a language call it. */
    public String name(Locale locale) {
        return locale.getLanguage().equals("zh") ? nameZh : nameEn;
    }
}
