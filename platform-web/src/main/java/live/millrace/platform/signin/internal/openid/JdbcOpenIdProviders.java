// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.signin.internal.openid;

import java.sql.Timestamp;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import live.millrace.platform.audit.Actor;
import live.millrace.platform.audit.Audit;
import live.millrace.platform.shared.WellFormed;
import live.millrace.platform.signin.OpenIdProviders;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

@Service
class JdbcOpenIdProviders implements OpenIdProviders {
    private static final String NAME = "name";
    private static final String ISSUER = "issuer";
    private static final String CLIENT = "clientId";
    private static final String SECRET = "secret";

    private final JdbcClient database;
    private final ProviderRows rows;
    private final Discovery discovery;
    private final Audit audit;
    private final TransactionTemplate transaction;
    private final Clock clock;

    JdbcOpenIdProviders(
            JdbcClient database,
            ProviderRows rows,
            Discovery discovery,
            Audit audit,
            TransactionTemplate transaction,
            Clock clock) {
        this.database = database;
        this.rows = rows;
        this.discovery = discovery;
        this.audit = audit;
        this.transaction = transaction;
        this.clock = clock;
    }

    @Override
    public List<Offer> offered() {
        return database.sql("select id, name from signin_openid_provider where enabled order by position, id")
                .query((row, _) -> new Offer(row.getInt(1), row.getString(2)))
                .list();
    }

    @Override
    public List<View> all() {
        return views("true", 0);
    }

    @Override
    public Optional<View> find(int id) {
        return views("id = ?", id).stream().findFirst();
    }

    private List<View> views(String where, int value) {
        JdbcClient.StatementSpec asked = database.sql("""
                select id, name, issuer, client_id, secret is not null as secret, enabled, position,
                    (select count(*) from signin_openid_link l where l.issuer = p.issuer) as people
                from signin_openid_provider p where %s order by position, id
                """.formatted(where));
        return (where.contains("?") ? asked.param(value) : asked)
                .query((row, _) -> new View(
                        row.getInt("id"),
                        row.getString(NAME),
                        row.getString(ISSUER),
                        row.getString("client_id"),
                        row.getBoolean(SECRET),
                        row.getBoolean("enabled"),
                        row.getInt("position"),
                        row.getLong("people")))
                .list();
    }

    @Override
    public int next() {
        List<Integer> taken = rows.numbers();
        return taken.isEmpty() ? 1 : taken.getLast() + 1;
    }

    // ---- changing ---------------------------------------------------------------------------------------------

    @Override
    public @Nullable Problem save(Draft draft, boolean make, Actor actor) {
        View before = find(draft.id()).orElse(null);
        Problem refused = refusal(draft, make, before);
        if (refused != null) {
            return refused;
        }
        String issuer = draft.issuer();
        if (draft.enabled()) {
            // Asked before anything is written, and outside of a transaction: it may take its time.
            switch (discovery.ask(issuer)) {
                case Discovery.Unusable(Problem problem) -> {
                    return problem;
                }
                case Discovery.Found found -> issuer = found.issuer();
            }
        }
        String written = issuer;
        try {
            return transaction.execute(_ -> {
                boolean done = make ? insert(draft, written) : update(draft, written, sameClient(before, draft));
                if (done) {
                    audit.add(
                            actor,
                            "login-service.put",
                            draft.name(),
                            null,
                            "",
                            written + ", " + draft.clientId() + (draft.enabled() ? ", on" : ", off"));
                }
                return done ? null : Problem.of("openid.problem.number", NAME);
            });
        } catch (DuplicateKeyException twice) {
            return Problem.of("openid.problem.twice", ISSUER);
        }
    }

    private @Nullable Problem refusal(Draft draft, boolean make, @Nullable View before) {
        if (!line(draft.name(), MOST_NAME)) {
            return Problem.of("openid.problem.name", NAME);
        }
        if (!line(draft.issuer(), MOST_ADDRESS)) {
            return Problem.of("openid.problem.address", ISSUER);
        }
        if (!line(draft.clientId(), MOST_ADDRESS)) {
            return Problem.of("openid.problem.client", CLIENT);
        }
        if (draft.secret().length() > MOST_SECRET || !WellFormed.text(draft.secret())) {
            return Problem.of("openid.problem.secret", SECRET);
        }
        if (make && rows.numbers().size() >= MOST) {
            return Problem.of("openid.problem.many", NAME);
        }
        // The one that is kept is for where it was; nobody sends it elsewhere without knowing it.
        if (!make && draft.secret().isEmpty() && before != null && before.secret() && !sameClient(before, draft)) {
            return Problem.of("openid.problem.secret-again", SECRET);
        }
        return null;
    }

    private static boolean line(String text, int most) {
        return !text.isBlank()
                && text.length() <= most
                && WellFormed.text(text)
                && text.chars().noneMatch(Character::isISOControl);
    }

    private static boolean sameClient(@Nullable View before, Draft draft) {
        return before != null
                && before.issuer().replaceFirst("/$", "").equals(draft.issuer().replaceFirst("/$", ""))
                && before.clientId().equals(draft.clientId());
    }

    private byte @Nullable [] sealed(Draft draft, String issuer) {
        return draft.secret().isEmpty() ? null : rows.sealed(issuer, draft.clientId(), draft.secret());
    }

    private boolean insert(Draft draft, String issuer) {
        return database.sql("""
                insert into signin_openid_provider
                    (id, name, issuer, client_id, secret, enabled, position, changed_at)
                values (?, ?, ?, ?, ?, ?, ?, ?) on conflict (id) do nothing
                """)
                        .param(draft.id())
                        .param(draft.name())
                        .param(issuer)
                        .param(draft.clientId())
                        .param(sealed(draft, issuer))
                        .param(draft.enabled())
                        .param(draft.position())
                        .param(Timestamp.from(clock.instant()))
                        .update()
                == 1;
    }

    /** @param keep whether the secret that is there is good for it; its issuer is written as before then */
    private boolean update(Draft draft, String issuer, boolean keep) {
        return database.sql("""
                update signin_openid_provider set name = :name, client_id = :client, enabled = :enabled, position = :position,
                    issuer = case when :keep and :sealed::bytea is null then issuer else :issuer end,
                    secret = case when :keep and :sealed::bytea is null then secret else :sealed end,
                    changed_at = :now
                where id = :id
                """)
                        .param("id", draft.id())
                        .param("name", draft.name())
                        .param("issuer", issuer)
                        .param("client", draft.clientId())
                        .param("sealed", sealed(draft, issuer))
                        .param("keep", keep)
                        .param("enabled", draft.enabled())
                        .param("position", draft.position())
                        .param("now", Timestamp.from(clock.instant()))
                        .update()
                == 1;
    }

    @Override
    public boolean remove(int id, Actor actor) {
        return Boolean.TRUE.equals(transaction.execute(_ -> {
            Optional<String> removed = database.sql("delete from signin_openid_provider where id = ? returning name")
                    .param(id)
                    .query(String.class)
                    .optional();
            removed.ifPresent(name -> audit.add(actor, "login-service.remove", name, null, "", ""));
            return removed.isPresent();
        }));
    }
}
