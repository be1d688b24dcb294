// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel;

import static live.millrace.platform.TestPeople.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import java.util.Locale;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.database.TestDatabase;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;

/** Nobody is called like somebody else. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class DisplayNameTest {
    @Autowired
    private TestPeople people;

    @Autowired
    private MockMvc site;

    @Autowired
    private Channels channels;

    @Test
    void nobodyIsCalledLikeSomebodyElse() throws Exception {
        AccountPrincipal anna = people.user();
        AccountPrincipal bob = people.user();
        String cyrillic = anna.getUsername().replace('a', 'а').replace('e', 'е').replace('c', 'с');
        assertThat(channels.rename(people.channel(bob).id(), cyrillic)).isFalse();
        assertThat(channels.rename(people.channel(bob).id(), "Аdmin")).isFalse();
        String own = "鲍勃 " + name().substring(0, 8);
        assertThat(channels.rename(people.channel(bob).id(), own)).isTrue();
        assertThat(channels.rename(people.channel(anna).id(), own.toUpperCase(Locale.ROOT)))
                .isFalse();
        assertThat(channels.rename(people.channel(bob).id(), "")).isTrue();
        site.perform(post("/settings/name")
                        .param("displayName", "x".repeat(31))
                        .with(user(bob))
                        .with(csrf()))
                .andExpect(status().isUnprocessableContent());
    }
}
