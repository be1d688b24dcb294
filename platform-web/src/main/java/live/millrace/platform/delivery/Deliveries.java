// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.delivery;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The durable queue. What is put here within a transaction is committed with it, and then tried until it is done, whatever process dies
 * meanwhile. Thread-safe.
 */
public interface Deliveries {
    /** As JSON, in bytes of UTF-8. A delivery says what to do, and whoever does it looks the rest up. */
    int MAX_BODY = 64 << 10;

    /**
     * Puts something down, to be done as soon as the caller's transaction stands.
     *
     * @param kind which {@link DeliveryHandler} does it
     * @param target whom or what it is about, for people to read: a name, never an address or a secret
     * @param body a record or map of values; no secret, for it stays in the database for some days
     * @param dedupKey what makes it the same as another; null where it is like no other
     * @return false when the same is waiting, is parked, or was done within the days that rows are kept
     * @throws IllegalArgumentException when the body is too large
     */
    boolean enqueue(String kind, String target, Object body, @Nullable String dedupKey);

    /** The same, not before a time. */
    boolean enqueue(String kind, String target, Object body, @Nullable String dedupKey, Instant notBefore);
}
