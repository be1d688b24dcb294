// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtp.rtcp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * When to ask for packets of one track that did not come (RFC 4585 §6.2.1): not at once, since they may only be late, again after the time
 * of a round trip, and not for ever. One instance for each track; not thread-safe.
 */
public final class Questions {
    /** A datagram of questions has no more, in the worst case one item each. */
    private static final int MAX_AT_ONCE = 100;

    private static final int MAX_TRIES = 8;
    private static final long FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** @param at when it was missed, or asked for last */
    private record Asked(long at, int tries) {}

    private Map<Long, Asked> known = new HashMap<>();

    /**
     * What to ask for now.
     *
     * @param missing tells the extended numbers of what is missing, in order
     * @return 16 bits each
     */
    public List<Integer> due(long nowNanos, Consumer<LongConsumer> missing) {
        List<Integer> due = new ArrayList<>();
        Map<Long, Asked> still = new HashMap<>();
        missing.accept(number -> {
            if (still.size() >= MAX_AT_ONCE) {
                return;
            }
            Asked before = known.getOrDefault(number, new Asked(nowNanos, 0));
            boolean ask =
                    before.tries < MAX_TRIES && nowNanos - before.at >= (before.tries == 0 ? FIRST_NANOS : AGAIN_NANOS);
            if (ask) {
                due.add((int) (number & 0xFFFF));
            }
            still.put(number, ask ? new Asked(nowNanos, before.tries + 1) : before);
        });
        known = still;
        return due;
    }
}
