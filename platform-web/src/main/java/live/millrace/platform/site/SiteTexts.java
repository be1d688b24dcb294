// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.site;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;
import live.millrace.platform.shared.WellFormed;

/**
 * What the people who run a site may write about it. It goes into titles, mail headers and other people's pages: nothing invisible, which
 * could turn what follows around or hide in a name, no line breaks where a line is meant, and no brackets of tags.
 */
final class SiteTexts {
    /** Controls, formats (zero-width, bidirectional overrides), private and unassigned characters, and letters without a shape. */
    private static final Pattern INVISIBLE = Pattern.compile("[\\p{C}\\p{Zl}\\p{Zp}\\u115F\\u1160\\u3164\\uFFA0<>]");

    /** What joins the parts of one emoji, after the first of them: looking behind would see half of it. */
    private static final Pattern JOINER = Pattern.compile("([\\p{IsEmoji}\\uFE0F])\\u200D(?=\\p{IsEmoji})");

    private static final Pattern STACKED = Pattern.compile("\\p{M}{3}");
    private static final Pattern MAIL =
            Pattern.compile("[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,180}[A-Za-z0-9])");
    private static final Pattern PICTURE = Pattern.compile("[0-9a-f]{32}");

    private static final Pattern CHANNEL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{2,23}");

    private SiteTexts() {}

    static boolean line(String text, int most) {
        return paragraph(text, most) && text.indexOf('\n') < 0;
    }

    static boolean paragraph(String text, int most) {
        String seen =
                JOINER.matcher(text.replace("\r\n", "\n").replace("\n", " ")).replaceAll("$1");
        return WellFormed.text(text)
                && text.codePointCount(0, text.length()) <= most
                && !text.isBlank()
                && !INVISIBLE.matcher(seen).find()
                && !STACKED.matcher(seen).find();
    }

    static boolean contact(String text, int most) {
        return text.length() <= most && (mail(text) || link(text));
    }

    static boolean mail(String text) {
        return MAIL.matcher(text).matches();
    }

    private static boolean link(String text) {
        try {
            URI link = new URI(text);
            return ("https".equals(link.getScheme()) || "http".equals(link.getScheme()))
                    && link.getHost() != null
                    && link.getUserInfo() == null;
        } catch (URISyntaxException malformed) {
            return false;
        }
    }

    static boolean channel(String text) {
        return CHANNEL.matcher(text).matches();
    }

    static boolean picture(String text) {
        return PICTURE.matcher(text).matches();
    }
}
