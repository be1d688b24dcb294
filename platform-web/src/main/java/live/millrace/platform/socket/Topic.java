// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.socket;

import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import org.jspecify.annotations.Nullable;

/** A family of topics that a feature brings to the page socket. */
public interface Topic {
    /** Whether a topic's name is of this family. */
    boolean owns(String name);

    /**
     * What a page that joins is told first.
     *
     * @param principal who is signed in; null for a stranger
     * @param remote the page's address
     * @return messages, each a record that becomes JSON; empty when this page may not join
     */
    Optional<java.util.List<?>> join(String name, @Nullable AccountPrincipal principal, String remote);
}
