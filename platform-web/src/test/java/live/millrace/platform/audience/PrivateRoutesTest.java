// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import live.millrace.media.testing.MediaScript;
import live.millrace.media.testing.RtmpScript;
import live.millrace.media.testing.Wait;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.Visibility;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.engine.LiveState;
import live.millrace.platform.recording.Recordings;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Walks every address of the site that can be read, whatever it is for: none of them tells of a private broadcast, video or clip to whoever may not see it. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class PrivateRoutesTest {
    private static final String TITLE = "Zanzibar nobody knows";
    private static final String VIDEO = "Mombasa nobody knows";
    private static final String CLIP = "Kilimanjaro nobody knows";
    private static final String LINE = "Dodoma nobody knows";

    @Autowired
    private TestPeople people;

    @Autowired
    private Channels channels;

    @Autowired
    private Engine engine;

    @Autowired
    private JdbcClient database;

    @Autowired
    private RequestMappingHandlerMapping requestMappingHandlerMapping;

    @Autowired
    private MockMvc site;

    private final Map<String, String> variables = new LinkedHashMap<>();

    /** Of everything that is mapped in our own packages. */
    private List<String> addresses() {
        TreeSet<String> addresses = new TreeSet<>();
        requestMappingHandlerMapping.getHandlerMethods().forEach((mapping, method) -> {
            if (method.getBeanType().getPackageName().startsWith("live.millrace")
                    && mapping.getMethodsCondition().getMethods().stream()
                            .anyMatch(verb -> verb.name().equals("GET"))) {
                addresses.addAll(mapping.getPatternValues());
            }
        });
        return List.copyOf(addresses);
    }

    private String filled(String pattern) {
        String path = pattern;
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            path = path.replaceAll("\\{" + variable.getKey() + "(:(?:[^{}]|\\{[^}]*})*)?}", variable.getValue());
        }
        assertThat(path).as("an address with something new in it").doesNotContain("{");
        return path
                + switch (path) {
                    case "/search" -> "?q=nobody";
                    case "/api/v1/search/suggestions" -> "?q=nobo";
                    case "/oembed" -> "?url=http://localhost/" + variables.get("name");
                    case "/api/v1/clips/window" -> "?channel=" + variables.get("name");
                    default -> path.endsWith("/messages") ? "?to=2100-01-01T00:00:00Z" : "";
                };
    }

    private MockHttpServletResponse answer(String address, @Nullable AccountPrincipal who) throws Exception {
        MockHttpServletRequestBuilder request = get(address);
        return site.perform(who == null ? request : request.with(user(who)))
                .andReturn()
                .getResponse();
    }

    @Test
    void noAddressTellsOfWhatIsPrivate() throws Exception {
        AccountPrincipal anna = people.user();
        AccountPrincipal bert = people.user();
        ChannelView channel = people.channel(anna);
        channels.retitle(channel.id(), TITLE);
        channels.show(channel.id(), Visibility.INVITED);
        fill(channel, anna, bert);
        database.sql("update recording set visibility = 'INVITED' where public_id = ?")
                .param(variables.get("video"))
                .update();
        try (RtmpScript _ = onAir(channel, anna)) {
            String broadcast = variables.get("broadcast");
            assertThat(telling(bert, broadcast)).isEmpty();
            assertThat(answer("/" + channel.name(), anna).getContentAsString()).contains(TITLE, "/t/", broadcast);
            assertThat(answer("/videos/" + variables.get("video"), anna).getContentAsString())
                    .contains(VIDEO, "/t/");
            assertThat(answer("/clips/" + variables.get("clip"), anna).getContentAsString())
                    .contains(CLIP, "/t/");
        }
        over(channel);
    }

    @Test
    void noAddressTellsOfABroadcastThatWasForFewer() throws Exception {
        AccountPrincipal anna = people.user();
        AccountPrincipal bert = people.user();
        ChannelView channel = people.channel(anna);
        channels.showOnce(channel.id(), Visibility.PRIVATE);
        channels.retitle(channel.id(), TITLE);
        fill(channel, anna, bert);
        database.sql("update recording set visibility = 'PRIVATE' where public_id = ?")
                .param(variables.get("video"))
                .update();
        RtmpScript encoder = onAir(channel, anna);
        database.sql("""
                insert into chat_message (channel_id, seq, account_id, client_id, text, written_at) values (?, 1, ?, ?, ?, now())
                """)
                .param(channel.id())
                .param(anna.accountId())
                .param(UUID.randomUUID())
                .param(LINE)
                .update();
        encoder.close();
        over(channel);
        Wait.until(
                "it is for everybody again",
                () -> channels.find(channel.id()).orElseThrow().visibility() == Visibility.PUBLIC);
        assertThat(telling(bert, Objects.requireNonNull(variables.get("broadcast"))))
                .isEmpty();
        assertThat(answer("/" + channel.name(), anna).getContentAsString()).contains(TITLE);
    }

    @Test
    void ofWhatHasAPasswordOnlyItsOwnPageSaysThatItIsThere() throws Exception {
        AccountPrincipal anna = people.user();
        AccountPrincipal bert = people.user();
        ChannelView channel = people.channel(anna);
        channels.retitle(channel.id(), TITLE);
        channels.show(channel.id(), Visibility.PASSWORD);
        fill(channel, anna, bert);
        database.sql("update recording set visibility = 'PASSWORD' where public_id = ?")
                .param(variables.get("video"))
                .update();
        String broadcast = UUID.randomUUID().toString();
        variables.put("broadcast", broadcast);
        String video = "/videos/" + variables.get("video");
        String clip = "/clips/" + variables.get("clip");
        assertThat(telling(bert, broadcast))
                .containsOnly(
                        Map.entry(clip + " to a stranger", "is there"),
                        Map.entry(clip + " to somebody", "is there"),
                        Map.entry(video + " to a stranger", "is there"),
                        Map.entry(video + " to somebody", "is there"));
    }

    private void fill(ChannelView channel, AccountPrincipal anna, AccountPrincipal bert) {
        variables.put("name", channel.name());
        variables.put("channel", channel.name());
        variables.put("video", Recordings.ready(database, channel.id(), VIDEO));
        variables.put("clip", Recordings.clip(database, variables.get("video"), anna, CLIP));
        for (String other :
                List.of("id", "number", "slug", "tag", "token", "handle", "kind", "upload", "imported", "comment")) {
            variables.put(other, "0");
        }
        variables.put("id", variables.get("video"));
        variables.put("username", bert.getUsername());
        variables.put("provider", "0");
        variables.put("secret", "AAAAAAAAAAAAAAAAAAAAAA");
        variables.put("backup", "millrace-20260101-000000.zip");
    }

    private RtmpScript onAir(ChannelView channel, AccountPrincipal anna) throws Exception {
        RtmpScript encoder = new RtmpScript(engine.rtmpPort()).handshake().connect("live");
        assertThat(encoder.publish(people.key(anna).secret())).isEqualTo("NetStream.Publish.Start");
        new MediaScript(encoder).headers().both(8);
        encoder.sync();
        Wait.until(
                "it is live",
                () -> engine.live(channel.name())
                        .filter(live -> live.state() == LiveState.LIVE)
                        .isPresent());
        variables.put(
                "broadcast",
                engine.live(channel.name()).orElseThrow().broadcastId().toString());
        return encoder;
    }

    private void over(ChannelView channel) throws Exception {
        engine.end(channel.name());
        Wait.until("it is over", () -> engine.live(channel.name()).isEmpty());
    }

    /** What each address says to whoever may not know, by the address. */
    private Map<String, String> telling(AccountPrincipal bert, String broadcast) throws Exception {
        Map<String, String> telling = new TreeMap<>();
        for (String pattern : addresses()) {
            String address = filled(pattern);
            for (AccountPrincipal who : new AccountPrincipal[] {null, bert}) {
                MockHttpServletResponse answer = answer(address, who);
                // The preview in one's own studio has a ticket for one's own channel.
                String body = answer.getContentAsString()
                        .replaceAll("/t/[A-Za-z0-9_-]{22}/live/" + bert.getUsername() + "\\.m3u8", "");
                for (String secret : List.of(TITLE, VIDEO, CLIP, LINE, "/t/")) {
                    if (body.contains(secret)) {
                        telling.put(address + " to " + (who == null ? "a stranger" : "somebody"), secret);
                    }
                }
                boolean found = answer.getStatus() == 200;
                if (found && (pattern.contains("{video}") || pattern.contains("{clip}") || pattern.contains("thumb"))) {
                    telling.put(address + " to " + (who == null ? "a stranger" : "somebody"), "is there");
                }
                if (!pattern.contains("{broadcast}") && body.contains(broadcast)) {
                    telling.put(address + " to " + (who == null ? "a stranger" : "somebody"), broadcast);
                }
            }
        }
        return telling;
    }
}
