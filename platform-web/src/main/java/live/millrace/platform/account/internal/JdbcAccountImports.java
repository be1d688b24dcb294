// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.internal;

import java.io.IOException;
import java.io.InputStream;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import live.millrace.platform.account.AccountImports;
import live.millrace.platform.account.internal.ImportChecks.Judged;
import live.millrace.platform.delivery.Deliveries;
import live.millrace.platform.delivery.RecurringWork;
import live.millrace.platform.shared.Secrets;
import live.millrace.platform.shared.WellFormed;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/** Imports as the tables hold them; the accounts are made by {@link ImportWork}. */
@Service
class JdbcAccountImports implements AccountImports, RecurringWork {
    private static final int LATEST = 20;
    private static final int MOST_NAME_CHARS = 100;

    /** Somebody looked at it and went away: their list of people does not stay. */
    private static final Duration UNTOUCHED = Duration.ofDays(1);

    private static final Duration KEPT = Duration.ofDays(30);

    /** Whom links are handed out for: who was made more since would be taken over by whoever asks for one. */
    private static final String HANDED = "'USER', 'STREAMER'";

    private static final String SELECT = """
            select i.id, i.file_name, i.state, i.mails, i.created_at, i.links_at,
                   count(*) filter (where l.state = 'NEW') as fresh,
                   count(*) filter (where l.state = 'EXISTS') as exist,
                   count(*) filter (where l.state = 'INVALID') as invalid,
                   count(*) filter (where l.state = 'MADE') as made,
                   count(*) filter (where l.state = 'NEW' and l.email <> '') as with_mail,
                   count(*) filter (where not l.mailed and a.password_hash = i.password_hash and a.role in (%1$s)) as unopened
            from account_import i
            left join account_import_line l on l.import_id = i.id
            left join account a on a.id = l.account_id
            """.formatted(HANDED);

    private final JdbcClient database;
    private final ImportChecks checks;
    private final Deliveries deliveries;
    private final TransactionTemplate transaction;
    private final Clock clock;

    JdbcAccountImports(
            JdbcClient database,
            ImportChecks checks,
            Deliveries deliveries,
            TransactionTemplate transaction,
            Clock clock) {
        this.database = database;
        this.checks = checks;
        this.deliveries = deliveries;
        this.transaction = transaction;
        this.clock = clock;
    }

    // ---- checking ---------------------------------------------------------------------------------------------

    @Override
    public Checked check(String fileName, InputStream content) throws IOException {
        List<Judged> lines;
        try {
            lines = checks.judge(ImportFile.read(content.readNBytes(MOST_BYTES + 1)));
        } catch (ImportFile.RefusedException refused) {
            return new Checked.Refused(refused.messageKey());
        }
        return new Checked.Kept(Objects.requireNonNull(transaction.execute(_ -> keep(fileName, lines))));
    }

    private long keep(String fileName, List<Judged> lines) {
        String name = fileName.replaceAll("[\\p{C}]", "").strip();
        long id = database.sql("""
                insert into account_import (file_name, state, created_at) values (?, 'CHECKED', ?) returning id
                """)
                .param(WellFormed.cut(name, MOST_NAME_CHARS))
                .param(Timestamp.from(clock.instant()))
                .query(Long.class)
                .single();
        database.sql("""
                insert into account_import_line
                    (import_id, number, username, email, display_name, language, role, state, reason)
                select :id, line.* from unnest(:number::int[], :username::text[], :email::text[], :displayName::text[],
                    :language::text[], :role::text[], :state::text[], :reason::text[]) as line
                """)
                .param("id", id)
                .param("number", lines.stream().map(Judged::number).toArray(Integer[]::new))
                .param("username", column(lines, Judged::username))
                .param("email", column(lines, Judged::email))
                .param("displayName", column(lines, Judged::displayName))
                .param("language", column(lines, Judged::language))
                .param("role", column(lines, Judged::role))
                .param("state", column(lines, line -> line.verdict().name()))
                .param("reason", column(lines, Judged::reason))
                .update();
        return id;
    }

    private static String[] column(List<Judged> lines, Function<Judged, String> column) {
        return lines.stream().map(column).toArray(String[]::new);
    }

    // ---- looking ----------------------------------------------------------------------------------------------

    private List<View> views(String rest, Map<String, ?> values) {
        return database.sql(SELECT + rest)
                .params(values)
                .query((row, _) -> {
                    Timestamp links = row.getTimestamp("links_at");
                    return new View(
                            row.getLong("id"),
                            row.getString("file_name"),
                            State.valueOf(row.getString("state")),
                            row.getBoolean("mails"),
                            row.getTimestamp("created_at").toInstant(),
                            links == null ? null : links.toInstant(),
                            row.getInt("fresh"),
                            row.getInt("exist"),
                            row.getInt("invalid"),
                            row.getInt("made"),
                            row.getInt("with_mail"),
                            row.getInt("unopened"));
                })
                .list();
    }

