// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.internal;

import java.time.Clock;
import java.util.Locale;
import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.AccountRegistered;
import live.millrace.platform.account.AccountRestored;
import live.millrace.platform.account.AccountSuspended;
import live.millrace.platform.account.AccountView;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.PasswordChanged;
import live.millrace.platform.account.Registration;
import live.millrace.platform.account.Role;
import live.millrace.platform.account.UsernameRules;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

@Service
class JpaAccounts implements Accounts {
    private final AccountRepository accounts;
    private final PasswordEncoder passwords;
    private final ApplicationEventPublisher events;
    private final TransactionTemplate transaction;
    private final Clock clock;

    JpaAccounts(
            AccountRepository accounts,
            PasswordEncoder passwords,
            ApplicationEventPublisher events,
            TransactionTemplate transaction,
            Clock clock) {
        this.accounts = accounts;
        this.passwords = passwords;
        this.events = events;
        this.transaction = transaction;
        this.clock = clock;
    }

    @Override
    @Transactional(readOnly = true)
    public Optional<AccountView> find(long id) {
        return accounts.findById(id).map(Account::view);
    }

    @Override
    @Transactional(readOnly = true)
    public Optional<AccountView> findByUsername(String username) {
        return accounts.findByUsername(username).map(Account::view);
    }

    @Override
    @Transactional(readOnly = true)
    public Optional<AccountPrincipal> findForLogin(String usernameOrEmail) {
        String name = usernameOrEmail.strip();
        return (name.contains("@") ? accounts.findByEmail(name) : accounts.findByUsername(name))
                .map(Account::principal);
    }

    @Override
    public Registration register(String username, String email, String password, Role role) {
        String address = email.strip();
        Optional<Registration.Refused> refusal = refusal(username, address);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        if (password.toLowerCase(Locale.ROOT).contains(UsernameRules.fold(username))) {
            return new Registration.Refused("password", "account.password.holds-name");
        }
        // Hashing takes its time: not inside the transaction, which holds a connection.
        String hash = passwords.encode(password);
        try {
            return transaction.execute(_ -> {
                Account account = accounts.save(
                        new Account(username, address, java.util.Objects.requireNonNull(hash), role, clock.instant()));
                accounts.flush();
                events.publishEvent(new AccountRegistered(account.id(), account.username()));
                return new Registration.Done(account.principal());
            });
        } catch (DataIntegrityViolationException raced) {
            // Somebody was faster between the question and the answer; ask again to name the field.
            return refusal(username, address)
                    .orElseGet(() -> new Registration.Refused("username", "account.username.taken"));
        }
    }

    private Optional<Registration.Refused> refusal(String username, String email) {
        if (!UsernameRules.wellFormed(username)) {
            return Optional.of(new Registration.Refused("username", "account.username.malformed"));
        }
        if (UsernameRules.reserved(username)) {
            return Optional.of(new Registration.Refused("username", "account.username.reserved"));
        }
        if (accounts.findByUsername(username).isPresent()) {
            return Optional.of(new Registration.Refused("username", "account.username.taken"));
        }
        if (accounts.existsByUsernameSkeleton(UsernameRules.skeleton(username))) {
            return Optional.of(new Registration.Refused("username", "account.username.confusable"));
        }
        if (accounts.findByEmail(email).isPresent()) {
            return Optional.of(new Registration.Refused("email", "account.email.taken"));
        }
        return Optional.empty();
    }

    @Override
    @Transactional(readOnly = true)
    public boolean anyAdmin() {
        return accounts.existsByRole(Role.ADMIN);
    }

    @Override
    public boolean changePassword(long id, String current, String replacement) {
        Account account = accounts.findById(id).orElseThrow();
        if (!passwords.matches(current, account.passwordHash())) {
            return false;
        }
        String hash = java.util.Objects.requireNonNull(passwords.encode(replacement));
        transaction.executeWithoutResult(_ -> {
            Account stored = accounts.findById(id).orElseThrow();
            stored.changePassword(hash);
            events.publishEvent(new PasswordChanged(id, stored.username()));
        });
        return true;
    }

    @Override
    @Transactional
    public void suspend(long id, String reason) {
        Account account = accounts.findById(id).orElseThrow();
        account.suspend(clock.instant(), reason);
        events.publishEvent(new AccountSuspended(id, account.username()));
    }

    @Override
    @Transactional
    public void restore(long id) {
        Account account = accounts.findById(id).orElseThrow();
        account.restore();
        events.publishEvent(new AccountRestored(id, account.username()));
    }
}
