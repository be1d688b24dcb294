// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.signin;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Authenticator apps, one for each account, and the recovery codes beside them. Thread-safe. */
public interface AuthenticatorApps {
    /**
     * One that is about to be set up.
     *
     * @param key what is typed into an app that cannot read the picture
     * @param address what the picture holds
     * @param sealed the key, for the form that brings it back; nobody else can read it
     */
    record Offer(String key, String address, String sealed) {}

    /**
     * One that is set up.
     *
     * @param codesLeft recovery codes that were not used
     */
    record State(Instant since, int codesLeft) {}

    Optional<State> state(long accountId);

    /** Whether a password alone does not sign this account in. */
    default boolean asked(long accountId) {
        return state(accountId).isPresent();
    }

    Offer offer(long accountId, String username);

    /** The same again, from the form that brought it back; empty when that is not ours, or old. */
    Optional<Offer> reopen(long accountId, String username, String sealed);

    /**
     * Sets one up, when its first code is right.
     *
     * @return the recovery codes, which are shown this once; empty when the code is wrong, or there is one already
     */
    Optional<List<String>> confirm(long accountId, String sealed, String code);

    /**
     * Takes a code of the app, or a recovery code. Each is good once.
     *
     * @return the proof that it is, of {@link Proofs}; empty when it is wrong
     */
    Optional<String> take(long accountId, String typed);

    /** New recovery codes; those before are good no more. Empty without an app. */
    List<String> renewCodes(long accountId);

    /** Answers whether there was one. */
    boolean remove(long accountId);
}
