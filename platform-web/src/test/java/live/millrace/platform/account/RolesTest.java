// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

import static live.millrace.platform.JustLoggedIn.user;
import static live.millrace.platform.TestPeople.PASSWORD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrl;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import java.util.List;
import live.millrace.platform.TestPeople;
import live.millrace.platform.database.TestDatabase;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;

/** Roles, and who may act upon whom. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class RolesTest {
    @Autowired
    private TestPeople people;

    @Autowired
    private MockMvc site;

    @Autowired
    private Accounts accounts;

    @Autowired
    private JdbcClient database;

    @Test
    void thereIsAlwaysAnOwner() {
        database.sql("update account set role = 'ADMIN' where role = 'OWNER'").update();
        AccountPrincipal owner = people.account(Role.OWNER);
        assertThat(accounts.changeRole(owner.accountId(), Role.ADMIN)).isFalse();
        assertThat(accounts.deleteSoon(owner.accountId(), PASSWORD)).isEqualTo(Accounts.Leaving.LAST_OWNER);
        assertThat(accounts.deleteSoon(owner.accountId(), "wrong one!")).isEqualTo(Accounts.Leaving.WRONG_PASSWORD);
        AccountPrincipal second = people.account(Role.OWNER);
        assertThat(accounts.changeRole(owner.accountId(), Role.ADMIN)).isTrue();
        assertThat(accounts.changeRole(second.accountId(), Role.USER)).isFalse();
    }

    @Test
    void staffActBelowThemselvesOnly() throws Exception {
        AccountPrincipal moderator = people.account(Role.MODERATOR);
        AccountPrincipal admin = people.account(Role.ADMIN);
        AccountPrincipal other = people.account(Role.MODERATOR);
        AccountPrincipal bob = people.user();
        for (AccountPrincipal target : List.of(admin, other, moderator)) {
            site.perform(post("/admin/users")
                            .with(user(moderator))
                            .with(csrf())
                            .param("id", Long.toString(target.accountId()))
                            .param("action", "SUSPEND")
                            .param("reason", "because"))
                    .andExpect(status().isUnprocessableContent());
        }
        site.perform(post("/admin/users")
                        .with(user(moderator))
                        .with(csrf())
                        .param("id", Long.toString(bob.accountId()))
                        .param("action", "SUSPEND"))
                .andExpect(redirectedUrl("/admin/users?said=reason"));
        site.perform(post("/admin/users")
                        .with(user(moderator))
                        .with(csrf())
                        .param("id", Long.toString(bob.accountId()), Long.toString(other.accountId()))
                        .param("action", "SUSPEND")
                        .param("days", "2")
                        .param("reason", "because"))
                .andExpect(redirectedUrl("/admin/users?said=done"));
        assertThat(accounts.find(bob.accountId()).orElseThrow().suspended()).isTrue();
        assertThat(accounts.find(other.accountId()).orElseThrow().suspended()).isFalse();
    }
}
