// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.internal;

import java.sql.Timestamp;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import live.millrace.platform.account.AccessTokens;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.shared.Secrets;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

@Service
class JdbcAccessTokens implements AccessTokens {
    /** Says in a leaked file what it is, and whose it was is found by what follows. */
    private static final String START = "mrt_";

    private static final int PREFIX_CHARS = 8;

    private final JdbcClient database;
    private final AccountRepository accounts;
    private final Clock clock;

    JdbcAccessTokens(JdbcClient database, AccountRepository accounts, Clock clock) {
        this.database = database;
        this.accounts = accounts;
        this.clock = clock;
    }

    @Override
    public List<TokenView> ofAccount(long accountId) {
        return database.sql("""
                select id, name, prefix, created_at, last_used_at from account_access_token
                where account_id = ? and revoked_at is null order by id desc
                """)
                .param(accountId)
                .query((row, _) -> new TokenView(
                        row.getLong(1),
                        row.getString(2),
                        row.getString(3),
                        row.getTimestamp(4).toInstant(),
                        Optional.ofNullable(row.getTimestamp(5))
                                .map(Timestamp::toInstant)
                                .orElse(null)))
                .list();
    }

    @Override
    public Optional<String> create(long accountId, String name) {
        if (ofAccount(accountId).size() >= MAX_TOKENS) {
            return Optional.empty();
        }
        String secret = Secrets.make();
        String token = START + secret;
        database.sql("""
                insert into account_access_token (account_id, name, prefix, secret_hash, created_at)
                values (?, ?, ?, ?, ?)
                """)
                .param(accountId)
                .param(name)
                .param(secret.substring(0, PREFIX_CHARS))
                .param(Secrets.hash(token))
                .param(Timestamp.from(clock.instant()))
                .update();
        return Optional.of(token);
    }

    @Override
    public boolean revoke(long accountId, long tokenId) {
        return database.sql("""
                update account_access_token set revoked_at = ? where id = ? and account_id = ? and revoked_at is null
                """)
                        .param(Timestamp.from(clock.instant()))
                        .param(tokenId)
                        .param(accountId)
                        .update()
                > 0;
    }

    @Override
    public Optional<AccountPrincipal> identify(String token) {
        if (!token.startsWith(START) || token.length() > 100) {
            return Optional.empty();
        }
        // Found by the hash of all of it: nothing to compare that takes longer when it is nearly right.
        Optional<Long> accountId = database.sql("""
                update account_access_token set last_used_at = ? where secret_hash = ? and revoked_at is null
                returning account_id
                """)
                .param(Timestamp.from(clock.instant()))
                .param(Secrets.hash(token))
                .query((row, _) -> row.getLong(1))
                .optional();
        return accountId
                .flatMap(accounts::findById)
                .filter(account -> !account.suspended(clock.instant()) && account.active())
                .map(account -> {
                    AccountPrincipal principal = account.principal(clock.instant());
                    principal.eraseCredentials();
                    return principal;
                });
    }
}
