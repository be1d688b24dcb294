// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.signin;

import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Passkeys (WebAuthn), several for each account. Thread-safe. */
public interface Passkeys {
    /** More than anybody has devices. */
    int MOST = 20;

    int MOST_LETTERS = 50;

    /**
     * Where passkeys can be had: a browser gives none to an address or a page without HTTPS, except on the machine itself.
     *
     * @param origin scheme, host and port, as the browser writes it
     * @param host what they are good for
     */
    record Place(String origin, String host) {}

    /**
     * One of them.
     *
     * @param elsewhere made for another address of the site, where it cannot be used now
     * @param synced kept by a password manager, on several devices
     */
    record View(
            long id,
            String name,
            boolean elsewhere,
            boolean synced,
            Instant createdAt,
            @Nullable Instant lastUsedAt) {}

    /** What came of a new one. */
    enum Added {
        DONE,
        /** Not what was asked for, or asked for too long ago. */
        REFUSED,
        TOO_MANY
    }

    List<View> of(long accountId, Place place);

    boolean any(long accountId);

    /** Whether it is the only one of an account. */
    boolean last(long accountId, long id);

    /** What the browser is asked to make one, as JSON. */
    String creation(long accountId, String username, Place place);

    /**
     * Keeps one.
     *
     * @param made what the browser answered, as JSON
     */
    Added add(long accountId, String name, String made, Place place);

    /** What a browser is asked to sign in with one, as JSON. Nothing is kept of it. */
    String request(Place place);

    /**
     * Whose it is, when it is right; each answer of a browser is good once.
     *
     * @param shown what the browser answered, as JSON
     */
    OptionalLong identify(String shown, Place place);

    /**
     * What a browser is asked, so that somebody who is signed in shows that it is still they, as JSON. Of their own passkeys alone.
     *
     * @param session what the answer is good for, and nothing else
     */
    String confirmation(long accountId, String session, Place place);

    /**
     * Whether somebody who is signed in showed a passkey of their own; each answer of a browser is good once.
     *
     * @param shown what the browser answered, as JSON
     */
    boolean confirms(long accountId, String session, String shown, Place place);

    /** Answers its name where it was theirs; else null. */
    @Nullable
    String remove(long accountId, long id);

    /** Answers whether there was one. */
    boolean removeAll(long accountId);
}
