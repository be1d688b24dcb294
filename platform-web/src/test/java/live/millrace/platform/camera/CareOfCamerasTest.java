// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.camera;

import static live.millrace.platform.JustLoggedIn.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.put;

import java.time.Duration;
import java.util.UUID;
import live.millrace.media.testing.MediaScript;
import live.millrace.media.testing.RtmpScript;
import live.millrace.media.testing.Wait;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.audit.Actor;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.ExtraChannels;
import live.millrace.platform.channel.NewStreamKey;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.engine.EngineStarted;
import live.millrace.platform.site.Setting;
import live.millrace.platform.site.SiteSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;

/** Cameras beside encoders and in maintenance; addresses that came back from a page with less in them than was typed. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
@Import(FakeStreams.InPlace.class)
class CareOfCamerasTest {
    private static final CameraWish WISH =
            new CameraWish("rtsp://admin:geheim@192.168.1.20/stream1", "", "", true, false);

    @Autowired
    private MockMvc site;

    @Autowired
    private TestPeople people;

    @Autowired
    private FakeStreams streams;

    @Autowired
    private Cameras cameras;

    @Autowired
    private Channels channels;

    @Autowired
    private ExtraChannels extra;

    @Autowired
    private Engine engine;

    @Autowired
    private SiteSettings settings;

    @Autowired
    private JdbcClient database;

    @Autowired
    private ApplicationEventPublisher events;

    private AccountPrincipal anna;
    private ChannelView channel;

    @BeforeEach
    void somebody() {
        anna = people.user();
        channel = people.channel(anna);
    }

    @AfterEach
    void back() {
        settings.change(Setting.MAINTENANCE, "", Actor.SITE);
    }

    private void look() {
        events.publishEvent(new EngineStarted(Duration.ofSeconds(30)));
    }

    // ---- beside encoders --------------------------------------------------------------------------------------

    @Test
    void noneBeginsWhileAnEncoderOfAnEarlierProcessIsWaitedFor() {
        UUID broadcast = UUID.randomUUID();
        database.sql("""
                insert into live_broadcast (channel_id, engine_id, title, started_at, live_at, alive_at, resume_until)
                values (?, ?, '', now(), now(), now(), now() + interval '1 minute')
                """).param(channel.id()).param(broadcast).update();
        assertThat(cameras.put(anna.accountId(), channel.id(), WISH)).isEmpty();
        assertThat(streams.of(channel.name())).isEmpty();
        database.sql("update live_broadcast set ended_at = now(), resume_until = null where engine_id = ?")
                .param(broadcast)
                .update();
        look();
        assertThat(streams.of(channel.name())).isPresent();
    }

    @Test
    void noneBeginsInMaintenance() {
        settings.change(Setting.MAINTENANCE, "on", Actor.SITE);
        assertThat(cameras.put(anna.accountId(), channel.id(), WISH)).isEmpty();
        assertThat(streams.of(channel.name())).isEmpty();
        assertThat(cameras.of(channel.id()).orElseThrow().state()).isEqualTo(CameraState.OFF);
        settings.change(Setting.MAINTENANCE, "", Actor.SITE);
        look();
        assertThat(streams.of(channel.name())).isPresent();
    }

    @Test
    void oneWhoseChannelIsLiveByAnEncoderDoesNotRest() throws Exception {
        NewStreamKey key = people.key(anna);
        cameras.put(anna.accountId(), channel.id(), WISH);
        assertThat(cameras.resting(1_000)).anyMatch(each -> each.channel().id() == channel.id());
        try (RtmpScript encoder = new RtmpScript(engine.rtmpPort()).handshake().connect("live")) {
            assertThat(encoder.publish(key.secret())).isEqualTo("NetStream.Publish.Start");
            new MediaScript(encoder).headers().both(8);
            encoder.sync();
            Wait.until("it is there", () -> engine.live(channel.name()).isPresent());
            assertThat(cameras.resting(1_000)).noneMatch(each -> each.channel().id() == channel.id());
        }
        engine.end(channel.name());
    }

    // ---- what is shown is not what was typed ------------------------------------------------------------------

    private MockHttpServletResponse saved(String body) throws Exception {
        return site.perform(put("/api/v1/channels/" + channel.name() + "/source")
                        .with(user(anna))
                        .with(csrf())
                        .contentType(MediaType.APPLICATION_JSON)
                        .content(body))
                .andReturn()
                .getResponse();
    }

    private MockHttpServletResponse attempt(String address) throws Exception {
        return site.perform(
                        post("/studio/camera/try").with(user(anna)).with(csrf()).param("address", address))
                .andReturn()
                .getResponse();
    }

    @Test
    void theAddressAsItIsShownKeepsTheLogIn() throws Exception {
        cameras.put(anna.accountId(), channel.id(), WISH);
        String shown = cameras.of(channel.id()).orElseThrow().address();
        assertThat(saved("{\"url\": \"" + shown + "\", \"mode\": \"on-demand\"}")
                        .getStatus())
                .isEqualTo(200);
        FakeStreams.Put put = streams.of(channel.name()).orElseThrow();
        assertThat(put.always()).isFalse();
        assertThat(put.from().user()).isEqualTo("admin");
        assertThat(put.from().password()).isEqualTo("geheim");
        saved("{\"url\": \"" + shown + "\", \"user\": \"\"}");
        assertThat(streams.of(channel.name()).orElseThrow().from().user())
                .as("said to be none")
                .isEmpty();
    }

    @Test
    void aSecretThatIsHiddenIsNoPassword() throws Exception {
        String shown = cameras.shown(
                new CameraWish("rtsp://10.0.0.7/user=a_password=geheim_channel=1.sdp", "", "", false, false));
        assertThat(attempt(shown).getContentAsString()).contains("Type it again");
        assertThat(saved("{\"url\": \"" + shown + "\"}").getStatus()).isEqualTo(422);
        assertThat(streams.of(channel.name())).isEmpty();
    }

    @Test
    void noPasswordComesBackInAPage() throws Exception {
        for (String address : new String[] {
            "http://admin:geheim@192.168.1.20/", "admin:geheim@ /", "rtsp://admin:ge@heim@:x/1", "//admin:geheim@x"
        }) {
            MockHttpServletResponse answer = attempt(address);
            assertThat(answer.getContentAsString()).as(address).doesNotContain("heim");
        }
    }

    @Test
    void nobodyMakesAChannelForThoseWhoAreNotOffered() throws Exception {
        extra.allow(anna.accountId(), 1);
        String name = TestPeople.name();
        MockHttpServletResponse answer = site.perform(post("/studio/camera")
                        .with(user(anna))
                        .with(csrf())
                        .param("draft", cameras.seal(anna.accountId(), WISH))
                        .param("name", name)
                        .param("visibility", "PASSWORD"))
                .andReturn()
                .getResponse();
        assertThat(answer.getStatus()).isEqualTo(422);
        assertThat(channels.find(name)).isEmpty();
    }
}
