// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.notification;

import java.time.Duration;
import java.util.List;

/** The notices of all accounts. Thread-safe. */
public interface Notices {
    /**
     * An account's notices, the newest first.
     *
     * @param before only those with a smaller id; {@link Long#MAX_VALUE} for the first page
     */
    List<NoticeView> of(long accountId, long before, int most);

    /**
     * Tells somebody something; their open pages at once.
     *
     * @param kind a key under {@code notice.kind}
     * @param text what it is about, as it was written
     * @param link a path of this site
     */
    void tell(long accountId, String kind, String text, String link);

    /**
     * Tells somebody that there is one more of something. What they were told of the same within a while becomes one notice of so many:
     * it is unread again, and of what they read of it nothing is counted.
     *
     * @param kind a key under {@code notice.kind}, of a text that counts
     * @param text what it is about, as it was written
     * @param link a path of this site, which makes it the same
     */
    void gather(long accountId, String kind, String text, String link, Duration within);

    int unread(long accountId);

    /** Marks all of an account as read; its open pages are told. */
    void read(long accountId);
}
