// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.writing;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import live.millrace.platform.chat.internal.room.Room;
import org.springframework.stereotype.Component;

/** Whose messages are not held for ten minutes, because one of the channel's people said so. */
@Component
class Trusted {
    static final Duration FOR = Duration.ofMinutes(10);

    private record Person(long channelId, long accountId) {}

    private final Clock clock;
    private final Cache<Person, Instant> until =
            Caffeine.newBuilder().maximumSize(20_000).expireAfterWrite(FOR).build();

    Trusted(Clock clock) {
        this.clock = clock;
    }

    void trust(Room room, long accountId) {
        until.put(new Person(room.channel().id(), accountId), clock.instant().plus(FOR));
    }

    boolean trusts(Room room, long accountId) {
        Instant end = until.getIfPresent(new Person(room.channel().id(), accountId));
        return end != null && end.isAfter(clock.instant());
    }
}
