// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.internal;

import java.util.Locale;
import java.util.Objects;
import java.util.function.LongConsumer;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.Registration;
import live.millrace.platform.account.Vouched;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Service;

@Service
class VouchedAccounts implements Vouched {
    private final AccountRepository rows;
    private final JpaAccounts accounts;
    private final JdbcJoining joining;
    private final PasswordEncoder passwords;

    VouchedAccounts(AccountRepository rows, JpaAccounts accounts, JdbcJoining joining, PasswordEncoder passwords) {
        this.rows = rows;
        this.accounts = accounts;
        this.joining = joining;
        this.passwords = passwords;
    }

    @Override
    public Owner ownerOf(String email) {
        return rows.findByEmail(email)
                .map(account -> account.preferences().verified() ? Owner.PROVED : Owner.SAID)
                .orElse(Owner.NOBODY);
    }

    @Override
    public Registration join(Newcomer newcomer, LongConsumer together) {
        Locale spoken = LocaleContextHolder.getLocale();
        return joining.admit(
                newcomer.invite(),
                newcomer.reason(),
                () -> accounts.join(newcomer, null, together),
                reason -> accounts.join(newcomer, reason, id -> {
                    together.accept(id);
                    accounts.prefer(id, JpaAccounts.language(spoken), null);
                }));
    }

    @Override
    public boolean withoutPassword(long accountId) {
        return rows.findById(accountId).orElseThrow().passwordHash() == null;
    }

    @Override
    public boolean choosePassword(long accountId, String password) {
        // Hashing takes its time: not inside the transaction, which holds a connection.
        return withoutPassword(accountId)
                && accounts.firstPassword(accountId, Objects.requireNonNull(passwords.encode(password)));
    }

    @Override
    public Accounts.Leaving deleteSoon(long accountId) {
        return withoutPassword(accountId) ? accounts.leave(accountId) : Accounts.Leaving.WRONG_PASSWORD;
    }
}
