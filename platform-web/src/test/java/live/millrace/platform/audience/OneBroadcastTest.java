// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.patch;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import live.millrace.media.testing.MediaScript;
import live.millrace.media.testing.RtmpScript;
import live.millrace.media.testing.Wait;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.BroadcastInfo;
import live.millrace.platform.channel.CategoryView;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.Follows;
import live.millrace.platform.channel.Visibility;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.engine.LiveState;
import live.millrace.platform.live.Broadcasting;
import live.millrace.platform.live.PastBroadcast;
import live.millrace.platform.recording.RecordingRules;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;

/** One broadcast is for fewer than its channel: while it lasts, and when it is over nobody learns of it who could not have seen it. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class OneBroadcastTest {
    private static final String OPEN = "Piano for everybody";
    private static final String SECRET = "Zanzibar nobody knows";

    @Autowired
    private TestPeople people;

    @Autowired
    private Channels channels;

    @Autowired
    private Follows follows;

    @Autowired
    private Broadcasting broadcasting;

    @Autowired
    private RecordingRules rules;

    @Autowired
    private Engine engine;

    @Autowired
    private JdbcClient database;

    @Autowired
    private MockMvc site;

    private AccountPrincipal anna;
    private AccountPrincipal bert;
    private ChannelView channel;
    private @Nullable RtmpScript encoder;

    @BeforeEach
    void somebody() {
        anna = people.user();
        bert = people.user();
        channel = people.channel(anna);
        channels.describe(channel.id(), new BroadcastInfo(OPEN, null, List.of("piano"), "en", false));
    }

    @AfterEach
    void offAir() throws Exception {
        if (encoder != null) {
            over();
        }
    }

    private void onAir() throws Exception {
        RtmpScript script = new RtmpScript(engine.rtmpPort()).handshake().connect("live");
        encoder = script;
        assertThat(script.publish(people.key(anna).secret())).isEqualTo("NetStream.Publish.Start");
        new MediaScript(script).headers().both(8);
        script.sync();
        Wait.until(
                "it is live",
                () -> engine.live(channel.name())
                        .filter(live -> live.state() == LiveState.LIVE)
                        .isPresent());
        Wait.until(
                "it is written down",
                () -> database.sql(
                                "select exists (select from live_broadcast where channel_id = ? and live_at is not null and ended_at is null)")
                        .param(channel.id())
                        .query(Boolean.class)
                        .single());
    }

    private void over() throws Exception {
        RtmpScript open = encoder;
        encoder = null;
        if (open != null) {
            open.close();
        }
        engine.end(channel.name());
        Wait.until("it is over", () -> engine.live(channel.name()).isEmpty());
        Wait.until(
                "that is written down",
                () -> database.sql(
                                "select not exists (select from live_broadcast where channel_id = ? and ended_at is null)")
                        .param(channel.id())
                        .query(Boolean.class)
                        .single());
    }

    private ChannelView now() {
        return channels.find(channel.id()).orElseThrow();
    }

    private MockHttpServletResponse edit(String json) throws Exception {
        return site.perform(patch("/api/v1/channel")
                        .with(user(anna))
                        .with(csrf())
                        .contentType(MediaType.APPLICATION_JSON)
                        .content(json))
                .andReturn()
                .getResponse();
    }

    private String page(String address, @Nullable AccountPrincipal who) throws Exception {
        MockHttpServletRequestBuilder request = get(address);
        return site.perform(who == null ? request : request.with(user(who)))
                .andReturn()
                .getResponse()
                .getContentAsString();
    }

    private void past(String title, Visibility visibility, Instant at) {
        database.sql("""
                insert into live_broadcast (channel_id, engine_id, title, started_at, live_at, ended_at, visibility)
                values (?, ?, ?, ?, ?, ?, ?)
                """)
                .param(channel.id())
                .param(UUID.randomUUID())
                .param(title)
                .param(Timestamp.from(at))
                .param(Timestamp.from(at))
                .param(Timestamp.from(at.plusSeconds(60)))
                .param(visibility.name())
                .update();
    }

    // ---- how long ---------------------------------------------------------------------------------------------

    @Test
    void whatWasChosenForTheBroadcastThatRunsIsOverWithIt() throws Exception {
        onAir();
        assertThat(edit("{\"visibility\": \"private\", \"for\": \"broadcast\"}").getContentAsString())
                .contains("\"visibility\":\"private\"", "\"visibilityAfter\":\"public\"");
        assertThat(now().visibility()).isEqualTo(Visibility.PRIVATE);
        assertThat(page("/studio/audience", anna)).contains("Until this broadcast ends, then: Everybody");
        over();
        assertThat(now().visibility()).isEqualTo(Visibility.PUBLIC);
        assertThat(channels.shownAfter(channel.id())).isEmpty();
        assertThat(page("/studio/audience", anna)).doesNotContain("id=\"shown-after\"");
    }

    @Test
    void whatWasChosenBeforeIsForTheNextOne() throws Exception {
        assertThat(edit("{\"visibility\": \"invited\", \"for\": \"broadcast\"}").getStatus())
                .isEqualTo(200);
        assertThat(page("/studio/audience", anna)).contains("Until your next broadcast ends, then: Everybody");
        onAir();
        assertThat(now().visibility()).isEqualTo(Visibility.INVITED);
        over();
        assertThat(now().visibility()).isEqualTo(Visibility.PUBLIC);
    }

    @Test
    void itGoesBackToWhatWasForGoodHoweverOftenItIsChosen() {
        channels.show(channel.id(), Visibility.FOLLOWERS);
        channels.showOnce(channel.id(), Visibility.INVITED);
        channels.showOnce(channel.id(), Visibility.PRIVATE);
        assertThat(channels.shownAfter(channel.id())).contains(Visibility.FOLLOWERS);
        channels.showOnce(channel.id(), Visibility.FOLLOWERS);
        assertThat(channels.shownAfter(channel.id())).isEmpty();
        channels.showOnce(channel.id(), Visibility.PRIVATE);
        assertThat(channels.show(channel.id(), Visibility.PRIVATE))
                .as("the same")
                .isFalse();
        assertThat(channels.shownAfter(channel.id())).as("for good").isEmpty();
        assertThat(channels.broadcastOver(channel.id())).isFalse();
        assertThat(now().visibility()).isEqualTo(Visibility.PRIVATE);
    }

    @Test
    void aFormSaysTheSame() throws Exception {
        site.perform(post("/studio/audience")
                .with(user(anna))
                .with(csrf())
                .param("visibility", "REGISTERED")
                .param("once", "true"));
        assertThat(channels.shownAfter(channel.id())).contains(Visibility.PUBLIC);
        site.perform(post("/studio/audience").with(user(anna)).with(csrf()).param("visibility", "REGISTERED"));
        assertThat(channels.shownAfter(channel.id())).isEmpty();
        assertThat(now().visibility()).isEqualTo(Visibility.REGISTERED);
    }

    @Test
    void aProgramHearsWhatItCannotSay() throws Exception {
        for (String refused : List.of(
                "{\"visibility\": \"private\", \"for\": \"ever\"}",
                "{\"for\": \"broadcast\"}",
                "{\"visibility\": \"password\", \"for\": \"broadcast\"}")) {
            assertThat(edit(refused).getStatus()).as(refused).isEqualTo(422);
        }
        assertThat(now().visibility()).isEqualTo(Visibility.PUBLIC);
    }

    @Test
    void aPasswordIsKeptAndSettingOneEndsNothing() throws Exception {
        assertThat(edit("{\"visibility\": \"password\", \"password\": \"four green apples\", \"for\": \"broadcast\"}")
                        .getStatus())
                .isEqualTo(200);
        assertThat(edit("{\"password\": \"five green apples\"}").getContentAsString())
                .contains("\"visibilityAfter\":\"public\"");
        assertThat(channels.broadcastOver(channel.id())).isTrue();
        assertThat(database.sql("select count(*) from audience_password where channel_id = ?")
                        .param(channel.id())
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
    }

    // ---- what is left of it -----------------------------------------------------------------------------------

    @Test
    void nobodyLearnsOfItAfterwards() throws Exception {
        past("Piano before", Visibility.PUBLIC, Instant.parse("2026-11-20T18:00:00Z"));
        channels.lastLive(channel.id(), Instant.parse("2026-11-20T18:01:00Z"));
        channels.showOnce(channel.id(), Visibility.PRIVATE);
        channels.retitle(channel.id(), SECRET);
        onAir();
        over();
        assertThat(now().visibility()).isEqualTo(Visibility.PUBLIC);
        assertThat(now().lastLiveAt()).isEqualTo(Instant.parse("2026-11-20T18:01:00Z"));
        assertThat(now().title()).isEqualTo(OPEN);
        String broadcast = database.sql(
                        "select engine_id::text from live_broadcast where channel_id = ? and visibility = 'PRIVATE'")
                .param(channel.id())
                .query(String.class)
                .single();
        for (AccountPrincipal who : new AccountPrincipal[] {null, bert}) {
            for (String address : List.of(
                    "/" + channel.name(),
                    "/embed/" + channel.name(),
                    "/search?q=Zanzibar",
                    "/" + channel.name() + "/videos",
                    "/" + channel.name() + "/videos.atom",
                    "/api/v1/channels/" + channel.name(),
                    "/api/v1/channels/" + channel.name() + "/videos",
                    "/")) {
                assertThat(page(address, who))
                        .as(address)
                        .doesNotContain(SECRET)
                        .doesNotContain(broadcast);
            }
        }
        assertThat(page("/" + channel.name(), anna)).as("its owner").contains(SECRET);
        assertThat(broadcasting.past(channel, 5)).hasSize(2);
    }

    @Test
    void whatItWasCalledWhenThatWasChosenComesBack() throws Exception {
        past("Piano before", Visibility.PUBLIC, Instant.parse("2026-11-20T18:00:00Z"));
        long category = category("music");
        BroadcastInfo saved = new BroadcastInfo("Saved since", category, List.of("saved"), "de", false);
        channels.describe(channel.id(), saved);
        channels.showOnce(channel.id(), Visibility.INVITED);
        onAir();
        BroadcastInfo secret = new BroadcastInfo(SECRET, category("talk"), List.of("zanzibar"), "fr", true);
        channels.describe(channel.id(), secret);
        channels.showOnce(channel.id(), Visibility.PRIVATE);
        over();
        assertThat(told()).isEqualTo(saved);
        assertThat(broadcasting.past(channel, 1).getFirst().title()).isEqualTo(SECRET);
    }

    @Test
    void itComesBackAfterOneThatWasForMoreToo() throws Exception {
        BroadcastInfo saved = told();
        channels.show(channel.id(), Visibility.PRIVATE);
        channels.showOnce(channel.id(), Visibility.PUBLIC);
        onAir();
        channels.describe(channel.id(), new BroadcastInfo("Open day", null, List.of("open"), "en", false));
        over();
        assertThat(now().visibility()).isEqualTo(Visibility.PRIVATE);
        assertThat(told()).isEqualTo(saved);
        assertThat(broadcasting.past(channel, 1).getFirst().title()).isEqualTo("Open day");
    }

    @Test
    void whatIsChosenForGoodKeepsWhatIsSaid() {
        channels.showOnce(channel.id(), Visibility.INVITED);
        channels.retitle(channel.id(), "Said since");
        channels.show(channel.id(), Visibility.INVITED);
        channels.showOnce(channel.id(), Visibility.PRIVATE);
        channels.retitle(channel.id(), "For one");
        assertThat(channels.broadcastOver(channel.id())).isTrue();
        assertThat(now().title()).isEqualTo("Said since");
        channels.showOnce(channel.id(), Visibility.PRIVATE);
        channels.retitle(channel.id(), "Said again");
        channels.showOnce(channel.id(), Visibility.INVITED);
        assertThat(channels.broadcastOver(channel.id())).isFalse();
        assertThat(now().title()).isEqualTo("Said again");
    }

    private long category(String slug) {
        return database.sql("select id from channel_category where slug = ?")
                .param(slug)
                .query(Long.class)
                .single();
    }

    private BroadcastInfo told() {
        ChannelView now = now();
        CategoryView category = now.category();
        return new BroadcastInfo(
                now.title(), category == null ? null : category.id(), now.tags(), now.language(), now.mature());
    }

    @Test
    void whoCouldHaveWatchedReadsOfItAfterwards() {
        follows.follow(bert.accountId(), channel.id());
        past("Of followers", Visibility.FOLLOWERS, Instant.parse("2026-11-21T18:00:00Z"));
        past("Unlisted", Visibility.UNLISTED, Instant.parse("2026-11-22T18:00:00Z"));
        past("Public", Visibility.PUBLIC, Instant.parse("2026-11-23T18:00:00Z"));
        assertThat(titles(Viewer.named(bert.accountId(), bert.getUsername())))
                .containsExactly("Public", "Of followers");
        assertThat(titles(Viewer.STRANGER)).containsExactly("Public");
        assertThat(titles(Viewer.named(anna.accountId(), anna.getUsername())))
                .containsExactly("Public", "Unlisted", "Of followers");
    }

    private List<String> titles(Viewer viewer) {
        return broadcasting.past(now(), viewer, 5).stream()
                .map(PastBroadcast::title)
                .toList();
    }

    @Test
    void whatWasSaidBeforeItWasForMoreIsNotReplayed() throws Exception {
        channels.show(channel.id(), Visibility.REGISTERED);
        onAir();
        database.sql("""
                insert into chat_message (channel_id, seq, account_id, client_id, text, written_at) values (?, 1, ?, ?, ?, now())
                """)
                .param(channel.id())
                .param(anna.accountId())
                .param(UUID.randomUUID())
                .param(SECRET)
                .update();
        String replay = "/api/v1/channels/" + channel.name() + "/messages?to=2100-01-01T00:00:00Z";
        assertThat(page(replay, bert)).contains(SECRET);
        channels.show(channel.id(), Visibility.PUBLIC);
        assertThat(page(replay, bert)).doesNotContain(SECRET);
        assertThat(page(replay, null)).doesNotContain(SECRET);
        assertThat(page(replay, anna)).as("who keeps it in order").contains(SECRET);
    }

    @Test
    void itRemembersTheFewestItWasFor() throws Exception {
        onAir();
        channels.show(channel.id(), Visibility.PASSWORD);
        channels.show(channel.id(), Visibility.REGISTERED);
        channels.show(channel.id(), Visibility.PUBLIC);
        assertThat(database.sql("select visibility from live_broadcast where channel_id = ?")
                        .param(channel.id())
                        .query(String.class)
                        .single())
                .isEqualTo("INVITED");
        assertThat(now().lastLiveAt())
                .as("nothing that everybody could see was on")
                .isNull();
    }

    @Test
    void whatTheOwnerSaysOfAllVideosIsNotSaidOfThisOne() throws Exception {
        rules.choose(channel.id(), new RecordingRules.Choice(null, null, null, Visibility.PUBLIC, null, null));
        channels.showOnce(channel.id(), Visibility.INVITED);
        onAir();
        Wait.until("it is recorded", () -> recorded().isPresent());
        assertThat(recorded()).contains("INVITED");
        over();
        assertThat(recorded()).as("it keeps that").contains("INVITED");
    }

    @Test
    void oneThatWasForMoreLeavesAVideoForMore() throws Exception {
        channels.show(channel.id(), Visibility.PRIVATE);
        channels.showOnce(channel.id(), Visibility.PUBLIC);
        onAir();
        Wait.until("it is recorded", () -> recorded().isPresent());
        over();
        assertThat(now().visibility()).isEqualTo(Visibility.PRIVATE);
        assertThat(recorded()).contains("PUBLIC");
    }

    @Test
    void whoMayNotSeeTheRecordingHearsSoAndItsOwnerMakesClips() throws Exception {
        onAir();
        Wait.until("it is recorded", () -> recorded().isPresent());
        channels.show(channel.id(), Visibility.PRIVATE);
        assertThat(page("/" + channel.name(), anna)).contains("/api/v1/clips/window?channel=" + channel.name());
        channels.showOnce(channel.id(), Visibility.REGISTERED);
        assertThat(recorded()).contains("PRIVATE");
        String window = "/api/v1/clips/window?channel=" + channel.name();
        Wait.until("there is enough for a clip", () -> clip(window, anna).contains("\"playlist\""));
        assertThat(clip("make", anna)).contains("\"visibility\":\"PRIVATE\"", "\"by\":\"" + anna.getUsername() + "\"");
        for (String address : List.of(window, "make")) {
            assertThat(clip(address, bert)).as(address).contains("\"status\":422", "for fewer people");
        }
        channels.show(channel.id(), Visibility.PUBLIC);
        String plain = "/live/" + channel.name() + ".m3u8";
        assertThat(page("/" + channel.name(), bert)).contains(plain).doesNotContain("data-ticket=");
        assertThat(page("/" + channel.name(), anna))
                .as("who can go back in what is kept")
                .contains("data-ticket=");
        channels.show(channel.id(), Visibility.PRIVATE);
        assertThat(clip("make", bert)).as("for whom nothing is on").contains("isn’t being recorded");
    }

    private String clip(String address, AccountPrincipal who) throws Exception {
        return address.equals("make")
                ? site.perform(post("/api/v1/channels/" + channel.name() + "/clips")
                                .with(user(who))
                                .with(csrf())
                                .contentType(MediaType.APPLICATION_JSON)
                                .content("{\"seconds\": 30}"))
                        .andReturn()
                        .getResponse()
                        .getContentAsString()
                : page(address, who);
    }

    private Optional<String> recorded() {
        return database.sql("select visibility from recording where channel_id = ?")
                .param(channel.id())
                .query(String.class)
                .optional();
    }
}
