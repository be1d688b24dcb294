// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.internal;

import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import live.millrace.platform.account.Role;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

interface AccountRepository extends Repository<Account, Long> {
    Account save(Account account);

    void flush();

    Optional<Account> findById(long id);

    @Query("select a from Account a where lower(a.username) = lower(:name)")
    Optional<Account> findByUsername(String name);

    /** Whose address it is: of several who say so the one who proved it, else whoever said it first. */
    @Query("select a from Account a where lower(a.email) = lower(:email)"
            + " order by case when a.verifiedAt is null then 1 else 0 end, a.id limit 1")
    Optional<Account> findByEmail(String email);

    @Query(
            "select count(a) > 0 from Account a where lower(a.email) = lower(:email) and a.verifiedAt is not null and a.id <> :id")
    boolean provenByAnother(String email, long id);

    boolean existsByUsernameSkeleton(String skeleton);

    boolean existsByRoleIn(List<Role> roles);

    @Lock(LockModeType.PESSIMISTIC_WRITE)
    @Query("select a from Account a where a.role = live.millrace.platform.account.Role.OWNER order by a.id")
    List<Account> lockOwners();

    List<Account> findByDeleteAfterBefore(Instant now);

    void delete(Account account);
}
