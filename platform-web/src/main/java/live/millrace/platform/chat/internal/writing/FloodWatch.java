// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.writing;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import live.millrace.platform.account.AccountView;
import live.millrace.platform.chat.Talker;
import live.millrace.platform.chat.internal.room.Room;
import live.millrace.platform.chat.internal.text.FoldedText;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Knows a raid when it sees one: many people who say the same within seconds, or a crowd of accounts that were made just now. A
 * busy evening is neither.
 */
@Component
class FloodWatch {
    private static final Duration WINDOW = Duration.ofSeconds(10);
    private static final Duration YOUNG = Duration.ofHours(1);
    private static final int SAME_WORDS = 10;
    private static final int YOUNG_CROWD = 150;
    private static final int MAX_NOTED = 2_000;

    /** The shortest text that nobody says by chance with nine others: "hello" is no raid. */
    private static final int LEAST_TEXT = 12;

    private record Noted(Instant at, Talker talker, String text, boolean young) {}

    private final Clock clock;
    private final Cache<Long, ArrayDeque<Noted>> rooms = Caffeine.newBuilder()
            .maximumSize(5_000)
            .expireAfterAccess(Duration.ofMinutes(1))
            .build();

    FloodWatch(Clock clock) {
        this.clock = clock;
    }

    /**
     * Notes that somebody tries to say something; answers whether the room is flooded.
     *
     * @param account null of a guest, who is never of that crowd: the channel's owner let them in
     */
    boolean flooded(Room room, Talker talker, @Nullable AccountView account, String text) {
        Instant now = clock.instant();
        ArrayDeque<Noted> noted = rooms.get(room.channel().id(), _ -> new ArrayDeque<>());
        String folded = FoldedText.of(text);
        boolean young = account != null && account.createdAt().isAfter(now.minus(YOUNG));
        synchronized (noted) {
            while (!noted.isEmpty()
                    && (noted.size() >= MAX_NOTED || noted.getFirst().at().isBefore(now.minus(WINDOW)))) {
                noted.removeFirst();
            }
            noted.addLast(new Noted(now, talker, folded, young));
            Set<Talker> same = new HashSet<>();
            Set<Talker> crowd = new HashSet<>();
            for (Noted message : noted) {
                if (folded.length() >= LEAST_TEXT && message.text().equals(folded)) {
                    same.add(message.talker());
                }
                if (message.young()) {
                    crowd.add(message.talker());
                }
            }
            return same.size() >= SAME_WORDS || crowd.size() >= YOUNG_CROWD;
        }
    }
}
