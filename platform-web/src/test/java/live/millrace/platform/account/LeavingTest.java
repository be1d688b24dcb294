// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

import static live.millrace.platform.TestPeople.PASSWORD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrl;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import live.millrace.platform.TestPeople;
import live.millrace.platform.database.TestDatabase;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;

/** Whoever wants their account gone has seven days to think better of it. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class LeavingTest {
    @Autowired
    private TestPeople people;

    @Autowired
    private MockMvc site;

    @Autowired
    private Accounts accounts;

    @Test
    void anAccountGoesAfterSevenDaysUnlessItsOwnerStays() throws Exception {
        AccountPrincipal anna = people.user();
        site.perform(post("/settings/delete")
                        .param("password", "wrong one!")
                        .with(user(anna))
                        .with(csrf()))
                .andExpect(status().isUnprocessableContent());
        site.perform(post("/settings/delete")
                        .param("password", PASSWORD)
                        .with(user(anna))
                        .with(csrf()))
                .andExpect(redirectedUrl("/settings/account?leaving"));
        assertThat(accounts.preferences(anna.accountId()).orElseThrow().deleteAfter())
                .isNotNull();
        site.perform(post("/settings/keep").with(user(anna)).with(csrf()));
        assertThat(accounts.preferences(anna.accountId()).orElseThrow().deleteAfter())
                .isNull();
    }
}
