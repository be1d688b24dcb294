// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.socket;

import live.millrace.platform.account.AccountPrincipal;
import org.jspecify.annotations.Nullable;

/** One open page, as topics see it. Thread-safe. */
public interface Page {
    /** Who is signed in; null for a stranger. */
    @Nullable
    AccountPrincipal principal();

    /** The address that it came from. */
    String remote();

    /**
     * What a feature noted of the request that opened the socket; null where it did not.
     *
     * @param kind that it was noted as, in the attributes of the handshake, by its class' name
     */
    <T> @Nullable T noted(Class<T> kind);

    /** Tells this page alone; a record becomes JSON with {@code topic} added. Never blocks. */
    void send(String topic, Object event);
}
