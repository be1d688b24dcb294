// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live.internal;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import live.millrace.platform.channel.StreamKeyView;
import live.millrace.platform.engine.PublishQuestion;
import live.millrace.platform.live.AttemptRecorded;
import live.millrace.platform.live.AttemptView;
import live.millrace.platform.shared.RemoteAddress;
import live.millrace.platform.site.Setting;
import live.millrace.platform.site.SiteSettings;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Who tried to publish, and how it went: the last attempts of each channel, and the last of those whose key belongs to nobody. */
@Component
class ConnectionLog {
    static final int KEPT = 20;
    private static final int STRANGERS_KEPT = 500;
    private static final int STRANGERS_SHOWN = 50;

    /** A streamer who mistyped the key is looking at the page now, or was a moment ago. */
    private static final Duration STRANGER_WINDOW = Duration.ofMinutes(15);

    private static final String SELECT = """
            select occurred_at, outcome, cause, key_name, key_prefix, encoder, remote from live_publish_attempt
            """;

    private final JdbcClient database;
    private final ApplicationEventPublisher events;
    private final TransactionTemplate transaction;
    private final SiteSettings settings;
    private final Clock clock;

    ConnectionLog(
            JdbcClient database,
            ApplicationEventPublisher events,
            TransactionTemplate transaction,
            SiteSettings settings,
            Clock clock) {
        this.database = database;
        this.events = events;
        this.transaction = transaction;
        this.settings = settings;
        this.clock = clock;
    }

    void add(PublishQuestion question, String outcome, Optional<String> cause, Optional<StreamKeyView> key) {
        String remote = RemoteAddress.ofMachine(question.remote());
        Long channelId = key.map(StreamKeyView::channelId).orElse(null);
        transaction.executeWithoutResult(_ -> {
            database.sql("""
                    insert into live_publish_attempt
                        (channel_id, occurred_at, outcome, cause, key_name, key_prefix, encoder, remote)
                    select :channel::bigint, :at, :outcome, :cause::text, :keyName::text, :keyPrefix::text, :encoder, :remote
                    where :channel::bigint is null or exists (select from channel where id = :channel)
                    """)
                    .param("channel", channelId)
                    .param("at", Timestamp.from(clock.instant()))
                    .param("outcome", outcome)
                    .param("cause", cause.orElse(null))
                    .param("keyName", key.map(StreamKeyView::name).orElse(null))
                    .param("keyPrefix", key.map(StreamKeyView::prefix).orElse(null))
                    .param("encoder", question.encoder())
                    .param("remote", remote)
                    .update();
            trim(channelId);
        });
        events.publishEvent(new AttemptRecorded(channelId, remote));
    }

    private void trim(@Nullable Long channelId) {
        database.sql("""
                delete from live_publish_attempt
                where channel_id is not distinct from :channel::bigint and id <= (
                    select id from live_publish_attempt where channel_id is not distinct from :channel::bigint
                    order by id desc offset :keep limit 1)
                """)
                .param("channel", channelId)
                .param("keep", channelId == null ? STRANGERS_KEPT : KEPT)
                .update();
    }

    List<AttemptView> of(long channelId, String remote) {
        return database.sql(SELECT + """
                where channel_id = :channel or (channel_id is null and remote = :remote and occurred_at > :since)
                order by id desc limit :most
                """)
                .param("channel", channelId)
                .param("remote", RemoteAddress.ofMachine(remote))
                .param("since", Timestamp.from(clock.instant().minus(STRANGER_WINDOW)))
                .param("most", KEPT)
                .query((row, _) -> view(row))
                .list();
    }

    List<AttemptView> strangers() {
        return database.sql(SELECT + "where channel_id is null order by id desc limit ?")
                .param(STRANGERS_SHOWN)
                .query((row, _) -> view(row))
                .list();
    }

    private static AttemptView view(ResultSet row) throws SQLException {
        return new AttemptView(
                row.getTimestamp("occurred_at").toInstant(),
                row.getString("outcome"),
                row.getString("cause"),
                row.getString("key_name"),
                row.getString("key_prefix"),
                row.getString("encoder"),
                masked(row.getString("remote")));
    }

    /** Enough to tell one's own network from another. */
    private static String masked(String address) {
        return address.contains(":")
                ? address.replaceAll("^((?:[0-9a-fA-F]*:){3}).*", "$1…")
                : address.replaceAll("\\.\\d+$", ".…");
    }

    /** The log is full of addresses, which are kept for some days only. */
    void forget() {
        Instant before = clock.instant().minus(Duration.ofDays(settings.number(Setting.ADDRESS_DAYS)));
        database.sql("delete from live_publish_attempt where occurred_at < ?")
                .param(Timestamp.from(before))
                .update();
    }
}
