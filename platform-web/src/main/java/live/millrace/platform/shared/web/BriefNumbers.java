// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.shared.web;

import java.math.RoundingMode;
import java.text.NumberFormat;
import java.util.Locale;

/** Counts as people of a language write them: 12.3K in English, 1.2万 in Chinese. */
public record BriefNumbers(Locale locale) {
    private static final int ENGLISH_FROM = 1_000;
    private static final int CHINESE_FROM = 10_000;

    public String brief(long count) {
        if (count < (locale.getLanguage().equals("zh") ? CHINESE_FROM : ENGLISH_FROM)) {
            return Long.toString(count);
        }
        NumberFormat format = NumberFormat.getCompactNumberInstance(locale, NumberFormat.Style.SHORT);
        format.setMaximumFractionDigits(1);
        format.setRoundingMode(RoundingMode.DOWN);
        return format.format(count);
    }
}
