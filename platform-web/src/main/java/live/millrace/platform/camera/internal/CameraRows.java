// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.camera.internal;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import live.millrace.platform.account.Role;
import live.millrace.platform.channel.Visibility;
import live.millrace.platform.engine.FetchFailure;
import live.millrace.platform.live.Broadcasting;
import live.millrace.platform.shared.SiteKey;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/** The tables of cameras. Addresses and passwords are encrypted with the site's key, bound to their channel. */
@Repository
class CameraRows {
    /** What is kept encrypted. */
    record Secrets(String uri, String password) {
        @Override
        public String toString() {
            return "Secrets[hidden]";
        }
    }

    /** A row without its secrets. */
    record Row(
            long channelId,
            String channel,
            String address,
            String user,
            boolean password,
            boolean always,
            boolean udp,
            @Nullable FetchFailure failure,
            @Nullable Instant lastSeen,
            @Nullable Instant snapshotAt) {}

    /**
     * What the engine is to fetch.
     *
     * @param secrets empty where the site's key does not open them
     * @param given its owner has the right to name private addresses
     * @param awaited an encoder is waited for, whose broadcast outlived a process
     * @param failure of the last attempt; null where it did not fail
     */
    record Due(
            long channelId,
            String channel,
            String user,
            boolean always,
            boolean udp,
            Instant changedAt,
            Optional<Secrets> secrets,
            Role role,
            boolean given,
            boolean awaited,
            @Nullable FetchFailure failure) {}

    private static final String ROW = """
            select k.channel_id, c.name, k.address, k.user_name, k.has_password, k.always_on, k.udp, k.failure, k.last_seen,
                s.taken_at
            from camera k join channel c on c.id = k.channel_id left join camera_snapshot s on s.channel_id = k.channel_id
            """;

    private final JdbcClient database;
    private final SiteKey key;
    private final JsonMapper json;

    CameraRows(JdbcClient database, SiteKey key, JsonMapper json) {
        this.database = database;
        this.key = key;
        this.json = json;
    }

    private static String purpose(long channelId) {
        return "camera of channel " + channelId;
    }

