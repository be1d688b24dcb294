// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.directory;

import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.List;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.shared.FetchedCache;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Channels that were on air not long ago: what there is to see when nobody is. A few seconds old at most. */
@Component
public class RecentChannels {
    private final JdbcClient database;
    private final Channels channels;
    private final FetchedCache<Integer, List<ChannelView>> last =
            new FetchedCache<>(Caffeine.newBuilder().maximumSize(10).expireAfterWrite(Duration.ofSeconds(10)));

    RecentChannels(JdbcClient database, Channels channels) {
        this.database = database;
        this.channels = channels;
    }

    public List<ChannelView> last(int most) {
        return last.get(most, this::load);
    }

    private List<ChannelView> load(int most) {
        return channels.findAll(
                database.sql("""
                select c.id from channel c join account a on a.id = c.account_id
                where c.last_live_at is not null and (a.suspended_at is null or a.suspended_until < now()) and c.hidden_at is null and c.visibility = 'PUBLIC' order by c.last_live_at desc limit ?
                """).param(most).query((row, _) -> row.getLong(1)).list());
    }
}
