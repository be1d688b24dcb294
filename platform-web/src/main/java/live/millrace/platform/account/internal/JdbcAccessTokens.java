// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.internal;

import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import live.millrace.platform.account.AccessTokens;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.CredentialsGivenUp;
import live.millrace.platform.account.TokenScope;
import live.millrace.platform.shared.Secrets;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
class JdbcAccessTokens implements AccessTokens {
    /** Says in a leaked file what it is, and whose it was is found by what follows. */
    private static final String START = "mrt_";

    private static final int PREFIX_CHARS = 8;
    private static final Duration NOTED_AGAIN = Duration.ofHours(1);

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
        Instant now = clock.instant();
        return database.sql("""
                select id, name, prefix, scopes, created_at, last_used_at, expires_at from account_access_token
                where account_id = ? and revoked_at is null order by id desc limit 100
                """)
                .param(accountId)
                .query((row, _) -> {
                    Instant expires = moment(row.getTimestamp(7));
                    return new TokenView(
                            row.getLong(1),
                            row.getString(2),
                            row.getString(3),
                            TokenScope.read(row.getString(4)),
                            row.getTimestamp(5).toInstant(),
                            moment(row.getTimestamp(6)),
                            expires,
                            expires != null && !expires.isAfter(now));
                })
                .list();
    }

    private static @Nullable Instant moment(@Nullable Timestamp stored) {
        return stored == null ? null : stored.toInstant();
    }

    @Override
    @Transactional
    public Optional<String> create(long accountId, String name, Set<TokenScope> scopes, @Nullable Duration lives) {
        // One after the other: two that count at once would both find room for one.
        database.sql("select id from account where id = ? for no key update")
                .param(accountId)
                .query(Long.class)
                .optional();
        if (ofAccount(accountId).stream().filter(token -> !token.expired()).count() >= MAX_TOKENS) {
            return Optional.empty();
        }
        String secret = Secrets.make();
        String token = START + secret;
        Instant now = clock.instant();
        database.sql("""
                insert into account_access_token
                    (account_id, name, prefix, secret_hash, scopes, created_at, expires_at)
                values (?, ?, ?, ?, ?, ?, ?)
                """)
                .param(accountId)
                .param(name)
                .param(secret.substring(0, PREFIX_CHARS))
                .param(Secrets.hash(token))
                .param(TokenScope.write(scopes))
                .param(Timestamp.from(now))
                .param(lives == null ? null : Timestamp.from(now.plus(lives)))
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
    public int revokeAll(long accountId) {
        return database.sql(
                        "update account_access_token set revoked_at = ? where account_id = ? and revoked_at is null")
                .param(Timestamp.from(clock.instant()))
                .param(accountId)
                .update();
    }

    @EventListener
    void on(CredentialsGivenUp event) {
        if (event.tokens()) {
            revokeAll(event.accountId());
        }
    }

    private record Stored(
            long id,
            long accountId,
            String scopes,
            @Nullable Instant lastUsedAt) {}

    @Override
    public Optional<Bearer> identify(String token) {
        if (!token.startsWith(START) || token.length() > 100) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        // Found by the hash of all of it: nothing to compare that takes longer when it is nearly right.
        Optional<Stored> stored = database.sql("""
                select id, account_id, scopes, last_used_at from account_access_token
                where secret_hash = ? and revoked_at is null and (expires_at is null or expires_at > ?)
                """)
                .param(Secrets.hash(token))
                .param(Timestamp.from(now))
                .query((row, _) ->
                        new Stored(row.getLong(1), row.getLong(2), row.getString(3), moment(row.getTimestamp(4))))
                .optional();
        return stored.flatMap(found -> accounts.findById(found.accountId())
                .filter(account -> !account.suspended(now) && account.active())
                .map(account -> {
                    used(found, now);
                    AccountPrincipal principal = account.principal(now);
                    principal.eraseCredentials();
                    return new Bearer(principal, TokenScope.read(found.scopes()));
                }));
    }

    /** Once an hour: nobody asks for more, and a program may send its token a thousand times a minute. */
    private void used(Stored token, Instant now) {
        if (token.lastUsedAt() == null || token.lastUsedAt().plus(NOTED_AGAIN).isBefore(now)) {
            database.sql("update account_access_token set last_used_at = ? where id = ?")
                    .param(Timestamp.from(now))
                    .param(token.id())
                    .update();
        }
    }
}
