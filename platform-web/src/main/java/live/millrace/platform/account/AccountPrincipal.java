// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

import java.util.Arrays;
import java.util.Collection;
import java.util.Objects;
import live.millrace.platform.audit.Actor;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.CredentialsContainer;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.userdetails.UserDetails;

/** Who is signed in. Kept in the session; its password hash is erased before it gets there. */
public final class AccountPrincipal implements UserDetails, CredentialsContainer {
    private static final long serialVersionUID = 1L;

    private final long accountId;
    private final String username;
    private final Role role;
    private final boolean suspended;
    private final boolean active;
    private @Nullable String passwordHash;

    public AccountPrincipal(
            long accountId,
            String username,
            Role role,
            boolean suspended,
            boolean active,
            @Nullable String passwordHash) {
        this.accountId = accountId;
        this.username = username;
        this.role = role;
        this.suspended = suspended;
        this.active = active;
        this.passwordHash = passwordHash;
    }

    public long accountId() {
        return accountId;
    }

    public boolean admin() {
        return role.atLeast(Role.ADMIN);
    }

    /** Whether this person moderates the whole site. */
    public boolean staff() {
        return role.atLeast(Role.MODERATOR);
    }

    public Role role() {
        return role;
    }

    /** As the audit log names them. */
    public Actor actor() {
        return new Actor(accountId, username);
    }

    /** For templates, which know properties. */
    public boolean isAdmin() {
        return admin();
    }

    @Override
    public Collection<? extends GrantedAuthority> getAuthorities() {
        return Arrays.stream(Role.values())
                .filter(role::atLeast)
                .map(held -> new SimpleGrantedAuthority("ROLE_" + held.name()))
                .toList();
    }

    @Override
    public @Nullable String getPassword() {
        return passwordHash;
    }

    @Override
    public String getUsername() {
        return username;
    }

    @Override
    public boolean isAccountNonLocked() {
        return !suspended;
    }

    /** Whether an admin has let them in, where one has to. */
    @Override
    public boolean isEnabled() {
        return active;
    }

    @Override
    public void eraseCredentials() {
        passwordHash = null;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AccountPrincipal principal && principal.accountId == accountId;
    }

    @Override
    public int hashCode() {
        return Objects.hash(accountId);
    }
}
