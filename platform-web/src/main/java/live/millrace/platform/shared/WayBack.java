// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.shared;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where a form that lets somebody in leads back to: the page of a video or a clip of this site, and nothing else. */
public final class WayBack {
    public static final String PARAMETER = "continue";

    private static final Pattern RECORDED = Pattern.compile("/(?:videos|clips)/[A-Za-z0-9_-]{1,64}");

    private WayBack() {}

    public static String orElse(@Nullable String path, String otherwise) {
        return path != null && RECORDED.matcher(path).matches() ? path : otherwise;
    }
}
