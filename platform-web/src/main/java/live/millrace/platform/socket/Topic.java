// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.socket;

import java.util.List;
import java.util.Optional;
import live.millrace.platform.account.TokenScope;
import tools.jackson.databind.JsonNode;

/** A family of topics that a feature brings to the page socket. */
public interface Topic {
    /** What {@code since} is for a page that knows nothing yet. */
    long FROM_NOW = -1;

    /** Whether a topic's name is of this family. */
    boolean owns(String name);

    /** What a program's token needs to follow it, beside what its owner may. */
    default TokenScope scope() {
        return TokenScope.READ;
    }

    /** Fetches what {@link #join} will ask for: called before, with nothing locked, so that whoever is told waits for no database. */
    default void prepare(String name) {}

    /**
     * What a page that joins is told first. Called with the topic locked: nothing is published between this answer and the page's
     * first event, so that a page misses nothing and is told in order.
     *
     * @param since the last number of the topic's own that the page has seen, or {@link #FROM_NOW}
     * @return events, each a record that becomes JSON; empty when this page may not join
     */
    Optional<List<?>> join(String name, Page page, long since);

    /**
     * Whether a page that joined is told what happens. One that is not hears what {@link #join} answers, and nothing after it, until
     * whoever may is looked at anew by {@link PageSockets#renew}.
     */
    default boolean tells(String name, Page page) {
        return true;
    }

    /** A page that joined says something. Called on a thread that may block; what is malformed is answered or left out. */
    default void receive(String name, Page page, JsonNode said) {}
}
