// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.shared.web;

import java.math.RoundingMode;
import java.text.NumberFormat;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Counts, rates and moments as people of a language write them: 12.3K in English, 1.2万 in Chinese. The page’s scripts write them alike. */
public record BriefNumbers(Locale locale) {
    private static final int ENGLISH_FROM = 1_000;
    private static final int CHINESE_FROM = 10_000;
    private static final int MEGA = 1_000_000;
    private static final DateTimeFormatter ENGLISH =
            DateTimeFormatter.ofPattern("d MMM uuuu, HH:mm 'UTC'", Locale.ENGLISH);
    private static final DateTimeFormatter CHINESE =
            DateTimeFormatter.ofPattern("uuuu年M月d日 HH:mm（'UTC'）", Locale.SIMPLIFIED_CHINESE);

    public String brief(long count) {
        if (count < (locale.getLanguage().equals("zh") ? CHINESE_FROM : ENGLISH_FROM)) {
            return Long.toString(count);
        }
        NumberFormat format = NumberFormat.getCompactNumberInstance(locale, NumberFormat.Style.SHORT);
        format.setMaximumFractionDigits(1);
        format.setRoundingMode(RoundingMode.DOWN);
        return format.format(count);
    }

    /** As OBS says it: 2500 kbps would be 2.5 Mbps. */
    public String bitrate(long bitsPerSecond) {
        return bitsPerSecond >= MEGA
                ? decimal(bitsPerSecond / (double) MEGA, 1) + " Mbps"
                : decimal(bitsPerSecond / 1_000.0, 0) + " kbps";
    }

    /** Seconds with a tenth where there is one. */
    public String seconds(long millis) {
        return decimal(millis / 1_000.0, 1);
    }

    /** A moment until the page's script says it by the reader's clock. */
    public String moment(Instant at) {
        return (locale.getLanguage().equals("zh") ? CHINESE : ENGLISH).format(at.atOffset(ZoneOffset.UTC));
    }

    private String decimal(double value, int most) {
        NumberFormat format = NumberFormat.getNumberInstance(locale);
        format.setGroupingUsed(false);
        format.setMaximumFractionDigits(most);
        format.setRoundingMode(RoundingMode.HALF_UP);
        return format.format(value);
    }
}
