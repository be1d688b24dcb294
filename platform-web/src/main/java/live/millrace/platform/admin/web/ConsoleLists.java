// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.admin.web;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import live.millrace.platform.account.Role;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The console's long lists, a page at a time. A page goes on after the last row of the one before (keyset), so that the thousandth
 * costs what the first does; conditions are put together from fixed parts, values are parameters.
 */
@Repository
class ConsoleLists {
    static final int PAGE = 50;

    /** The index of messages knows their texts by threes. */
    private static final int LETTERS_INDEXED = 3;

    private static final int RARE = 2_000;

    /** @param next where the following page begins; null at the end */
    public record Page<T>(List<T> items, @Nullable String next) {
        static <T> Page<T> of(List<T> found, java.util.function.Function<T, String> cursor) {
            return found.size() <= PAGE
                    ? new Page<>(found, null)
                    : new Page<>(found.subList(0, PAGE), cursor.apply(found.get(PAGE - 1)));
        }
    }

    public record UserRow(
            long id,
            String username,
            Role role,
            String standing,
            boolean suspended,
            boolean streamSuspended,
            boolean verified,
            Instant createdAt,
            int followers,
            @Nullable Instant lastLiveAt,
            int strikes) {}

    public record ChannelRow(
            long id,
            String name,
            String owner,
            String displayName,
            String title,
            int followers,
            boolean hidden,
            boolean live,
            @Nullable Instant lastLiveAt,
            Instant createdAt) {}

    public record BroadcastRow(
            long id,
            String channel,
            String title,
            Instant startedAt,
            @Nullable Instant liveAt,
            @Nullable Instant endedAt,
            int peakViewers) {}

    /** @param guest as a guest without an account calls themselves; null of others */
    public record MessageRow(
            String channel,
            long channelId,
            long seq,
            String author,
            @Nullable String guest,
            String text,
            Instant at,
            boolean removed) {
        /** What a check box holds. */
        public String key() {
            return channelId + "-" + seq;
        }
    }

    /** Numbers of the overview. */
    public record Figures(long accounts, long newToday, long waiting, long messagesToday, long broadcastsToday) {
        private Figures withAccounts(long counted) {
            return new Figures(counted, newToday, waiting, messagesToday, broadcastsToday);
        }
    }

    private final JdbcClient database;
    private final Clock clock;

