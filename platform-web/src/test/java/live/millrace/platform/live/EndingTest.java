// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrl;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import com.jayway.jsonpath.JsonPath;
import java.util.Optional;
import java.util.UUID;
import live.millrace.media.testing.MediaScript;
import live.millrace.media.testing.RtmpScript;
import live.millrace.media.testing.Wait;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.NewStreamKey;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.engine.LiveState;
import live.millrace.platform.engine.LiveView;
import live.millrace.platform.engine.PublishAnswer;
import live.millrace.platform.engine.PublishAuthorization;
import live.millrace.platform.engine.PublishQuestion;
import live.millrace.platform.engine.Refusal;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.http.MediaType;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.ResultActions;

/** Who ends a broadcast, and what its key does then. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class EndingTest {
    @Autowired
    private TestPeople people;

    @Autowired
    private MockMvc site;

    @Autowired
    private PublishAuthorization authorization;

    @Autowired
    private Engine engine;

    private static PublishQuestion question(String secret, String channel) {
        return new PublishQuestion(
                UUID.randomUUID(), "192.0.2.7", "OBS", Optional.ofNullable(channel), Optional.ofNullable(secret));
    }

    @Test
    void onlyTheOwnerEndsABroadcastAndItsKeyWaitsForTheEncoderToBeStopped() throws Exception {
        AccountPrincipal anna = people.user();
        AccountPrincipal other = people.user();
        NewStreamKey key = people.key(anna);
        try (RtmpScript encoder = new RtmpScript(engine.rtmpPort()).handshake().connect("live")) {
            assertThat(encoder.publish(key.secret())).isEqualTo("NetStream.Publish.Start");
            new MediaScript(encoder)
                    .headers()
                    .both(3)
                    .clock(at -> at + 50_000_000)
                    .both(8);
            encoder.sync();
            assertThat(engine.live(anna.getUsername())).isPresent();
            site.perform(get("/studio/connect").with(user(anna)))
                    .andExpect(content().string(containsString("Encoder clock jumps")));
            site.perform(post("/studio/end").with(csrf())).andExpect(redirectedUrl("/login?continue=%2F"));
            site.perform(post("/studio/end").with(user(anna))).andExpect(status().isForbidden());
            site.perform(post("/studio/end").with(csrf()).with(user(other)))
                    .andExpect(redirectedUrl("/studio?offline"));
            encoder.sync();
            assertThat(engine.live(anna.getUsername())).isPresent();
            site.perform(post("/studio/end").with(csrf()).with(user(anna))).andExpect(redirectedUrl("/studio?ended"));
            encoder.awaitClose();
        }
        Wait.until("the stream is over", () -> engine.live(anna.getUsername()).isEmpty());
        assertThat(authorization.mayPublish(question(key.secret(), null)))
                .isEqualTo(new PublishAnswer.No(Refusal.KEY_BLOCKED));
        site.perform(get("/studio/connect").param("ended", "").with(user(anna)))
                .andExpect(content().string(containsString("Stream ended.")));
    }

    /** It is away for a moment, and would be back within two seconds. */
    @Test
    void theKeyOfAnEncoderThatIsAwayWaitsAsWell() throws Exception {
        AccountPrincipal anna = people.user();
        NewStreamKey key = people.key(anna);
        try (RtmpScript encoder = new RtmpScript(engine.rtmpPort()).handshake().connect("live")) {
            assertThat(encoder.publish(key.secret())).isEqualTo("NetStream.Publish.Start");
            new MediaScript(encoder).headers().both(8);
            encoder.sync();
            Wait.until("it is live", () -> state(anna) == LiveState.LIVE);
        }
        Wait.until("it waits", () -> state(anna) == LiveState.RECONNECTING);
        site.perform(post("/studio/end").with(csrf()).with(user(anna))).andExpect(redirectedUrl("/studio?ended"));
        assertThat(authorization.mayPublish(question(key.secret(), null)))
                .isEqualTo(new PublishAnswer.No(Refusal.KEY_BLOCKED));
    }

    private ResultActions browserKey(AccountPrincipal person) throws Exception {
        return site.perform(post("/api/v1/channels/{channel}/browser-key", person.getUsername())
                .with(csrf())
                .with(user(person))
                .contentType(MediaType.APPLICATION_JSON)
                .content("{\"run\":null,\"why\":\"BEGIN\"}"));
    }

    /** It comes back only when somebody presses something. */
    @Test
    void thePageThatWasEndedByItsOwnerMayBeginAgainAtOnce() throws Exception {
        AccountPrincipal anna = people.user();
        String secret = JsonPath.read(browserKey(anna).andReturn().getResponse().getContentAsString(), "$.secret");
        try (RtmpScript encoder = new RtmpScript(engine.rtmpPort()).handshake().connect("live")) {
            assertThat(encoder.publish(secret)).isEqualTo("NetStream.Publish.Start");
            new MediaScript(encoder).headers().both(8);
            encoder.sync();
            Wait.until("it is live", () -> state(anna) == LiveState.LIVE);
            site.perform(post("/studio/end").with(csrf()).with(user(anna))).andExpect(redirectedUrl("/studio?ended"));
            encoder.awaitClose();
        }
        Wait.until("the stream is over", () -> engine.live(anna.getUsername()).isEmpty());
        browserKey(anna).andExpect(status().isCreated());
    }

    private LiveState state(AccountPrincipal person) {
        return engine.live(person.getUsername()).map(LiveView::state).orElse(LiveState.ENDED);
    }
}
