// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.updates;

import java.util.Optional;
import live.millrace.platform.audit.Actor;
import org.jspecify.annotations.Nullable;

/** What is known of newer versions. Thread-safe; asks the database alone. */
public interface Updates {
    /**
     * A version that is newer than the one that runs.
     *
     * @param notes where one reads about it, by HTTPS; null where nobody said
     */
    record News(String version, @Nullable String notes) {}

    /** The newer version, unless somebody put the notice of it away. */
    Optional<News> news();

    /** Puts the notice of a version away, for all; answers false when it is another one by now, or none. */
    boolean dismiss(String version, Actor actor);
}
