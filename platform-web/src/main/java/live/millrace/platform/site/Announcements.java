// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.site;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import live.millrace.platform.audit.Actor;
import org.jspecify.annotations.Nullable;

/** A line above all pages, in both languages. Thread-safe; reading costs nothing. */
public interface Announcements {
    int MAX_TEXT = 300;

    /** @param endsAt null: until somebody ends it */
    record Announcement(
            long id,
            String textEn,
            String textZh,
            Instant madeAt,
            @Nullable Instant endsAt,
            @Nullable Instant endedAt) {}

    /** What is announced now. */
    Optional<Announcement> current();

    /** The last ones, the newest first. */
    List<Announcement> last(int most);

    /**
     * Announces something in the place of what was announced before.
     *
     * @param length zero: until somebody ends it
     * @return false when a text is missing or too long
     */
    boolean announce(String textEn, String textZh, Duration length, Actor actor);

    void end(Actor actor);
}
