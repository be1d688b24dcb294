// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.text;

import com.github.benmanes.caffeine.cache.Caffeine;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import live.millrace.platform.chat.WordLists;
import live.millrace.platform.shared.DatabaseBack;
import live.millrace.platform.shared.FetchedCache;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

@Service
class JdbcWordLists implements WordLists {
    /** No channel has this id. */
    private static final long SITE = -1;

    private final JdbcClient database;
    private final Clock clock;
    private final FetchedCache<Long, WordMatcher> matchers =
            new FetchedCache<>(Caffeine.newBuilder().maximumSize(2_000));

    JdbcWordLists(JdbcClient database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    @Override
    public List<Word> of(@Nullable Long channelId) {
        return database.sql("""
                select id, word, effect from chat_word where channel_id is not distinct from :channel order by lower(word)
                """)
                .param("channel", channelId, java.sql.Types.BIGINT)
                .query((row, _) -> new Word(row.getLong(1), row.getString(2), Effect.valueOf(row.getString(3))))
                .list();
    }

    @Override
    public int add(@Nullable Long channelId, List<String> words, Effect effect) {
        try {
            return put(channelId, words, effect);
        } finally {
            // Also when it is not known what was kept.
            matchers.invalidate(channelId == null ? SITE : channelId);
        }
    }

    private int put(@Nullable Long channelId, List<String> words, Effect effect) {
        int room = MAX_WORDS - of(channelId).size();
        int added = 0;
        for (String typed : new LinkedHashSet<>(words)) {
            String word = MessageText.clean(typed);
            // A star alone would be every message.
            if (word.length() <= MAX_LENGTH
                    && !FoldedText.of(word.replace("*", "")).isBlank()
                    && added < room) {
                added += database.sql("""
                        insert into chat_word (channel_id, word, effect, made_at) values (:channel, :word, :effect, :now)
                        on conflict (channel_id, word) do update set effect = excluded.effect
                        """)
                        .param("channel", channelId, java.sql.Types.BIGINT)
                        .param("word", word)
                        .param("effect", effect.name())
                        .param("now", Timestamp.from(clock.instant()))
                        .update();
            }
        }
        return added;
    }

    @Override
    public boolean remove(@Nullable Long channelId, long id) {
        try {
            return database.sql("delete from chat_word where id = :id and channel_id is not distinct from :channel")
                            .param("id", id)
                            .param("channel", channelId, java.sql.Types.BIGINT)
                            .update()
                    > 0;
        } finally {
            matchers.invalidate(channelId == null ? SITE : channelId);
        }
    }

    @EventListener
    void on(DatabaseBack back) {
        matchers.clear();
    }

    private WordMatcher matcher(long id) {
        return new WordMatcher(of(id == SITE ? null : id));
    }

    @Override
    public Optional<Effect> verdict(long channelId, String text) {
        WordMatcher everywhere = matchers.get(SITE, this::matcher);
        WordMatcher here = matchers.get(channelId, this::matcher);
        if (everywhere.empty() && here.empty()) {
            return Optional.empty();
        }
        Set<String> readings = FoldedText.readings(text);
        Optional<Effect> site = everywhere.verdict(readings);
        return site.filter(Effect.BLOCK::equals).isPresent()
                ? site
                : here.verdict(readings).or(() -> site);
    }
}
