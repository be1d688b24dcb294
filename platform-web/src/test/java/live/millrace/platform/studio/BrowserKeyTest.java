// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.studio;

import static live.millrace.platform.JustLoggedIn.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.delete;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import com.jayway.jsonpath.JsonPath;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.BrowserKeys;
import live.millrace.platform.channel.StreamKeys;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.engine.PublishAnswer;
import live.millrace.platform.engine.PublishAuthorization;
import live.millrace.platform.engine.PublishQuestion;
import live.millrace.platform.engine.Refusal;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.ResultActions;

/** What a browser goes live with is made by its session, good for one time that begins within a minute, and in no list. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class BrowserKeyTest {
    @Autowired
    private TestPeople people;

    @Autowired
    private MockMvc site;

    @Autowired
    private StreamKeys keys;

    @Autowired
    private BrowserKeys browsers;

    @Autowired
    private PublishAuthorization authorization;

    @Autowired
    private JdbcClient database;

    private ResultActions ask(AccountPrincipal who, String channel, @Nullable String run, String why) throws Exception {
        return site.perform(post("/api/v1/channels/{channel}/browser-key", channel)
                .with(csrf())
                .with(user(who))
                .contentType(MediaType.APPLICATION_JSON)
                .content("{\"run\":" + (run == null ? "null" : '"' + run + '"') + ",\"why\":\"" + why + "\"}"));
    }

    private record Given(String secret, String run) {}

    private Given given(AccountPrincipal who, @Nullable String run, String why) throws Exception {
        String body = ask(who, who.getUsername(), run, why)
                .andExpect(status().isCreated())
                .andExpect(header().string("Cache-Control", "no-store"))
                .andReturn()
                .getResponse()
                .getContentAsString();
        return new Given(JsonPath.read(body, "$.secret"), JsonPath.read(body, "$.run"));
    }

    private Given given(AccountPrincipal who) throws Exception {
        return given(who, null, "BEGIN");
    }

    private PublishAnswer publish(String secret) {
        return authorization.mayPublish(new PublishQuestion(
                UUID.randomUUID(), "192.0.2.7", "Chrome 156", Optional.empty(), Optional.of(secret)));
    }

    private static PublishAnswer no(Refusal why) {
        return new PublishAnswer.No(why);
    }

    private long id(AccountPrincipal who) {
        return browsers.held(people.channel(who).id()).orElseThrow().key().id();
    }

    @Test
    void aKeyIsGoodOnceAndStoredAsAHash() throws Exception {
        AccountPrincipal anna = people.user();
        String secret = given(anna).secret();
        assertThat(database.sql("select count(*) from channel_stream_key k where k::text like '%' || ? || '%'")
                        .param(secret.substring(11))
                        .query(Long.class)
                        .single())
                .isZero();
        assertThat(publish(secret)).isInstanceOfSatisfying(PublishAnswer.Yes.class, yes -> {
            assertThat(yes.channel()).isEqualTo(anna.getUsername());
            assertThat(yes.keyId()).isEqualTo(id(anna));
        });
        assertThat(publish(secret)).isEqualTo(no(Refusal.KEY_REVOKED));
        long channel = people.channel(anna).id();
        assertThat(keys.ofChannel(channel)).isEmpty();
        assertThat(keys.count(anna.accountId())).isZero();
        site.perform(get("/studio/connect").with(user(anna)))
                .andExpect(content().string(containsString("/studio/live")));
    }

    @Test
    void aKeyIsGoodForAMinuteAndTheNewestAlone() throws Exception {
        AccountPrincipal anna = people.user();
        Given first = given(anna);
        Given second = given(anna, first.run(), "BEGIN");
        assertThat(second.run()).as("the same page comes back").isEqualTo(first.run());
        assertThat(publish(first.secret())).isEqualTo(no(Refusal.UNKNOWN_KEY));
        database.sql("update channel_stream_key set begins_until = now() - interval '1 second' where id = ?")
                .param(id(anna))
                .update();
        assertThat(publish(second.secret())).isEqualTo(no(Refusal.KEY_REVOKED));
    }

    @Test
    void everyTimeIsTheSameKeySoThatWhoComesBackTakesOverAndWhoIsBlockedStaysSo() throws Exception {
        AccountPrincipal anna = people.user();
        Given first = given(anna);
        PublishAnswer.Yes before = (PublishAnswer.Yes) publish(first.secret());
        PublishAnswer.Yes after =
                (PublishAnswer.Yes) publish(given(anna, first.run(), "BEGIN").secret());
        assertThat(after.keyId()).isEqualTo(before.keyId());
        keys.block(before.keyId(), Instant.now().plus(Duration.ofMinutes(1)));
        ask(anna, anna.getUsername(), first.run(), "TAKE_OVER")
                .andExpect(status().isForbidden())
                .andExpect(jsonPath("$.code").value("refused"))
                .andExpect(jsonPath("$.detail").value(containsString("Try again in half a minute")));
    }

    @Test
    void aPageThatComesBackIsToldOfAnotherThatWasThereSince() throws Exception {
        AccountPrincipal anna = people.user();
        Given first = given(anna);
        Given second = given(anna);
        assertThat(second.run()).isNotEqualTo(first.run());
        ask(anna, anna.getUsername(), first.run(), "COME_BACK")
                .andExpect(status().isConflict())
                .andExpect(jsonPath("$.code").value("elsewhere"));
        Given taken = given(anna, first.run(), "TAKE_OVER");
        assertThat(taken.run()).isNotIn(first.run(), second.run());
        site.perform(delete("/api/v1/channels/{channel}/browser-key/{run}", anna.getUsername(), second.run())
                        .with(csrf())
                        .with(user(anna)))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.ended").value(false));
    }

    /** A page that asked, and never went on air, is in nobody's place. */
    @Test
    void whoIsOnAirComesBackUntilAnotherIs() throws Exception {
        AccountPrincipal anna = people.user();
        Given first = given(anna);
        authorization.started(begins(first), id(anna));
        Given second = given(anna);
        ask(anna, anna.getUsername(), first.run(), "COME_BACK")
                .andExpect(jsonPath("$.code").value("over"));
        PublishQuestion question = begins(second);
        ask(anna, anna.getUsername(), first.run(), "COME_BACK")
                .andExpect(jsonPath("$.code").value("elsewhere"));
        authorization.refused(question, Refusal.TAKEOVER_TOO_SOON, OptionalLong.of(id(anna)));
        ask(anna, anna.getUsername(), first.run(), "COME_BACK")
                .andExpect(jsonPath("$.code").value("over"));
        Given third = given(anna);
        authorization.started(begins(third), id(anna));
        ask(anna, anna.getUsername(), first.run(), "COME_BACK")
                .andExpect(jsonPath("$.code").value("elsewhere"));
        ask(anna, anna.getUsername(), third.run(), "COME_BACK")
                .andExpect(jsonPath("$.code").value("over"));
    }

    private PublishQuestion begins(Given given) {
        PublishQuestion question = new PublishQuestion(
                UUID.randomUUID(), "192.0.2.7", "Chrome 156", Optional.empty(), Optional.of(given.secret()));
        assertThat(authorization.mayPublish(question)).isInstanceOf(PublishAnswer.Yes.class);
        return question;
    }

    @Test
    void aPageThatComesBackToWhatIsOverBeginsNothingByItself() throws Exception {
        AccountPrincipal anna = people.user();
        Given given = given(anna);
        ask(anna, anna.getUsername(), given.run(), "COME_BACK")
                .andExpect(status().isConflict())
                .andExpect(jsonPath("$.code").value("over"));
        assertThat(publish(given.secret())).as("the key is as it was").isInstanceOf(PublishAnswer.Yes.class);
    }

    /** What was the newest run is of no matter where nobody is on air and somebody pressed the button. */
    @Test
    void whoPressesTheButtonGoesOnWithWhatIsLeft() throws Exception {
        AccountPrincipal anna = people.user();
        Given first = given(anna);
        given(anna);
        assertThat(given(anna, first.run(), "BEGIN").run()).isNotEqualTo(first.run());
        assertThat(given(anna, first.run(), "RELOADED").run()).isNotEqualTo(first.run());
    }

    @Test
    void aTabThatWasCopiedIsAnotherPage() throws Exception {
        AccountPrincipal anna = people.user();
        Given first = given(anna);
        assertThat(given(anna, first.run(), "RELOADED").run()).isNotEqualTo(first.run());
        ask(anna, anna.getUsername(), first.run(), "COME_BACK")
                .andExpect(status().isConflict())
                .andExpect(jsonPath("$.code").value("elsewhere"));
    }

    @Test
    void ofTwoThatDecideAtOnceOneIsGivenIt() throws Exception {
        AccountPrincipal anna = people.user();
        long channel = people.channel(anna).id();
        UUID first = UUID.randomUUID();
        assertThat(browsers.give(channel, first, Optional.empty())).isPresent();
        assertThat(browsers.give(channel, UUID.randomUUID(), Optional.of(first)))
                .isPresent();
        assertThat(browsers.give(channel, first, Optional.of(first))).isEmpty();
        assertThat(browsers.give(channel, first, Optional.empty())).isEmpty();
    }

    @Test
    void aKeyIsItsOwnersAloneAndNoToken() throws Exception {
        AccountPrincipal anna = people.user();
        AccountPrincipal other = people.user();
        ask(other, anna.getUsername(), null, "BEGIN").andExpect(status().isNotFound());
        site.perform(post("/api/v1/channels/{channel}/browser-key", anna.getUsername())
                        .with(csrf())
                        .contentType(MediaType.APPLICATION_JSON)
                        .content("{}"))
                .andExpect(status().isUnauthorized());
        site.perform(post("/api/v1/channels/{channel}/browser-key", anna.getUsername())
                        .with(user(anna))
                        .contentType(MediaType.APPLICATION_JSON)
                        .content("{}"))
                .andExpect(status().isForbidden());
        assertThat(browsers.held(people.channel(anna).id())).isEmpty();
        ask(anna, anna.getUsername(), "no uuid", "BEGIN").andExpect(status().isBadRequest());
    }

    @Test
    void givingUpAllKeysTakesThisOneAsWell() throws Exception {
        AccountPrincipal anna = people.user();
        Given given = given(anna);
        assertThat(keys.revokeAll(anna.accountId())).isEqualTo(1);
        assertThat(publish(given.secret())).isEqualTo(no(Refusal.KEY_REVOKED));
        assertThat(publish(given(anna).secret())).isInstanceOf(PublishAnswer.Yes.class);
    }

    @Test
    void onlyThePageThatGoesLiveMayUseCameras() throws Exception {
        AccountPrincipal anna = people.user();
        for (String page : new String[] {"/studio/live", "/studio/@" + anna.getUsername() + "/live"}) {
            site.perform(get(page).with(user(anna)))
                    .andExpect(status().isOk())
                    .andExpect(
                            header().string("Permissions-Policy", containsString("camera=(self), microphone=(self)")));
        }
        site.perform(get("/studio").with(user(anna)))
                .andExpect(header().string("Permissions-Policy", containsString("camera=(), microphone=()")));
    }

    @Test
    void withoutHttpsThePageSaysWhyThereIsNoCamera() throws Exception {
        AccountPrincipal anna = people.user();
        site.perform(get("/studio/live").with(user(anna)).with(request -> {
                    request.setServerName("live.example.org");
                    return request;
                }))
                .andExpect(status().isOk())
                .andExpect(content().string(containsString("id=\"live-untrusted\"")))
                .andExpect(content().string(not(containsString("<go-live"))));
    }
}
