// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.cookie;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrl;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import java.io.ByteArrayInputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import javax.xml.parsers.DocumentBuilderFactory;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Role;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Follows;
import live.millrace.platform.chat.ChatRight;
import live.millrace.platform.chat.ChatRooms;
import live.millrace.platform.database.TestDatabase;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;
import org.w3c.dom.Document;

/** Pages of videos: what they show, to whom, and what of private ones nobody finds. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class VideoPagesTest {
    private static final Instant START = Instant.parse("2026-11-20T18:00:00Z");

    @Autowired
    private TestPeople people;

    @Autowired
    private MockMvc site;

    @Autowired
    private JdbcClient database;

    @Autowired
    private ChatRooms rooms;

    @Autowired
    private Follows follows;

    private AccountPrincipal anna;
    private ChannelView channel;

    @BeforeEach
    void anna() {
        anna = people.user();
        channel = people.channel(anna);
    }

    private String body(String address) throws Exception {
        return site.perform(get(address)).andReturn().getResponse().getContentAsString();
    }

    private static int count(String text, String part) {
        return text.split(java.util.regex.Pattern.quote(part), -1).length - 1;
    }

    @Test
    void aPageHasOneVideoAndSaysWhatIsInIt() throws Exception {
        String id = Recordings.ready(database, channel.id(), "Piano & rain");
        Recordings.gap(database, id, 723_000, 40_000);
        Recordings.gap(database, id, 3_700_000, 400);
        database.sql("update recording set description = '**bold** <script>alert(1)</script>' where public_id = ?")
                .param(id)
                .update();
        database.sql(
                        "insert into recording_chapter (recording_id, at, title) select id, started_at + interval '800 s', 'Rain' from recording where public_id = ?")
                .param(id)
                .update();
        String page = body("/videos/" + id);
        assertThat(count(page, "<video ")).isOne();
        assertThat(page)
                .contains("/videos/" + id + "/index.m3u8?v=")
                .contains("Piano &amp; rain")
                .contains("<strong>bold</strong>")
                .doesNotContain("<script>alert")
                .contains("2 stretches are missing:", "40 s at 12:03", "1 s at 1:01:40")
                // 800 s of the clock are 760 s of the video.
                .contains("?t=760")
                .contains("12:40")
                .contains("property=\"og:title\"", "\"@type\":\"VideoObject\"", "PT2H")
                .contains("rel=\"canonical\" href=\"http://localhost/videos/" + id + "\"")
                .doesNotContain("noindex")
                .doesNotContain(">Download<");
    }

    @Test
    void anAnonymousLookLeavesNothing() throws Exception {
        String id = Recordings.ready(database, channel.id(), "Plain");
        site.perform(get("/videos/" + id))
                .andExpect(status().isOk())
                .andExpect(cookie().doesNotExist("SESSION"))
                .andExpect(header().doesNotExist("Set-Cookie"));
        assertThat(views(id)).isZero();
    }

    private long views(String id) {
        return database.sql("select views from recording where public_id = ?")
                .param(id)
                .query(Long.class)
                .single();
    }

    @Test
    void whoWatchesIsCountedOnceADay() throws Exception {
        String id = Recordings.ready(database, channel.id(), "Counted");
        for (int round = 0; round < 2; round++) {
            site.perform(post("/videos/" + id + "/view").header("User-Agent", "one"))
                    .andExpect(status().isNoContent());
            site.perform(post("/videos/" + id + "/view").header("User-Agent", "two"))
                    .andExpect(status().isNoContent());
            site.perform(post("/videos/" + id + "/view").with(user(anna))).andExpect(status().isNoContent());
        }
        assertThat(views(id)).isEqualTo(3);
        site.perform(post("/videos/" + id + "/view").header("Origin", "https://evil.example"))
                .andExpect(status().isForbidden());
        String secret = Recordings.insert(database, channel.id(), "x", "READY", "PRIVATE", START);
        site.perform(post("/videos/" + secret + "/view")).andExpect(status().isNotFound());
    }

    @Test
    void oneAddressIsNotACrowd() throws Exception {
        String id = Recordings.ready(database, channel.id(), "Crowd");
        String address = "198.51.100." + ThreadLocalRandom.current().nextInt(1, 255); // another with each try
        for (int viewer = 0; viewer < 100; viewer++) {
            int number = viewer;
            site.perform(post("/videos/" + id + "/view")
                    .with(request -> {
                        request.setRemoteAddr(address);
                        return request;
                    })
                    .header("User-Agent", "browser " + number));
        }
        assertThat(views(id)).isEqualTo(60);
    }

    @Test
    void whatIsNotThereIsOneAnswer() throws Exception {
        String secret = Recordings.insert(database, channel.id(), "x", "READY", "PRIVATE", START);
        String gone = Recordings.ready(database, channel.id(), "y");
        Recordings.refresh(database, gone, true);
        List<String> answers = new ArrayList<>();
        for (String id : List.of(secret, gone, "AAAAAAAAAAA", "nothing")) {
            for (String address : List.of("/videos/", "/embed/videos/")) {
                site.perform(get(address + id)).andExpect(status().isNotFound());
            }
            site.perform(get("/videos/" + id).with(user(people.user()))).andExpect(status().isNotFound());
            answers.add(site.perform(get("/api/v1/videos/" + id))
                    .andExpect(status().isNotFound())
                    .andReturn()
                    .getResponse()
                    .getContentAsString()
                    .replace(id, ""));
        }
        assertThat(answers).containsOnly(answers.getFirst());
    }

    @Test
    void ofAPrivateVideoNothingIsFound() throws Exception {
        String canary = "canary" + channel.id() + "zq";
        String secret = Recordings.insert(database, channel.id(), canary, "READY", "PRIVATE", START);
        String link = Recordings.insert(database, channel.id(), canary, "READY", "UNLISTED", START.plusSeconds(1));
        AccountPrincipal fan = people.user();
        follows.follow(fan.accountId(), channel.id());
        for (String address : List.of(
                "/",
                "/search?q=" + canary,
                "/" + channel.name(),
                "/" + channel.name() + "/videos",
                "/" + channel.name() + "/videos.atom",
                "/api/v1/channels/" + channel.name() + "/videos",
                "/api/v1/search/suggestions?q=" + canary,
                "/following")) {
            for (boolean signedIn : new boolean[] {false, true}) {
                String page = site.perform(signedIn ? get(address).with(user(fan)) : get(address))
                        .andReturn()
                        .getResponse()
                        .getContentAsString();
                assertThat(page.replace("value=\"" + canary, "").replace("“" + canary, ""))
                        .as(address)
                        .doesNotContain(secret, link)
                        .doesNotContain(">" + canary);
            }
        }
        for (String id : List.of(secret, link)) {
            assertThat(database.sql("select title from recording where public_id = ?")
                            .param(id)
                            .query(String.class)
                            .single())
                    .isEqualTo(canary);
        }
        site.perform(get("/oembed").param("url", "http://localhost/videos/" + secret))
                .andExpect(status().isNotFound());
        // Whoever has the address sees it, and no search engine keeps it.
        assertThat(body("/videos/" + link)).contains(canary, "noindex");
        // Its owner sees that it is private, and plays it by a ticket.
        String own = site.perform(get("/videos/" + secret).with(user(anna)))
                .andExpect(status().isOk())
                .andReturn()
                .getResponse()
                .getContentAsString();
        assertThat(own).contains(canary, "/t/").doesNotContain("og:title", "VideoObject");
        site.perform(get("/" + channel.name() + "/videos").with(user(anna)))
                .andExpect(content().string(containsString(secret)))
                .andExpect(content().string(containsString("Private")))
                .andExpect(content().string(containsString("Unlisted")));
    }

    @Test
    void listsShowWhatIsPublicAndWhole() throws Exception {
        String word = "heron" + channel.id();
        String ready = Recordings.insert(database, channel.id(), "A " + word, "READY", "PUBLIC", Instant.now());
        String running = Recordings.insert(
                database,
                channel.id(),
                "B " + word,
                "RECORDING",
                "PUBLIC",
                Instant.now().plusSeconds(5));
        AccountPrincipal fan = people.user();
        follows.follow(fan.accountId(), channel.id());
        assertThat(body("/search?q=" + word)).contains("/videos/" + ready).doesNotContain("/videos/" + running);
        site.perform(get("/following").with(user(fan))).andExpect(content().string(containsString("/videos/" + ready)));
        assertThat(body("/" + channel.name() + "/videos"))
                .contains("/videos/" + ready, "/videos/" + running, "Waiting for the stream");
        assertThat(body("/videos/" + running)).contains("broke off");
        site.perform(get("/oembed").param("url", "http://localhost/videos/" + ready))
                .andExpect(jsonPath("$.title").value(containsString("A " + word)))
                .andExpect(jsonPath("$.html").value(containsString("/embed/videos/" + ready)));
        site.perform(get("/embed/videos/" + ready))
                .andExpect(header().string("Content-Security-Policy", containsString("frame-ancestors *")));
        assertThat(count(body("/embed/videos/" + ready), "<video ")).isOne();
        String feed = body("/" + channel.name() + "/videos.atom");
        DocumentBuilderFactory xml = DocumentBuilderFactory.newInstance();
        xml.setNamespaceAware(true);
        Document parsed = xml.newDocumentBuilder()
                .parse(new ByteArrayInputStream(feed.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        assertThat(parsed.getElementsByTagNameNS("http://www.w3.org/2005/Atom", "entry")
                        .getLength())
                .isOne();
        assertThat(feed).contains("/videos/" + ready).doesNotContain("/videos/" + running);
    }

    @Test
    void olderOnesAreOnPagesBehind() throws Exception {
        assertThat(body("/" + channel.name() + "/videos")).contains("No videos yet");
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            ids.add(Recordings.insert(
                    database, channel.id(), "v" + i, "READY", "PUBLIC", START.plusSeconds(i * 86_400L)));
        }
        String first = body("/" + channel.name() + "/videos");
        assertThat(count(first, "<article")).isEqualTo(24);
        assertThat(first).contains("before=" + ids.get(6));
        String second = body("/" + channel.name() + "/videos?before=" + ids.get(6));
        assertThat(count(second, "<article")).isEqualTo(6);
        assertThat(second).contains(ids.getFirst()).doesNotContain("rel=\"next\"");
        site.perform(get("/api/v1/channels/" + channel.name() + "/videos")
                        .param("limit", "2")
                        .param("before", ids.get(6)))
                .andExpect(jsonPath("$.length()").value(2))
                .andExpect(jsonPath("$[0].id").value(ids.get(5)))
                .andExpect(jsonPath("$[0].durationMillis").value(7_200_000));
    }

    @Test
    void downloadIsShownToWhomItIsAllowed() throws Exception {
        String id = Recordings.ready(database, channel.id(), "Download me");
        String link = "/videos/" + id + ".mp4";
        site.perform(get("/videos/" + id).with(user(people.user())))
                .andExpect(content().string(not(containsString(link))));
        site.perform(get("/videos/" + id).with(user(anna))).andExpect(content().string(containsString(link)));
        site.perform(post("/studio/videos/rules").with(csrf()).with(user(anna)).param("downloads", "on"))
                .andExpect(redirectedUrl("/studio/videos?saved#rules"));
        assertThat(body("/videos/" + id)).contains(link);
    }

    @Test
    void whoDescribesDoesNotDecide() throws Exception {
        String id = Recordings.ready(database, channel.id(), "Before");
        AccountPrincipal helper = people.user();
        AccountPrincipal talker = people.user();
        rooms.putModerator(channel.id(), helper.accountId(), java.util.Set.of(ChatRight.INFO));
        rooms.putModerator(channel.id(), talker.accountId(), ChatRight.USUAL);
        String edit = "/studio/videos/" + id;
        site.perform(post(edit).with(csrf()).with(user(talker)).param("title", "No"))
                .andExpect(status().isNotFound());
        site.perform(post(edit)
                        .with(csrf())
                        .with(user(helper))
                        .param("title", "After")
                        .param("visibility", "PRIVATE"))
                .andExpect(redirectedUrl(edit + "?saved"));
        assertThat(body("/videos/" + id)).contains("After");
        site.perform(post(edit + "/delete").with(csrf()).with(user(helper))).andExpect(status().isForbidden());
        site.perform(post(edit).with(csrf()).with(user(anna)).param("title", "x".repeat(101)))
                .andExpect(status().isUnprocessableContent());
    }

    @Test
    void whatIsDeletedComesBackForAWeek() throws Exception {
        String id = Recordings.ready(database, channel.id(), "Gone and back");
        String edit = "/studio/videos/" + id;
        site.perform(post(edit + "/delete").with(csrf()).with(user(anna)))
                .andExpect(redirectedUrl("/studio/videos?deleted#deleted"));
        site.perform(get("/videos/" + id)).andExpect(status().isNotFound());
        site.perform(get("/studio/videos").with(user(anna)))
                .andExpect(content().string(containsString(edit + "/restore")));
        site.perform(post(edit + "/restore").with(csrf()).with(user(people.user())))
                .andExpect(status().isNotFound());
        site.perform(post(edit + "/restore").with(csrf()).with(user(anna)))
                .andExpect(redirectedUrl(edit + "?restored"));
        site.perform(get("/videos/" + id)).andExpect(status().isOk());
        String running = Recordings.insert(database, channel.id(), "On", "RECORDING", "PUBLIC", Instant.now());
        site.perform(post("/studio/videos/" + running + "/delete").with(csrf()).with(user(anna)))
                .andExpect(status().isUnprocessableContent());
    }

    /** Else one that is old goes at once, because its owner was told long ago. */
    @Test
    void whatIsKeptNoLongerIsToldOfAgain() throws Exception {
        String id = Recordings.ready(database, channel.id(), "Kept");
        database.sql("update recording set pinned = true, warned_at = now() where public_id = ?")
                .param(id)
                .update();
        site.perform(post("/studio/videos/" + id)
                        .with(csrf())
                        .with(user(anna))
                        .param("title", "Kept")
                        .param("visibility", "PUBLIC"))
                .andExpect(redirectedUrl("/studio/videos/" + id + "?saved"));
        assertThat(database.sql("select pinned or warned_at is not null from recording where public_id = ?")
                        .param(id)
                        .query(Boolean.class)
                        .single())
                .isFalse();
    }

    @Test
    void whatStaffTakeFromViewStaysThere() throws Exception {
        AccountPrincipal staff = people.account(Role.MODERATOR);
        String id = Recordings.ready(database, channel.id(), "Reported");
        String edit = "/studio/videos/" + id;
        site.perform(post(edit).with(csrf()).with(user(staff)).param("visibility", "PRIVATE"))
                .andExpect(status().isUnprocessableContent());
        site.perform(post(edit)
                        .with(csrf())
                        .with(user(staff))
                        .param("title", "Reported")
                        .param("visibility", "PRIVATE")
                        .param("reason", "a face that did not agree"))
                .andExpect(redirectedUrl(edit + "?saved"));
        site.perform(post(edit)
                        .with(csrf())
                        .with(user(anna))
                        .param("title", "x")
                        .param("visibility", "PUBLIC"))
                .andExpect(status().isUnprocessableContent());
        site.perform(get("/videos/" + id)).andExpect(status().isNotFound());
        site.perform(get("/videos/" + id).with(user(staff))).andExpect(status().isOk());
        site.perform(post(edit + "/delete").with(csrf()).with(user(staff)).param("reason", "again"))
                .andExpect(redirectedUrl("/" + channel.name() + "/videos"));
        site.perform(post(edit + "/restore").with(csrf()).with(user(anna))).andExpect(status().isNotFound());
        assertThat(database.sql("select action from audit_entry where actor_id = ? order by id")
                        .param(staff.accountId())
                        .query(String.class)
                        .list())
                .containsExactly("video.edit", "video.look", "video.delete");
    }
}
