// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

import static live.millrace.platform.JustLoggedIn.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.put;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrl;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrlPattern;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import live.millrace.platform.FollowedForm;
import live.millrace.platform.TestPeople;
import live.millrace.platform.channel.Follows;
import live.millrace.platform.channel.StreamKeys;
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
    private Accounts accounts;

    @Autowired
    private StreamKeys keys;

    @Autowired
    private Follows follows;

    @Autowired
    private JdbcClient database;

    @Test
    void aTokenActsForItsOwnerInTheApiAlone() throws Exception {
        AccountPrincipal anna = people.user();
        AccountPrincipal bob = people.user();
        String token = tokens.create(bob.accountId(), "bot", Set.of(TokenScope.READ, TokenScope.CHAT), null)
                .orElseThrow();
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

    private static String made(String page) {
        Matcher token =
                Pattern.compile("id=\"token\"[^>]*value=\"(mrt_[^\"]+)\"").matcher(page);
        assertThat(token.find()).isTrue();
        return token.group(1);
    }

    @Test
    void aTokenIsMadeForAUseAndEnds() throws Exception {
        AccountPrincipal bob = people.user();
        String token = made(FollowedForm.page(
                site,
                site.perform(post("/settings/tokens")
                        .with(user(bob))
                        .with(csrf())
                        .param("name", "bot")
                        .param("use", "CHAT_BOT")
                        .param("scope", "CHANNEL")
                        .param("life", "WEEK")),
                bob));
        assertThat(tokens.ofAccount(bob.accountId())).hasSize(1);
        assertThat(tokens.identify(token).orElseThrow().scopes())
                .containsExactlyInAnyOrder(TokenScope.READ, TokenScope.CHAT);
        database.sql("update account_access_token set expires_at = now() - interval '1 second' where account_id = ?")
                .param(bob.accountId())
                .update();
        site.perform(get("/api/v1/notices").header("Authorization", "Bearer " + token))
                .andExpect(status().isUnauthorized());
        assertThat(tokens.ofAccount(bob.accountId()).getFirst().expired()).isTrue();
        // Nobody gives away what they have not.
        String custom = made(FollowedForm.page(
                site,
                site.perform(post("/settings/tokens")
                        .with(user(bob))
                        .with(csrf())
                        .param("name", "bot")
                        .param("use", "CUSTOM")
                        .param("scope", "READ", "ADMIN")
                        .param("life", "EVER")),
                bob));
        assertThat(tokens.identify(custom).orElseThrow().scopes()).containsExactly(TokenScope.READ);
        site.perform(post("/settings/tokens")
                        .with(user(bob))
                        .with(csrf())
                        .param("name", "bot")
                        .param("use", "CUSTOM"))
                .andExpect(status().isUnprocessableContent());
    }

    @Test
    void aTokenIsNeverMoreThanItsOwnerIsNow() throws Exception {
        AccountPrincipal moderator = people.account(Role.MODERATOR);
        String token = tokens.create(moderator.accountId(), "bot", EnumSet.allOf(TokenScope.class), null)
                .orElseThrow();
        assertThat(tokens.identify(token).orElseThrow().principal().staff()).isTrue();
        accounts.changeRole(moderator.accountId(), Role.USER);
        assertThat(tokens.identify(token).orElseThrow().principal().staff()).isFalse();
    }

    @Test
    void aNewPasswordTakesTokensAndKeysAlongWhenAsked() throws Exception {
        AccountPrincipal bob = people.user();
        people.key(bob);
        String token = tokens.create(bob.accountId(), "bot", Set.of(TokenScope.READ), null)
                .orElseThrow();
        site.perform(post("/settings/password")
                        .with(user(bob))
                        .with(csrf())
                        .param("current", TestPeople.PASSWORD)
                        .param("replacement", "four loud herons"))
                .andExpect(redirectedUrl("/settings/password?changed"));
        assertThat(tokens.identify(token)).isPresent();
        site.perform(post("/settings/password")
                        .with(user(bob))
                        .with(csrf())
                        .param("current", "four loud herons")
                        .param("replacement", "five loud herons")
                        .param("tokens", "true")
                        .param("keys", "true"))
                .andExpect(redirectedUrl("/settings/password?changed"));
        assertThat(tokens.identify(token)).isEmpty();
        assertThat(keys.count(bob.accountId())).isZero();
    }

    /** A program sends its token with each request: that is noted once an hour. */
    @Test
    void theLastUseIsNotedOnce() {
        AccountPrincipal bob = people.user();
        String token = tokens.create(bob.accountId(), "bot", Set.of(TokenScope.READ), null)
                .orElseThrow();
        tokens.identify(token);
        String row = "select xmin::text from account_access_token where account_id = ?";
        String first =
                database.sql(row).param(bob.accountId()).query(String.class).single();
        tokens.identify(token);
        assertThat(database.sql(row).param(bob.accountId()).query(String.class).single())
                .isEqualTo(first);
        assertThat(tokens.ofAccount(bob.accountId()).getFirst().lastUsedAt()).isNotNull();
    }

    @Test
    void ofManyWhoMakeTheLastOneAtOnceOneDoes() throws Exception {
        AccountPrincipal anna = people.user();
        Set<TokenScope> read = Set.of(TokenScope.READ);
        for (int i = 1; i < AccessTokens.MAX_TOKENS; i++) {
            assertThat(tokens.create(anna.accountId(), "bot", read, null)).isPresent();
        }
        int many = 8;
        CyclicBarrier together = new CyclicBarrier(many);
        try (ExecutorService threads = Executors.newFixedThreadPool(many)) {
            List<Future<Boolean>> made = new ArrayList<>();
            for (int i = 0; i < many; i++) {
                made.add(threads.submit(() -> {
                    together.await();
                    return tokens.create(anna.accountId(), "bot", read, null).isPresent();
                }));
            }
            int ones = 0;
            for (Future<Boolean> one : made) {
                ones += one.get() ? 1 : 0;
            }
            assertThat(ones).isEqualTo(1);
        }
    }
}
