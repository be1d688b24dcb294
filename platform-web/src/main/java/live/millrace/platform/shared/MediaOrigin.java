// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.shared;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/** Where the pages' players fetch media from, for the content security policy. Implemented by whoever runs the engine. */
@FunctionalInterface
public interface MediaOrigin {
    /** Scheme, host and port, as a browser that sent this request reaches the engine. */
    String of(HttpServletRequest request);

    /** Where else, by the site's settings: of public videos, whose bytes somebody else may keep. */
    default Optional<String> mirror() {
        return Optional.empty();
    }

    /** Where else, by the site's settings: of what is not for everybody, from a cache. */
    default Optional<String> cache() {
        return Optional.empty();
    }
}
