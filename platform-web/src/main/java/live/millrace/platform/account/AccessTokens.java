// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tokens for programs that act as an account. Stored as a public prefix and a hash, shown once. Thread-safe. */
public interface AccessTokens {
    int MAX_TOKENS = 20;
    int MAX_NAME = 50;

    /**
     * A token without its secret.
     *
     * @param lastUsedAt to the hour
     * @param expiresAt nothing when it goes on until it is revoked
     * @param expired whether it does so already
     */
    record TokenView(
            long id,
            String name,
            String prefix,
            Set<TokenScope> scopes,
            Instant createdAt,
            @Nullable Instant lastUsedAt,
            @Nullable Instant expiresAt,
            boolean expired) {}

    /** A program that sent a good token: whom it acts as, with the role of this moment, and what it may do of that. */
    record Bearer(AccountPrincipal principal, Set<TokenScope> scopes) {}

    List<TokenView> ofAccount(long accountId);

    /**
     * Makes a token; answers it whole, or nothing when there are as many as there may be.
     *
     * @param lives how long, or nothing for ever
     */
    Optional<String> create(long accountId, String name, Set<TokenScope> scopes, @Nullable Duration lives);

    boolean revoke(long accountId, long tokenId);

    /** Revokes all of an account; answers how many there were. In the caller's transaction, if there is one. */
    int revokeAll(long accountId);

    /** Whose token this is; empty when it is nobody's, revoked, expired, or its account may not be used. */
    Optional<Bearer> identify(String token);
}
