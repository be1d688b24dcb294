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
    private @Nullable Instant verifiedAt;
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

    boolean suspended() {
        return suspendedAt != null;
    }

    void suspend(Instant now, String reason) {
        suspendedAt = now;
        suspendedReason = reason;
    }

    void restore() {
        suspendedAt = null;
        suspendedReason = null;
    }

    AccountPrincipal principal() {
        return new AccountPrincipal(id(), username, role, suspended(), passwordHash);
    }

    AccountView view() {
        return new AccountView(id(), username, role, suspended(), suspendedReason, verifiedAt != null, createdAt);
    }
}
