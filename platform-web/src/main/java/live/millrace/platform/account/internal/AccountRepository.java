// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.internal;

import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import live.millrace.platform.account.Role;
import org.jspecify.annotations.Nullable;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

interface AccountRepository extends Repository<Account, Long> {
    Account save(Account account);

    void flush();

    Optional<Account> findById(long id);

    @Query("select a from Account a where lower(a.username) = lower(:name)")
    Optional<Account> findByUsername(String name);

    @Query("select a from Account a where lower(a.email) = lower(:email)")
    Optional<Account> findByEmail(String email);

    boolean existsByUsernameSkeleton(String skeleton);

    boolean existsByRoleIn(List<Role> roles);

    @Lock(LockModeType.PESSIMISTIC_WRITE)
    @Query("select a from Account a where a.role = live.millrace.platform.account.Role.OWNER order by a.id")
    List<Account> lockOwners();

    List<Account> findByDeleteAfterBefore(Instant now);

    void delete(Account account);

    @Modifying(flushAutomatically = true, clearAutomatically = true)
    @Query("update Account a set a.passwordHash = :hash where a.id = :id")
    void setPassword(long id, String hash);

    /** Answers whether it was still the one that somebody proved to know. */
    @Modifying(flushAutomatically = true, clearAutomatically = true)
    @Query("update Account a set a.passwordHash = :hash where a.id = :id and a.passwordHash = :before")
    int changePassword(long id, String before, String hash);

    @Modifying(flushAutomatically = true, clearAutomatically = true)
    @Query("update Account a set a.suspendedAt = :at, a.suspendedReason = :reason, a.suspendedUntil = :until"
            + " where a.id = :id")
    void suspend(long id, @Nullable Instant at, @Nullable String reason, @Nullable Instant until);

    @Modifying(flushAutomatically = true, clearAutomatically = true)
    @Query("update Account a set a.streamSuspendedAt = :at, a.streamSuspendedUntil = :until where a.id = :id")
    void suspendStreaming(long id, @Nullable Instant at, @Nullable Instant until);

    @Modifying(flushAutomatically = true, clearAutomatically = true)
    @Query("update Account a set a.role = :role where a.id = :id")
    void changeRole(long id, Role role);

    @Modifying(flushAutomatically = true, clearAutomatically = true)
    @Query("update Account a set a.language = :language, a.theme = :theme where a.id = :id")
    void prefer(long id, @Nullable String language, @Nullable String theme);

    @Modifying(flushAutomatically = true, clearAutomatically = true)
    @Query("update Account a set a.deleteAfter = :at where a.id = :id")
    void deleteAfter(long id, @Nullable Instant at);
}
