// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live.internal;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.engine.PublishAnswer;
import live.millrace.platform.live.RecordingChoice;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** What somebody who may publish goes on with, and what that is kept as. */
@Component
class Continuations {
    /** An encoder that was told yes is on air by then. */
    private static final Duration CLAIMED = Duration.ofMinutes(1);

    /** More segments than anybody can cut between two notes; playlists bear a hole in their numbers. */
    private static final int SEGMENTS_UNNOTED = 60;

    private static final int BREAKS_UNNOTED = 10;

    private final BroadcastStore broadcasts;
    private final RecordingChoice recordings;
    private final ObjectProvider<Engine> engine;
    private final Clock clock;

    Continuations(BroadcastStore broadcasts, RecordingChoice recordings, ObjectProvider<Engine> engine, Clock clock) {
        this.broadcasts = broadcasts;
        this.recordings = recordings;
        this.engine = engine;
        this.clock = clock;
    }

    /** A yes for a channel; what it has on air already goes on by itself. */
    PublishAnswer.Yes yes(ChannelView channel, long keyId, Optional<String> passphrase) {
        Instant now = clock.instant();
        Optional<BroadcastStore.Waiting> waiting =
                engine.getObject().live(channel.name()).isPresent()
                        ? Optional.empty()
                        : broadcasts.claim(channel.id(), now, now.plus(CLAIMED));
        return new PublishAnswer.Yes(
                channel.name(),
                keyId,
                waiting.map(before -> new PublishAnswer.Resumption(
                        before.engineId(),
                        before.startedAt(),
                        before.media() + SEGMENTS_UNNOTED,
                        before.discontinuity() + BREAKS_UNNOTED)),
                waiting.map(before -> recordings.forResumed(channel.id(), before.engineId()))
                        .orElseGet(() -> recordings.forNew(channel.id())),
                passphrase);
    }

    /** The same without a database: nobody knows then what waits. */
    PublishAnswer.Yes fromMemory(KnownKeys.Known key) {
        return new PublishAnswer.Yes(
                key.channel(), key.keyId(), Optional.empty(), recordings.remembered(key.channelId()), key.passphrase());
    }
}
