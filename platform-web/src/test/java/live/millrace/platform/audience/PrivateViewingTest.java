// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.put;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import live.millrace.media.testing.MediaScript;
import live.millrace.media.testing.RtmpScript;
import live.millrace.media.testing.Wait;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.PasswordReset;
import live.millrace.platform.account.Role;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;
import org.springframework.transaction.support.TransactionTemplate;

/** What is not for everybody: who sees it, by what, until when; and that nobody else learns of it anywhere. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class PrivateViewingTest {
    private static final String TITLE = "Zanzibar nobody knows";
    private static final Pattern TICKETED = Pattern.compile("data-src=\"([^\"]*/t/[A-Za-z0-9_-]{22}/live/[^\"]+)\"");
    private static final Pattern CHANGES = Pattern.compile(
            "nonce-?[A-Za-z0-9+/=_-]*|name=\"_csrf\" value=\"[^\"]*\"|content=\"[A-Za-z0-9._=-]{20,}\"");

    @Autowired
    private TestPeople people;

    @Autowired
    private Channels channels;

    @Autowired
    private Follows follows;

    @Autowired
    private Engine engine;

    @Autowired
    private MockMvc site;

    @Autowired
    private Tickets tickets;

    @Autowired
    private JdbcClient database;

    @Autowired
    private ApplicationEventPublisher events;

    @Autowired
    private TransactionTemplate transaction;

    private final HttpClient http = HttpClient.newHttpClient();
    private AccountPrincipal anna;
    private AccountPrincipal bert;
    private ChannelView channel;
    private @Nullable RtmpScript encoder;

    @BeforeEach
    void somebody() {
        anna = people.user();
        bert = people.user();
        channel = people.channel(anna);
        channels.retitle(channel.id(), TITLE);
    }

    @AfterEach
    void offAir() throws Exception {
        RtmpScript open = encoder;
        if (open != null) {
            open.close();
            engine.end(channel.name());
            Wait.until("it is over", () -> engine.live(channel.name()).isEmpty());
        }
    }

    private MediaScript onAir() throws Exception {
        RtmpScript script = new RtmpScript(engine.rtmpPort()).handshake().connect("live");
        encoder = script;
        assertThat(script.publish(people.key(anna).secret())).isEqualTo("NetStream.Publish.Start");
        MediaScript media = new MediaScript(script).headers().both(8);
        script.sync();
        Wait.until(
                "it is live",
                () -> engine.live(channel.name())
                        .filter(live -> live.state() == LiveState.LIVE)
                        .isPresent());
        return media;
    }

    private void show(Visibility visibility) {
        channels.show(channel.id(), visibility);
    }

    private String page(String address, @Nullable AccountPrincipal who) throws Exception {
        MockHttpServletRequestBuilder request = get(address);
        return site.perform(who == null ? request : request.with(user(who)))
                .andReturn()
                .getResponse()
                .getContentAsString();
    }

    private HttpResponse<String> media(String address) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private String plain(String rest) {
        return "http://localhost:" + engine.httpPort() + "/live/" + channel.name() + rest;
    }

    /** The address on the page of whoever may watch. */
    private String ticketed(AccountPrincipal who) throws Exception {
        Matcher found = TICKETED.matcher(page("/" + channel.name(), who));
        assertThat(found.find()).as("the page has a ticket").isTrue();
        return found.group(1).replaceFirst(":\\d+/", ":" + engine.httpPort() + "/");
    }

    // ---- nobody learns of it ----------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(names = {"INVITED", "PRIVATE"})
    void forStrangersItIsAChannelThatIsOff(Visibility visibility) throws Exception {
        show(visibility);
        String off = CHANGES.matcher(page("/" + channel.name(), bert)).replaceAll("");
        onAir();
        assertThat(CHANGES.matcher(page("/" + channel.name(), bert)).replaceAll(""))
                .isEqualTo(off);
        assertThat(off).doesNotContain(TITLE);
    }

    @ParameterizedTest
    @EnumSource(
            names = {"PUBLIC"},
            mode = EnumSource.Mode.EXCLUDE)
    void noListTellsOfIt(Visibility visibility) throws Exception {
        show(visibility);
        // Those who may watch and follow have it in their lists: he does not.
        if (visibility != Visibility.FOLLOWERS && visibility != Visibility.REGISTERED) {
            follows.follow(bert.accountId(), channel.id());
        }
        onAir();
        String broadcast =
                engine.live(channel.name()).orElseThrow().broadcastId().toString();
        for (String address : List.of(
                "/",
                "/categories",
                "/search?q=Zanzibar",
                "/search?q=" + channel.name(),
                "/following",
                "/api/v1/live",
                "/api/v1/search/suggestions?q=Zanz",
                "/api/v1/search/suggestions?q=" + channel.name())) {
            assertThat(page(address, bert)).as(address).doesNotContain(TITLE).doesNotContain(broadcast);
        }
        if (visibility != Visibility.UNLISTED && visibility != Visibility.REGISTERED) {
            for (String address : List.of(
                    "/" + channel.name(),
                    "/embed/" + channel.name(),
                    "/popout/" + channel.name(),
                    "/" + channel.name() + "/videos",
                    "/" + channel.name() + "/videos.atom",
                    "/" + channel.name() + "/clips",
                    "/oembed?url=http://localhost/" + channel.name(),
                    "/api/v1/channels/" + channel.name(),
                    "/api/v1/channels/" + channel.name() + "/videos",
                    "/api/v1/channels/" + channel.name() + "/people",
                    "/api/v1/channels/" + channel.name() + "/messages?to=2100-01-01T00:00:00Z",
                    "/api/v1/clips/window?channel=" + channel.name())) {
                assertThat(page(address, bert))
                        .as(address)
                        .doesNotContain(TITLE)
                        .doesNotContain(broadcast);
            }
        }
    }

    // ---- media ------------------------------------------------------------------------------------------------

    @Test
    void theStudiosPreviewPlaysWhateverTheChannelIs() throws Exception {
        onAir();
        Matcher preview = Pattern.compile("<studio-preview[^>]* data-src=\"([^\"]+)\"[^>]* data-ticket=\"ticket:")
                .matcher(page("/studio", anna));
        assertThat(preview.find()).isTrue();
        String address = preview.group(1).replaceFirst(":\\d+/", ":" + engine.httpPort() + "/");
        for (Visibility visibility : List.of(Visibility.PUBLIC, Visibility.PRIVATE, Visibility.INVITED)) {
            show(visibility);
            Wait.until(
                    "it opens for " + visibility,
                    () -> media(address + "?preview=1").statusCode() == 200);
        }
    }

    @Test
    void whoMayWatchFetchesByATicketAndNobodyElseAtAll() throws Exception {
        show(Visibility.PRIVATE);
        HttpResponse<String> off = media(plain(".m3u8"));
        onAir();
        String address = ticketed(anna);
        HttpResponse<String> playlist = media(address);
        assertThat(playlist.statusCode()).isEqualTo(200);
        assertThat(playlist.headers().firstValue("Cache-Control")).hasValue("private, no-store");
        assertThat(playlist.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
        HttpResponse<String> stranger = media(plain(".m3u8"));
        assertThat(stranger.statusCode()).isEqualTo(off.statusCode()).isEqualTo(404);
        assertThat(stranger.body()).isEqualTo(off.body());
        assertThat(media(plain(".flv")).statusCode()).isEqualTo(404);
        String forged = address.replaceFirst("/t/[^/]{22}/", "/t/AAAAAAAAAAAAAAAAAAAAAA/");
        assertThat(media(forged).statusCode()).isEqualTo(404);
        assertThat(page("/" + channel.name(), bert)).doesNotContain("/t/");
    }

    @Test
    void whoMayNotAnyMoreIsCutOff() throws Exception {
        show(Visibility.REGISTERED);
        onAir();
        String address = ticketed(bert);
        assertThat(media(address).statusCode()).isEqualTo(200);
        String owners = ticketed(anna);
        show(Visibility.PRIVATE);
        Wait.until("the ticket opens nothing", () -> status(address) == 404);
        assertThat(status(owners)).isEqualTo(200);
        show(Visibility.PUBLIC);
        Wait.until("everybody may", () -> status(plain(".m3u8")) == 200);
    }

    @Test
    void whoUnfollowsWatchesNoMore() throws Exception {
        show(Visibility.FOLLOWERS);
        onAir();
        assertThat(page("/" + channel.name(), bert)).doesNotContain("/t/").contains("plate-access");
        follows.follow(bert.accountId(), channel.id());
        String address = ticketed(bert);
        assertThat(status(address)).isEqualTo(200);
        follows.unfollow(bert.accountId(), channel.id());
        Wait.until("the ticket opens nothing", () -> status(address) == 404);
    }

    @Test
    void whatWasPublicIsCutFromThoseWhoHaveNoTicket() throws Exception {
        onAir();
        assertThat(status(plain(".m3u8"))).isEqualTo(200);
        show(Visibility.PRIVATE);
        Wait.until("nobody watches by the plain address", () -> status(plain(".m3u8")) == 404);
    }

    @Test
    void whoseAccountWasTakenBackHasNoTicketLeft() throws Exception {
        show(Visibility.REGISTERED);
        onAir();
        String address = ticketed(bert);
        assertThat(status(address)).isEqualTo(200);
        transaction.executeWithoutResult(
                _ -> events.publishEvent(new PasswordReset(bert.accountId(), bert.getUsername())));
        Wait.until("the ticket opens nothing", () -> status(address) == 404);
        assertThat(status(ticketed(anna))).isEqualTo(200);
    }

    @Test
    void anAddressForAPlayerOpensUntilItIsRevoked() throws Exception {
        show(Visibility.REGISTERED);
        onAir();
        String made = site.perform(post("/api/v1/channels/" + channel.name() + "/player-addresses")
                        .with(user(bert))
                        .with(csrf())
                        .contentType(MediaType.APPLICATION_JSON)
                        .content("{\"name\": \"Kitchen TV\"}"))
                .andReturn()
                .getResponse()
                .getContentAsString();
        Matcher url = Pattern.compile("\"url\":\"([^\"]+)\"").matcher(made);
        assertThat(url.find()).as(made).isTrue();
        String address = url.group(1).replaceFirst(":\\d+/", ":" + engine.httpPort() + "/");
        assertThat(status(address)).isEqualTo(200);
        assertThat(made).as("other protocols").contains("\"others\":[");
        PlayerAddress listed = tickets.players(channel.id()).getFirst();
        assertThat(listed.name()).isEqualTo("Kitchen TV");
        assertThat(listed.bearer()).isEqualTo(bert.getUsername());
        assertThat(page("/studio/audience", anna)).contains("Kitchen TV").doesNotContain("/t/");
        assertThat(tickets.revoke(people.channel(bert).id(), listed.id()))
                .as("of another channel")
                .isFalse();
        assertThat(tickets.revoke(channel.id(), listed.id())).isTrue();
        Wait.until("it opens nothing", () -> status(address) == 404);
    }

    @Test
    void whatIsRecordedBecomesNarrowerAndNeverWider() throws Exception {
        show(Visibility.REGISTERED);
        onAir();
        Wait.until("it is recorded", () -> recorded() != null);
        assertThat(recorded()).isEqualTo("REGISTERED");
        show(Visibility.PRIVATE);
        assertThat(recorded()).isEqualTo("PRIVATE");
        show(Visibility.PUBLIC);
        assertThat(recorded()).isEqualTo("PRIVATE");
    }

    private @Nullable String recorded() {
        return database.sql("select visibility from recording where channel_id = ? and state = 'RECORDING'")
                .param(channel.id())
                .query(String.class)
                .optional()
                .orElse(null);
    }

    private int status(String address) {
        try {
            return media(address).statusCode();
        } catch (Exception e) {
            return 0;
        }
    }

    @Test
    void aTicketListsWhatItOpens() throws Exception {
        show(Visibility.REGISTERED);
        onAir();
        Wait.until("it is recorded", () -> recorded() != null);
        String ticket = ticketed(bert).replaceFirst("/live/.*", "");
        engine.end(channel.name());
        Wait.until(
                "it is a video",
                () -> database.sql(
                                "select exists (select from recording where channel_id = ? and state like 'READY%' and duration_ms > 0)")
                        .param(channel.id())
                        .query(Boolean.class)
                        .single());
        String list = "/playback/list?path=" + channel.name();
        assertThat(status(ticket + list)).isEqualTo(200);
        assertThat(status("http://localhost:" + engine.httpPort() + list)).isEqualTo(404);
        database.sql("update recording set visibility = 'PRIVATE' where channel_id = ?")
                .param(channel.id())
                .update();
        database.sql("select public_id from recording where channel_id = ?")
                .param(channel.id())
                .query(String.class)
                .list()
                .forEach(engine::forgetRecording);
        Wait.until("it opens that no more", () -> status(ticket + list) == 404);
    }

    // ---- choosing ---------------------------------------------------------------------------------------------

    @Test
    void aProgramChoosesWhoMayWatch() throws Exception {
        site.perform(
                        put("/api/v1/channel")
                                .with(user(anna))
                                .with(org.springframework.security.test.web.servlet.request
                                        .SecurityMockMvcRequestPostProcessors.csrf())
                                .contentType(MediaType.APPLICATION_JSON)
                                .content("{\"visibility\": \"private\"}"))
                .andExpect(
                        result -> assertThat(result.getResponse().getStatus()).isEqualTo(200))
                .andExpect(result ->
                        assertThat(result.getResponse().getContentAsString()).contains("\"visibility\":\"private\""));
        assertThat(channels.find(channel.id()).orElseThrow().visibility()).isEqualTo(Visibility.PRIVATE);
        for (String refused : List.of("{\"visibility\": \"secret\"}", "{\"visibility\": \"password\"}")) {
            site.perform(put("/api/v1/channel")
                            .with(user(anna))
                            .with(org.springframework.security.test.web.servlet.request
                                    .SecurityMockMvcRequestPostProcessors.csrf())
                            .contentType(MediaType.APPLICATION_JSON)
                            .content(refused))
                    .andExpect(result ->
                            assertThat(result.getResponse().getStatus()).isEqualTo(422));
        }
    }

    @Test
    void staffSeeWhatIsPrivate() throws Exception {
        show(Visibility.PRIVATE);
        onAir();
        assertThat(page("/" + channel.name(), people.account(Role.ADMIN))).contains("/t/");
    }
}
