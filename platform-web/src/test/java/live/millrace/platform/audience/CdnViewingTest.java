// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import live.millrace.media.testing.MediaScript;
import live.millrace.media.testing.RtmpScript;
import live.millrace.media.testing.Wait;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
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
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;

/** What is not for everybody, through a CDN: whose page may, who is given an address, and what ends it. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"millrace.cdn.url=https://cdn.example.org/", "millrace.cdn.private-streams=true"})
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class CdnViewingTest {
    private static final Pattern TICKETED = Pattern.compile("data-src=\"[^\"]*(/t/[A-Za-z0-9_-]{22})/live/[^\"]+\"");
    private static final Pattern SIGNED = Pattern.compile("\"path\":\"(/k/[^\"]+)\"");

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

    private final HttpClient http = HttpClient.newHttpClient();
    private AccountPrincipal anna;
    private AccountPrincipal bert;
    private AccountPrincipal clara;
    private ChannelView channel;
    private @Nullable RtmpScript encoder;

    @BeforeEach
    void onAir() throws Exception {
        anna = people.user();
        bert = people.user();
        clara = people.user();
        channel = people.channel(anna);
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
    }

    @AfterEach
    void offAir() throws Exception {
        RtmpScript open = encoder;
        if (open != null) {
            open.close();
            engine.end(channel.name());
            Wait.until("it is over", () -> engine.live(channel.name()).isEmpty());
        }
        http.shutdownNow();
    }

    private MockHttpServletResponse page(AccountPrincipal who) throws Exception {
        return site.perform(get("/" + channel.name()).with(user(who)))
                .andReturn()
                .getResponse();
    }

    private String ticket(AccountPrincipal who) throws Exception {
        Matcher found = TICKETED.matcher(page(who).getContentAsString());
        assertThat(found.find()).as("the page has a ticket").isTrue();
        return found.group(1);
    }

    private HttpResponse<String> media(String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://localhost:" + engine.httpPort() + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private int list(String before) throws Exception {
        return media(before + "/live/" + channel.name() + "/v0.m3u8").statusCode();
    }

    private String signed(String ticket) throws Exception {
        HttpResponse<String> answer = media(ticket + "/live/" + channel.name() + "/signed.json");
        assertThat(answer.statusCode()).isEqualTo(200);
        Matcher found = SIGNED.matcher(answer.body());
        assertThat(found.find()).as(answer.body()).isTrue();
        return found.group(1);
    }

    @Test
    void aPageWithATicketIsToldOfTheCdnAndMayAskThere() throws Exception {
        assertThat(page(bert).getContentAsString()).as("what is for everybody").doesNotContain("data-cdn");
        channels.show(channel.id(), Visibility.REGISTERED);
        assertThat(page(bert).getContentAsString()).contains("data-cdn=\"https://cdn.example.org\"");
        assertThat(page(bert).getHeader("Content-Security-Policy"))
                .containsPattern("connect-src [^;]* https://cdn\\.example\\.org;");
        channels.show(channel.id(), Visibility.PRIVATE);
        assertThat(page(bert).getContentAsString())
                .as("whoever may not watch")
                .doesNotContain("data-cdn")
                .doesNotContain("/t/");
    }

    @Test
    void whoIsTakenOffTheListEndsTheAddressesOfAll() throws Exception {
        channels.show(channel.id(), Visibility.FOLLOWERS);
        follows.follow(bert.accountId(), channel.id());
        follows.follow(clara.accountId(), channel.id());
        String goes = ticket(bert);
        String stays = ticket(clara);
        Wait.until("both have the same", () -> signed(stays).equals(signed(goes)));
        Wait.until("it opens the list", () -> list(signed(goes)) == 200);
        String before = signed(goes);
        follows.unfollow(bert.accountId(), channel.id());
        Wait.until("the address opens nothing", () -> list(before) == 404);
        assertThat(media(goes + "/live/" + channel.name() + "/signed.json").statusCode())
                .isEqualTo(404);
        assertThat(list(signed(stays))).isEqualTo(200);
    }

    @Test
    void whoHadNoneEndsNone() throws Exception {
        channels.show(channel.id(), Visibility.FOLLOWERS);
        follows.follow(bert.accountId(), channel.id());
        follows.follow(clara.accountId(), channel.id());
        String goes = ticket(bert);
        String stays = ticket(clara);
        assertThat(list(goes)).isEqualTo(200);
        String address = signed(stays);
        follows.unfollow(bert.accountId(), channel.id());
        Wait.until("the ticket opens nothing", () -> list(goes) == 404);
        boolean opens = list(address) == 200;
        // Each ends by itself within the minute, on a machine that takes so long.
        long ends = Long.parseLong(address.split("[/.]", -1)[2]);
        assertThat(opens || Instant.now().getEpochSecond() >= ends).isTrue();
    }

    @Test
    void allEndsWhenTheChannelIsShownToNobody() throws Exception {
        channels.show(channel.id(), Visibility.REGISTERED);
        String berts = ticket(bert);
        Wait.until("it opens the list", () -> list(signed(berts)) == 200);
        String address = signed(berts);
        channels.show(channel.id(), Visibility.PRIVATE);
        Wait.until("the address opens nothing", () -> list(address) == 404);
        assertThat(list(signed(ticket(anna)))).isEqualTo(200);
    }

    @Test
    void nobodyElseIsGivenOne() throws Exception {
        channels.show(channel.id(), Visibility.PRIVATE);
        for (String before :
                new String[] {"", "/t/AAAAAAAAAAAAAAAAAAAAAA", "/k/1790000040.20717.AAAAAAAAAAAAAAAAAAAAAA"}) {
            assertThat(media(before + "/live/" + channel.name() + "/signed.json")
                            .statusCode())
                    .as(before)
                    .isEqualTo(404);
            assertThat(list(before)).as(before).isEqualTo(404);
        }
    }
}
