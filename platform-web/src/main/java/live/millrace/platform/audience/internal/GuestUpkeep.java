// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience.internal;

import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import live.millrace.platform.delivery.RecurringWork;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Forgets invites that ended and guests who were removed. */
@Component
class GuestUpkeep implements RecurringWork {
    static final Duration KEPT = Duration.ofDays(30);

    /** As long as limits of a day count it. */
    static final Duration ADDRESS_KEPT = Duration.ofDays(1);

    private final JdbcClient database;
    private final Clock clock;

    GuestUpkeep(JdbcClient database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "forget.guests";
    }

    @Override
    public Duration every() {
        return Duration.ofHours(1);
    }

    @Override
    public void run() {
        Instant now = clock.instant();
        Timestamp before = Timestamp.from(now.minus(KEPT));
        database.sql(
                        "update audience_guest set mail = null, mailed_at = null where removed_at < ? and mail is not null")
                .param(Timestamp.from(now.minus(ADDRESS_KEPT)))
                .update();
        // Who was removed stays known while a link is out that would bring them back.
        database.sql("""
                delete from audience_guest g where g.removed_at < :before and not (g.barred and exists (
                    select from audience_invite i where i.channel_id = g.channel_id and i.made_at < g.removed_at
                        and i.revoked_at is null and i.used < i.uses and i.expires_at > :now))
                """)
                .param("before", before)
                .param("now", Timestamp.from(now))
                .update();
        // Who was written to and never came.
        database.sql("""
                delete from audience_guest g using audience_invite i where i.id = g.invite_id and i.mailed and i.expires_at < :before
                    and g.account_id is null and g.browser_hash is null
                """).param("before", before).update();
        database.sql("""
                delete from audience_invite i where i.revoked_at < :before or (i.expires_at < :before and not exists (
                    select from audience_guest g where g.invite_id = i.id and g.removed_at is null))
                """).param("before", before).update();
    }
}
