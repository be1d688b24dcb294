// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal.videos;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.charset.StandardCharsets;
import java.sql.Date;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import live.millrace.platform.delivery.RecurringWork;
import live.millrace.platform.shared.SiteKey;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Counts who watches: a person once a day, and whoever is not signed in once a day for each address and browser. Only a keyed hash is kept,
 * another one each day, and it is forgotten after two. Thread-safe.
 */
@Component
public class VideoViews implements RecurringWork {
    /** More views of one address in an hour are nobody's who watches. */
    private static final int MOST_OF_ADDRESS = 60;

    private static final int ADDRESSES = 100_000;
    private static final int HASH_BYTES = 16;

    private final JdbcClient database;
    private final SiteKey key;
    private final Clock clock;
    private final Cache<String, AtomicInteger> addresses = Caffeine.newBuilder()
            .maximumSize(ADDRESSES)
            .expireAfterWrite(Duration.ofHours(1))
            .build();

    VideoViews(JdbcClient database, SiteKey key, Clock clock) {
        this.database = database;
        this.key = key;
        this.clock = clock;
    }

    /**
     * Counts a view.
     *
     * @param viewer what tells whoever watches from others
     * @param address where they are
     * @return whether it was the first of the day
     */
    @Transactional
    public boolean count(String video, String viewer, String address) {
        boolean first = first("""
                insert into recording_view (recording_id, day, viewer)
                select id, ?, ? from recording where public_id = ? and deleted_at is null on conflict do nothing
                """, "video.view", video, viewer, address);
        if (first) {
            database.sql("update recording set views = views + 1 where public_id = ?")
                    .param(video)
                    .update();
        }
        return first;
    }

    /** The same of a clip. */
    @Transactional
    public boolean countClip(String clip, String viewer, String address) {
        boolean first = first("""
                insert into recording_clip_view (clip_id, day, viewer)
                select id, ?, ? from recording_clip where public_id = ? and deleted_at is null on conflict do nothing
                """, "clip.view", clip, viewer, address);
        if (first) {
            database.sql("update recording_clip set views = views + 1 where public_id = ?")
                    .param(clip)
                    .update();
        }
        return first;
    }

    private boolean first(String insert, String purpose, String what, String viewer, String address) {
        if (addresses.get(address, _ -> new AtomicInteger()).incrementAndGet() > MOST_OF_ADDRESS) {
            return false;
        }
        LocalDate day = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        byte[] hash = key.sign(purpose, (day + "\n" + viewer).getBytes(StandardCharsets.UTF_8));
        return database.sql(insert)
                        .param(Date.valueOf(day))
                        .param(Arrays.copyOf(hash, HASH_BYTES))
                        .param(what)
                        .update()
                > 0;
    }

    @Override
    public String name() {
        return "forget.video-views";
    }

    @Override
    public Duration every() {
        return Duration.ofHours(6);
    }

    @Override
    public void run() {
        Date yesterday = Date.valueOf(
                LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).minusDays(1));
        database.sql("delete from recording_view where day < ?")
                .param(yesterday)
                .update();
        database.sql("delete from recording_clip_view where day < ?")
                .param(yesterday)
                .update();
    }
}
