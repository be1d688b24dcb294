// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel;

import static live.millrace.platform.TestPeople.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.delete;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.put;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrl;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.database.TestDatabase;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;

/** Following a channel, by script, by form, and all at once. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class FollowsTest {
    @Autowired
    private TestPeople people;

    @Autowired
    private MockMvc site;

    @Autowired
    private Channels channels;

    @Autowired
    private Follows follows;

    @Autowired
    private JdbcClient database;

    @Test
    void aHundredWhoFollowAtOnceAreAHundred() throws Exception {
        ChannelView channel = people.channel(people.user());
        List<Long> followers = new ArrayList<>();
        // Names without passwords: a hundred hashes would be the test.
        for (int i = 0; i < 100; i++) {
            String name = name();
            followers.add(database.sql(
                            "insert into account (username, username_skeleton, email, password_hash) values (?, ?, ?, '') returning id")
                    .param(name)
                    .param(name)
                    .param(name + "@example.org")
                    .query(Long.class)
                    .single());
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> clicks = new ArrayList<>();
            for (Long follower : followers) {
                // Twice each: a double click is one follow.
                clicks.add(threads.submit(() -> follows.follow(follower, channel.id())));
                clicks.add(threads.submit(() -> follows.follow(follower, channel.id())));
            }
            for (Future<?> click : clicks) {
                click.get();
            }
            assertThat(channels.find(channel.id()).orElseThrow().followers()).isEqualTo(100);
            clicks.clear();
            for (Long follower : followers.subList(0, 40)) {
                clicks.add(threads.submit(() -> follows.unfollow(follower, channel.id())));
            }
            for (Future<?> click : clicks) {
                click.get();
            }
        }
        assertThat(channels.find(channel.id()).orElseThrow().followers()).isEqualTo(60);
        database.sql("delete from account where id = any(?)")
                .param(followers.toArray(Long[]::new))
                .update();
        assertThat(channels.find(channel.id()).orElseThrow().followers()).isZero();
    }

    @Test
    void followingIsForWhoeverIsSignedIn() throws Exception {
        AccountPrincipal anna = people.user();
        AccountPrincipal bob = people.user();
        String path = "/api/v1/channels/" + anna.getUsername() + "/follow";
        site.perform(put(path).with(csrf()))
                .andExpect(status().isUnauthorized())
                .andExpect(content().contentTypeCompatibleWith("application/problem+json"));
        site.perform(put(path).with(user(bob))).andExpect(status().isForbidden());
        site.perform(put(path).with(user(anna)).with(csrf())).andExpect(status().isUnprocessableContent());
        site.perform(put(path).with(user(bob)).with(csrf()))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.follows").value(true))
                .andExpect(jsonPath("$.followers").value(1));
        site.perform(get("/following").with(user(bob)))
                .andExpect(content().string(containsString("href=\"/" + anna.getUsername() + "\"")));
        site.perform(delete(path).with(user(bob)).with(csrf()))
                .andExpect(jsonPath("$.followers").value(0));
        site.perform(put("/api/v1/channels/nobody-here/follow").with(user(bob)).with(csrf()))
                .andExpect(status().isNotFound())
                .andExpect(content().contentTypeCompatibleWith("application/problem+json"));
        // Whoever is not is told what they would find there.
        site.perform(get("/following"))
                .andExpect(status().isOk())
                .andExpect(content().string(containsString("href=\"/signup?for=following\"")));
    }

    @Test
    void theFormFollowsWithoutAScript() throws Exception {
        AccountPrincipal anna = people.user();
        AccountPrincipal bob = people.user();
        site.perform(post("/follow/" + anna.getUsername()).with(user(bob)).with(csrf()))
                .andExpect(redirectedUrl("/" + anna.getUsername()));
        assertThat(follows.since(bob.accountId(), people.channel(anna).id())).isPresent();
        site.perform(post("/follow/" + anna.getUsername())
                .param("follow", "false")
                .with(user(bob))
                .with(csrf()));
        assertThat(follows.since(bob.accountId(), people.channel(anna).id())).isEmpty();
    }
}
