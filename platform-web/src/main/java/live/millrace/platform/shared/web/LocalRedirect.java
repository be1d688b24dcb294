// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.shared.web;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where to go after a log-in: a path of this site, or nowhere. */
public final class LocalRedirect {
    public static final String PARAMETER = "continue";

    /** One slash, then anything but a second slash or a backslash, which browsers read as another host; an at sign as browsers write it. */
    private static final Pattern LOCAL = Pattern.compile("/(?![/\\\\])(?:[A-Za-z0-9/_?=&.@-]|%40){0,200}");

    private LocalRedirect() {}

    public static String orElse(@Nullable String path, String otherwise) {
        return path != null && LOCAL.matcher(path).matches() ? path : otherwise;
    }

    /** A page as it was asked for, with its query where that can come back; else the page alone, else the front page. */
    public static String asked(String path, @Nullable String query) {
        return query == null ? orElse(path, "/") : orElse(path + "?" + query, orElse(path, "/"));
    }
}