    @Override
    public Optional<View> find(long id) {
        return views("where i.id = :id group by i.id", Map.of("id", id)).stream()
                .findFirst();
    }

    @Override
    public List<View> latest() {
        return views(
                "where i.id in (select id from account_import order by id desc limit :most) group by i.id order by i.id desc",
                Map.of("most", LATEST));
    }

    @Override
    public List<Line> lines(long id, @Nullable Verdict verdict, int after, int most) {
        return database.sql("""
                select number, username, email, role, state, reason from account_import_line
                where import_id = :id and number > :after and (:state = '' or state = :state) order by number limit :most
                """)
                .param("id", id)
                .param("after", after)
                .param("state", verdict == null ? "" : verdict.name())
                .param("most", most)
                .query((row, _) -> new Line(
                        row.getInt(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        Verdict.valueOf(row.getString(5)),
                        row.getString(6)))
                .list();
    }

    // ---- acting -----------------------------------------------------------------------------------------------

    @Override
    public boolean start(long id, boolean mails) {
        return Boolean.TRUE.equals(transaction.execute(_ -> {
            boolean begun = database.sql(
                                    "update account_import set state = 'RUNNING', mails = ? where id = ? and state = 'CHECKED'")
                            .param(mails)
                            .param(id)
                            .update()
                    == 1;
            if (begun) {
                deliveries.enqueue(ImportWork.KIND, "#" + id, new ImportWork.Part(id), "import-" + id);
            }
            return begun;
        }));
    }

    @Override
    public boolean drop(long id) {
        return database.sql("delete from account_import where id = ? and state = 'CHECKED'")
                        .param(id)
                        .update()
                == 1;
    }

    @Override
    public List<Link> links(long id) {
        return Objects.requireNonNull(transaction.execute(_ -> {
            Instant now = clock.instant();
            boolean done = database.sql("update account_import set links_at = ? where id = ? and state = 'DONE'")
                            .param(Timestamp.from(now))
                            .param(id)
                            .update()
                    == 1;
            return done ? links(id, now) : List.<Link>of();
        }));
    }

    private record Waiting(long accountId, String username) {}

    private List<Link> links(long id, Instant now) {
        List<Waiting> waiting = database.sql("""
                select a.id, a.username from account_import i
                join account_import_line l on l.import_id = i.id
                join account a on a.id = l.account_id
                where i.id = ? and not l.mailed and a.password_hash = i.password_hash and a.role in (%s) order by l.number
                """.formatted(HANDED))
                .param(id)
                .query((row, _) -> new Waiting(row.getLong(1), row.getString(2)))
                .list();
        Long[] accounts = waiting.stream().map(Waiting::accountId).toArray(Long[]::new);
        database.sql("delete from account_mail_token where purpose = 'RESET' and account_id = any(?)")
                .param(accounts)
                .update();
        List<Link> links = new ArrayList<>();
        byte[][] hashes = new byte[waiting.size()][];
        for (int i = 0; i < hashes.length; i++) {
            String secret = Secrets.make();
            hashes[i] = Secrets.hash(secret);
            links.add(new Link(waiting.get(i).username(), MailPurpose.WELCOME.path() + secret));
        }
        // Without an address: whoever is handed a link has read no mail.
        database.sql("""
                insert into account_mail_token (token_hash, account_id, purpose, email, expires_at, created_at)
                select made.hash, made.account, 'RESET', '', :until, :now
                from unnest(:hashes::bytea[], :accounts::bigint[]) as made (hash, account)
                """)
                .param("until", Timestamp.from(now.plus(Objects.requireNonNull(MailPurpose.WELCOME.valid()))))
                .param("now", Timestamp.from(now))
                .param("hashes", hashes)
                .param("accounts", accounts)
                .update();
        return links;
    }

    // ---- forgetting -------------------------------------------------------------------------------------------

    @Override
    public String name() {
        return "forget.imports";
    }

    @Override
    public Duration every() {
        return Duration.ofHours(1);
    }

    @Override
    public void run() {
        database.sql("""
                delete from account_import
                where (state = 'CHECKED' and created_at < :untouched) or (state = 'DONE' and done_at < :kept)
                   -- Its job was dropped.
                   or (state = 'RUNNING' and created_at < :kept)
                """)
                .param("untouched", Timestamp.from(clock.instant().minus(UNTOUCHED)))
                .param("kept", Timestamp.from(clock.instant().minus(KEPT)))
                .update();
    }
}
