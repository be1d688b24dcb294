// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

import static live.millrace.platform.JustLoggedIn.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.put;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrlPattern;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import live.millrace.platform.TestPeople;
import live.millrace.platform.channel.Follows;
import live.millrace.platform.database.TestDatabase;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;

/** What a program may do with the token of its owner. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class AccessTokensTest {
    @Autowired
    private TestPeople people;

    @Autowired
    private MockMvc site;

    @Autowired
    private AccessTokens tokens;

    @Autowired
    private Follows follows;

    @Autowired
    private JdbcClient database;

    @Test
    void aTokenActsForItsOwnerInTheApiAlone() throws Exception {
        AccountPrincipal anna = people.user();
        AccountPrincipal bob = people.user();
        String token = tokens.create(bob.accountId(), "bot").orElseThrow();
        String path = "/api/v1/channels/" + anna.getUsername() + "/follow";
        site.perform(put(path).header("Authorization", "Bearer " + token)).andExpect(status().isOk());
        assertThat(follows.since(bob.accountId(), people.channel(anna).id())).isPresent();
        site.perform(get("/studio").header("Authorization", "Bearer " + token))
                .andExpect(redirectedUrlPattern("/login?continue=*"));
        site.perform(put(path).header("Authorization", "Bearer " + token + "x"))
                .andExpect(status().isUnauthorized())
                .andExpect(content().contentTypeCompatibleWith("application/problem+json"));
        long id = tokens.ofAccount(bob.accountId()).getFirst().id();
        site.perform(post("/settings/tokens/" + id + "/revoke").with(user(anna)).with(csrf()))
                .andExpect(status().isNotFound());
        site.perform(post("/settings/tokens/" + id + "/revoke").with(user(bob)).with(csrf()));
        site.perform(put(path).header("Authorization", "Bearer " + token)).andExpect(status().isUnauthorized());
        assertThat(database.sql("select count(*) from account_access_token t where t::text like ?")
                        .param("%" + token.substring(14) + "%")
                        .query(Long.class)
                        .single())
                .isZero();
    }
}
