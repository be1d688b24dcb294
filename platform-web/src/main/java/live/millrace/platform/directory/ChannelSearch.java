// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.directory;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import live.millrace.platform.channel.ChannelEdited;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Finds channels by name, title and tag: by words, by the beginnings of words, and by what is spelled nearly so. */
@Component
public class ChannelSearch {
    private final JdbcClient database;
    private final Channels channels;

    ChannelSearch(JdbcClient database, Channels channels) {
        this.database = database;
        this.channels = channels;
    }

    /** In the transaction that edits: what is shown can be found. */
    @EventListener
    @Transactional
    public void on(ChannelEdited event) {
        channels.find(event.channelId()).ifPresent(this::index);
    }

    /** Channels that were made before there was an index. */
    @EventListener(ApplicationReadyEvent.class)
    @Transactional
    public void indexMissing() {
        List<Long> missing = database.sql(
                        "select id from channel where not exists (select 1 from channel_search where channel_id = id)")
                .query((row, _) -> row.getLong(1))
                .list();
        channels.findAll(missing).forEach(this::index);
    }

    private void index(ChannelView channel) {
        String spelling = SearchWords.fold(String.join(
                " ", channel.name(), channel.displayName(), channel.title(), String.join(" ", channel.tags())));
        Set<String> words = new LinkedHashSet<>(SearchWords.of(spelling));
        words.addAll(SearchWords.of(channel.description()));
        database.sql("""
                insert into channel_search (channel_id, spelling, words) values (:id, :spelling, array_to_tsvector(:words))
                on conflict (channel_id) do update set spelling = excluded.spelling, words = excluded.words
                """)
                .param("id", channel.id())
                .param("spelling", spelling)
                .param("words", words.toArray(String[]::new))
                .update();
    }

    /**
     * Channels that fit, the best first.
     *
     * @param also those that are not for everybody and that whoever asks is shown
     */
    public List<ChannelView> find(String typed, Collection<Long> also, int most) {
        String folded = SearchWords.fold(typed.strip());
        String query = SearchWords.query(typed);
        if (query.isEmpty()) {
            return List.of();
        }
        return channels.findAll(database.sql("""
                select s.channel_id from channel_search s join channel c on c.id = s.channel_id
                join account a on a.id = c.account_id
                where (a.suspended_at is null or a.suspended_until < now()) and c.hidden_at is null
                and (c.visibility = 'PUBLIC' or c.id = any(:also)) and (s.words @@ cast(:query as tsquery) or :folded <% s.spelling)
                order by c.name = :folded desc, starts_with(c.name, :folded) desc,
                         s.words @@ cast(:query as tsquery) desc, word_similarity(:folded, s.spelling) desc,
                         c.followers desc, c.id
                limit :most
                """)
                .param("query", query)
                .param("also", also.toArray(Long[]::new))
                .param("folded", folded)
                .param("most", most)
                .query((row, _) -> row.getLong(1))
                .list());
    }

    /** Tags in use that begin so, the most used first. */
    public List<String> tags(String typed, int most) {
        String prefix =
                SearchWords.fold(typed.strip()).replaceAll("[\\s#]+", "-").replaceAll("^-+", "");
        if (prefix.isEmpty()) {
            return List.of();
        }
        return database.sql("""
                select tag from channel, unnest(tags) tag
                where starts_with(tag, :prefix) and hidden_at is null and visibility = 'PUBLIC'
                group by tag order by count(*) desc, tag limit :most
                """)
                .param("prefix", prefix)
                .param("most", most)
                .query((row, _) -> row.getString(1))
                .list();
    }

    /** Channels that carry a tag, the one that was on air last first. */
    public List<ChannelView> tagged(String tag, int most) {
        return channels.findAll(database.sql("""
                select c.id from channel c join account a on a.id = c.account_id
                where c.tags @> array[cast(:tag as text)] and (a.suspended_at is null or a.suspended_until < now()) and c.hidden_at is null and c.visibility = 'PUBLIC'
                order by c.last_live_at desc nulls last, c.id limit :most
                """)
                .param("tag", tag)
                .param("most", most)
                .query((row, _) -> row.getLong(1))
                .list());
    }

    /** Channels of a category, the one that was on air last first. */
    public List<ChannelView> ofCategory(long categoryId, int most) {
        return channels.findAll(database.sql("""
                select c.id from channel c join account a on a.id = c.account_id
                where c.category_id = :category and (a.suspended_at is null or a.suspended_until < now()) and c.hidden_at is null and c.visibility = 'PUBLIC' and c.last_live_at is not null
                order by c.last_live_at desc, c.id limit :most
                """)
                .param("category", categoryId)
                .param("most", most)
                .query((row, _) -> row.getLong(1))
                .list());
    }
}
