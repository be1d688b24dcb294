// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.below;

import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.chat.Talker;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who may have comments of their own below a channel's videos: whoever has an account, or a guest of the channel who has none.
 *
 * @param person signed in; null of a guest
 */
public record Commenter(Talker talker, @Nullable AccountPrincipal person) {
    /** Whether they have no account. */
    boolean guest() {
        return person == null;
    }
}
