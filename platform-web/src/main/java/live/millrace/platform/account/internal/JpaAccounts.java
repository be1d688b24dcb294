// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.internal;

import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongConsumer;
import live.millrace.platform.account.AccountDeleted;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.AccountRegistered;
import live.millrace.platform.account.AccountRestored;
import live.millrace.platform.account.AccountSuspended;
import live.millrace.platform.account.AccountView;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.CredentialsGivenUp;
import live.millrace.platform.account.MailChangeUndone;
import live.millrace.platform.account.PasswordChanged;
import live.millrace.platform.account.PasswordReset;
import live.millrace.platform.account.Preferences;
import live.millrace.platform.account.Registration;
import live.millrace.platform.account.Role;
import live.millrace.platform.account.RoleChanged;
import live.millrace.platform.account.StreamingSuspended;
import live.millrace.platform.account.Suspension;
import live.millrace.platform.account.Vouched;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

@Service
class JpaAccounts implements Accounts {
    private static final Duration COOL_OFF = Duration.ofDays(7);

    private final AccountRepository accounts;
    private final FreeNames names;
    private final EntityManager session;
    private final PasswordEncoder passwords;
    private final PasswordRules rules;
    private final ApplicationEventPublisher events;
    private final TransactionTemplate transaction;
    private final Clock clock;

    JpaAccounts(
            AccountRepository accounts,
            FreeNames names,
            EntityManager session,
            PasswordEncoder passwords,
            PasswordRules rules,
            ApplicationEventPublisher events,
            TransactionTemplate transaction,
            Clock clock) {
        this.accounts = accounts;
        this.names = names;
        this.session = session;
        this.passwords = passwords;
        this.rules = rules;
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
        return register(username, email, password, role, _ -> {});
    }

    @Override
    public Registration register(String username, String email, String password, Role role, LongConsumer together) {
        return register(username, email, password, role, null, together);
    }

    /**
     * An account that waits to be let in: it can do nothing until then.
     *
     * @param spoken in which language they are told that they are let in
     */
    Registration apply(String username, String email, String password, String reason, Locale spoken) {
        return register(username, email, password, Role.USER, reason, id -> prefer(id, language(spoken), null));
    }

    /** Somebody without a password, whom another service vouches for. */
    Registration join(Vouched.Newcomer newcomer, @Nullable String applicationReason, LongConsumer together) {
        return register(newcomer.username(), newcomer.email(), null, Role.USER, applicationReason, id -> {
            if (newcomer.proven()) {
                verify(id, newcomer.email().strip());
            }
            together.accept(id);
        });
    }

    static String language(Locale spoken) {
        return spoken.getLanguage().equals("zh") ? "zh-CN" : "en";
    }

    private Registration register(
            String username,
            String email,
            @Nullable String password,
            Role role,
            @Nullable String applicationReason,
            LongConsumer together) {
        String address = email.strip();
        Optional<Registration.Refused> refusal = names.refusal(username)
                .or(() -> Optional.ofNullable(password)
                        .flatMap(typed -> rules.refusal(typed, username, address))
                        .map(why -> new Registration.Refused("password", why)));
        if (refusal.isPresent()) {
            return refusal.get();
        }
        // Hashing takes its time: not inside the transaction, which holds a connection.
        String hash = password == null ? null : Objects.requireNonNull(passwords.encode(password));
        return add(username, address, hash, role, applicationReason, together);
    }

    /** An account that somebody else makes for its owner, with what nobody knows in place of a password. */
    Registration bring(String username, String email, String hash, Role role, LongConsumer together) {
        return names.refusal(username)
                .<Registration>map(refused -> refused)
                .orElseGet(() -> add(username, email, hash, role, null, together));
    }

    private Registration add(
            String username,
            String address,
            @Nullable String hash,
            Role role,
            @Nullable String applicationReason,
            LongConsumer together) {
        try {
            return transaction.execute(_ -> {
                Account account =
                        accounts.save(new Account(username, address, hash, role, clock.instant(), applicationReason));
                accounts.flush();
                events.publishEvent(new AccountRegistered(account.id(), account.username()));
                together.accept(account.id());
                return account.active()
                        ? new Registration.Done(account.principal(clock.instant()))
                        : new Registration.Waiting();
            });
        } catch (DataIntegrityViolationException raced) {
            // Somebody was faster between the question and the answer; ask again to name the field.
            return names.refusal(username)
                    .orElseGet(() -> new Registration.Refused("username", "account.username.taken"));
        }
    }

