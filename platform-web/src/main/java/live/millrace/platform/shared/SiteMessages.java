// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.shared;

import com.ibm.icu.text.MessageFormat;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.context.support.ResourceBundleMessageSource;

/**
 * The site's texts, written for ICU: {@code {0, plural, one {# viewer} other {# viewers}}} says what a language says. A text without arguments is
 * taken as it stands, so a text that a script fills in keeps its {@code {0}}.
 */
public final class SiteMessages extends ResourceBundleMessageSource {
    /** Texts come from bundles, so there are as many as those hold; texts from elsewhere are formatted once and forgotten. */
    private final Map<String, MessageFormat> english = new ConcurrentHashMap<>();

    private final Map<String, MessageFormat> chinese = new ConcurrentHashMap<>();

    public SiteMessages() {
        setDefaultEncoding("UTF-8");
        setFallbackToSystemLocale(false);
    }

    @Override
    protected @Nullable String getMessageInternal(
            @Nullable String code, Object @Nullable [] args, @Nullable Locale locale) {
        Locale wanted = locale == null ? Locale.ENGLISH : locale;
        if (code == null || args == null || args.length == 0) {
            return super.getMessageInternal(code, args, wanted);
        }
        String text = resolveCodeWithoutArguments(code, wanted);
        if (text == null) {
            // Its parent may know it.
            return super.getMessageInternal(code, args, wanted);
        }
        return format(known(text, spoken(wanted)), resolveArguments(args, wanted));
    }

    private MessageFormat known(String text, Locale spoken) {
        Map<String, MessageFormat> formats = spoken.equals(Locale.ENGLISH) ? english : chinese;
        MessageFormat known = formats.get(text);
        if (known == null) {
            known = new MessageFormat(text, spoken);
            formats.put(text, known);
        }
        return known;
    }

    /** A text that somebody brought along, as a check of a form does. */
    @Override
    protected String formatMessage(String text, Object @Nullable [] args, @Nullable Locale locale) {
        Locale wanted = locale == null ? Locale.ENGLISH : locale;
        return args == null || args.length == 0
                ? text
                : format(new MessageFormat(text, spoken(wanted)), resolveArguments(args, wanted));
    }

    /** There are texts in two languages: numbers and plurals are those of the one that is shown. */
    private static Locale spoken(Locale wanted) {
        return wanted.getLanguage().equals("zh") ? Locale.SIMPLIFIED_CHINESE : Locale.ENGLISH;
    }

    /** A format serves one at a time, and is worth keeping: it holds the rules of its language. */
    private static String format(MessageFormat format, Object[] args) {
        synchronized (format) {
            return format.format(args);
        }
    }
}
