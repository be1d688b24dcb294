// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;

import java.util.List;
import live.millrace.media.recording.RecordingId;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.Follows;
import live.millrace.platform.channel.Visibility;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.recording.Recordings;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;

/** What is for those with an account, followers, or a password says so, and leads back to it; of all else nobody learns. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class WayInTest {
    private static final String VIDEO = "Mombasa nobody knows";
    private static final String CLIP = "Kilimanjaro nobody knows";
    private static final String SHUT = "The chat is for those who may watch.";

    @Autowired
    private TestPeople people;

    @Autowired
    private Channels channels;

    @Autowired
    private Follows follows;

    @Autowired
    private ChannelPasswords passwords;

    @Autowired
    private JdbcClient database;

    @Autowired
    private MockMvc site;

    private AccountPrincipal anna;
    private AccountPrincipal bert;
    private ChannelView channel;
    private List<String> pages;

    @BeforeEach
    void recorded() {
        anna = people.user();
        bert = people.user();
        channel = people.channel(anna);
        String video = Recordings.ready(database, channel.id(), VIDEO);
        pages = List.of("/videos/" + video, "/clips/" + Recordings.clip(database, video, anna, CLIP));
    }

    private void recordedFor(Visibility visibility) {
        database.sql("update recording set visibility = ? where channel_id = ?")
                .param(visibility.name())
                .param(channel.id())
                .update();
    }

    private MockHttpServletResponse answer(MockHttpServletRequestBuilder request, @Nullable AccountPrincipal who)
            throws Exception {
        return site.perform(who == null ? request : request.with(user(who)).with(csrf()))
                .andReturn()
                .getResponse();
    }

    private String page(String address, @Nullable AccountPrincipal who) throws Exception {
        return answer(get(address), who).getContentAsString();
    }

    /** What is told to whoever may not watch: what is needed, and whose it is. */
    private String locked(String address, @Nullable AccountPrincipal who) throws Exception {
        MockHttpServletResponse answer = answer(get(address), who);
        assertThat(answer.getStatus()).as(address).isEqualTo(200);
        assertThat(answer.getHeader("Cache-Control")).as(address).contains("no-store");
        return assertThat(answer.getContentAsString())
                .as(address)
                .contains(channel.displayName(), "noindex")
                .doesNotContain(VIDEO, CLIP, "og:", "/t/", "video-player")
                .actual();
    }

    @Test
    void forThoseWithAnAccountOneLogsInAndComesBack() throws Exception {
        recordedFor(Visibility.REGISTERED);
        for (String address : pages) {
            assertThat(locked(address, null)).contains("For people with an account", "/login?continue=" + address);
            assertThat(page(address, bert)).contains("nobody knows");
        }
    }

    @Test
    void forFollowersOneFollowsAndComesBack() throws Exception {
        recordedFor(Visibility.FOLLOWERS);
        for (String address : pages) {
            assertThat(locked(address, null))
                    .contains("For followers", "Log in, then follow", "/login?continue=" + address);
            assertThat(locked(address, bert)).contains("For followers", "/follow/" + channel.name());
            String back = answer(post("/follow/" + channel.name()).param("continue", address), bert)
                    .getRedirectedUrl();
            assertThat(back).isEqualTo(address);
            assertThat(page(address, bert)).contains("nobody knows");
            follows.unfollow(bert.accountId(), channel.id());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"PASSWORD", "PUBLIC"})
    void forThoseWhoKnowThePasswordOneSaysItAndComesBack(Visibility ofChannel) throws Exception {
        recordedFor(Visibility.PASSWORD);
        channels.show(channel.id(), ofChannel);
        passwords.set(channel.id(), "herons");
        for (String address : pages) {
            assertThat(locked(address, null))
                    .contains("This channel has a password", "/" + channel.name() + "/unlock", address);
            assertThat(unlock("no", address).getRedirectedUrl()).isEqualTo(address + "?password=wrong");
            assertThat(locked(address + "?password=wrong", null)).contains("That’s not the password");
            MockHttpServletResponse said = unlock("herons", address);
            assertThat(said.getRedirectedUrl()).isEqualTo(address);
            assertThat(said.getCookies()).isNotEmpty();
            assertThat(page(address, null)).doesNotContain("nobody knows");
            assertThat(answer(get(address).cookie(said.getCookies()), null).getContentAsString())
                    .contains("nobody knows");
        }
    }

    private MockHttpServletResponse unlock(String password, String back) throws Exception {
        return site.perform(post("/" + channel.name() + "/unlock")
                        .with(csrf())
                        .param("password", password)
                        .param("continue", back))
                .andReturn()
                .getResponse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://elsewhere.test/videos/a",
                "//elsewhere.test/videos/a",
                "/\\elsewhere.test",
                "/videos/a/edit",
                "/videos/../admin",
                "/videos/a?b",
                "/videos/a\r\nX: y",
                "/videos/",
                "/admin",
                ""
            })
    void nothingElseIsAWayBack(String back) throws Exception {
        channels.show(channel.id(), Visibility.PASSWORD);
        passwords.set(channel.id(), "herons");
        assertThat(unlock("herons", back).getRedirectedUrl()).isEqualTo("/" + channel.name());
        assertThat(unlock("no", back).getRedirectedUrl()).isEqualTo("/" + channel.name() + "?password=wrong");
        assertThat(answer(post("/follow/" + channel.name()).param("continue", back), bert)
                        .getRedirectedUrl())
                .isEqualTo("/" + channel.name());
    }

    @ParameterizedTest
    @EnumSource(names = {"INVITED", "PRIVATE"})
    void whatIsSecretIsNotThere(Visibility visibility) throws Exception {
        recordedFor(visibility);
        String nonsense = RecordingId.fresh();
        for (String address : pages) {
            for (AccountPrincipal who : new AccountPrincipal[] {null, bert}) {
                MockHttpServletResponse unknown = answer(get(address.replaceAll("[^/]+$", nonsense)), who);
                MockHttpServletResponse secret = answer(get(address), who);
                assertThat(secret.getStatus()).isEqualTo(unknown.getStatus()).isEqualTo(404);
                assertThat(secret.getContentAsString())
                        .doesNotContain("nobody knows")
                        .doesNotContain(channel.name());
            }
        }
        assertThat(page("/" + channel.name() + "/videos", bert)).contains("No videos yet");
    }

    @Test
    void itsMediaAndItsFramesAreNotThere() throws Exception {
        recordedFor(Visibility.PASSWORD);
        for (String address : pages) {
            assertThat(answer(get("/embed" + address), null).getStatus()).isEqualTo(404);
            assertThat(answer(post(address + "/view"), bert).getStatus()).isEqualTo(404);
            assertThat(answer(get("/api/v1" + address), bert).getStatus()).isEqualTo(404);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"REGISTERED", "FOLLOWERS", "PASSWORD"})
    void theVideosTabSaysWhatIsNeeded(Visibility visibility) throws Exception {
        String address = "/" + channel.name() + "/videos";
        assertThat(page(address, null)).contains(VIDEO);
        recordedFor(visibility);
        assertThat(page(address, null))
                .doesNotContain("No videos yet", VIDEO)
                .contains(
                        visibility == Visibility.PASSWORD
                                ? "/" + channel.name() + "/unlock"
                                : "/login?continue=/" + channel.name() + "/videos");
        database.sql("delete from recording where channel_id = ?")
                .param(channel.id())
                .update();
        assertThat(page(address, null)).contains("No videos yet");
        channels.show(channel.id(), visibility);
        assertThat(page(address, null)).doesNotContain("No videos yet");
        assertThat(page(address, anna)).contains("No videos yet");
    }

    @ParameterizedTest
    @EnumSource(names = {"REGISTERED", "FOLLOWERS", "PASSWORD"})
    void nobodyIsAskedToChatWhoMayNotWatch(Visibility visibility) throws Exception {
        channels.show(channel.id(), visibility);
        for (AccountPrincipal who : new AccountPrincipal[] {null, bert}) {
            for (String address : List.of("/" + channel.name(), "/popout/" + channel.name())) {
                boolean may = who != null && visibility == Visibility.REGISTERED;
                String page = page(address, who);
                assertThat(page.contains(SHUT)).as(address).isEqualTo(!may);
                assertThat(page.contains("No comments yet")).as(address).isEqualTo(may);
                assertThat(page.contains("class=\"chat-form\"")).as(address).isEqualTo(may);
                assertThat(page).as(address).doesNotContain("chat-login");
            }
        }
        assertThat(page("/" + channel.name(), anna)).contains("chat-form").doesNotContain(SHUT);
    }

    @ParameterizedTest
    @EnumSource(names = {"INVITED", "PRIVATE"})
    void aSecretChannelsChatIsAsAnyOther(Visibility visibility) throws Exception {
        channels.show(channel.id(), visibility);
        assertThat(page("/" + channel.name(), null)).contains("chat-login").doesNotContain(SHUT);
    }

    @Test
    void aChannelForFollowersSaysSoToStrangers() throws Exception {
        channels.show(channel.id(), Visibility.FOLLOWERS);
        assertThat(page("/" + channel.name(), null))
                .contains("For followers", "Log in, then follow", "/login?continue=/" + channel.name())
                .doesNotContain("For people with an account");
        assertThat(page("/embed/" + channel.name(), bert)).contains("Log in, then follow");
    }
}
