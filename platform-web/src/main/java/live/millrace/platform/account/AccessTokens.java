// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tokens for programs that act as an account. Stored as a public prefix and a hash, shown once. Thread-safe. */
public interface AccessTokens {
    int MAX_TOKENS = 20;
    int MAX_NAME = 50;

    record TokenView(
            long id,
            String name,
            String prefix,
            Instant createdAt,
            @Nullable Instant lastUsedAt) {}

    List<TokenView> ofAccount(long accountId);

    /** Makes a token; answers it whole, or nothing when there are as many as there may be. */
    Optional<String> create(long accountId, String name);

    boolean revoke(long accountId, long tokenId);

    /** Whose token this is; empty when it is nobody's, revoked, or its account may not be used. */
    Optional<AccountPrincipal> identify(String token);
}
