// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel;

import static live.millrace.platform.JustLoggedIn.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrlPattern;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import live.millrace.platform.FollowedForm;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.engine.PublishAuthorization;
import live.millrace.platform.engine.PublishQuestion;
import live.millrace.platform.engine.Refusal;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;

/** A key is shown once, kept as a hash, and its owner's to revoke. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class StreamKeysTest {
    @Autowired
    private TestPeople people;

    @Autowired
    private MockMvc site;

    @Autowired
    private StreamKeys keys;

    @Autowired
    private PublishAuthorization authorization;

    @Autowired
    private JdbcClient database;

    private static PublishQuestion question(String secret, String channel) {
        return new PublishQuestion(
                UUID.randomUUID(), "192.0.2.7", "OBS", Optional.ofNullable(channel), Optional.ofNullable(secret));
    }

    @Test
    void aKeyIsShownOnceAndStoredAsAHash() throws Exception {
        AccountPrincipal anna = people.user();
        String made = FollowedForm.page(
                site,
                site.perform(post("/studio/keys").with(csrf()).with(user(anna)).param("name", "home PC")),
                anna);
        assertThat(keys.ofChannel(people.channel(anna).id()))
                .as("a page that is loaded again makes no other")
                .hasSize(1);
        Matcher matcher = Pattern.compile("mr_[a-z2-7]{34}").matcher(made);
        assertThat(matcher.find()).isTrue();
        String secret = matcher.group();
        assertThat(made).as("for programs that do not speak RTMP").contains("/live/" + secret + ".ts");
        site.perform(get("/studio/connect").with(user(anna)))
                .andExpect(content().string(containsString("/live/KEY.ts")))
                .andExpect(content().string(not(containsString("whip-server"))));
        for (String page : List.of("/studio/connect", "/" + anna.getUsername(), "/")) {
            site.perform(get(page).with(user(anna)))
                    .andExpect(content().string(not(containsString(secret.substring(11)))));
        }
        String row = database.sql("select k::text from channel_stream_key k where prefix = ?")
                .param(secret.substring(3, 11))
                .query(String.class)
                .single();
        assertThat(row).doesNotContain(secret.substring(11));
        authorization.started(
                question(secret, null), keys.identify(secret).orElseThrow().id());
        authorization.refused(question(secret + "x", null), Refusal.UNKNOWN_KEY, OptionalLong.empty());
        for (String table : database.sql(
                        "select table_name from information_schema.tables where table_schema = 'public'")
                .query(String.class)
                .list()) {
            assertThat(database.sql("select coalesce(string_agg(t::text, ' '), '') from \"" + table + "\" t")
                            .query(String.class)
                            .single())
                    .as(table)
                    .doesNotContain(secret.substring(11));
        }
        assertThat(keys.identify(secret)).isPresent();
        assertThat(keys.identify(secret.substring(0, 36) + (secret.endsWith("a") ? "b" : "a")))
                .isEmpty();
    }

    @Test
    void aForeignKeyCannotBeRevoked() throws Exception {
        AccountPrincipal anna = people.user();
        AccountPrincipal other = people.user();
        long id = people.key(anna).key().id();
        site.perform(post("/studio/keys/{id}/revoke", id).with(csrf()).with(user(other)))
                .andExpect(status().isNotFound());
        assertThat(keys.find(id).orElseThrow().revoked()).isFalse();
        site.perform(post("/studio/keys/{id}/revoke", id).with(csrf()).with(user(anna)))
                .andExpect(redirectedUrlPattern("/studio/connect**"));
        assertThat(keys.find(id).orElseThrow().revoked()).isTrue();
    }
}
