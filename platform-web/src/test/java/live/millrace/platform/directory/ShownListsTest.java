// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;

import java.net.http.HttpClient;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import live.millrace.media.testing.MediaScript;
import live.millrace.media.testing.RtmpScript;
import live.millrace.media.testing.Wait;
import live.millrace.platform.OpenedPage;
import live.millrace.platform.TestPeople;
import live.millrace.platform.TestPeople.SignedUp;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Role;
import live.millrace.platform.audience.Audience;
import live.millrace.platform.audience.GuestList;
import live.millrace.platform.audience.Viewer;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.Follows;
import live.millrace.platform.channel.Visibility;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.engine.LiveState;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;
import tools.jackson.databind.JsonNode;

/** What is for some is in the lists of those whom it is for, and of nobody else. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class ShownListsTest {
    private static final String TITLE = "Zanzibar for some";

    @Autowired
    private TestPeople people;

    @Autowired
    private Channels channels;

    @Autowired
    private Follows follows;

    @Autowired
    private GuestList guests;

    @Autowired
    private Audience audience;

    @Autowired
    private Engine engine;

    @Autowired
    private JdbcClient database;

    @Autowired
    private MockMvc site;

    @LocalServerPort
    private int port;

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<OpenedPage> open = new CopyOnWriteArrayList<>();
    private AccountPrincipal anna;
    private AccountPrincipal guest;
    private AccountPrincipal follower;
    private AccountPrincipal staff;
    private ChannelView channel;

    @BeforeEach
    void somebody() {
        anna = people.user();
        guest = people.user();
        follower = people.user();
        staff = people.account(Role.ADMIN);
        channel = people.channel(anna);
        channels.retitle(channel.id(), TITLE);
        channels.show(channel.id(), Visibility.INVITED);
        assertThat(guests.addPerson(channel.id(), guest.getUsername())).isInstanceOf(GuestList.Added.Done.class);
        follows.follow(follower.accountId(), channel.id());
        follows.follow(staff.accountId(), channel.id());
    }

    @AfterEach
    void close() {
        open.forEach(OpenedPage::abort);
        http.shutdownNow();
    }

    private String page(String address, @Nullable AccountPrincipal who) throws Exception {
        MockHttpServletRequestBuilder request = get(address);
        return site.perform(who == null ? request : request.with(user(who)))
                .andReturn()
                .getResponse()
                .getContentAsString();
    }

    @Test
    void whatIsForInvitedPeopleIsInTheListsOfThose() throws Exception {
        List<String> lists = List.of(
                "/", "/following", "/search?q=Zanzibar", "/api/v1/search/suggestions?q=Zanzi", "/notifications");
        try (RtmpScript encoder = new RtmpScript(engine.rtmpPort()).handshake().connect("live")) {
            assertThat(encoder.publish(people.key(anna).secret())).isEqualTo("NetStream.Publish.Start");
            new MediaScript(encoder).headers().both(8);
            encoder.sync();
            Wait.until(
                    "it is live",
                    () -> engine.live(channel.name())
                            .filter(live -> live.state() == LiveState.LIVE)
                            .isPresent());
            for (String address : lists) {
                for (AccountPrincipal who : new AccountPrincipal[] {null, people.user(), follower, staff}) {
                    assertThat(page(address, who)).as(address).doesNotContain(TITLE);
                }
                if (!address.equals("/notifications")) {
                    assertThat(page(address, guest)).as(address).contains(TITLE);
                }
            }
            assertThat(page("/notifications", guest)).contains("rail-on-air", "data-limited");
            assertThat(page("/notifications", follower)).doesNotContain("rail-on-air", "data-limited");
            assertThat(page("/api/v1/search/suggestions?q=Zanzi", guest)).contains("\"live\":true");
            assertThat(page("/api/v1/live", guest)).doesNotContain(TITLE);
        } finally {
            engine.end(channel.name());
            Wait.until("it is over", () -> engine.live(channel.name()).isEmpty());
        }
        assertThat(page("/search?q=Zanzibar", guest))
                .as("it is found while it is off")
                .contains(TITLE);
        assertThat(page("/following", guest)).doesNotContain(TITLE);
    }

    private OpenedPage page(SignedUp who) {
        OpenedPage page = new OpenedPage(http, port, who.session());
        open.add(page);
        page.join("me:" + who.principal().accountId());
        page.waitFor(message -> counts(message, 0));
        return page;
    }

    private static boolean counts(JsonNode message, int live) {
        return message.path("type").asString("").equals("me")
                && message.path("followedLive").asInt(-1) == live;
    }

    @Test
    void openPagesHearItOfThoseWhoMayWatchAlone() throws Exception {
        SignedUp invited = people.signedUp(site, TestPeople.name());
        SignedUp stranger = people.signedUp(site, TestPeople.name());
        guests.addPerson(channel.id(), invited.name());
        follows.follow(stranger.principal().accountId(), channel.id());
        OpenedPage theirs = page(invited);
        OpenedPage another = page(stranger);
        try (RtmpScript encoder = new RtmpScript(engine.rtmpPort()).handshake().connect("live")) {
            assertThat(encoder.publish(people.key(anna).secret())).isEqualTo("NetStream.Publish.Start");
            new MediaScript(encoder).headers().both(8);
            encoder.sync();
            theirs.waitFor(message -> counts(message, 1));
            assertThat(another.told.stream()
                            .filter(message -> message.path("type").asString("").equals("me")))
                    .as("not even that something was told")
                    .hasSize(1);
        } finally {
            engine.end(channel.name());
            Wait.until("it is over", () -> engine.live(channel.name()).isEmpty());
        }
    }

    @Test
    void onlyThoseWhoMayWatchAreShownIt() {
        assertThat(shown(guest)).containsExactly(channel.id());
        assertThat(shown(follower)).isEmpty();
        assertThat(shown(staff)).isEmpty();
        assertThat(shown(anna)).as("their own").isEmpty();
        channels.show(channel.id(), Visibility.FOLLOWERS);
        assertThat(shown(follower)).containsExactly(channel.id());
        assertThat(shown(staff)).as("as a follower").containsExactly(channel.id());
        channels.show(channel.id(), Visibility.PRIVATE);
        assertThat(shown(guest)).isEmpty();
        assertThat(shown(staff)).isEmpty();
        channels.show(channel.id(), Visibility.UNLISTED);
        assertThat(shown(follower)).isEmpty();
        channels.show(channel.id(), Visibility.INVITED);
        database.sql("""
                insert into chat_sanction (channel_id, account_id, username, kind, made_at) values (?, ?, ?, 'BAN', now())
                """)
                .param(channel.id())
                .param(guest.accountId())
                .param(guest.getUsername())
                .update();
        assertThat(shown(guest)).as("banned").isEmpty();
    }

    private List<Long> shown(AccountPrincipal who) {
        return audience.shownTo(Viewer.STRANGER).isEmpty()
                ? audience.shownTo(Viewer.named(who.accountId(), who.getUsername())).stream()
                        .map(ChannelView::id)
                        .toList()
                : List.of(-1L);
    }
}