    ConsoleLists(JdbcClient database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** Conditions and their values, in order. */
    private static final class Conditions {
        private final List<String> parts = new ArrayList<>();
        private final List<Object> values = new ArrayList<>();

        Conditions and(String part, Object... parameters) {
            parts.add(part);
            values.addAll(Arrays.asList(parameters));
            return this;
        }

        Conditions andIf(boolean wanted, String part, Object... parameters) {
            return wanted ? and(part, parameters) : this;
        }

        String where() {
            return parts.isEmpty() ? "" : parts.stream().collect(Collectors.joining(" and ", " where ", ""));
        }
    }

    private JdbcClient.StatementSpec ask(String select, Conditions conditions, String order) {
        return database.sql(select + conditions.where() + " " + order + " limit " + (PAGE + 1))
                .params(conditions.values);
    }

    private static @Nullable Instant instant(@Nullable Timestamp time) {
        return time == null ? null : time.toInstant();
    }

    /** What stands for itself in a pattern. */
    private static String literal(String text) {
        return text.replace("\0", "").replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_");
    }

    private static long cursor(String before) {
        try {
            return before.isEmpty() ? Long.MAX_VALUE : Long.parseLong(before);
        } catch (NumberFormatException malformed) {
            return Long.MAX_VALUE;
        }
    }

    // ---- users ------------------------------------------------------------------------------------------------

    /**
     * @param state suspended, waiting, or empty for all
     * @param role by name, or empty for all
     * @param admin whether mail addresses are searched: for moderators they are not there
     */
    Page<UserRow> users(String text, String role, String state, String before, boolean admin) {
        Timestamp now = Timestamp.from(clock.instant());
        boolean mail = admin && byMail(text);
        String typed = mail ? text : text.strip().replaceFirst("^@", "");
        String prefix = literal(typed.strip().toLowerCase(Locale.ROOT)) + "%";
        Conditions conditions = new Conditions()
                .and("a.id < ?", cursor(before))
                .andIf(
                        !text.isBlank() && !mail,
                        "exists (select from channel c where c.account_id = a.id and c.name like ?)",
                        prefix)
                .andIf(mail, "lower(a.email) like ?", prefix)
                .andIf(isRole(role), "a.role = ?", role)
                .andIf(
                        state.equals("suspended"),
                        "a.suspended_at is not null and (a.suspended_until is null or a.suspended_until > ?)",
                        now)
                .andIf(state.equals("waiting"), "a.standing = 'WAITING'");
        return Page.of(
                ask("""
                        select a.id, a.username, a.role, a.standing, a.created_at, a.verified_at is not null as verified,
                            a.suspended_at is not null and (a.suspended_until is null or a.suspended_until > now()) as suspended,
                            a.stream_suspended_at is not null
                                and (a.stream_suspended_until is null or a.stream_suspended_until > now()) as stream_suspended,
                            coalesce(c.followers, 0) as followers, c.last_live_at,
                            (select count(*) from moderation_strike s where s.account_id = a.id and s.expires_at > now()) as strikes
                        from account a left join channel c on c.account_id = a.id and c.own
                        """, conditions, "order by a.id desc")
                        .query((row, _) -> new UserRow(
                                row.getLong("id"),
                                row.getString("username"),
                                Role.valueOf(row.getString("role")),
                                row.getString("standing"),
                                row.getBoolean("suspended"),
                                row.getBoolean("stream_suspended"),
                                row.getBoolean("verified"),
                                row.getTimestamp("created_at").toInstant(),
                                row.getInt("followers"),
                                instant(row.getTimestamp("last_live_at")),
                                row.getInt("strikes")))
                        .list(),
                row -> Long.toString(row.id()));
    }

    /** Whether what was typed is a mail address and no {@code @name}. */
    static boolean byMail(String text) {
        return text.strip().indexOf('@') > 0;
    }

    private static boolean isRole(String name) {
        return Arrays.stream(Role.values()).anyMatch(role -> role.name().equals(name));
    }

    // ---- channels and broadcasts ------------------------------------------------------------------------------

    /** @param state live, hidden, or empty for all */
    Page<ChannelRow> channels(String text, String state, String before) {
        Conditions conditions = new Conditions()
                .and("c.id < ?", cursor(before))
                .andIf(!text.isBlank(), "c.name like ?", literal(text.strip().toLowerCase(Locale.ROOT)) + "%")
                .andIf(state.equals("hidden"), "c.hidden_at is not null")
                .andIf(
                        state.equals("live"),
                        "exists (select from live_broadcast b where b.channel_id = c.id and b.ended_at is null)");
        return Page.of(
                ask("""
                        select c.id, c.name, a.username, c.display_name, c.title, c.followers, c.hidden_at is not null as hidden,
                            exists (select from live_broadcast b where b.channel_id = c.id and b.ended_at is null) as live,
                            c.last_live_at, c.created_at
                        from channel c join account a on a.id = c.account_id
                        """, conditions, "order by c.id desc")
                        .query((row, _) -> new ChannelRow(
                                row.getLong("id"),
                                row.getString("name"),
                                row.getString("username"),
                                row.getString("display_name"),
                                row.getString("title"),
                                row.getInt("followers"),
                                row.getBoolean("hidden"),
                                row.getBoolean("live"),
                                instant(row.getTimestamp("last_live_at")),
                                row.getTimestamp("created_at").toInstant()))
                        .list(),
                row -> Long.toString(row.id()));
    }

    Page<BroadcastRow> broadcasts(String channel, String before) {
        Conditions conditions = new Conditions()
                .and("b.id < ?", cursor(before))
                .andIf(
                        !channel.isBlank(),
                        "b.channel_id = (select id from channel where name = ?)",
                        channel.strip().toLowerCase(Locale.ROOT));
        return Page.of(
                ask("""
                        select b.id, c.name, b.title, b.started_at, b.live_at, b.ended_at, b.peak_viewers
                        from live_broadcast b join channel c on c.id = b.channel_id
                        """, conditions, "order by b.id desc")
                        .query((row, _) -> new BroadcastRow(
                                row.getLong(1),
                                row.getString(2),
                                row.getString(3),
                                row.getTimestamp(4).toInstant(),
                                instant(row.getTimestamp(5)),
                                instant(row.getTimestamp(6)),
                                row.getInt(7)))
                        .list(),
                row -> Long.toString(row.id()));
    }

    // ---- messages ---------------------------------------------------------------------------------------------

    /**
     * @param text somewhere in the message
     * @param before microseconds, channel and number of the last one that was shown
     */
    Page<MessageRow> messages(String text, String channel, String author, String before) {
        String pattern = "%" + literal(text.strip()) + "%";
        // What is rare is found by its letters and sorted; what is common turns up soon on the way back in time.
        boolean rare = text.strip().length() >= LETTERS_INDEXED && rare(pattern);
        Conditions conditions = new Conditions()
                .andIf(!text.isBlank() && !rare, "m.text ilike ?", pattern)
                .andIf(
                        !channel.isBlank(),
                        "m.channel_id = (select id from channel where name = ?)",
                        channel.strip().toLowerCase(Locale.ROOT))
                .andIf(
                        !author.isBlank(),
                        "m.account_id = (select id from account where lower(username) = ?)",
                        author.strip().replaceFirst("^@", "").toLowerCase(Locale.ROOT));
        messageCursor(before)
                .ifPresent(at -> conditions.and(
                        "(m.written_at, m.channel_id, m.seq) < (?, ?, ?)",
                        Timestamp.from(Instant.EPOCH.plusNanos(at[0] * 1_000)),
                        at[1],
                        at[2]));
        if (rare) {
            conditions.values.addFirst(pattern);
        }
        String columns = """
                select m.channel_id, c.name, m.seq, coalesce(a.username, '') as author, m.guest_name, m.text, m.written_at,
                    m.removed_at is not null as removed
                from %s m join channel c on c.id = m.channel_id left join account a on a.id = m.account_id
                """;
        String select = rare
                ? "with found as materialized (select * from chat_message where text ilike ?) "
                        + columns.formatted("found")
                : columns.formatted("chat_message");
        return Page.of(
                ask(select, conditions, "order by m.written_at desc, m.channel_id desc, m.seq desc")
                        .query((row, _) -> message(row))
                        .list(),
                row -> micros(row.at()) + "_" + row.channelId() + "_" + row.seq());
    }

    private boolean rare(String pattern) {
        return database.sql("select count(*) from (select 1 from chat_message where text ilike ? limit ?) hits")
                        .param(pattern)
                        .param(RARE)
                        .query((row, _) -> row.getInt(1))
                        .single()
                < RARE;
    }

    private static MessageRow message(ResultSet row) throws SQLException {
        return new MessageRow(
                row.getString("name"),
                row.getLong("channel_id"),
                row.getLong("seq"),
                row.getString("author"),
                row.getString("guest_name"),
                row.getString("text"),
                row.getTimestamp("written_at").toInstant(),
                row.getBoolean("removed"));
    }

    private static long micros(Instant at) {
        return at.getEpochSecond() * 1_000_000 + at.getNano() / 1_000;
    }

    private static Optional<long[]> messageCursor(String text) {
        String[] parts = text.split("_", -1);
        try {
            return parts.length != 3
                    ? Optional.empty()
                    : Optional.of(
                            Arrays.stream(parts).mapToLong(Long::parseLong).toArray());
        } catch (NumberFormatException malformed) {
            return Optional.empty();
        }
    }

    // ---- figures ----------------------------------------------------------------------------------------------

    Figures figures() {
        Timestamp yesterday = Timestamp.from(clock.instant().minusSeconds(86_400));
        Figures read = database.sql("""
                select (select reltuples::bigint from pg_class where oid = 'account'::regclass) as guessed,
                    (select count(*) from account where created_at > ?) as fresh,
                    (select count(*) from account where standing = 'WAITING') as waiting,
                    (select count(*) from chat_message where written_at > ?) as messages,
                    (select count(*) from live_broadcast where started_at > ?) as broadcasts
                """)
                .param(yesterday)
                .param(yesterday)
                .param(yesterday)
                .query((row, _) ->
                        new Figures(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5)))
                .single();
        // Not while the row is read: that would take a second connection.
        return read.withAccounts(accounts(read.accounts()));
    }

    /** Counted while that is quick; the statistics' guess for a large site. */
    private long accounts(long guessed) {
        return guessed > 50_000
                ? guessed
                : database.sql("select count(*) from account")
                        .query((row, _) -> row.getLong(1))
                        .single();
    }

    /** E-mail of one account. Private: whoever asks leaves a trace. */
    Optional<String> email(long accountId) {
        return database.sql("select email from account where id = ?")
                .param(accountId)
                .query((row, _) -> row.getString(1))
                .optional();
    }
}
