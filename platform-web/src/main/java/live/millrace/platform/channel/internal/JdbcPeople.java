// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel.internal;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import live.millrace.platform.channel.People;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/** Faces, read without the channels that they come from: chats ask for many. */
@Service
class JdbcPeople implements People {
    private final JdbcClient database;

    JdbcPeople(JdbcClient database) {
        this.database = database;
    }

    @Override
    public Optional<Person> find(long accountId) {
        return findAll(List.of(accountId)).stream().findFirst();
    }

    @Override
    public List<Person> findAll(Collection<Long> accountIds) {
        return accountIds.isEmpty()
                ? List.of()
                : database.sql("""
                        select account_id, name, coalesce(nullif(display_name, ''), name) as display_name, avatar
                        from channel where own and account_id = any(?)
                        """)
                        .param(accountIds.toArray(Long[]::new))
                        .query((row, _) -> new Person(
                                row.getLong("account_id"),
                                row.getString("name"),
                                row.getString("display_name"),
                                row.getString("avatar")))
                        .list();
    }
}
