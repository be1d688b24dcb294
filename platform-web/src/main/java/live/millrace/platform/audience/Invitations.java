// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience;

import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.ChannelView;
import org.jspecify.annotations.Nullable;

/** The same links from the other side: of whoever opens one. Thread-safe. */
public interface Invitations {
    /** In characters as people count them. */
    int MAX_NAME = 30;

    /**
     * Who opens a link.
     *
     * @param person signed in; null for others
     * @param cookie what the browser keeps as {@link Viewers#GUEST_COOKIE}, as it came; empty without
     */
    record Visitor(@Nullable AccountPrincipal person, String cookie) {
        @Override
        public String toString() {
            return person == null ? "Visitor" : "Visitor[" + person.getUsername() + "]";
        }
    }

    /** What a link is to somebody. */
    sealed interface Look {
        /**
         * They may come in by it.
         *
         * @param asksName whether they say what they are called; never of who has an account
         * @param wantsAccount whether they must sign in first
         */
        record Open(ChannelView channel, boolean asksName, boolean wantsAccount) implements Look {}

        /** They are on the list, or run the channel. */
        record Inside(ChannelView channel) implements Look {}

        /** It is none, or none any more: made up, revoked, used up, too old, or of a channel that removed them. */
        record Dead() implements Look {}
    }

    /** What came of using a link. */
    sealed interface Use {
        /** @param cookie what the browser shall keep from now on; null when it keeps what it has */
        record Welcome(ChannelView channel, @Nullable String cookie) implements Use {
            @Override
            public String toString() {
                return "Welcome[" + channel.name() + "]";
            }
        }

        /** @param why the key of a text; nothing was used */
        record Refused(String why) implements Use {}

        record Dead() implements Use {}
    }

    /** Looks at a link. Counts nothing: programs that show previews look as well. */
    Look look(String secret, Visitor visitor);

    /**
     * Comes in by a link. Of many at once exactly as many as it has uses left get in; whoever is inside uses nothing.
     *
     * @param name as it was typed; looked at where it is asked for
     */
    Use use(String secret, Visitor visitor, String name);
}
