// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.socket;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import live.millrace.platform.account.AccountPrincipal;

/** Sends events to the pages that joined a topic. Thread-safe; never blocks: a page that does not read is closed by itself. */
public interface PageSockets {
    /** Whether any page follows a topic. */
    boolean anybody(String topic);

    /** The topics with a prefix that pages follow at this moment. */
    Set<String> topics(String prefix);

    /**
     * Who follows a topic at this moment.
     *
     * @param accounts of pages that somebody is signed in on, each once
     * @param staff those of them that moderate the site
     * @param strangers pages that nobody is signed in on
     */
    record Followers(Set<Long> accounts, Set<Long> staff, List<Page> strangers) {}

    Followers followers(String topic);

    /** Sends a record as JSON, with {@code topic} added. Encoded once. */
    void publish(String topic, Object event);

    /**
     * Does something and sends, as one step for whoever joins: a page is told the thing when it joins, or is sent the event, and never
     * both or neither.
     *
     * @param first changes what {@link Topic#join} answers; short, and calls nothing of this
     */
    void publish(String topic, Runnable first, Object event);

    /**
     * Sends to some pages alone, of those that follow a topic.
     *
     * @param which of them; asked with the topic locked
     */
    void tell(String topic, Predicate<Page> which, Object event);

    /** Sends to the pages of one account alone, of those that follow a topic. */
    default void tell(String topic, long accountId, Object event) {
        tell(
                topic,
                page -> {
                    AccountPrincipal principal = page.principal();
                    return principal != null && principal.accountId() == accountId;
                },
                event);
    }

    /** The same to pages at one address alone, in every topic that starts with a prefix. */
    void publishAt(String topicPrefix, String remote, Object event);

    /**
     * Closes pages that joined a topic, those that are told nothing among them: each comes back and joins as who it is then.
     *
     * @param which of them; asked with the topic locked
     */
    void renew(String topic, Predicate<Page> which);

    /** Closes the pages of an account; they come back as whoever they are then. */
    void disconnect(long accountId);
}
