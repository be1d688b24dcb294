// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What people call the browser behind a {@code User-Agent} (RFC 9110 §10.1.5). Browsers call themselves by the names of others as well, so that the
 * order counts: Edge says that it is Chrome, and Chrome that it is Safari. Pure.
 */
final class BrowserName {
    private static final String BROWSER = "Mozilla/5.0 (";
    private static final String VERSION = "(\\d{1,4})(?!\\d)";

    /** The name in front is that of the first line that fits; its group is the version. */
    private static final List<Known> KNOWN = List.of(
            known("Edge", "Edg(?:A|iOS)?/" + VERSION),
            known("Firefox", "(?:Firefox|FxiOS)/" + VERSION),
            // Chrome and the many that are built of it, which say the same.
            known("Chromium", "(?:Chrome|HeadlessChrome|CriOS)/" + VERSION),
            known("Safari", "Version/" + VERSION + "[0-9.]* (?:Mobile/\\w+ )?Safari/"));

    private record Known(String name, Pattern said) {}

    private BrowserName() {}

    private static Known known(String name, String said) {
        return new Known(name, Pattern.compile("(?<=[ )])" + said));
    }

    /** Name and major version, like {@code Firefox 140}; empty where it is no browser, or none that is known. */
    static Optional<String> of(String userAgent) {
        if (!userAgent.startsWith(BROWSER)) {
            return Optional.empty();
        }
        for (Known each : KNOWN) {
            Matcher said = each.said().matcher(userAgent);
            if (said.find()) {
                return Optional.of(each.name() + " " + said.group(1));
            }
        }
        return Optional.empty();
    }
}
