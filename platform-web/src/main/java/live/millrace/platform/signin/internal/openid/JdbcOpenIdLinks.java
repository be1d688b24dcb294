// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.signin.internal.openid;

import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import live.millrace.platform.account.MailChangeUndone;
import live.millrace.platform.account.Vouched;
import live.millrace.platform.shared.WellFormed;
import live.millrace.platform.signin.OpenIdArrival;
import live.millrace.platform.signin.OpenIdLinks;
import live.millrace.platform.signin.Passkeys;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

@Service
class JdbcOpenIdLinks implements OpenIdLinks {
    private static final int MOST_LETTERS = 254;

    private final JdbcClient database;
    private final Vouched vouched;
    private final Passkeys passkeys;
    private final TransactionTemplate transaction;
    private final Clock clock;

    JdbcOpenIdLinks(
            JdbcClient database, Vouched vouched, Passkeys passkeys, TransactionTemplate transaction, Clock clock) {
        this.database = database;
        this.vouched = vouched;
        this.passkeys = passkeys;
        this.transaction = transaction;
        this.clock = clock;
    }

    @Override
    public List<Link> of(long accountId) {
        return database.sql("""
                select l.id, coalesce(p.name, l.issuer) as service, l.name, l.created_at, l.last_used_at,
                    case when p.enabled then p.id else 0 end as provider
                from signin_openid_link l left join signin_openid_provider p on p.issuer = l.issuer
                where l.account_id = ? order by l.id
                """)
                .param(accountId)
                .query((row, _) -> {
                    Timestamp used = row.getTimestamp("last_used_at");
                    return new Link(
                            row.getLong("id"),
                            row.getString("service"),
                            row.getString("name"),
                            row.getInt("provider"),
                            row.getTimestamp("created_at").toInstant(),
                            used == null ? null : used.toInstant());
                })
                .list();
    }

    @Override
    public OptionalLong account(OpenIdArrival arrival) {
        return database.sql("select account_id from signin_openid_link where issuer = ? and subject = ?")
                .param(arrival.issuer())
                .param(arrival.subject())
                .query(Long.class)
                .optional()
                .map(OptionalLong::of)
                .orElse(OptionalLong.empty());
    }

    @Override
    public void used(OpenIdArrival arrival) {
        database.sql("""
                update signin_openid_link set last_used_at = ?, name = ? where issuer = ? and subject = ?
                """)
                .param(Timestamp.from(clock.instant()))
                .param(name(arrival))
                .param(arrival.issuer())
                .param(arrival.subject())
                .update();
    }

    private static String name(OpenIdArrival arrival) {
        String shown = arrival.email().isEmpty() ? arrival.called() : arrival.email();
        return WellFormed.cut(shown.replaceAll("\\p{Cntrl}+", " ").strip(), MOST_LETTERS);
    }

    // ---- changing ---------------------------------------------------------------------------------------------

    @Override
    public Linked link(long accountId, OpenIdArrival arrival) {
        return Objects.requireNonNull(transaction.execute(_ -> {
            lock(accountId);
            OptionalLong owner = account(arrival);
            if (owner.isPresent()) {
                return owner.getAsLong() == accountId ? Linked.THERE : Linked.TAKEN;
            }
            if (of(accountId).size() >= MOST) {
                return Linked.TOO_MANY;
            }
            int made = database.sql("""
                    insert into signin_openid_link (account_id, issuer, subject, name, created_at) values (?, ?, ?, ?, ?)
                    on conflict do nothing
                    """)
                    .param(accountId)
                    .param(arrival.issuer())
                    .param(arrival.subject())
                    .param(name(arrival))
                    .param(Timestamp.from(clock.instant()))
                    .update();
            return made == 1 ? Linked.DONE : Linked.TAKEN;
        }));
    }

    @Override
    public Unlinked remove(long accountId, long id) {
        return Objects.requireNonNull(transaction.execute(_ -> {
            // Of two that are taken off at once one is the last.
            lock(accountId);
            List<Link> links = of(accountId);
            if (links.stream().noneMatch(link -> link.id() == id)) {
                return Unlinked.GONE;
            }
            boolean another = links.stream().anyMatch(link -> link.id() != id && link.provider() != 0);
            if (!another && vouched.withoutPassword(accountId) && !passkeys.any(accountId)) {
                return Unlinked.LAST;
            }
            database.sql("delete from signin_openid_link where account_id = ? and id = ?")
                    .param(accountId)
                    .param(id)
                    .update();
            return Unlinked.DONE;
        }));
    }

    private void lock(long accountId) {
        database.sql("select id from account where id = ? for update")
                .param(accountId)
                .query(Long.class)
                .optional();
    }

    @Override
    public boolean noneBeside(long accountId) {
        return vouched.withoutPassword(accountId) && of(accountId).stream().noneMatch(link -> link.provider() != 0);
    }

    /** What a thief linked after they changed an account's mail address would let them in again once its owner has taken that back. */
    @EventListener
    void on(MailChangeUndone event) {
        removeSince(event.accountId(), event.since());
    }

    private void removeSince(long accountId, Instant since) {
        database.sql("delete from signin_openid_link where account_id = ? and created_at >= ?")
                .param(accountId)
                .param(Timestamp.from(since))
                .update();
    }
}