    private static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
        Timestamp at = row.getTimestamp(column);
        return at == null ? null : at.toInstant();
    }

    private static @Nullable FetchFailure failure(@Nullable String name) {
        return name == null ? null : FetchFailure.valueOf(name);
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                row.getLong(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getBoolean(5),
                row.getBoolean(6),
                row.getBoolean(7),
                failure(row.getString(8)),
                instant(row, 9),
                instant(row, 10));
    }

    Optional<Row> find(long channelId) {
        return find(List.of(channelId)).stream().findFirst();
    }

    List<Row> find(List<Long> channelIds) {
        return database.sql(ROW + "where k.channel_id = any(?)")
                .param(channelIds.toArray(Long[]::new))
                .query((row, _) -> row(row))
                .list();
    }

    /** Listed cameras, those with the newest pictures first. */
    Map<Long, Optional<Instant>> listed(int most) {
        Map<Long, Optional<Instant>> listed = new LinkedHashMap<>();
        database.sql("""
                select k.channel_id, s.taken_at from camera k join channel c on c.id = k.channel_id
                    left join camera_snapshot s on s.channel_id = k.channel_id
                where c.visibility = 'PUBLIC' and c.hidden_at is null
                order by s.taken_at desc nulls last, k.channel_id limit ?
                """).param(most).query(row -> {
            listed.put(row.getLong(1), Optional.ofNullable(instant(row, 2)));
        });
        return listed;
    }

    Optional<Secrets> secrets(long channelId) {
        return database.sql("select sealed from camera where channel_id = ?")
                .param(channelId)
                .query(byte[].class)
                .optional()
                .flatMap(kept -> open(channelId, kept));
    }

    private Optional<Secrets> open(long channelId, byte[] kept) {
        return key.open(purpose(channelId), kept)
                .map(plain -> json.readValue(new String(plain, StandardCharsets.UTF_8), Secrets.class));
    }

    /** All whose owners may go on air, so far as their accounts say. */
    List<Due> due() {
        return database.sql("""
                select k.channel_id, c.name, k.user_name, k.always_on, k.udp, k.changed_at, k.sealed, a.role,
                    exists (select from camera_right r where r.account_id = a.id),
                    exists (select from live_broadcast b where b.channel_id = c.id and b.ended_at is null and not b.fetched
                        and b.resume_until > now()), k.failure
                from camera k join channel c on c.id = k.channel_id join account a on a.id = c.account_id
                where (a.suspended_at is null or a.suspended_until < now())
                    and (a.stream_suspended_at is null or a.stream_suspended_until < now())
                """)
                .query((row, _) -> new Due(
                        row.getLong(1),
                        row.getString(2),
                        row.getString(3),
                        row.getBoolean(4),
                        row.getBoolean(5),
                        row.getTimestamp(6).toInstant(),
                        open(row.getLong(1), row.getBytes(7)),
                        Role.valueOf(row.getString(8)),
                        row.getBoolean(9),
                        row.getBoolean(10),
                        failure(row.getString(11))))
                .list();
    }

    /**
     * Keeps a camera, in place of the one that there was. How that failed stays known where it would fail in the same way.
     *
     * @param fresh it is asked for something else than before, or by somebody else
     */
    void put(Row camera, Secrets secrets, boolean fresh, Instant now) {
        database.sql("""
                insert into camera (channel_id, address, user_name, has_password, sealed, always_on, udp, made_at, changed_at)
                values (:channel, :address, :user, :password, :sealed, :always, :udp, :now, :now)
                on conflict (channel_id) do update set address = excluded.address, user_name = excluded.user_name,
                    has_password = excluded.has_password, sealed = excluded.sealed, always_on = excluded.always_on,
                    udp = excluded.udp, changed_at = excluded.changed_at,
                    failure = case when :fresh or camera.udp <> excluded.udp and camera.failure <> 'WRONG_LOGIN' then null
                        else camera.failure end
                """)
                .param("channel", camera.channelId())
                .param("address", camera.address())
                .param("user", camera.user())
                .param("password", camera.password())
                .param(
                        "sealed",
                        key.seal(
                                purpose(camera.channelId()),
                                json.writeValueAsString(secrets).getBytes(StandardCharsets.UTF_8)))
                .param("always", camera.always())
                .param("udp", camera.udp())
                .param("fresh", fresh)
                .param("now", Timestamp.from(now))
                .update();
    }

    /** Forgets how a camera failed: it did not just now. */
    void mend(long channelId, Instant now) {
        database.sql("update camera set failure = null, changed_at = ? where channel_id = ?")
                .param(Timestamp.from(now))
                .param(channelId)
                .update();
    }

    boolean remove(long channelId) {
        return database.sql("delete from camera where channel_id = ?")
                        .param(channelId)
                        .update()
                > 0;
    }

    /** Notes how the fetching of a channel's stream goes; one that is no camera any more has no row. */
    void note(String channel, @Nullable FetchFailure failure, @Nullable Instant lastSeen) {
        database.sql("""
                update camera set failure = :failure,
                    last_seen = greatest(last_seen, cast(:seen as timestamptz))
                where channel_id = (select id from channel where name = :channel)
                """)
                .param("failure", failure == null ? null : failure.name())
                .param("seen", lastSeen == null ? null : Timestamp.from(lastSeen))
                .param("channel", channel)
                .update();
    }

    // ---- snapshots --------------------------------------------------------------------------------------------

    /**
     * Keeps what a camera shows in place of what it showed before; nothing where the channel is no camera. Looks at the channel and at the
     * broadcast and locks both in one statement: whoever shows it to others or takes its pictures down comes before, or finds what was kept.
     *
     * @param visibility whom it was taken for
     * @return whether it is kept
     */
    boolean keep(long channelId, Visibility visibility, UUID broadcast, Broadcasting.Snapshot snapshot) {
        return database.sql("""
                        insert into camera_snapshot (channel_id, taken_at, jpeg)
                        select k.channel_id, :at, :jpeg from camera k join channel c on c.id = k.channel_id
                            join live_broadcast b on b.channel_id = c.id and b.engine_id = :broadcast
                        where k.channel_id = :channel and c.visibility = :visibility and not c.mature and c.hidden_at is null
                            and not b.picture_withheld
                        for share of c, b
                        on conflict (channel_id) do update set taken_at = excluded.taken_at, jpeg = excluded.jpeg
                        """)
                        .param("channel", channelId)
                        .param("visibility", visibility.name())
                        .param("broadcast", broadcast)
                        .param("at", Timestamp.from(snapshot.at()))
                        .param("jpeg", snapshot.jpeg())
                        .update()
                > 0;
    }

    /** Keeps the picture of a trial where there is none yet. */
    void keep(long channelId, Broadcasting.Snapshot snapshot) {
        database.sql("""
                insert into camera_snapshot (channel_id, taken_at, jpeg)
                select k.channel_id, :at, :jpeg from camera k join channel c on c.id = k.channel_id
                where k.channel_id = :channel and not c.mature and c.hidden_at is null
                on conflict (channel_id) do nothing
                """)
                .param("channel", channelId)
                .param("at", Timestamp.from(snapshot.at()))
                .param("jpeg", snapshot.jpeg())
                .update();
    }

    Optional<Broadcasting.Snapshot> snapshot(long channelId) {
        return database.sql("select jpeg, taken_at from camera_snapshot where channel_id = ?")
                .param(channelId)
                .query((row, _) -> new Broadcasting.Snapshot(
                        row.getBytes(1), row.getTimestamp(2).toInstant()))
                .optional();
    }

    void forgetSnapshot(long channelId) {
        database.sql("delete from camera_snapshot where channel_id = ?")
                .param(channelId)
                .update();
    }
}
