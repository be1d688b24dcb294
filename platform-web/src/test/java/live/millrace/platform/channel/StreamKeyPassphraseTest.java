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
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrl;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrlPattern;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import live.millrace.platform.FollowedForm;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.engine.PublishAnswer;
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
import org.springframework.test.web.servlet.ResultActions;

/** What SRT is encrypted with is shown once like the key it belongs to, kept sealed, and told to the engine with the yes. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class StreamKeyPassphraseTest {
    private static final Pattern SHOWN = Pattern.compile("id=\"passphrase\"[^>]*value=\"([a-z2-7]{24})\"");

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

    private static PublishQuestion question(String secret) {
        return new PublishQuestion(UUID.randomUUID(), "192.0.2.7", "OBS", Optional.empty(), Optional.of(secret));
    }

    private Optional<String> wanted(String secret) {
        return ((PublishAnswer.Yes) authorization.mayPublish(question(secret))).passphrase();
    }

    private ResultActions encrypt(AccountPrincipal who, long key) throws Exception {
        return site.perform(
                post("/studio/keys/{id}/passphrase", key).with(csrf()).with(user(who)));
    }

    private String shown(ResultActions answer, AccountPrincipal who) throws Exception {
        String page = FollowedForm.page(site, answer, who);
        Matcher matcher = SHOWN.matcher(page);
        assertThat(matcher.find()).as(page).isTrue();
        return matcher.group(1);
    }

    @Test
    void aNewKeyMayHaveOneWhichIsShownOnceAndKeptSealed() throws Exception {
        AccountPrincipal anna = people.user();
        String passphrase = shown(
                site.perform(post("/studio/keys")
                        .with(csrf())
                        .with(user(anna))
                        .param("name", "field")
                        .param("encrypted", "true")),
                anna);
        StreamKeyView key = keys.ofChannel(people.channel(anna).id()).getFirst();
        assertThat(key.encrypted()).isTrue();
        assertThat(keys.passphrase(key.id())).contains(passphrase);
        site.perform(get("/studio/connect").with(user(anna)))
                .andExpect(content().string(not(containsString(passphrase))));
        for (String table : database.sql(
                        "select table_name from information_schema.tables where table_schema = 'public'")
                .query(String.class)
                .list()) {
            assertThat(database.sql("select coalesce(string_agg(t::text, ' '), '') from \"" + table + "\" t")
                            .query(String.class)
                            .single())
                    .as(table)
                    .doesNotContain(passphrase);
        }
    }

    @Test
    void aKeyGetsAnotherAndLosesIt() throws Exception {
        AccountPrincipal anna = people.user();
        NewStreamKey key = people.key(anna);
        assertThat(key.passphrase()).isNull();
        assertThat(wanted(key.secret())).as("plain unless somebody wants it").isEmpty();
        String first = shown(encrypt(anna, key.key().id()), anna);
        assertThat(wanted(key.secret())).contains(first);
        String second = shown(encrypt(anna, key.key().id()), anna);
        assertThat(second).isNotEqualTo(first);
        assertThat(wanted(key.secret())).contains(second);
        site.perform(post("/studio/keys/{id}/passphrase/remove", key.key().id())
                        .with(csrf())
                        .with(user(anna)))
                .andExpect(redirectedUrl("/studio/connect?plain#keys"));
        assertThat(wanted(key.secret())).isEmpty();
    }

    @Test
    void othersKeysAreNotToBeFoundAndRevokedOnesHaveNone() throws Exception {
        AccountPrincipal anna = people.user();
        AccountPrincipal other = people.user();
        long key = people.key(anna).key().id();
        encrypt(other, key).andExpect(status().isNotFound());
        site.perform(post("/studio/keys/{id}/passphrase/remove", key)
                        .with(csrf())
                        .with(user(other)))
                .andExpect(status().isNotFound());
        assertThat(keys.passphrase(key)).isEmpty();
        keys.revoke(people.channel(anna).id(), key);
        encrypt(anna, key).andExpect(status().isNotFound());
    }

    /** Whoever comes back by the address of the answer. */
    @Test
    void whatWasShownOnceIsNotShownAgain() throws Exception {
        AccountPrincipal anna = people.user();
        long key = people.key(anna).key().id();
        shown(encrypt(anna, key), anna);
        site.perform(get("/studio/keys/{id}/passphrase", key).with(user(anna)))
                .andExpect(redirectedUrlPattern("/studio/connect*"));
    }

    /** A site whose key was lost: nobody comes in who could have before, and nobody without. */
    @Test
    void oneThatCannotBeReadIsNoneThatAnybodyKnows() throws Exception {
        AccountPrincipal anna = people.user();
        NewStreamKey key = people.key(anna);
        String before = shown(encrypt(anna, key.key().id()), anna);
        database.sql("update channel_stream_key set sealed_passphrase = sealed_passphrase || '\\x00' where id = ?")
                .param(key.key().id())
                .update();
        assertThat(wanted(key.secret())).isPresent().isNotEqualTo(Optional.of(before));
    }

    @Test
    void theConnectionLogSaysWhatToDo() throws Exception {
        AccountPrincipal anna = people.user();
        NewStreamKey key = people.key(anna);
        for (Refusal refusal :
                new Refusal[] {Refusal.WRONG_PASSPHRASE, Refusal.PASSPHRASE_MISSING, Refusal.PASSPHRASE_UNWANTED}) {
            authorization.refused(
                    question(key.secret()), refusal, OptionalLong.of(key.key().id()));
        }
        site.perform(get("/studio/connect").with(user(anna)).param("lang", "en"))
                .andExpect(content()
                        .string(containsString(
                                "Refused: the SRT passphrase is wrong. Copy it again, or make a new one</span>")))
                .andExpect(
                        content().string(containsString("needs its SRT passphrase. Enter it in your encoder</span>")))
                .andExpect(content().string(containsString("this key has no passphrase.")));
    }
}
