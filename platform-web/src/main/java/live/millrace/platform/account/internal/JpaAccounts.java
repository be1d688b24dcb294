// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.internal;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import live.millrace.platform.account.AccountDeleted;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.AccountRegistered;
import live.millrace.platform.account.AccountRestored;
import live.millrace.platform.account.AccountSuspended;
import live.millrace.platform.account.AccountView;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.PasswordChanged;
import live.millrace.platform.account.Preferences;
import live.millrace.platform.account.Registration;
import live.millrace.platform.account.Role;
import live.millrace.platform.account.RoleChanged;
import live.millrace.platform.account.StreamingSuspended;
import live.millrace.platform.account.UsernameRules;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

@Service
class JpaAccounts implements Accounts {
    private static final Duration COOL_OFF = Duration.ofDays(7);

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
        return accounts.findById(id).map(account -> account.view(clock.instant()));
    }

    @Override
    @Transactional(readOnly = true)
    public Optional<AccountView> findByUsername(String username) {
        return accounts.findByUsername(username).map(account -> account.view(clock.instant()));
    }

    @Override
    @Transactional(readOnly = true)
    public Optional<AccountPrincipal> findForLogin(String usernameOrEmail) {
        String name = usernameOrEmail.strip();
        return (name.contains("@") ? accounts.findByEmail(name) : accounts.findByUsername(name))
                .map(account -> account.principal(clock.instant()));
    }

    @Override
    public Registration register(String username, String email, String password, Role role) {
        return register(username, email, password, role, null);
    }

    /** Makes an account that an admin has to accept. */
    Registration apply(String username, String email, String password, String reason) {
        return register(username, email, password, Role.USER, reason);
    }

    private Registration register(
            String username, String email, String password, Role role, @Nullable String applicationReason) {
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
                Account made =
                        new Account(username, address, java.util.Objects.requireNonNull(hash), role, clock.instant());
                if (applicationReason != null) {
                    made.waits(applicationReason);
                }
                Account account = accounts.save(made);
                accounts.flush();
                events.publishEvent(new AccountRegistered(account.id(), account.username()));
                return account.active()
                        ? new Registration.Done(account.principal(clock.instant()))
                        : new Registration.Waiting();
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
        return accounts.existsByRoleIn(List.of(Role.ADMIN, Role.OWNER));
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
    public void suspend(long id, String reason, @Nullable Instant until) {
        Account account = accounts.findById(id).orElseThrow();
        account.suspend(clock.instant(), reason, until);
        events.publishEvent(new AccountSuspended(id, account.username()));
    }

    @Override
    @Transactional
    public void restore(long id) {
        Account account = accounts.findById(id).orElseThrow();
        account.restore();
        events.publishEvent(new AccountRestored(id, account.username()));
    }

    @Override
    @Transactional
    public void suspendStreaming(long id, @Nullable Instant until) {
        Account account = accounts.findById(id).orElseThrow();
        account.suspendStreaming(clock.instant(), until);
        events.publishEvent(new StreamingSuspended(id, account.username()));
    }

    @Override
    @Transactional
    public void restoreStreaming(long id) {
        accounts.findById(id).orElseThrow().suspendStreaming(null, null);
    }

    @Override
    @Transactional
    public boolean changeRole(long id, Role role) {
        // One after the other: two owners who step down at once must not both be the second to last.
        List<Account> owners = accounts.lockOwners();
        Account account = accounts.findById(id).orElseThrow();
        if (account.role() == Role.OWNER && role != Role.OWNER && owners.size() < 2) {
            return false;
        }
        account.changeRole(role);
        events.publishEvent(new RoleChanged(id, account.username()));
        return true;
    }

    /** Whether the site would have an owner without this one. */
    private boolean mayGo(Account account) {
        return account.role() != Role.OWNER || accounts.lockOwners().size() > 1;
    }

    /** Within the transaction of whoever knows that it may be done. */
    void setPassword(long id, String hash) {
        Account account = accounts.findById(id).orElseThrow();
        account.changePassword(hash);
        events.publishEvent(new PasswordChanged(id, account.username()));
    }

    @Override
    @Transactional(readOnly = true)
    public Optional<Preferences> preferences(long id) {
        return accounts.findById(id).map(Account::preferences);
    }

    @Override
    @Transactional
    public void prefer(long id, @Nullable String language, @Nullable String theme) {
        accounts.findById(id).orElseThrow().prefer(language, theme);
    }

    @Override
    public boolean deleteSoon(long id, String password) {
        Account account = accounts.findById(id).orElseThrow();
        if (!passwords.matches(password, account.passwordHash())) {
            return false;
        }
        return Boolean.TRUE.equals(transaction.execute(_ -> {
            Account stored = accounts.findById(id).orElseThrow();
            boolean may = mayGo(stored);
            if (may) {
                stored.deleteAfter(clock.instant().plus(COOL_OFF));
            }
            return may;
        }));
    }

    @Override
    @Transactional
    public void keep(long id) {
        accounts.findById(id).orElseThrow().deleteAfter(null);
    }

    /** Within a transaction. */
    void remove(long id) {
        accounts.findById(id).filter(this::mayGo).ifPresent(account -> {
            events.publishEvent(new AccountDeleted(id, account.username()));
            accounts.delete(account);
        });
    }

    @Scheduled(fixedDelay = 10 * 60_000)
    void removeDue() {
        for (Account due : accounts.findByDeleteAfterBefore(clock.instant())) {
            transaction.executeWithoutResult(_ -> remove(due.id()));
        }
    }
}
