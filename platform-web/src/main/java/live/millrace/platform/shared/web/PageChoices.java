// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.shared.web;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * How somebody wants pages to look, kept in cookies that scripts write: pages come as they were chosen, without a jump. Nothing
 * but known values is ever read.
 */
public final class PageChoices {
    private static final String AUTO = "auto";

    private static final Map<String, Set<String>> KNOWN = Map.of(
            "theme", Set.of("light", "dark"),
            "rail", Set.of("open", "folded"),
            "cards", Set.of("small"));

    private PageChoices() {}

    static String read(HttpServletRequest request, String name) {
        return all(request).getOrDefault(name, AUTO);
    }

    /** What was chosen, in the order of the names; what was not is not in it. */
    public static Map<String, String> all(HttpServletRequest request) {
        Map<String, String> chosen = new TreeMap<>();
        Cookie[] cookies = request.getCookies();
        if (cookies != null) {
            for (Cookie cookie : cookies) {
                if (KNOWN.getOrDefault(cookie.getName(), Set.of()).contains(cookie.getValue())) {
                    chosen.put(cookie.getName(), cookie.getValue());
                }
            }
        }
        return chosen;
    }
}
