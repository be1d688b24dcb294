// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.springframework.http.HttpMethod;
import org.springframework.security.web.header.HeaderWriter;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;

/** What pages may ask a browser for (Permissions Policy): cameras, microphones and the screen where somebody goes live, and nothing elsewhere. */
final class DevicesPolicy implements HeaderWriter {
    private static final List<PathPatternRequestMatcher> GOES_LIVE = List.of(
            PathPatternRequestMatcher.withDefaults().matcher(HttpMethod.GET, "/studio/live"),
            PathPatternRequestMatcher.withDefaults().matcher(HttpMethod.GET, "/studio/@{channel}/live"));

    @Override
    public void writeHeaders(HttpServletRequest request, HttpServletResponse response) {
        String whom = GOES_LIVE.stream().anyMatch(page -> page.matches(request)) ? "(self)" : "()";
        response.setHeader(
                "Permissions-Policy",
                "camera=" + whom + ", microphone=" + whom + ", display-capture=" + whom
                        + ", geolocation=(), payment=()");
    }
}
