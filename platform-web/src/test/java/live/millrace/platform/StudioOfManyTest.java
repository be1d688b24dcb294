// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform;

import static live.millrace.platform.JustLoggedIn.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.matchesRegex;
import static org.hamcrest.Matchers.not;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.delete;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.patch;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrl;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import com.jayway.jsonpath.JsonPath;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.Registration;
import live.millrace.platform.account.Role;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.ExtraChannels;
import live.millrace.platform.channel.StreamKeys;
import live.millrace.platform.chat.ChatRooms;
import live.millrace.platform.chat.ChatSettings;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.shared.web.LocalRedirect;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.http.MediaType;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;

/** The studio, the API and the console of somebody with two channels. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class StudioOfManyTest {
    @Autowired
    private MockMvc site;

    @Autowired
    private Accounts accounts;

    @Autowired
    private Channels channels;

    @Autowired
    private ExtraChannels extra;

    @Autowired
    private StreamKeys keys;

    @Autowired
    private ChatRooms rooms;

    private AccountPrincipal anna;
    private ChannelView first;
    private ChannelView second;

    private static String name() {
        return "s"
                + UUID.randomUUID()
                        .toString()
                        .replace("-", "")
                        .substring(0, 15)
                        .replace('0', 'a')
                        .replace('1', 'b');
    }

    private AccountPrincipal account(Role role) {
        String name = name();
        return ((Registration.Done) accounts.register(name, name + "@example.org", "three quiet herons", role))
                .principal();
    }

    @BeforeEach
    void twoChannels() {
        anna = account(Role.USER);
        extra.allow(anna.accountId(), 2);
        first = channels.ofAccount(anna.accountId());
        second = ((ExtraChannels.Wish.Made) extra.make(anna.accountId(), name())).channel();
    }

    private String studio() {
        return "/studio/@" + second.name();
    }

    private MockHttpServletRequestBuilder form(String path) {
        return post(path).with(user(anna)).with(csrf());
    }

    private MockHttpServletRequestBuilder json(MockHttpServletRequestBuilder request, String body) {
        return request.with(user(anna))
                .with(csrf())
                .contentType(MediaType.APPLICATION_JSON)
                .content(body);
    }

    // ---- pages ------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"", "/connect", "/chat", "/moderation", "/guests", "/channel"})
    void eachPageIsAboutTheChannelInItsAddressAndLeadsToItsOwnForms(String page) throws Exception {
        site.perform(get(studio() + page).with(user(anna)))
                .andExpect(status().isOk())
                .andExpect(content().string(containsString("action=\"" + studio() + "/")))
                .andExpect(content().string(not(matchesRegex("(?s).*action=\"/studio/[^@].*"))))
                .andExpect(content().string(containsString("href=\"" + studio() + "/connect\"")))
                .andExpect(content().string(containsString("href=\"/studio" + page + "\"")))
                .andExpect(content().string(containsString("href=\"/" + second.name() + "\"")));
        site.perform(get("/studio" + page).with(user(anna)))
                .andExpect(content().string(containsString("action=\"/studio/")))
                .andExpect(content().string(not(containsString("action=\"/studio/@"))));
    }

    @Test
    void theOwnChannelHasNoFaceOfItsOwnToChange() throws Exception {
        String own = "/studio/@" + anna.getUsername();
        site.perform(form(own + "/name").param("displayName", "Somebody else")).andExpect(status().isNotFound());
        site.perform(form(own + "/pictures/avatar/remove")).andExpect(status().isNotFound());
    }

    @Test
    void theSwitchIsThereForThoseWhoHaveOrMayHaveMore() throws Exception {
        site.perform(get("/studio").with(user(anna))).andExpect(content().string(containsString("studio-switch")));
        site.perform(get("/studio").with(user(account(Role.MODERATOR))))
                .andExpect(content().string(containsString("studio-switch")));
        site.perform(get("/studio").with(user(account(Role.USER))))
                .andExpect(content().string(not(containsString("studio-switch"))));
    }

    /** The shape of the mark. */
    private static final String CHECK = "M20 6 9 17l-5-5";

    @Test
    void theSwitchMarksTheChannelThatThePageIsAbout() throws Exception {
        String page = site.perform(get(studio() + "/chat").with(user(anna)))
                .andReturn()
                .getResponse()
                .getContentAsString();
        String menu = page.substring(
                page.indexOf("studio-switch"), page.indexOf("<nav class=\"tabs\"", page.indexOf("studio-switch")));
        assertThat(menu).containsOnlyOnce("aria-current=\"true\"").containsOnlyOnce(CHECK);
        assertThat(menu.indexOf(CHECK)).isGreaterThan(menu.indexOf("href=\"" + studio() + "/chat\""));
    }

    @Test
    void whatIsSentToAChannelsStudioChangesThatChannelAlone() throws Exception {
        site.perform(form(studio() + "/info").param("title", "The garden"))
                .andExpect(redirectedUrl(studio() + "?saved#info"));
        site.perform(form(studio() + "/channel").param("description", "Birds"))
                .andExpect(redirectedUrl(studio() + "/channel?saved"));
        site.perform(form(studio() + "/name")
                        .param("displayName", "Bird box " + second.name().substring(0, 8)))
                .andExpect(redirectedUrl(studio() + "/channel?saved"));
        site.perform(form(studio() + "/chat").param("slowSeconds", "7"))
                .andExpect(redirectedUrl(studio() + "/chat?saved"));
        AccountPrincipal bob = account(Role.USER);
        site.perform(form(studio() + "/chat/moderators").param("username", bob.getUsername()))
                .andExpect(redirectedUrl(studio() + "/chat?saved#moderators"));
        site.perform(form(studio() + "/keys").param("name", "camera"))
                .andExpect(redirectedUrl(studio() + "/connect?made"));

        ChannelView now = channels.find(second.id()).orElseThrow();
        assertThat(now.title()).isEqualTo("The garden");
        assertThat(now.description()).isEqualTo("Birds");
        assertThat(now.displayName()).startsWith("Bird box");
        assertThat(rooms.settings(second.id()))
                .extracting(ChatSettings::slowSeconds)
                .isEqualTo(7);
        assertThat(rooms.moderators(second.id()))
                .extracting(one -> one.person().name())
                .containsExactly(bob.getUsername());
        assertThat(keys.ofChannel(second.id())).hasSize(1);
        assertThat(channels.find(first.id())).contains(first);
        assertThat(rooms.settings(first.id()))
                .extracting(ChatSettings::slowSeconds)
                .isEqualTo(0);
        assertThat(rooms.moderators(first.id())).isEmpty();
        assertThat(keys.ofChannel(first.id())).isEmpty();
    }

    @Test
    void aKeyIsRevokedInTheStudioOfItsChannelAlone() throws Exception {
        long key = keys.create(second.id(), "camera").orElseThrow().key().id();

        site.perform(form("/studio/keys/" + key + "/revoke")).andExpect(status().isNotFound());
        site.perform(form(studio() + "/keys/" + key + "/revoke"))
                .andExpect(redirectedUrl(studio() + "/connect?revoked#keys"));
        assertThat(keys.ofChannel(second.id())).isEmpty();
    }

    @Test
    void anOwnerSeesTheWayToTheStudioOfThatChannelAndNoButtonToFollowIt() throws Exception {
        site.perform(get("/" + second.name()).with(user(anna)))
                .andExpect(content().string(containsString("href=\"" + studio() + "\"")))
                .andExpect(
                        content().string(not(containsString("<follow-button data-channel=\"" + second.name() + "\""))));
    }

    // ---- making and removing ----------------------------------------------------------------------------------

    @Test
    void aChannelIsMadeByAForm() throws Exception {
        String name = name();
        site.perform(get("/studio/channels").with(user(anna)))
                .andExpect(content().string(containsString("1 of 2 left")));
        site.perform(form("/studio/channels").param("name", first.name()))
                .andExpect(status().isUnprocessableContent())
                .andExpect(content().string(containsString("This name is taken")));
        site.perform(form("/studio/channels").param("name", " @" + name)).andExpect(redirectedUrl("/studio/@" + name));
        site.perform(get("/studio/channels").with(user(anna)))
                .andExpect(content().string(containsString("You’ve reached the limit of 2 additional channels")))
                .andExpect(content().string(not(containsString("id=\"make\""))));
        site.perform(form("/studio/channels").param("name", name()))
                .andExpect(status().isUnprocessableContent())
                .andExpect(content().string(containsString("You’ve reached your limit of channels")));
    }

    @Test
    void aChannelIsRemovedByItsNameTypedAgain() throws Exception {
        site.perform(form(studio() + "/remove").param("name", first.name()))
                .andExpect(status().isUnprocessableContent())
                .andExpect(content().string(containsString("This isn’t the channel name.")));
        assertThat(channels.find(second.id())).isPresent();

        site.perform(form(studio() + "/remove").param("name", second.name()))
                .andExpect(redirectedUrl("/studio/channels?removed"));
        assertThat(channels.find(second.id())).isEmpty();
        site.perform(get(studio()).with(user(anna))).andExpect(status().isNotFound());
        site.perform(form("/studio/@" + first.name() + "/remove").param("name", first.name()))
                .andExpect(status().isNotFound());
    }

    // ---- programs ---------------------------------------------------------------------------------------------

    @Test
    void programsEditTheOwnChannelWithoutANameAndAnyByItsName() throws Exception {
        site.perform(json(patch("/api/v1/channel"), "{\"title\":\"Mine\"}"))
                .andExpect(jsonPath("$.channel").value(first.name()))
                .andExpect(jsonPath("$.title").value("Mine"));
        site.perform(json(
                        patch("/api/v1/channels/" + second.name()),
                        "{\"description\":\"Birds\",\"tags\":[\"Birds\",\"garden\"],\"mature\":true}"))
                .andExpect(jsonPath("$.own").value(false))
                .andExpect(jsonPath("$.tags.length()").value(2))
                .andExpect(jsonPath("$.title").value(""));
        site.perform(json(
                        patch("/api/v1/channels/" + second.name()),
                        "{\"description\":\"Fish\",\"title\":\"" + "x".repeat(101) + "\"}"))
                .andExpect(status().isUnprocessableContent());

        site.perform(json(
                        patch("/api/v1/channels/" + second.name()),
                        "{\"description\":\"Fish\",\"category\":\"there-is-none\"}"))
                .andExpect(status().isUnprocessableContent());
        site.perform(json(patch("/api/v1/channels/" + second.name()), "{\"tags\":[null,\"birds\",\"garden\"]}"))
                .andExpect(jsonPath("$.tags.length()").value(2))
                .andExpect(jsonPath("$.mature").value(true));

        assertThat(channels.find(first.id()).orElseThrow().title()).isEqualTo("Mine");
        ChannelView now = channels.find(second.id()).orElseThrow();
        assertThat(now.description()).isEqualTo("Birds");
        assertThat(now.tags()).containsExactly("birds", "garden");
        site.perform(get("/api/v1/channel").with(user(anna)))
                .andExpect(jsonPath("$.title").value("Mine"));
    }

    @Test
    void aStudioIsComeBackToAfterALogIn() throws Exception {
        String path = "/studio/@" + second.name() + "/connect";
        String login = site.perform(get(path)).andReturn().getResponse().getRedirectedUrl();
        assertThat(URLDecoder.decode(String.valueOf(login), StandardCharsets.UTF_8))
                .isEqualTo("/login?continue=" + path);
        assertThat(LocalRedirect.orElse(path, "/")).isEqualTo(path);
        assertThat(LocalRedirect.orElse("/studio/%40camera", "/")).isEqualTo("/studio/%40camera");
        assertThat(LocalRedirect.orElse("//@evil.example", "/")).isEqualTo("/");
    }

    @Test
    void programsMakeKeysAndSeeThemOnce() throws Exception {
        String made = site.perform(json(post("/api/v1/channels/" + second.name() + "/keys"), "{\"name\":\"camera\"}"))
                .andExpect(status().isCreated())
                .andExpect(header().string("Cache-Control", "no-store"))
                .andReturn()
                .getResponse()
                .getContentAsString();
        String secret = JsonPath.read(made, "$.secret");
        Integer id = JsonPath.read(made, "$.key.id");
        assertThat(keys.identify(secret).map(key -> key.channelId())).isEqualTo(Optional.of(second.id()));
        site.perform(get("/api/v1/channels/" + second.name() + "/keys").with(user(anna)))
                .andExpect(jsonPath("$.length()").value(1))
                .andExpect(content().string(not(containsString(secret))));
        site.perform(json(delete("/api/v1/channel/keys/" + id), "")).andExpect(status().isNotFound());
        site.perform(json(delete("/api/v1/channels/" + second.name() + "/keys/" + id), ""))
                .andExpect(status().isNoContent());
        assertThat(keys.ofChannel(second.id())).isEmpty();
    }

    @Test
    void programsMakeAndRemoveChannels() throws Exception {
        String name = name();
        site.perform(json(post("/api/v1/channels"), "{\"name\":\"" + name + "\"}"))
                .andExpect(status().isCreated())
                .andExpect(jsonPath("$.channel").value(name));
        site.perform(get("/api/v1/channels").with(user(anna)))
                .andExpect(jsonPath("$.items.length()").value(3))
                .andExpect(jsonPath("$.items[0].channel").value(first.name()))
                .andExpect(jsonPath("$.left").value(0));
        site.perform(json(delete("/api/v1/channels/" + name), "")).andExpect(status().isNoContent());
        site.perform(json(delete("/api/v1/channels/" + first.name()), "")).andExpect(status().isUnprocessableContent());
        assertThat(channels.allOf(anna.accountId()))
                .extracting(ChannelView::id)
                .isEqualTo(List.of(first.id(), second.id()));
    }

    @Test
    void theDescriptionOfTheApiNamesTheChannelOfAnAddress() throws Exception {
        site.perform(get("/api/v1/openapi"))
                .andExpect(jsonPath("$.paths['/api/v1/channels/{channel}/keys'].get.parameters.length()")
                        .value(1))
                .andExpect(jsonPath("$.paths['/api/v1/channels/{channel}/keys'].get.parameters[0].name")
                        .value("channel"))
                .andExpect(jsonPath("$.paths['/api/v1/channel/keys'].get.parameters")
                        .doesNotExist());
    }

    // ---- the console ------------------------------------------------------------------------------------------

    @Test
    void anAdminGivesAnAccountANumberWithAReasonThatIsKept() throws Exception {
        AccountPrincipal admin = account(Role.ADMIN);
        String page = "/admin/users/" + anna.getUsername();
        site.perform(post(page + "/channels").with(user(admin)).with(csrf()).param("number", "5"))
                .andExpect(redirectedUrl(page + "?said=reason"));
        site.perform(post(page + "/channels")
                        .with(user(admin))
                        .with(csrf())
                        .param("number", "101")
                        .param("reason", "more"))
                .andExpect(redirectedUrl(page + "?said=value"));
        assertThat(extra.allowance(anna.accountId()).allowed()).isEqualTo(2);

        site.perform(post(page + "/channels")
                        .with(user(admin))
                        .with(csrf())
                        .param("number", "5")
                        .param("reason", "a zoo"))
                .andExpect(redirectedUrl(page + "?said=done"));
        assertThat(extra.allowance(anna.accountId())).isEqualTo(new ExtraChannels.Allowance(5, true, 1));
        site.perform(get(page).with(user(admin)))
                .andExpect(content().string(containsString("@" + second.name())))
                .andExpect(content().string(containsString("Changed a channel limit")))
                .andExpect(content().string(containsString("a zoo")));

        site.perform(post(page + "/channels")
                .with(user(admin))
                .with(csrf())
                .param("number", "")
                .param("reason", "over"));
        assertThat(extra.allowance(anna.accountId())).isEqualTo(new ExtraChannels.Allowance(0, false, 1));
    }

    @Test
    void theConsoleFindsAPersonByAnyOfTheirChannels() throws Exception {
        site.perform(get("/admin/users/" + second.name()).with(user(account(Role.MODERATOR))))
                .andExpect(status().isOk())
                .andExpect(content().string(containsString("<h1>" + anna.getUsername() + "</h1>")));
    }
}