    @Override
    @Transactional(readOnly = true)
    public boolean anyAdmin() {
        return accounts.existsByRoleIn(List.of(Role.ADMIN, Role.OWNER));
    }

    @Override
    public Optional<String> passwordRefusal(long id, String replacement) {
        Account account = accounts.findById(id).orElseThrow();
        return rules.refusal(replacement, account.username(), account.email());
    }

    @Override
    public boolean changePassword(long id, String current, String replacement, boolean tokens, boolean keys) {
        Account account = accounts.findById(id).orElseThrow();
        if (!passwords.matches(current, account.passwordHash())) {
            return false;
        }
        String hash = Objects.requireNonNull(passwords.encode(replacement));
        return Boolean.TRUE.equals(transaction.execute(_ -> {
            Account now = locked(id);
            // The one that was right a moment ago: another may have been set while this one was hashed.
            boolean same = Objects.equals(now.passwordHash(), account.passwordHash());
            if (same) {
                now.changePassword(hash);
                written(new PasswordChanged(id, now.username()));
                events.publishEvent(new CredentialsGivenUp(id, tokens, keys));
            }
            return same;
        }));
    }

    /** Answers false when there is one. */
    boolean firstPassword(long id, String hash) {
        return Boolean.TRUE.equals(transaction.execute(_ -> {
            Account account = locked(id);
            boolean first = account.passwordHash() == null;
            if (first) {
                account.changePassword(hash);
                written(new PasswordChanged(id, account.username()));
            }
            return first;
        }));
    }

    @Override
    @Transactional
    public Change suspend(long id, String reason, @Nullable Instant until) {
        Account account = locked(id);
        Suspension before = account.suspension().orElse(null);
        Instant now = now();
        account.suspend(now, reason, until);
        written(new AccountSuspended(id, account.username()));
        return new Change(now, before);
    }

    /** As exactly as the database keeps it. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** An account as it is at this moment, which nobody changes before this transaction ends. */
    private Account locked(long id) {
        // What this transaction changed before is written first: reading again would forget it.
        accounts.flush();
        Account account = accounts.findById(id).orElseThrow();
        session.refresh(account, LockModeType.PESSIMISTIC_WRITE);
        return account;
    }

    /** Writes what was changed, and tells it to whoever listens: they read the same tables. */
    private void written(Object event) {
        accounts.flush();
        events.publishEvent(event);
    }

    @Override
    @Transactional
    public void restore(long id) {
        restore(locked(id));
    }

    @Override
    @Transactional
    public boolean takeBackSuspension(long id, Instant at, @Nullable Suspension before) {
        Account account = locked(id);
        if (account.suspension().filter(now -> now.at().equals(at)).isEmpty()) {
            return false;
        }
        if (before == null) {
            restore(account);
        } else {
            account.suspend(before.at(), before.reason(), before.until());
        }
        return true;
    }

    private void restore(Account account) {
        account.restore();
        written(new AccountRestored(account.id(), account.username()));
    }

    @Override
    @Transactional
    public Change suspendStreaming(long id, @Nullable Instant until) {
        Account account = locked(id);
        Suspension before = account.streamSuspension().orElse(null);
        Instant now = now();
        account.suspendStreaming(now, until);
        written(new StreamingSuspended(id, account.username()));
        return new Change(now, before);
    }

    @Override
    @Transactional
    public void restoreStreaming(long id) {
        locked(id).restoreStreaming();
    }

    @Override
    @Transactional
    public boolean takeBackStreamingSuspension(long id, Instant at, @Nullable Suspension before) {
        Account account = locked(id);
        if (account.streamSuspension().filter(now -> now.at().equals(at)).isEmpty()) {
            return false;
        }
        if (before == null) {
            account.restoreStreaming();
        } else {
            account.suspendStreaming(before.at(), before.until());
        }
        return true;
    }

