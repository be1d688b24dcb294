// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.site.internal;

import java.sql.Timestamp;
import java.time.Clock;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import live.millrace.platform.audit.Actor;
import live.millrace.platform.audit.Audit;
import live.millrace.platform.shared.DatabaseBack;
import live.millrace.platform.site.Setting;
import live.millrace.platform.site.SiteSettings;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

@Service
class JdbcSiteSettings implements SiteSettings, InitializingBean {
    private final JdbcClient database;
    private final Audit audit;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final Map<String, String> values = new ConcurrentHashMap<>();
    private final ReentrantLock changing = new ReentrantLock();
    private volatile Map<String, String> atStart = Map.of();

    JdbcSiteSettings(JdbcClient database, Audit audit, TransactionTemplate transaction, Clock clock) {
        this.database = database;
        this.audit = audit;
        this.transaction = transaction;
        this.clock = clock;
    }

    @Override
    public void afterPropertiesSet() {
        read();
        atStart = Map.copyOf(values);
    }

    /** One after the other, so that what was read before a change is never kept after it. */
    private void read() {
        changing.lock();
        try {
            database.sql("select name, value from site_setting")
                    .query((row, _) -> Map.entry(row.getString(1), row.getString(2)))
                    .list()
                    .forEach(entry -> values.put(entry.getKey(), entry.getValue()));
        } finally {
            changing.unlock();
        }
    }

    /** A change whose commit was never answered may stand. */
    @EventListener
    void on(DatabaseBack back) {
        read();
    }

    /** The same where a single connection was lost, and nobody says that the database is back. */
    @Scheduled(fixedDelay = 60_000, initialDelay = 60_000)
    void refresh() {
        read();
    }

    @Override
    public String text(Setting setting) {
        String value = values.getOrDefault(setting.key(), "");
        // A value of another version's bounds is as good as none.
        return value.isEmpty() || !setting.allows(value) ? setting.otherwise() : value;
    }

    @Override
    public boolean waitsForRestart(Setting setting) {
        return setting.restart()
                && !atStart.getOrDefault(setting.key(), "").equals(values.getOrDefault(setting.key(), ""));
    }

    @Override
    public boolean change(Setting setting, String value, Actor actor) {
        return change(Map.of(setting, value), actor).isEmpty();
    }

    @Override
    public Set<Setting> change(Map<Setting, String> wanted, Actor actor) {
        Map<Setting, String> clean = new EnumMap<>(Setting.class);
        wanted.forEach((setting, value) -> clean.put(setting, value.strip().replace("\r\n", "\n")));
        Set<Setting> refused = EnumSet.noneOf(Setting.class);
        clean.forEach((setting, value) -> {
            if (!setting.allows(value)) {
                refused.add(setting);
            }
        });
        if (refused.isEmpty()) {
            // One after the other: of two who change one setting, the last in the database is the last in memory too.
            changing.lock();
            try {
                clean.entrySet()
                        .removeIf(entry ->
                                values.getOrDefault(entry.getKey().key(), "").equals(entry.getValue()));
                transaction.executeWithoutResult(_ -> clean.forEach((setting, value) -> store(setting, value, actor)));
                clean.forEach((setting, value) -> values.put(setting.key(), value));
            } finally {
                changing.unlock();
            }
        }
        return refused;
    }

    private void store(Setting setting, String wanted, Actor actor) {
        database.sql("""
                insert into site_setting (name, value, changed_at) values (?, ?, ?)
                on conflict (name) do update set value = excluded.value, changed_at = excluded.changed_at
                """)
                .param(setting.key())
                .param(wanted)
                .param(Timestamp.from(clock.instant()))
                .update();
        audit.add(actor, "setting.change", setting.key(), null, "", text(setting) + " → " + wanted);
    }
}
