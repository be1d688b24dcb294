// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.delete;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.patch;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.cookie;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrl;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import com.jayway.jsonpath.JsonPath;
import java.sql.Timestamp;
import java.time.Instant;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Role;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.chat.ChatRight;
import live.millrace.platform.chat.ChatRooms;
import live.millrace.platform.database.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.ResultActions;

/** Clips: who makes them of what, who sees and changes them, and what their pages say. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class ClipsTest {
    @Autowired
    private TestPeople people;

    @Autowired
    private MockMvc site;

    @Autowired
    private JdbcClient database;

    @Autowired
    private ChatRooms rooms;

    @Autowired
    private RecordingRules rules;

    private AccountPrincipal anna;
    private AccountPrincipal viewer;
    private ChannelView channel;
    private String video;

    @BeforeEach
    void somebody() {
        anna = people.user();
        viewer = people.user();
        channel = people.channel(anna);
        video = Recordings.ready(database, channel.id(), "Piano & rain");
    }

    private ResultActions make(AccountPrincipal person, String of, String wish) throws Exception {
        return site.perform(post("/api/v1/" + of + "/clips")
                .with(csrf())
                .with(user(person))
                .contentType(MediaType.APPLICATION_JSON)
                .content(wish));
    }

    private String made(AccountPrincipal person, long from, long to, String title) throws Exception {
        String answer = make(
                        person,
                        "videos/" + video,
                        "{\"fromMillis\":" + from + ",\"toMillis\":" + to + ",\"title\":\"" + title + "\"}")
                .andExpect(status().isCreated())
                .andReturn()
                .getResponse()
                .getContentAsString();
        return JsonPath.read(answer, "$.id");
    }

    private String body(String address) throws Exception {
        return site.perform(get(address))
                .andExpect(status().isOk())
                .andReturn()
                .getResponse()
                .getContentAsString();
    }

    private void refused(AccountPrincipal person, String wish, int status, String because) throws Exception {
        make(person, "videos/" + video, wish)
                .andExpect(status().is(status))
                .andExpect(jsonPath("$.detail", containsString(because)));
    }

    private void set(String what) {
        database.sql("update recording set " + what + " where public_id = ?")
                .param(video)
                .update();
    }

    // ---- made -------------------------------------------------------------------------------------------------

    @Test
    void somebodyMakesAClipOfAVideoAndItsPagePlaysIt() throws Exception {
        String id = made(viewer, 300_000, 330_000, "The storm");
        String page = body("/clips/" + id);
        assertThat(page)
                .containsOnlyOnce("<video ")
                .contains("/videos/" + video + "/index.m3u8?start=300000&amp;end=330000")
                .contains("The storm", "Clip by " + viewer.getUsername(), "0:30")
                .contains("href=\"/videos/" + video + "?t=300\"", "Piano &amp; rain")
                .contains("rel=\"canonical\" href=\"http://localhost/clips/" + id + "\"")
                .contains("property=\"og:title\" content=\"The storm – " + channel.displayName() + "\"")
                .contains("http://localhost/embed/clips/" + id)
                .doesNotContain("noindex", ">Download<");
        assertThat(body("/embed/clips/" + id)).containsOnlyOnce("<video ");
        site.perform(get("/oembed").param("url", "http://localhost/clips/" + id))
                .andExpect(jsonPath("$.html", containsString("/embed/clips/" + id)));
        site.perform(get("/api/v1/clips/" + id))
                .andExpect(jsonPath("$.video").value(video))
                .andExpect(jsonPath("$.fromMillis").value(300_000))
                .andExpect(jsonPath("$.url").value("http://localhost/clips/" + id))
                .andExpect(jsonPath("$.by").value(viewer.getUsername()));
        site.perform(get("/clips/" + id)).andExpect(cookie().doesNotExist("SESSION"));
    }

    @Test
    void listsHaveItAndSayWhenThereIsNone() throws Exception {
        assertThat(body("/" + channel.name() + "/clips")).contains("No clips yet");
        assertThat(body("/videos/" + video)).contains("No clips of this video yet");
        String id = made(viewer, 0, 1_000, "First");
        String second = made(viewer, 7_100_000, 7_200_000, "");
        assertThat(body("/" + channel.name() + "/clips")).contains("/clips/" + id, "First", "Piano &amp; rain");
        assertThat(body("/videos/" + video)).contains("/clips/" + id, "/clips/" + second);
        site.perform(get("/api/v1/channels/" + channel.name() + "/clips"))
                .andExpect(jsonPath("$[*].id", org.hamcrest.Matchers.contains(second, id)));
        site.perform(get("/api/v1/channels/" + channel.name() + "/clips")
                        .param("limit", "1")
                        .param("before", second))
                .andExpect(jsonPath("$[*].id", org.hamcrest.Matchers.contains(id)));
    }

    @Test
    void whatCannotBeAClipIsSaidInWords() throws Exception {
        refused(viewer, "{\"fromMillis\":0,\"toMillis\":600001}", 422, "1 second");
        refused(viewer, "{\"fromMillis\":0,\"toMillis\":999}", 422, "1 second");
        refused(viewer, "{\"fromMillis\":5000,\"toMillis\":5000}", 422, "within the video");
        refused(viewer, "{\"fromMillis\":-5,\"toMillis\":5000}", 422, "within the video");
        refused(viewer, "{\"fromMillis\":7190000,\"toMillis\":7200001}", 422, "within the video");
        refused(viewer, "{\"title\":\"no range\"}", 422, "within the video");
        refused(viewer, "{\"fromMillis\":0,\"toMillis\":5000,\"title\":\"" + "x".repeat(101) + "\"}", 422, "100");
        set("visibility = 'PRIVATE'");
        refused(viewer, "{\"fromMillis\":0,\"toMillis\":5000}", 404, "no such video");
        make(viewer, "channels/" + channel.name(), "{\"seconds\":30}")
                .andExpect(status().isConflict())
                .andExpect(jsonPath("$.detail", containsString("isn’t being recorded")));
    }

    @Test
    void whoIsNoGuestMakesNone() throws Exception {
        String wish = "{\"fromMillis\":0,\"toMillis\":5000}";
        database.sql("""
                insert into chat_sanction (channel_id, account_id, username, kind, until, made_at)
                values (?, ?, ?, 'TIMEOUT', ?, now())
                """)
                .param(channel.id())
                .param(viewer.accountId())
                .param(viewer.getUsername())
                .param(Timestamp.from(Instant.now().plusSeconds(600)))
                .update();
        refused(viewer, wish, 403, "can’t make clips in this channel");
        site.perform(get("/api/v1/clips/window").param("video", video).with(user(viewer)))
                .andExpect(status().isForbidden());
        database.sql("update chat_sanction set until = now() - interval '1 minute' where account_id = ?")
                .param(viewer.accountId())
                .update();
        make(viewer, "videos/" + video, wish).andExpect(status().isCreated());
        rules.choose(channel.id(), new RecordingRules.Choice(null, null, null, null, null, false));
        refused(viewer, wish, 403, "doesn’t allow clips");
        assertThat(body("/videos/" + video)).doesNotContain("data-do=\"clip\"");
        rules.choose(channel.id(), new RecordingRules.Choice(null, null, null, null, null, null));
        assertThat(body("/videos/" + video)).contains("data-do=\"clip\"");
        database.sql("update account set suspended_at = now() where id = ?")
                .param(viewer.accountId())
                .update();
        assertThat(make(viewer, "videos/" + video, wish)
                        .andReturn()
                        .getResponse()
                        .getStatus())
                .isIn(401, 403);
    }

    @Test
    void thereIsAMostInADay() throws Exception {
        for (int at = 0; at < ClipDesk.MOST_A_DAY; at++) {
            made(viewer, at * 1_000L, at * 1_000L + 2_000, "Number " + at);
        }
        refused(viewer, "{\"fromMillis\":0,\"toMillis\":5000}", 429, "50 clips in a day");
        made(people.user(), 0, 2_000, "Of somebody else");
    }

    @Test
    void theDialogBeginsAroundWhatIsShown() throws Exception {
        site.perform(get("/api/v1/clips/window")
                        .param("video", video)
                        .param("at", "3600000")
                        .with(user(viewer)))
                .andExpect(jsonPath("$.fromMillis").value(3_300_000))
                .andExpect(jsonPath("$.toMillis").value(3_900_000))
                .andExpect(jsonPath("$.startMillis").value(3_585_000))
                .andExpect(jsonPath("$.endMillis").value(3_615_000))
                .andExpect(jsonPath("$.make").value("/api/v1/videos/" + video + "/clips"));
        site.perform(get("/api/v1/clips/window")
                        .param("video", video)
                        .param("at", "2000")
                        .with(user(viewer)))
                .andExpect(jsonPath("$.fromMillis").value(0))
                .andExpect(jsonPath("$.toMillis").value(600_000))
                .andExpect(jsonPath("$.startMillis").value(0));
        site.perform(get("/api/v1/clips/window")
                        .param("channel", channel.name())
                        .with(user(viewer)))
                .andExpect(status().isConflict());
        site.perform(get("/api/v1/clips/window").with(user(viewer))).andExpect(status().isBadRequest());
    }

    // ---- seen -------------------------------------------------------------------------------------------------

    @Test
    void ofWhatIsPrivateOrDeletedNobodyFindsClips() throws Exception {
        String id = made(viewer, 0, 5_000, "Hidden");
        for (String state : new String[] {"visibility = 'PRIVATE'", "deleted_at = now()"}) {
            set(state);
            boolean gone = state.startsWith("deleted");
            AccountPrincipal[] others = gone
                    ? new AccountPrincipal[] {viewer, anna, people.account(Role.ADMIN)}
                    : new AccountPrincipal[] {viewer, people.user()};
            for (AccountPrincipal one :
                    gone ? new AccountPrincipal[0] : new AccountPrincipal[] {anna, people.account(Role.ADMIN)}) {
                site.perform(get("/clips/" + id).with(user(one))).andExpect(status().isOk());
            }
            for (AccountPrincipal one : others) {
                site.perform(get("/clips/" + id).with(user(one))).andExpect(status().isNotFound());
                site.perform(get("/api/v1/clips/" + id).with(user(one))).andExpect(status().isNotFound());
                site.perform(get("/embed/clips/" + id).with(user(one))).andExpect(status().isNotFound());
            }
            site.perform(get("/oembed").param("url", "http://localhost/clips/" + id))
                    .andExpect(status().isNotFound());
            assertThat(body("/" + channel.name() + "/clips")).doesNotContain("Hidden");
            set("visibility = 'PUBLIC', deleted_at = null");
        }
        set("visibility = 'UNLISTED'");
        assertThat(body("/clips/" + id)).contains("noindex");
        assertThat(body("/" + channel.name() + "/clips")).doesNotContain("Hidden");
        site.perform(get("/clips/AAAAAAAAAAA")).andExpect(status().isNotFound());
    }

    @Test
    void whoWatchesIsCountedOnceADay() throws Exception {
        String id = made(viewer, 0, 5_000, "Watched");
        for (int round = 0; round < 3; round++) {
            site.perform(post("/clips/" + id + "/view")).andExpect(status().isNoContent());
        }
        site.perform(get("/api/v1/clips/" + id)).andExpect(jsonPath("$.views").value(1));
    }

    @Test
    void whereDownloadsAreAllowedThereIsALink() throws Exception {
        String id = made(viewer, 300_000, 330_000, "Taken along");
        site.perform(get("/clips/" + id)).andExpect(content().string(not(containsString(">Download<"))));
        rules.choose(channel.id(), new RecordingRules.Choice(null, null, null, null, true, null));
        assertThat(body("/clips/" + id))
                .contains("/videos/" + video + ".mp4?start=300000&amp;end=330000&amp;download=1");
    }

    // ---- whom it is for ---------------------------------------------------------------------------------------

    private ResultActions show(AccountPrincipal who, String id, String visibility) throws Exception {
        return site.perform(patch("/api/v1/clips/" + id)
                .with(csrf())
                .with(user(who))
                .contentType(MediaType.APPLICATION_JSON)
                .content("{\"visibility\":\"" + visibility + "\",\"reason\":\"Against the rules\"}"));
    }

    private int sees(@Nullable AccountPrincipal who, String id) throws Exception {
        return site.perform(
                        who == null ? get("/clips/" + id) : get("/clips/" + id).with(user(who)))
                .andReturn()
                .getResponse()
                .getStatus();
    }

    @Test
    void itIsForWhomItsVideoWasWhenItWasMade() throws Exception {
        set("visibility = 'REGISTERED'");
        String id = made(viewer, 0, 5_000, "For some");
        set("visibility = 'PUBLIC'");
        assertThat(body("/clips/" + id)).as("what one may do to see it").doesNotContain("For some", "/t/");
        assertThat(sees(people.user(), id)).isEqualTo(200);
        assertThat(body("/" + channel.name() + "/clips")).doesNotContain("For some");
        assertThat(body("/videos/" + video)).doesNotContain("For some");
        site.perform(get("/api/v1/channels/" + channel.name() + "/clips").with(user(people.user())))
                .andExpect(jsonPath("$[0].visibility").value("REGISTERED"));
        set("visibility = 'PRIVATE'");
        assertThat(sees(viewer, id)).as("made of what is not for them any more").isEqualTo(404);
        assertThat(sees(anna, id)).isEqualTo(200);
    }

    @Test
    void aPrivateOneIsSeenByItsMakerAndThoseWhoRunTheChannel() throws Exception {
        String id = made(viewer, 0, 5_000, "Mine");
        show(viewer, id, "PRIVATE")
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.visibility").value("PRIVATE"));
        assertThat(sees(null, id)).isEqualTo(404);
        assertThat(sees(people.user(), id)).isEqualTo(404);
        assertThat(sees(viewer, id)).isEqualTo(200);
        assertThat(sees(anna, id)).isEqualTo(200);
        assertThat(sees(people.account(Role.MODERATOR), id)).isEqualTo(200);
        assertThat(site.perform(get("/" + channel.name() + "/clips").with(user(viewer)))
                        .andReturn()
                        .getResponse()
                        .getContentAsString())
                .contains("Mine");
        assertThat(body("/" + channel.name() + "/clips")).doesNotContain("Mine");
    }

    @Test
    void whoSeesAPrivateVideoMakesClipsOfItThatAreAsPrivate() throws Exception {
        set("visibility = 'PRIVATE'");
        site.perform(get("/api/v1/clips/window").param("video", video).with(user(anna)))
                .andExpect(status().isOk());
        String id = made(anna, 0, 5_000, "Between us");
        assertThat(sees(anna, id)).isEqualTo(200);
        assertThat(sees(viewer, id)).isEqualTo(404);
        assertThat(sees(null, id)).isEqualTo(404);
        show(anna, id, "PUBLIC")
                .andExpect(status().isUnprocessableContent())
                .andExpect(jsonPath("$.detail", containsString("Its video is for fewer")));
        set("visibility = 'PUBLIC'");
        assertThat(sees(viewer, id)).as("its owner did not show it").isEqualTo(404);
    }

    @Test
    void onlyTheOwnerMakesItWider() throws Exception {
        String id = made(viewer, 0, 5_000, "Wider");
        AccountPrincipal staff = people.account(Role.ADMIN);
        show(people.user(), id, "PRIVATE").andExpect(status().isForbidden());
        show(viewer, id, "REGISTERED").andExpect(status().isOk());
        show(staff, id, "FOLLOWERS").andExpect(status().isOk());
        for (AccountPrincipal other : new AccountPrincipal[] {viewer, staff}) {
            for (String wider : new String[] {"PUBLIC", "UNLISTED", "REGISTERED", "PASSWORD"}) {
                show(other, id, wider).andExpect(status().isUnprocessableContent());
            }
        }
        show(anna, id, "PUBLIC").andExpect(status().isOk());
        set("visibility = 'FOLLOWERS'");
        show(anna, id, "REGISTERED")
                .andExpect(status().isUnprocessableContent())
                .andExpect(jsonPath("$.detail", containsString("Its video is for fewer")));
        show(anna, id, "INVITED").andExpect(status().isOk());
        assertThat(database.sql("select count(*) from audit_entry where action = 'clip.edit' and actor_id = ?")
                        .param(staff.accountId())
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
    }

    @Test
    void itsPageOffersWhatSomebodyMayChoose() throws Exception {
        String id = made(viewer, 0, 5_000, "Chosen");
        show(viewer, id, "FOLLOWERS").andExpect(status().isOk());
        database.sql("insert into channel_follow (account_id, channel_id) values (?, ?)")
                .param(viewer.accountId())
                .param(channel.id())
                .update();
        String makers = site.perform(get("/clips/" + id).with(user(viewer)))
                .andReturn()
                .getResponse()
                .getContentAsString();
        assertThat(makers)
                .contains(
                        "<option value=\"FOLLOWERS\" selected",
                        "<option value=\"INVITED\"",
                        "<option value=\"PRIVATE\"")
                .doesNotContain("<option value=\"PUBLIC\"", "<option value=\"PASSWORD\"");
        site.perform(post("/clips/" + id + "/visibility")
                        .with(csrf())
                        .with(user(anna))
                        .param("visibility", "PUBLIC"))
                .andExpect(redirectedUrl("/clips/" + id + "?saved#manage"));
        site.perform(post("/clips/" + id + "/visibility")
                        .with(csrf())
                        .with(user(viewer))
                        .param("visibility", "PUBLIC"))
                .andExpect(redirectedUrl("/clips/" + id + "?saved#manage"));
        show(viewer, id, "PRIVATE").andExpect(status().isOk());
        site.perform(post("/clips/" + id + "/visibility")
                        .with(csrf())
                        .with(user(viewer))
                        .param("visibility", "PUBLIC"))
                .andExpect(status().isUnprocessableContent())
                .andExpect(content().string(containsString("Only the channel’s owner")));
    }

    // ---- changed ----------------------------------------------------------------------------------------------

    @Test
    void itsMakerRenamesIt() throws Exception {
        String id = made(viewer, 0, 5_000, "Before");
        site.perform(post("/clips/" + id).with(csrf()).with(user(viewer)).param("title", "After"))
                .andExpect(redirectedUrl("/clips/" + id + "?saved#manage"));
        assertThat(body("/clips/" + id)).contains("After").doesNotContain("Before");
        site.perform(post("/clips/" + id).with(csrf()).with(user(viewer)).param("title", " "))
                .andExpect(status().isUnprocessableContent())
                .andExpect(content().string(containsString("Enter a title")));
        site.perform(post("/clips/" + id).with(csrf()).with(user(anna)).param("title", "Hers"))
                .andExpect(status().isForbidden());
    }

    @Test
    void itsMakerDeletesItAndSoDoWhoRunTheChannel() throws Exception {
        AccountPrincipal moderator = people.user();
        rooms.putModerator(channel.id(), moderator.accountId(), ChatRight.USUAL);
        for (AccountPrincipal one : new AccountPrincipal[] {viewer, anna, moderator}) {
            String id = made(viewer, 0, 5_000, "Gone");
            site.perform(delete("/api/v1/clips/" + id).with(csrf()).with(user(people.user())))
                    .andExpect(status().isForbidden());
            site.perform(delete("/api/v1/clips/" + id).with(csrf()).with(user(one)))
                    .andExpect(status().isNoContent());
            site.perform(get("/clips/" + id)).andExpect(status().isNotFound());
        }
    }

    @Test
    void staffSayWhyAndItIsLogged() throws Exception {
        AccountPrincipal staff = people.account(Role.MODERATOR);
        String id = made(viewer, 0, 5_000, "Bad words");
        site.perform(post("/clips/" + id + "/delete").with(csrf()).with(user(staff)))
                .andExpect(status().isUnprocessableContent());
        site.perform(post("/clips/" + id + "/delete")
                        .with(csrf())
                        .with(user(staff))
                        .param("reason", "Against the rules"))
                .andExpect(redirectedUrl("/" + channel.name() + "/clips?deleted"));
        assertThat(database.sql("select reason from audit_entry where action = 'clip.delete' and actor_id = ?")
                        .param(staff.accountId())
                        .query(String.class)
                        .single())
                .isEqualTo("Against the rules");
    }
}
