// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;
import live.millrace.media.tally.Tally;

/**
 * Where an endpoint tells what it counts, whatever shows it. Operators build on names and labels: they stay. What is counted is
 * read when somebody looks, from any thread, as long as the endpoint holds it.
 */
public interface Meters {
    /**
     * A number that goes up and down.
     *
     * @param counted what the number is of; the value must not hold it in another way
     */
    <T> void gauge(String name, String description, T counted, ToDoubleFunction<T> value);

    /** A count for each kind of something, in a label. */
    <E extends Enum<E>> void tally(String name, String label, String description, Tally<E> tally);

    /** A sum of bytes. */
    void bytes(String name, String description, LongAdder sum);
}
