// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.writing;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import live.millrace.platform.chat.Talker;
import live.millrace.platform.chat.internal.room.Room;
import org.springframework.stereotype.Component;

/** Whose messages are not held for ten minutes, because one of the channel's people said so. */
@Component
class Trusted {
    static final Duration FOR = Duration.ofMinutes(10);

    private record Writer(long channelId, Talker talker) {}

    private final Clock clock;
    private final Cache<Writer, Instant> until =
            Caffeine.newBuilder().maximumSize(20_000).expireAfterWrite(FOR).build();

    Trusted(Clock clock) {
        this.clock = clock;
    }

    void trust(Room room, Talker talker) {
        until.put(new Writer(room.channel().id(), talker), clock.instant().plus(FOR));
    }

    boolean trusts(Room room, Talker talker) {
        Instant end = until.getIfPresent(new Writer(room.channel().id(), talker));
        return end != null && end.isAfter(clock.instant());
    }
}
