// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.tally;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;

/**
 * How often each kind of something happened since the start. Thread-safe; counting allocates nothing.
 *
 * @param <E> the kinds
 */
public final class Tally<E extends Enum<E>> {
    /** Filled once with every kind, then only read. */
    private final Map<E, LongAdder> counts;

    public Tally(Class<E> kinds) {
        EnumMap<E, LongAdder> all = new EnumMap<>(kinds);
        for (E kind : kinds.getEnumConstants()) {
            all.put(kind, new LongAdder());
        }
        counts = Collections.unmodifiableMap(all);
    }

    public void count(E kind) {
        add(kind, 1);
    }

    public void add(E kind, long amount) {
        Objects.requireNonNull(counts.get(kind)).add(amount);
    }

    public long of(E kind) {
        return Objects.requireNonNull(counts.get(kind)).sum();
    }

    /** All kinds, for whoever lists them. */
    public Set<E> kinds() {
        return counts.keySet();
    }
}
