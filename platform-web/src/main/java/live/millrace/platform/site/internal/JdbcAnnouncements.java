// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.site.internal;

import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import live.millrace.platform.audit.Actor;
import live.millrace.platform.audit.Audit;
import live.millrace.platform.shared.DatabaseBack;
import live.millrace.platform.site.Announcements;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

@Service
class JdbcAnnouncements implements Announcements, InitializingBean {
    private final JdbcClient database;
    private final Audit audit;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final ReentrantLock loading = new ReentrantLock();
    private volatile @Nullable Announcement newest;

    JdbcAnnouncements(JdbcClient database, Audit audit, TransactionTemplate transaction, Clock clock) {
        this.database = database;
        this.audit = audit;
        this.transaction = transaction;
        this.clock = clock;
    }

    /** One after the other, so that what was read before a change is never kept after it. */
    @Override
    public void afterPropertiesSet() {
        loading.lock();
        try {
            newest = last(1).stream().findFirst().orElse(null);
        } finally {
            loading.unlock();
        }
    }

    /** One that was made or ended by a commit that was never answered is known from here. */
    @EventListener
    void on(DatabaseBack back) {
        afterPropertiesSet();
    }

    /** The same where a single connection was lost, and nobody says that the database is back. */
    @Scheduled(fixedDelay = 60_000, initialDelay = 60_000)
    void refresh() {
        afterPropertiesSet();
    }

    @Override
    public Optional<Announcement> current() {
        return Optional.ofNullable(newest)
                .filter(announcement -> announcement.endedAt() == null)
                .filter(announcement ->
                        announcement.endsAt() == null || announcement.endsAt().isAfter(clock.instant()));
    }

    @Override
    public List<Announcement> last(int most) {
        return database.sql("""
                select id, text_en, text_zh, made_at, ends_at, ended_at from site_announcement order by id desc limit ?
                """)
                .param(most)
                .query((row, _) -> new Announcement(
                        row.getLong(1),
                        row.getString(2),
                        row.getString(3),
                        row.getTimestamp(4).toInstant(),
                        instant(row.getTimestamp(5)),
                        instant(row.getTimestamp(6))))
                .list();
    }

    private static @Nullable Instant instant(@Nullable Timestamp time) {
        return time == null ? null : time.toInstant();
    }

    @Override
    public boolean announce(String textEn, String textZh, Duration length, Actor actor) {
        String english = textEn.strip();
        String chinese = textZh.strip();
        if (english.isEmpty() || chinese.isEmpty() || english.length() > MAX_TEXT || chinese.length() > MAX_TEXT) {
            return false;
        }
        Instant now = clock.instant();
        transaction.executeWithoutResult(_ -> {
            database.sql("insert into site_announcement (text_en, text_zh, made_at, ends_at) values (?, ?, ?, ?)")
                    .param(english)
                    .param(chinese)
                    .param(Timestamp.from(now))
                    .param(length.isZero() ? null : Timestamp.from(now.plus(length)))
                    .update();
            audit.add(actor, "announcement.make", "", null, "", english);
        });
        afterPropertiesSet();
        return true;
    }

    @Override
    public void end(Actor actor) {
        transaction.executeWithoutResult(_ -> {
            int ended = database.sql("update site_announcement set ended_at = ? where ended_at is null")
                    .param(Timestamp.from(clock.instant()))
                    .update();
            if (ended > 0) {
                audit.add(actor, "announcement.end", "", null, "", "");
            }
        });
        afterPropertiesSet();
    }
}
