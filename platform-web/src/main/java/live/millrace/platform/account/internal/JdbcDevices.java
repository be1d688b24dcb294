// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.internal;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import live.millrace.platform.account.AccountAlerts;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.KnownDevices;
import live.millrace.platform.account.SessionsEnded;
import live.millrace.platform.delivery.RecurringWork;
import live.millrace.platform.shared.Secrets;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

@Service
class JdbcDevices implements KnownDevices, RecurringWork {
    /** More browsers than this nobody uses; the one that was not used for longest goes. */
    static final int MOST = 20;

    private static final Duration KEPT = Duration.ofDays(180);

    private final JdbcClient database;
    private final AccountAlerts alerts;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private volatile byte @Nullable [] key;

    JdbcDevices(JdbcClient database, AccountAlerts alerts, TransactionTemplate transaction, Clock clock) {
        this.database = database;
        this.alerts = alerts;
        this.transaction = transaction;
        this.clock = clock;
    }

    /** Made once, by the migration, for all processes. */
    private byte[] key() {
        byte[] known = key;
        if (known == null) {
            known = database.sql("select secret from account_device_key")
                    .query((row, _) -> row.getBytes(1))
                    .single();
            key = known;
        }
        return known;
    }

    @Override
    public boolean knows(long accountId, HttpServletRequest request) {
        return DeviceCookie.read(request, key())
                .filter(nonce -> database.sql("""
                        select exists (select from account_device where account_id = ? and nonce_hash = ? and last_seen > ?)
                        """)
                        .param(accountId)
                        .param(Secrets.hash(nonce))
                        .param(Timestamp.from(clock.instant().minus(KEPT)))
                        .query(Boolean.class)
                        .single())
                .isPresent();
    }

    /** What the cookie holds is new each time: one that somebody put into this browser before is worth nothing afterwards. */
    @Override
    public void signedIn(AccountPrincipal principal, HttpServletRequest request, HttpServletResponse response) {
        Optional<String> before = DeviceCookie.read(request, key());
        byte[] nonce = Secrets.hash(DeviceCookie.write(request, response, key(), KEPT));
        Instant now = clock.instant();
        transaction.executeWithoutResult(_ -> {
            boolean others = database.sql("select exists (select from account_device where account_id = ?)")
                    .param(principal.accountId())
                    .query(Boolean.class)
                    .single();
            boolean known = before.isPresent() && rename(principal.accountId(), Secrets.hash(before.get()), nonce, now);
            if (!known) {
                database.sql("""
                        insert into account_device (account_id, nonce_hash, first_seen, last_seen) values (?, ?, ?, ?)
                        """)
                        .param(principal.accountId())
                        .param(nonce)
                        .param(Timestamp.from(now))
                        .param(Timestamp.from(now))
                        .update();
                database.sql("""
                        delete from account_device where account_id = :account and nonce_hash in (
                            select nonce_hash from account_device where account_id = :account
                            order by last_seen desc, nonce_hash offset :most)
                        """)
                        .param("account", principal.accountId())
                        .param("most", MOST)
                        .update();
                if (others) {
                    alerts.tell(principal.accountId(), AccountAlerts.Kind.NEW_DEVICE, request);
                }
            }
        });
    }

    /** Other accounts that use this browser know it by the new letters as well. Answers whether this one knew it. */
    private boolean rename(long accountId, byte[] before, byte[] nonce, Instant now) {
        database.sql("update account_device set nonce_hash = ? where nonce_hash = ?")
                .param(nonce)
                .param(before)
                .update();
        return database.sql("update account_device set last_seen = ? where account_id = ? and nonce_hash = ?")
                        .param(Timestamp.from(now))
                        .param(accountId)
                        .param(nonce)
                        .update()
                > 0;
    }

    /** Whoever ends all sessions but this one wants no other browser to be known either. */
    @EventListener
    void on(SessionsEnded event) {
        if (event.everywhere()
                && RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes current) {
            forgetOthers(event.accountId(), current.getRequest());
        }
    }

    @Override
    public void forgetOthers(long accountId, HttpServletRequest request) {
        byte[] own = DeviceCookie.read(request, key()).map(Secrets::hash).orElse(new byte[0]);
        database.sql("delete from account_device where account_id = ? and nonce_hash <> ?")
                .param(accountId)
                .param(own)
                .update();
    }

    @Override
    public void forget(long accountId) {
        database.sql("delete from account_device where account_id = ?")
                .param(accountId)
                .update();
    }

    // ---- browsers that nobody used for long ---------------------------------------------------------------------

    @Override
    public String name() {
        return "forget.devices";
    }

    @Override
    public Duration every() {
        return Duration.ofHours(6);
    }

    @Override
    public void run() {
        database.sql("delete from account_device where last_seen < ?")
                .param(Timestamp.from(clock.instant().minus(KEPT)))
                .update();
    }
}
