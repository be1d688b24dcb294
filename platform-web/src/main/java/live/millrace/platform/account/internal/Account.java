// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.internal;

import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import java.time.Instant;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.AccountView;
import live.millrace.platform.account.Preferences;
import live.millrace.platform.account.Role;
import live.millrace.platform.account.UsernameRules;
import org.jspecify.annotations.Nullable;

@Entity
class Account {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private @Nullable Long id;

    private String username;
    private String usernameSkeleton;
    private String email;
    private String passwordHash;

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
    private String joinReason = "";

    @Enumerated(EnumType.STRING)
    private Standing standing = Standing.ACTIVE;

    private Instant createdAt;

    /** For Hibernate. */
    @SuppressWarnings("NullAway.Init")
    protected Account() {}

    Account(String username, String email, String passwordHash, Role role, Instant createdAt) {
        this.username = UsernameRules.fold(username);
        this.usernameSkeleton = UsernameRules.skeleton(username);
        this.email = email;
        this.passwordHash = passwordHash;
        this.role = role;
        this.createdAt = createdAt;
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

    String passwordHash() {
        return passwordHash;
    }

    void changePassword(String newHash) {
        passwordHash = newHash;
    }

    boolean suspended(Instant now) {
        return suspendedAt != null && (suspendedUntil == null || suspendedUntil.isAfter(now));
    }

    void suspend(Instant now, String reason, @Nullable Instant until) {
        suspendedAt = now;
        suspendedReason = reason;
        suspendedUntil = until;
    }

    void restore() {
        suspendedAt = null;
        suspendedReason = null;
        suspendedUntil = null;
    }

    private boolean streamSuspended(Instant now) {
        return streamSuspendedAt != null && (streamSuspendedUntil == null || streamSuspendedUntil.isAfter(now));
    }

    void suspendStreaming(@Nullable Instant now, @Nullable Instant until) {
        streamSuspendedAt = now;
        streamSuspendedUntil = until;
    }

    Role role() {
        return role;
    }

    void changeRole(Role another) {
        role = another;
    }

    boolean active() {
        return standing == Standing.ACTIVE;
    }

    String joinReason() {
        return joinReason;
    }

    void waits(String reason) {
        standing = Standing.WAITING;
        joinReason = reason;
    }

    void prefer(@Nullable String newLanguage, @Nullable String newTheme) {
        language = newLanguage;
        theme = newTheme;
    }

    void deleteAfter(@Nullable Instant at) {
        deleteAfter = at;
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
