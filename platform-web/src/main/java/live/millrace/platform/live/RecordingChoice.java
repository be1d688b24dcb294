// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live;

import java.util.Optional;
import java.util.UUID;

/**
 * What a channel's broadcasts are kept as, asked when somebody may publish; answered by whoever keeps them. Thread-safe; where the
 * database is asked, its failure is the answer.
 */
public interface RecordingChoice {
    /** The name of a recording that begins with a new broadcast; empty when the channel's are not kept. Asks the database. */
    Optional<String> forNew(long channelId);

    /** The same for a broadcast that goes on: its recording goes on too. Asks the database. */
    Optional<String> forResumed(long channelId, UUID broadcast);

    /** The same for a new broadcast, by what was last known. Asks no database. */
    Optional<String> remembered(long channelId);
}