    @Override
    @Transactional
    public boolean changeRole(long id, Role role) {
        // One after the other: two owners who step down at once must not both be the second to last.
        if (role != Role.OWNER && !mayGo(id)) {
            return false;
        }
        Account account = locked(id);
        account.changeRole(role);
        written(new RoleChanged(id, account.username()));
        return true;
    }

    /** Whether the site would have an owner without this one. */
    private boolean mayGo(long id) {
        List<Account> owners = accounts.lockOwners();
        return owners.size() > 1 || owners.stream().noneMatch(owner -> owner.id() == id);
    }

    /** Within the transaction of whoever knows that it may be done. */
    void resetPassword(long id, String hash) {
        Account account = locked(id);
        account.changePassword(hash);
        written(new PasswordReset(id, account.username()));
        // Of the keys they are asked once they are in: without them an encoder stands still.
        events.publishEvent(new CredentialsGivenUp(id, true, false));
    }

    /**
     * Notes that somebody reads the mail of an address, while it is the account's and no other account's. Within a transaction; answers
     * whether it is theirs now.
     */
    boolean verify(long id, String email) {
        Account account = locked(id);
        if (email.isEmpty() || !account.email().equals(email) || accounts.provenByAnother(email, id)) {
            return false;
        }
        account.verify(clock.instant());
        accounts.flush();
        return true;
    }

    /** Gives an account another address. Within a transaction; answers false when it is another account's. */
    boolean changeEmail(long id, String email, boolean proven) {
        Account account = locked(id);
        if (proven && accounts.provenByAnother(email, id)) {
            return false;
        }
        account.changeEmail(email, proven ? clock.instant() : null);
        accounts.flush();
        return true;
    }

    /** Tells whoever keeps what else signs an account in. Within a transaction. */
    void mailChangeUndone(long id, Instant since) {
        events.publishEvent(new MailChangeUndone(id, since));
    }

    @Override
    public boolean passwordIs(long id, String password) {
        return passwords.matches(password, accounts.findById(id).orElseThrow().passwordHash());
    }

    /** Lets somebody in who waits; answers whether they did. Within a transaction. */
    boolean accept(long id) {
        if (accounts.findById(id).isEmpty()) {
            return false;
        }
        Account account = locked(id);
        boolean waits = account.waiting();
        if (waits) {
            account.accept();
            accounts.flush();
        }
        return waits;
    }

    @Override
    @Transactional(readOnly = true)
    public Optional<Preferences> preferences(long id) {
        return accounts.findById(id).map(Account::preferences);
    }

    @Override
    @Transactional
    public void prefer(long id, @Nullable String language, @Nullable String theme) {
        locked(id).prefer(language, theme);
    }

    @Override
    public Leaving deleteSoon(long id, String password) {
        Account account = accounts.findById(id).orElseThrow();
        if (!passwords.matches(password, account.passwordHash())) {
            return Leaving.WRONG_PASSWORD;
        }
        return leave(id);
    }

    /** Of somebody who showed that it is they. */
    Leaving leave(long id) {
        return Objects.requireNonNull(transaction.execute(_ -> {
            if (!mayGo(id)) {
                return Leaving.LAST_OWNER;
            }
            locked(id).deleteAfter(clock.instant().plus(COOL_OFF));
            return Leaving.AGREED;
        }));
    }

    @Override
    @Transactional
    public void keep(long id) {
        locked(id).deleteAfter(null);
    }

    /** Within a transaction. */
    void remove(long id) {
        accounts.findById(id).filter(account -> mayGo(id)).ifPresent(account -> {
            events.publishEvent(new AccountDeleted(id, account.username()));
            accounts.delete(account);
        });
    }

    /** Those whose time to think again is over. */
    void removeDue() {
        for (Account due : accounts.findByDeleteAfterBefore(clock.instant())) {
            transaction.executeWithoutResult(_ -> {
                // Its owner may have thought again since.
                if (locked(due.id()).due(clock.instant())) {
                    remove(due.id());
                }
            });
        }
    }
}
