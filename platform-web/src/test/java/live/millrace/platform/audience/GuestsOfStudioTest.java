// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience;

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
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrl;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import com.jayway.jsonpath.JsonPath;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import live.millrace.platform.FollowedForm;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccessTokens;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.TokenScope;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.Visibility;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.notification.NoticeView;
import live.millrace.platform.notification.Notices;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;

/** Invites and guests as a channel's owner keeps them, on the page and by the API. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class GuestsOfStudioTest {
    @Autowired
    private TestPeople people;

    @Autowired
    private MockMvc site;

    @Autowired
    private AccessTokens tokens;

    @Autowired
    private Channels channels;

    @Autowired
    private Invites invites;

    @Autowired
    private GuestList list;

    @Autowired
    private Notices notices;

    @Autowired
    private JdbcClient database;

    private AccountPrincipal anna;
    private ChannelView channel;
    private String bearer;

    @BeforeEach
    void aChannel() {
        anna = people.user();
        channel = people.channel(anna);
        bearer = "Bearer "
                + tokens.create(anna.accountId(), "bot", Set.of(TokenScope.CHANNEL), null)
                        .orElseThrow();
    }

    private MockHttpServletRequestBuilder form(String path) {
        return post("/studio" + path).with(user(anna)).with(csrf());
    }

    private MockHttpServletRequestBuilder api(MockHttpServletRequestBuilder request) {
        return request.header("Authorization", bearer);
    }

    private MockHttpServletRequestBuilder api(MockHttpServletRequestBuilder request, String body) {
        return api(request).contentType(MediaType.APPLICATION_JSON).content(body);
    }

    // ---- the page ---------------------------------------------------------------------------------------------

    @Test
    void aLinkIsShownOnce() throws Exception {
        String page = FollowedForm.page(
                site,
                site.perform(form("/invites")
                        .param("label", "Class <7b>")
                        .param("uses", "30")
                        .param("days", "14")
                        .param("withoutAccount", "true")),
                anna);
        Matcher link =
                Pattern.compile("value=\"http://localhost/i/([\\w-]{32})\"").matcher(page);
        assertThat(link.find()).isTrue();
        assertThat(page).contains("Link of “Class &lt;7b&gt;”");
        site.perform(get("/studio/guests").with(user(anna)))
                .andExpect(content().string(containsString("Class &lt;7b&gt;")))
                .andExpect(content().string(containsString("0 of 30")))
                .andExpect(content().string(not(containsString(link.group(1)))));
        site.perform(get("/studio/invites").with(user(anna))).andExpect(redirectedUrl("/studio/guests"));
        assertThat(invites.of(channel.id())).singleElement().satisfies(invite -> {
            assertThat(invite.withoutAccount()).isTrue();
            assertThat(invite.asksName()).isFalse();
            assertThat(invite.expiresAt())
                    .isBetween(
                            Instant.now().plus(Duration.ofDays(14)).minusSeconds(60),
                            Instant.now().plus(Duration.ofDays(14)));
        });
    }

    @ParameterizedTest
    @CsvSource({
        "label, '', Use 1 to 60 characters.",
        "uses, 0, 'Use a number from 1 to 1,000.'",
        "uses, many, 'Use a number from 1 to 1,000.'",
        "uses, 99999999999, 'Use a number from 1 to 1,000.'",
        "days, 0, Choose an end that is still to come",
        "days, 366, Choose an end that is still to come",
        "days, -1, Choose an end that is still to come"
    })
    void aFormThatSaysTooMuchKeepsWhatWasTyped(String field, String value, String why) throws Exception {
        MockHttpServletRequestBuilder sent = form("/invites");
        for (String name : new String[] {"label", "uses", "days"}) {
            sent.param(name, name.equals(field) ? value : name.equals("label") ? "friends of mine" : "3");
        }
        site.perform(sent)
                .andExpect(status().isUnprocessableContent())
                .andExpect(content().string(containsString(why)))
                .andExpect(content()
                        .string(containsString(field.equals("label") ? "name=\"uses\"" : "value=\"friends of mine\"")));
        assertThat(invites.of(channel.id())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "PUBLIC, Your channel is public: invites are for channels that are shown to invited people.",
        "FOLLOWERS, Your channel isn’t limited to invited people.",
        "PRIVATE, Your channel is private:"
    })
    void thePageSaysWhatInvitesAreGoodForNow(Visibility visibility, String words) throws Exception {
        channels.show(channel.id(), visibility);
        site.perform(get("/studio/guests").with(user(anna))).andExpect(content().string(containsString(words)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"INVITED", "PASSWORD"})
    void orNothingWhereTheyAre(Visibility visibility) throws Exception {
        channels.show(channel.id(), visibility);
        site.perform(get("/studio/guests").with(user(anna)))
                .andExpect(content().string(containsString("No invites yet.")))
                .andExpect(content().string(containsString("Nobody yet.")))
                .andExpect(content().string(not(containsString("Your channel is"))));
    }

    @Test
    void linksAreRevokedAndGuestsRemovedByForms() throws Exception {
        Invites.Wish wish = new Invites.Wish("friends", 2, Instant.now().plusSeconds(60), false, true);
        long one = ((Invites.Made.Done) invites.make(channel.id(), wish)).id();
        invites.make(channel.id(), wish);
        invites.make(channel.id(), wish);
        site.perform(form("/invites/" + one + "/revoke")).andExpect(redirectedUrl("/studio/guests?revoked#invites"));
        site.perform(form("/invites/" + one + "/revoke")).andExpect(status().isNotFound());
        assertThat(invites.of(channel.id())).hasSize(2);
        site.perform(form("/invites/revoke")).andExpect(redirectedUrl("/studio/guests?revoked#invites"));
        assertThat(invites.of(channel.id())).isEmpty();

        AccountPrincipal bob = people.user();
        site.perform(form("/guests").param("who", " @" + bob.getUsername()))
                .andExpect(redirectedUrl("/studio/guests?added#guests"));
        site.perform(get("/studio/guests").with(user(anna)))
                .andExpect(content().string(containsString("href=\"/" + bob.getUsername() + "\"")));
        long guest = list.of(channel.id()).getFirst().id();
        site.perform(form("/guests/" + guest + "/remove")).andExpect(redirectedUrl("/studio/guests?removed#guests"));
        site.perform(form("/guests/" + guest + "/remove")).andExpect(status().isNotFound());
        assertThat(list.of(channel.id())).isEmpty();
    }

    // ---- by name ----------------------------------------------------------------------------------------------

    @Test
    void whoIsNamedHearsTheBellOnceADay() {
        AccountPrincipal bob = people.user();
        for (int i = 0; i < 3; i++) {
            assertThat(list.addPerson(channel.id(), bob.getUsername())).isInstanceOf(GuestList.Added.Done.class);
            assertThat(list.remove(
                            channel.id(), list.of(channel.id()).getFirst().id()))
                    .isTrue();
        }
        assertThat(notices.of(bob.accountId(), Long.MAX_VALUE, 9))
                .singleElement()
                .extracting(NoticeView::kind, NoticeView::title, NoticeView::link)
                .containsExactly("INVITED", channel.displayName(), "/" + channel.name());
    }

    @Test
    void theBellsWordsAreOnThePage() throws Exception {
        AccountPrincipal bob = people.user();
        list.addPerson(channel.id(), bob.getUsername());
        site.perform(get("/notifications").with(user(bob)))
                .andExpect(content().string(containsString("You’re invited to watch")));
    }

    @Test
    void whoCannotBeNamedIsSaid() throws Exception {
        AccountPrincipal bob = people.user();
        list.addPerson(channel.id(), bob.getUsername());
        assertThat(list.addPerson(channel.id(), bob.getUsername()))
                .isEqualTo(new GuestList.Added.Refused("studio.guest.already"));
        assertThat(list.addPerson(channel.id(), anna.getUsername()))
                .isEqualTo(new GuestList.Added.Refused("studio.guest.own"));
        for (String nobody : new String[] {"", "nobody-is-this", "x' or true", "@"}) {
            site.perform(form("/guests").param("who", nobody))
                    .andExpect(status().isUnprocessableContent())
                    .andExpect(content().string(containsString("There is no user with this name.")));
        }
        site.perform(form("/guests").param("who", "bob@example.org"))
                .andExpect(status().isUnprocessableContent())
                .andExpect(content().string(containsString("This site can’t send email.")));
        assertThat(list.of(channel.id())).hasSize(1);
    }

    @Test
    void somebodyNamesTwoHundredADay() {
        database.sql("""
                insert into audience_guest (channel_id, account_id, name, made_at, removed_at)
                select ?, ?, 'x', now(), now() from generate_series(1, 200)
                """).param(channel.id()).param(anna.accountId()).update();
        String bob = people.user().getUsername();
        assertThat(list.addPerson(channel.id(), bob)).isEqualTo(new GuestList.Added.Refused("studio.guest.too-many"));
        database.sql("update audience_guest set made_at = now() - interval '25 hours' where channel_id = ?")
                .param(channel.id())
                .update();
        assertThat(list.addPerson(channel.id(), bob)).isInstanceOf(GuestList.Added.Done.class);
    }

    @Test
    void whoDeletesTheirAccountIsOnNoList() {
        AccountPrincipal bob = people.user();
        list.addPerson(channel.id(), bob.getUsername());
        database.sql("delete from account where id = ?").param(bob.accountId()).update();
        assertThat(list.of(channel.id())).isEmpty();
    }

    // ---- programs ---------------------------------------------------------------------------------------------

    @Test
    void programsMakeListAndRevokeInvites() throws Exception {
        String made = site.perform(api(
                        post("/api/v1/channel/invites"),
                        "{\"label\":\"Class 7b\",\"uses\":30,\"expiresAt\":\""
                                + Instant.now().plus(Duration.ofDays(3)) + "\"}"))
                .andExpect(status().isCreated())
                .andExpect(header().string("Cache-Control", "no-store"))
                .andReturn()
                .getResponse()
                .getContentAsString();
        Integer id = JsonPath.read(made, "$.id");
        String url = JsonPath.read(made, "$.url");
        assertThat(url).matches("http://localhost/i/[\\w-]{32}");
        site.perform(post(url.substring("http://localhost".length())).with(csrf()))
                .andExpect(redirectedUrl("/" + channel.name()));
        site.perform(api(get("/api/v1/channel/invites")))
                .andExpect(jsonPath("$.length()").value(1))
                .andExpect(jsonPath("$[0].id").value(id))
                .andExpect(jsonPath("$[0].used").value(1))
                .andExpect(content().string(not(containsString(url))));
        site.perform(api(get("/api/v1/channel/guests")))
                .andExpect(jsonPath("$.length()").value(1))
                .andExpect(jsonPath("$[0].invite").value(id))
                .andExpect(jsonPath("$[0].since").exists())
                .andExpect(jsonPath("$[0].lastSeen").exists())
                .andExpect(jsonPath("$[0].watching").value(false));
        site.perform(api(delete("/api/v1/channel/invites/" + id))).andExpect(status().isNoContent());
        site.perform(api(delete("/api/v1/channel/invites/" + id))).andExpect(status().isNotFound());
        site.perform(api(get("/api/v1/channel/guests")))
                .andExpect(jsonPath("$.length()").value(0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | 422",
                "{\"label\":\"x\",\"uses\":0} | 422",
                "{\"label\":\"x\",\"uses\":\"many\"} | 400",
                "{\"label\":\"x\",\"expiresAt\":\"tomorrow\"} | 400",
                "{\"label\":\"x\",\"expiresAt\":\"2000-01-01T00:00:00Z\"} | 422",
                "{\"label\":\"x\",\"expiresAt\":\"+999999999-12-31T23:59:59Z\"} | 422",
                "[] | 400",
                "{\"label\":\"x\"} | 201"
            })
    void whatProgramsSendIsChecked(String body, int status) throws Exception {
        site.perform(api(post("/api/v1/channel/invites"), body)).andExpect(status().is(status));
    }

    @Test
    void programsNameAndRemoveGuests() throws Exception {
        AccountPrincipal bob = people.user();
        String added = site.perform(api(post("/api/v1/channel/guests"), "{\"username\":\"" + bob.getUsername() + "\"}"))
                .andExpect(status().isCreated())
                .andExpect(jsonPath("$.name").value(bob.getUsername()))
                .andExpect(jsonPath("$.pending").value(false))
                .andExpect(jsonPath("$.invite").doesNotExist())
                .andReturn()
                .getResponse()
                .getContentAsString();
        site.perform(api(post("/api/v1/channel/guests"), "{\"mail\":\"bob@example.org\"}"))
                .andExpect(status().isUnprocessableContent());
        site.perform(api(post("/api/v1/channel/guests"), "{}")).andExpect(status().isUnprocessableContent());
        Integer id = JsonPath.read(added, "$.id");
        site.perform(api(delete("/api/v1/channels/" + channel.name() + "/guests/" + id)))
                .andExpect(status().isNoContent());
        assertThat(list.of(channel.id())).isEmpty();
    }
}
