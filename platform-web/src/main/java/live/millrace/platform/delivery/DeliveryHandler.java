// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.delivery;

/**
 * Does the deliveries of one kind; a bean. It may be called again with one that it has done, when the process died before that was
 * written down.
 */
public interface DeliveryHandler {
    String kind();

    /**
     * Whether all it does is in the database. Then that and the note that it is done are one transaction, so that it is done once; what is
     * answered with {@link Outcome.Later} or {@link Outcome.Never} is rolled back. The transaction holds a connection all the while: a
     * handler that waits for anything outside the database, such as a mail server or a file, must answer false, and none is held then.
     */
    default boolean inDatabase() {
        return true;
    }

    /** Does it. An exception is as good as {@link Outcome.Later}; only its type is kept, for its words may be private. */
    Outcome deliver(Delivery delivery);
}
