// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.internal;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.AccountView;
import live.millrace.platform.account.Preferences;
import live.millrace.platform.account.Role;
import live.millrace.platform.account.Suspension;
import live.millrace.platform.account.UsernameRules;
import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.Nullable;

/** Somebody's account. Changed while its row is locked, see {@code JpaAccounts}; written are the columns that changed. */
@Entity
@DynamicUpdate
class Account {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private @Nullable Long id;

    @Version
    private int version;

    private String username;
    private String usernameSkeleton;
    private String email;
    private @Nullable String passwordHash;

    @Enumerated(EnumType.STRING)
    private Role role;

    private @Nullable Instant suspendedAt;
    private @Nullable String suspendedReason;
    private @Nullable Instant suspendedUntil;
    private @Nullable Instant streamSuspendedAt;
    private @Nullable Instant streamSuspendedUntil;
    private @Nullable Instant verifiedAt;
    private @Nullable String language;
    private @Nullable String theme;
    private @Nullable Instant deleteAfter;

    @SuppressWarnings("UnusedVariable") // written here and read in the database
    private String joinReason = "";

    @Enumerated(EnumType.STRING)
    private Standing standing = Standing.ACTIVE;

    @Column(updatable = false)
    private Instant createdAt;

    /** For Hibernate. */
    @SuppressWarnings("NullAway.Init")
    protected Account() {}

    Account(
            String username,
            String email,
            @Nullable String passwordHash,
            Role role,
            Instant createdAt,
            @Nullable String applicationReason) {
        this.username = UsernameRules.fold(username);
        this.usernameSkeleton = UsernameRules.skeleton(username);
        this.email = email;
        this.passwordHash = passwordHash;
        this.role = role;
        this.createdAt = createdAt;
        if (applicationReason != null) {
            this.standing = Standing.WAITING;
            this.joinReason = applicationReason;
        }
    }

    /** Whether somebody is in. */
    enum Standing {
        ACTIVE,
        /** An admin has yet to accept them. */
        WAITING,
        REJECTED
    }

    long id() {
        return java.util.Objects.requireNonNull(id, "not stored yet");
    }

    String username() {
        return username;
    }

    String usernameSkeleton() {
        return usernameSkeleton;
    }

    String email() {
        return email;
    }

    /** Null where another service signs them in. */
    @Nullable
    String passwordHash() {
        return passwordHash;
    }

    boolean suspended(Instant now) {
        return suspendedAt != null && (suspendedUntil == null || suspendedUntil.isAfter(now));
    }

    Optional<Suspension> suspension() {
        return Optional.ofNullable(suspendedAt)
                .map(at -> new Suspension(at, suspendedReason == null ? "" : suspendedReason, suspendedUntil));
    }

    Optional<Suspension> streamSuspension() {
        return Optional.ofNullable(streamSuspendedAt).map(at -> new Suspension(at, "", streamSuspendedUntil));
    }

    boolean due(Instant now) {
        return deleteAfter != null && deleteAfter.isBefore(now);
    }

    private boolean streamSuspended(Instant now) {
        return streamSuspendedAt != null && (streamSuspendedUntil == null || streamSuspendedUntil.isAfter(now));
    }

    Role role() {
        return role;
    }

    boolean active() {
        return standing == Standing.ACTIVE;
    }

    void changePassword(String hash) {
        passwordHash = hash;
    }

    void suspend(Instant at, String reason, @Nullable Instant until) {
        suspendedAt = at;
        suspendedReason = reason;
        suspendedUntil = until;
    }

    void restore() {
        suspendedAt = null;
        suspendedReason = null;
        suspendedUntil = null;
    }

    void suspendStreaming(Instant at, @Nullable Instant until) {
        streamSuspendedAt = at;
        streamSuspendedUntil = until;
    }

    void restoreStreaming() {
        streamSuspendedAt = null;
        streamSuspendedUntil = null;
    }

    void changeRole(Role changed) {
        role = changed;
    }

    void prefer(@Nullable String chosenLanguage, @Nullable String chosenTheme) {
        language = chosenLanguage;
        theme = chosenTheme;
    }

    void deleteAfter(@Nullable Instant at) {
        deleteAfter = at;
    }

    /** Its owner reads the mail of its address. */
    void verify(Instant at) {
        verifiedAt = verifiedAt == null ? at : verifiedAt;
    }

    /** Another address, which its owner proved to read, or which nobody can prove here. */
    void changeEmail(String changed, @Nullable Instant verified) {
        email = changed;
        verifiedAt = verified;
    }

    boolean waiting() {
        return standing == Standing.WAITING;
    }

    void accept() {
        standing = Standing.ACTIVE;
    }

    Preferences preferences() {
        return new Preferences(email, verifiedAt != null, language, theme, deleteAfter);
    }

    AccountPrincipal principal(Instant now) {
        return new AccountPrincipal(id(), username, role, suspended(now), active(), passwordHash);
    }

    AccountView view(Instant now) {
        boolean suspended = suspended(now);
        return new AccountView(
                id(),
                username,
                role,
                suspended,
                suspended ? suspendedReason : null,
                suspended ? suspendedUntil : null,
                streamSuspended(now),
                verifiedAt != null,
                createdAt);
    }
}
