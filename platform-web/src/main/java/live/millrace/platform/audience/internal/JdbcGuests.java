// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience.internal;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import live.millrace.platform.audience.Guest;
import live.millrace.platform.audience.Guests;
import live.millrace.platform.audience.Viewer;
import live.millrace.platform.shared.Secrets;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

@Service
class JdbcGuests implements Guests {
    /** Of one browser: whoever is asked about it answers in a moment. */
    private static final int MOST_OF_BROWSER = 200;

    private static final long NOBODY = -1;

    private final JdbcClient database;
    private final SeenGuests seen;

    JdbcGuests(JdbcClient database, SeenGuests seen) {
        this.database = database;
        this.seen = seen;
    }

    /** What the viewer was a while ago is asked again: they may have been removed since. */
    @Override
    public Optional<Guest> of(long channelId, Viewer viewer) {
        Guest browser = viewer.guests().get(channelId);
        if (viewer.account().isEmpty() && browser == null) {
            return Optional.empty();
        }
        return database.sql("""
                select g.id, g.channel_id, coalesce(a.username, g.name) from audience_guest g
                left join account a on a.id = g.account_id
                where g.channel_id = ? and g.removed_at is null
                    and (g.account_id = ? or (g.id = ? and g.browser_hash is not null))
                order by g.account_id nulls last limit 1
                """)
                .param(channelId)
                .param(viewer.account().orElse(NOBODY))
                .param(browser == null ? NOBODY : browser.id())
                .query((row, _) -> new Guest(row.getLong(1), row.getLong(2), row.getString(3)))
                .optional();
    }

    @Override
    public void came(long channelId, Viewer viewer) {
        of(channelId, viewer).ifPresent(guest -> seen.note(guest.id()));
    }

    @Override
    public Set<Long> invitedTo(long accountId, Collection<Long> channelIds) {
        return channelIds.isEmpty()
                ? Set.of()
                : database.sql("""
                        select channel_id from audience_guest where account_id = ? and channel_id = any(?) and removed_at is null
                        """)
                        .param(accountId)
                        .param(channelIds.toArray(Long[]::new))
                        .query((row, _) -> row.getLong(1))
                        .set();
    }

    @Override
    public Optional<Guest> find(long guestId) {
        return database.sql("""
                select g.id, g.channel_id, coalesce(a.username, g.name) from audience_guest g
                left join account a on a.id = g.account_id
                where g.id = ? and g.removed_at is null and (g.account_id is not null or g.browser_hash is not null)
                """)
                .param(guestId)
                .query((row, _) -> new Guest(row.getLong(1), row.getLong(2), row.getString(3)))
                .optional();
    }

    @Override
    public Optional<Guest> known(long channelId, long guestId) {
        return database.sql("""
                select id, channel_id, name from audience_guest where id = ? and channel_id = ? and browser_hash is not null
                """)
                .param(guestId)
                .param(channelId)
                .query((row, _) -> new Guest(row.getLong(1), row.getLong(2), row.getString(3)))
                .optional();
    }

    @Override
    public Map<Long, Guest> ofBrowser(String cookie) {
        return KeptSecret.credible(cookie)
                ? database
                        .sql("""
                        select id, channel_id, name from audience_guest where browser_hash = ? and removed_at is null
                        order by id desc limit ?
                        """)
                        .param(Secrets.hash(cookie))
                        .param(MOST_OF_BROWSER)
                        .query((row, _) -> new Guest(row.getLong(1), row.getLong(2), row.getString(3)))
                        .list()
                        .stream()
                        .collect(Collectors.toUnmodifiableMap(Guest::channelId, guest -> guest))
                : Map.of();
    }
}
