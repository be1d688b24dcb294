// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live.internal;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.live.Broadcasting;
import live.millrace.platform.shared.FetchedCache;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The last picture of each channel, for its page while nothing is on. Kept with the channel, so that it goes with it; never kept of whom
 * staff took off the air, nor of what is not for everybody.
 */
@Component
class LastPictures {
    private static final int CACHED_BYTES = 16 * 1024 * 1024;
    private static final int ENTRY_BYTES = 256;
    private static final Duration FOUND_FOR = Duration.ofMinutes(1);
    private static final Duration MISSED_FOR = Duration.ofSeconds(10);

    private final JdbcClient database;
    private final BroadcastStore broadcasts;
    private final Channels channels;
    private final Accounts accounts;

    /** Many look at one page at once, and at many that have none. */
    private final FetchedCache<UUID, Optional<Thumbnails.Thumbnail>> found = new FetchedCache<>(Caffeine.newBuilder()
            .maximumWeight(CACHED_BYTES)
            .weigher((UUID _, Optional<Thumbnails.Thumbnail> one) ->
                    ENTRY_BYTES + one.map(picture -> picture.jpeg().length).orElse(0))
            .expireAfter(Expiry.writing(
                    (UUID _, Optional<Thumbnails.Thumbnail> one) -> one.isPresent() ? FOUND_FOR : MISSED_FOR)));

    LastPictures(JdbcClient database, BroadcastStore broadcasts, Channels channels, Accounts accounts) {
        this.database = database;
        this.broadcasts = broadcasts;
        this.channels = channels;
        this.accounts = accounts;
    }

    /** The address of a channel's last picture; empty where there is none. */
    Optional<String> address(long channelId) {
        return database.sql("select engine_id, number from live_last_picture where channel_id = ?")
                .param(channelId)
                .query((row, _) -> Thumbnails.address(row.getObject(1, UUID.class), row.getLong(2)))
                .optional();
    }

    /** The last picture of a channel, where everybody may see it. */
    Optional<Broadcasting.Snapshot> newest(ChannelView channel) {
        return forEverybody(channel)
                ? database.sql("select jpeg, kept_at from live_last_picture where channel_id = ?")
                        .param(channel.id())
                        .query((row, _) -> new Broadcasting.Snapshot(
                                row.getBytes(1), row.getTimestamp(2).toInstant()))
                        .optional()
                : Optional.empty();
    }

    /** The picture of a broadcast that is over; empty where there is none, or a later one. */
    Optional<Thumbnails.Thumbnail> find(UUID broadcast) {
        return found.get(broadcast, this::fetch);
    }

    private Optional<Thumbnails.Thumbnail> fetch(UUID broadcast) {
        return database.sql("select number, jpeg from live_last_picture where engine_id = ?")
                .param(broadcast)
                .query((row, _) -> new Thumbnails.Thumbnail(row.getLong(1), row.getBytes(2), null))
                .optional();
    }

    /**
     * Keeps the picture of a broadcast that is over in place of the one before.
     *
     * @return false where it must not be kept; then none is
     */
    boolean keep(UUID broadcast, Thumbnails.Thumbnail last) {
        Optional<ChannelView> channel = broadcasts.find(broadcast).flatMap(known -> channels.find(known.channelId()));
        if (channel.isEmpty()) {
            return false;
        }
        boolean kept = forEverybody(channel.get()) && store(broadcast, last);
        if (!kept) {
            forget(channel.get().id());
        }
        found.clear();
        return kept;
    }

    private boolean forEverybody(ChannelView channel) {
        return !channel.mature()
                && !channel.hidden()
                && channel.visibility().open()
                && accounts.find(channel.accountId())
                        .filter(account -> !account.suspended() && !account.streamSuspended())
                        .isPresent();
    }

    /** Locks the broadcast and looks at it in one statement: whoever withholds it comes before, or finds what was kept. */
    private boolean store(UUID broadcast, Thumbnails.Thumbnail last) {
        return database.sql("""
                        insert into live_last_picture (channel_id, engine_id, number, jpeg)
                        select b.channel_id, b.engine_id, :number, :jpeg from live_broadcast b
                        where b.engine_id = :engine and not b.picture_withheld and not b.mature
                        and b.visibility in ('PUBLIC', 'UNLISTED')
                        for share of b
                        on conflict (channel_id) do update
                        set engine_id = excluded.engine_id, number = excluded.number, jpeg = excluded.jpeg,
                            kept_at = now()
                        """)
                        .param("engine", broadcast)
                        .param("number", last.number())
                        .param("jpeg", last.jpeg())
                        .update()
                > 0;
    }

    /**
     * Forgets the last picture of a channel, and has none kept of its newest broadcast, whether it runs or is over.
     *
     * @return whether there was one
     */
    boolean withhold(long channelId) {
        // In this order: what is kept before the mark is there to be deleted.
        broadcasts.withholdPicture(channelId);
        boolean there = forget(channelId);
        found.clear();
        return there;
    }

    /** The channel is no more, and what was kept went with it. */
    void forgetCached() {
        found.clear();
    }

    private boolean forget(long channelId) {
        return database.sql("delete from live_last_picture where channel_id = ?")
                        .param(channelId)
                        .update()
                > 0;
    }
}
