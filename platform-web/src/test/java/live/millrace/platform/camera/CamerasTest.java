// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.camera;

import static live.millrace.platform.JustLoggedIn.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.delete;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.put;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.Role;
import live.millrace.platform.audience.Tickets;
import live.millrace.platform.audience.Viewer;
import live.millrace.platform.audit.Actor;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.ExtraChannels;
import live.millrace.platform.channel.Visibility;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.engine.EngineStarted;
import live.millrace.platform.engine.FetchChanged;
import live.millrace.platform.engine.FetchFailure;
import live.millrace.platform.engine.FetchTrial;
import live.millrace.platform.engine.FetchView;
import live.millrace.platform.engine.LiveChanged;
import live.millrace.platform.engine.LiveState;
import live.millrace.platform.engine.LiveView;
import live.millrace.platform.live.Broadcasting;
import live.millrace.platform.site.Setting;
import live.millrace.platform.site.SiteSettings;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;

/** Cameras: whose they are, what is kept of them, what the engine is told, and who sees what they show. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class CamerasTest {
    private static final String ADDRESS = "rtsp://admin:ge%40heim@192.168.1.20/stream1";
    private static final Pattern DRAFT = Pattern.compile("name=\"draft\" value=\"([^\"]+)\"");

    @TestConfiguration(proxyBeanMethods = false)
    static class Faked {
        @Bean
        @Primary
        FakeStreams fakeStreams() {
            return new FakeStreams();
        }
    }

    @Autowired
    private MockMvc site;

    @Autowired
    private TestPeople people;

    @Autowired
    private FakeStreams streams;

    @Autowired
    private Cameras cameras;

    @Autowired
    private CameraRights rights;

    @Autowired
    private Channels channels;

    @Autowired
    private ExtraChannels extra;

    @Autowired
    private Accounts accounts;

    @Autowired
    private Tickets tickets;

    @Autowired
    private Broadcasting broadcasting;

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
        streams.answers(new FetchTrial(null, List.of("H.264"), List.of(), null));
    }

    @AfterEach
    void back() {
        settings.change(Setting.CAMERAS, "", Actor.SITE);
    }

    private MockHttpServletResponse saved(AccountPrincipal who, String body) throws Exception {
        return site.perform(put("/api/v1/channels/" + channel.name() + "/source")
                        .with(user(who))
                        .with(csrf())
                        .contentType(MediaType.APPLICATION_JSON)
                        .content(body))
                .andReturn()
                .getResponse();
    }

    private void save() throws Exception {
        assertThat(saved(anna, "{\"url\": \"" + ADDRESS + "\", \"mode\": \"on-demand\"}")
                        .getStatus())
                .isEqualTo(200);
    }

    private MockHttpServletResponse asked(AccountPrincipal who, String address) throws Exception {
        return site.perform(get(address).with(user(who))).andReturn().getResponse();
    }

    // ---- what is kept -----------------------------------------------------------------------------------------

    @Test
    void takesTheLoginOutOfTheAddressAndShowsNoPassword() throws Exception {
        MockHttpServletResponse answer = saved(anna, "{\"url\": \"" + ADDRESS + "\", \"mode\": \"always\"}");
        assertThat(answer.getContentAsString())
                .contains("\"url\":\"rtsp://192.168.1.20/stream1\"", "\"user\":\"admin\"", "\"password\":true")
                .contains("\"mode\":\"always\"", "\"state\":\"ready\"")
                .doesNotContain("heim");
        FakeStreams.Put put = streams.of(channel.name()).orElseThrow();
        assertThat(put.always()).isTrue();
        assertThat(put.from().uri()).hasToString("rtsp://192.168.1.20/stream1");
        assertThat(put.from().user()).isEqualTo("admin");
        assertThat(put.from().password()).isEqualTo("ge@heim");
        assertThat(put).asString().doesNotContain("heim");
        assertThat(asked(anna, "/studio/@" + channel.name() + "/camera").getContentAsString())
                .contains("rtsp://192.168.1.20/stream1", "admin")
                .doesNotContain("heim");
        byte[] kept = database.sql("select sealed from camera where channel_id = ?")
                .param(channel.id())
                .query(byte[].class)
                .single();
        assertThat(new String(kept, StandardCharsets.ISO_8859_1)).doesNotContain("heim", "192.168");
        assertThat(database.sql("select to_jsonb(camera)::text from camera where channel_id = ?")
                        .param(channel.id())
                        .query(String.class)
                        .single())
                .doesNotContain("heim");
    }

    @Test
    void keepsThePasswordWhereTheAddressStays() throws Exception {
        save();
        saved(anna, "{\"url\": \"rtsp://192.168.1.20/stream1\", \"user\": \"admin\", \"transport\": \"udp\"}");
        assertThat(streams.of(channel.name()).orElseThrow().from().password()).isEqualTo("ge@heim");
        assertThat(streams.of(channel.name()).orElseThrow().from().datagrams()).isTrue();
        saved(anna, "{\"url\": \"rtsp://192.168.1.21/stream1\", \"user\": \"admin\"}");
        assertThat(streams.of(channel.name()).orElseThrow().from().password())
                .as("nobody sends it to another device")
                .isEmpty();
    }

    @Test
    void theSecretInAPathIsKeptAndNotShown() throws Exception {
        saved(anna, "{\"url\": \"rtsp://10.0.0.7/user=a_password=geheim_channel=1.sdp\"}");
        String shown = cameras.of(channel.id()).orElseThrow().address();
        assertThat(shown).doesNotContain("geheim");
        assertThat(saved(anna, "{\"url\": \"" + shown + "\"}").getStatus()).isEqualTo(200);
        assertThat(streams.of(channel.name()).orElseThrow().from().uri().toString())
                .contains("password=geheim_");
    }

    @Test
    void refusesInWords() throws Exception {
        assertThat(saved(anna, "{\"url\": \"http://192.168.1.20/\"}").getContentAsString())
                .contains("422", "RTSP");
        assertThat(saved(anna, "{\"url\": \"" + ADDRESS + "\", \"mode\": \"sometimes\"}")
                        .getContentAsString())
                .contains("422", "on-demand");
        assertThat(saved(anna, "{}").getStatus()).isEqualTo(422);
        assertThat(streams.of(channel.name())).isEmpty();
    }

    @Test
    void isItsOwnersAlone() throws Exception {
        save();
        AccountPrincipal bert = people.account(Role.ADMIN);
        String source = "/api/v1/channels/" + channel.name() + "/source";
        assertThat(asked(bert, source).getStatus()).isEqualTo(404);
        assertThat(saved(bert, "{\"url\": \"rtsp://10.0.0.1/\"}").getStatus()).isEqualTo(404);
        assertThat(site.perform(delete(source).with(user(bert)).with(csrf()))
                        .andReturn()
                        .getResponse()
                        .getStatus())
                .isEqualTo(404);
        assertThat(site.perform(get(source)).andReturn().getResponse().getStatus())
                .isEqualTo(401);
        assertThat(asked(bert, "/studio/@" + channel.name() + "/camera").getStatus())
                .isEqualTo(404);
        assertThat(site.perform(delete(source).with(user(anna)).with(csrf()))
                        .andReturn()
                        .getResponse()
                        .getStatus())
                .isEqualTo(204);
        assertThat(streams.of(channel.name())).isEmpty();
        assertThat(asked(anna, source).getStatus()).isEqualTo(404);
    }

    // ---- rights -----------------------------------------------------------------------------------------------

    @Test
    void onlyWhoHasTheRightReachesPrivateNetworks() throws Exception {
        save();
        assertThat(streams.of(channel.name()).orElseThrow().from().privateNetworks())
                .isFalse();
        AccountPrincipal admin = people.account(Role.ADMIN);
        String given = "/admin/users/" + anna.getUsername() + "/cameras";
        site.perform(post(given)
                .with(user(admin))
                .with(csrf())
                .param("given", "true")
                .param("reason", "her garden"));
        assertThat(streams.of(channel.name()).orElseThrow().from().privateNetworks())
                .isTrue();
        site.perform(post(given).with(user(admin)).with(csrf()).param("reason", "moved out"));
        assertThat(streams.of(channel.name()).orElseThrow().from().privateNetworks())
                .isFalse();
        assertThat(rights.of(admin.accountId()).privateNetworks()).isTrue();
        assertThat(rights.of(admin.accountId()).given()).isFalse();
        assertThat(database.sql("select action from audit_entry where actor_id = ? order by id")
                        .param(admin.accountId())
                        .query(String.class)
                        .list())
                .containsExactly("user.cameras", "user.cameras-back");
    }

    @Test
    void aSuspendedOwnersCameraRests() throws Exception {
        save();
        accounts.suspendStreaming(anna.accountId(), null);
        assertThat(streams.of(channel.name())).isEmpty();
        assertThat(cameras.of(channel.id()).orElseThrow().state()).isEqualTo(CameraState.OFF);
        assertThat(saved(anna, "{\"url\": \"" + ADDRESS + "\"}").getStatus()).isEqualTo(422);
        accounts.restoreStreaming(anna.accountId());
        events.publishEvent(new EngineStarted(Duration.ofSeconds(1)));
        assertThat(streams.of(channel.name())).isPresent();
        accounts.suspend(anna.accountId(), "spam", null);
        assertThat(streams.of(channel.name())).isEmpty();
    }

    @Test
    void noneIsFetchedWhereTheSiteHasNone() throws Exception {
        save();
        settings.change(Setting.CAMERAS, "off", Actor.SITE);
        events.publishEvent(new EngineStarted(Duration.ofSeconds(1)));
        assertThat(streams.of(channel.name())).isEmpty();
        assertThat(saved(anna, "{\"url\": \"" + ADDRESS + "\"}").getStatus()).isEqualTo(422);
    }

    /** The engine of a process that begins knows nothing. */
    @Test
    void allAreFetchedAgainByAnotherEngine() throws Exception {
        save();
        streams.remove(channel.name());
        events.publishEvent(new EngineStarted(Duration.ofSeconds(1)));
        assertThat(streams.of(channel.name()).orElseThrow().from().password()).isEqualTo("ge@heim");
    }

    @Test
    void goesWithItsChannel() throws Exception {
        extra.allow(anna.accountId(), 1);
        ChannelView yard = ((ExtraChannels.Wish.Made) extra.make(anna.accountId(), TestPeople.name())).channel();
        cameras.put(anna.accountId(), yard.id(), new CameraWish(ADDRESS, "", "", false, false));
        assertThat(streams.of(yard.name())).isPresent();
        extra.remove(yard.id());
        assertThat(streams.of(yard.name())).isEmpty();
        assertThat(cameras.of(yard.id())).isEmpty();
    }

    // ---- how it does ------------------------------------------------------------------------------------------

    @Test
    void theLastFailureOutlivesTheProcess() throws Exception {
        save();
        FetchView failed =
                new FetchView(FetchView.State.STOPPED, Instant.now(), FetchFailure.WRONG_LOGIN, Instant.EPOCH);
        streams.is(channel.name(), failed);
        events.publishEvent(new FetchChanged(channel.name(), failed));
        String source = "/api/v1/channels/" + channel.name() + "/source";
        assertThat(asked(anna, source).getContentAsString())
                .contains("\"state\":\"failed\"", "\"failure\":\"wrong-login\"", "did not take these");
        Awaitility.await()
                .untilAsserted(() -> assertThat(database.sql("select failure from camera where channel_id = ?")
                                .param(channel.id())
                                .query(String.class)
                                .optional())
                        .contains("WRONG_LOGIN"));
        // Another process's engine, which was asked for nothing yet.
        streams.is(channel.name(), new FetchView(FetchView.State.IDLE, Instant.now(), null, null));
        assertThat(cameras.of(channel.id()).orElseThrow().failure()).isEqualTo(FetchFailure.WRONG_LOGIN);
        save();
        assertThat(cameras.of(channel.id()).orElseThrow().failure())
                .as("it has another address to prove")
                .isNull();
    }

    private static LiveView on(
            ChannelView channel,
            UUID broadcast,
            LiveState state,
            @Nullable Instant liveSince,
            LiveView.@Nullable Encoder encoder) {
        return new LiveView(
                channel.name(),
                broadcast,
                state,
                Instant.now(),
                liveSince,
                null,
                null,
                encoder,
                null,
                0,
                0,
                0,
                0,
                null,
                1,
                List.of(),
                Map.of(),
                null);
    }

    @Test
    void whatIsFetchedRingsNobodyAndFillsNoHistory() {
        UUID broadcast = UUID.randomUUID();
        channels.showOnce(channel.id(), Visibility.PRIVATE);
        database.sql("insert into recording_channel (channel_id, next_recorded) values (?, false)")
                .param(channel.id())
                .update();
        // Who publishes is not known yet when it is heard of first.
        events.publishEvent(new LiveChanged(on(channel, broadcast, LiveState.STARTING, null, null), true));
        events.publishEvent(new LiveChanged(
                on(
                        channel,
                        broadcast,
                        LiveState.LIVE,
                        Instant.now(),
                        new LiveView.Encoder("Garden Cam", "192.168.1.20")),
                false));
        events.publishEvent(new LiveChanged(on(channel, broadcast, LiveState.ENDED, Instant.now(), null), false));
        assertThat(database.sql("select fetched and ended_at is not null from live_broadcast where engine_id = ?")
                        .param(broadcast)
                        .query(Boolean.class)
                        .single())
                .isTrue();
        assertThat(database.sql("select count(*) from delivery where kind = 'notice.live' and target = ?")
                        .param(channel.name())
                        .query(Integer.class)
                        .single())
                .isZero();
        assertThat(broadcasting.past(channel, 10)).isEmpty();
        ChannelView after = channels.find(channel.id()).orElseThrow();
        assertThat(after.lastLiveAt()).isNull();
        assertThat(after.visibility()).as("a glance is no broadcast").isEqualTo(Visibility.PRIVATE);
        assertThat(database.sql("select next_recorded from recording_channel where channel_id = ?")
                        .param(channel.id())
                        .query(Boolean.class)
                        .single())
                .as("what was said of the next broadcast holds")
                .isFalse();
    }

    // ---- the wizard -------------------------------------------------------------------------------------------

    private MockHttpServletResponse attempt(String address) throws Exception {
        return site.perform(post("/studio/camera/try")
                        .with(user(anna))
                        .with(csrf())
                        .param("address", address)
                        .param("password", "ge@heim"))
                .andReturn()
                .getResponse();
    }

    private String draft() throws Exception {
        MockHttpServletResponse answer = attempt("rtsp://admin@192.168.1.20/stream1");
        assertThat(answer.getStatus()).isEqualTo(200);
        assertThat(answer.getContentAsString()).doesNotContain("heim");
        Matcher draft = DRAFT.matcher(answer.getContentAsString());
        assertThat(draft.find()).isTrue();
        return draft.group(1);
    }

    @Test
    void aTrialSaysWhyNot() throws Exception {
        for (FetchFailure failure : FetchFailure.values()) {
            streams.answers(FetchTrial.failed(failure));
            MockHttpServletResponse answer = attempt("rtsp://admin@192.168.1.20/stream1");
            assertThat(answer.getStatus()).isEqualTo(422);
            assertThat(answer.getContentAsString())
                    .contains("id=\"camera-failure\"", "rtsp://192.168.1.20/stream1")
                    .doesNotContain("heim", "??camera");
        }
        assertThat(streams.tried().password()).isEqualTo("ge@heim");
        assertThat(streams.tried().privateNetworks()).isFalse();
    }

    private MockHttpServletResponse changed(String path, Map<String, String> fields) throws Exception {
        var request = post("/studio/@" + channel.name() + "/camera" + path)
                .with(user(anna))
                .with(csrf());
        fields.forEach(request::param);
        return site.perform(request).andReturn().getResponse();
    }

    @Test
    void aChangeIsTriedWithThePasswordThatIsKept() throws Exception {
        save();
        Map<String, String> form = Map.of("address", "rtsp://192.168.1.20/stream1", "user", "admin", "udp", "true");
        MockHttpServletResponse good = changed("/try", form);
        assertThat(good.getStatus()).isEqualTo(200);
        assertThat(good.getHeader("Cache-Control")).isEqualTo("no-store");
        assertThat(good.getContentAsString())
                .contains("id=\"camera-found\"", "It sends: H.264")
                .doesNotContain("heim");
        assertThat(streams.tried().password()).isEqualTo("ge@heim");
        assertThat(streams.tried().datagrams()).isTrue();
        assertThat(cameras.of(channel.id()).orElseThrow().udp())
                .as("nothing is saved")
                .isFalse();
        changed("/try", Map.of("address", "rtsp://192.168.1.21/stream1", "user", "admin"));
        assertThat(streams.tried().password())
                .as("nobody sends it to another device")
                .isEmpty();
        streams.answers(FetchTrial.failed(FetchFailure.WRONG_LOGIN));
        MockHttpServletResponse bad = changed("/try", form);
        assertThat(bad.getStatus()).isEqualTo(422);
        assertThat(bad.getContentAsString()).contains("id=\"camera-failure\"", "did not take these");
        assertThat(asked(anna, "/studio/@" + channel.name() + "/camera/try").getRedirectedUrl())
                .isEqualTo("/studio/@" + channel.name() + "/camera");
    }

    /** Passwords are in no page: the form brings back what was tried, encrypted. */
    @Test
    void whatWasTriedCanBeSaved() throws Exception {
        save();
        String page = changed(
                        "/try",
                        Map.of("address", "rtsp://192.168.1.30/a?password=neu", "user", "eva", "password", "otto"))
                .getContentAsString();
        Matcher draft = DRAFT.matcher(page);
        assertThat(draft.find()).isTrue();
        Matcher shown =
                Pattern.compile("name=\"address\"[^>]* value=\"([^\"]+)\"").matcher(page);
        assertThat(shown.find()).isTrue();
        assertThat(page).doesNotContain("otto", "=neu");
        assertThat(changed("", Map.of("address", shown.group(1), "user", "eva", "draft", draft.group(1)))
                        .getRedirectedUrl())
                .endsWith("/camera?saved");
        assertThat(streams.of(channel.name()).orElseThrow().from().uri())
                .hasToString("rtsp://192.168.1.30/a?password=neu");
        assertThat(streams.of(channel.name()).orElseThrow().from().password()).isEqualTo("otto");
        changed("", Map.of("address", "rtsp://192.168.1.31/a", "user", "eva", "draft", draft.group(1)));
        assertThat(streams.of(channel.name()).orElseThrow().from().password())
                .as("of another device")
                .isEmpty();
    }

    @Test
    void aTrialSaysWhatBrowsersCannotPlay() throws Exception {
        streams.answers(new FetchTrial(null, List.of("H.265", "G.711"), List.of("ONVIF metadata"), null));
        assertThat(attempt("rtsp://192.168.1.20/1").getContentAsString())
                .contains("Not every browser plays H.265", "sound of this camera (G.711)", "ONVIF metadata");
    }

    @Test
    void trialsAreCounted() throws Exception {
        for (int i = 0; i < 20; i++) {
            assertThat(attempt("rtsp://192.168.1.20/1").getStatus()).isEqualTo(200);
        }
        assertThat(attempt("rtsp://192.168.1.20/1").getContentAsString()).contains("20 times");
    }

    @Test
    void makesAPrivateChannelOfWhatWasTried() throws Exception {
        extra.allow(anna.accountId(), 1);
        String name = TestPeople.name();
        MockHttpServletResponse made = site.perform(post("/studio/camera")
                        .with(user(anna))
                        .with(csrf())
                        .param("draft", draft())
                        .param("place", "")
                        .param("name", name))
                .andReturn()
                .getResponse();
        assertThat(made.getRedirectedUrl()).isEqualTo("/" + name);
        assertThat(channels.find(name).orElseThrow().visibility()).isEqualTo(Visibility.PRIVATE);
        assertThat(streams.of(name).orElseThrow().from().password()).isEqualTo("ge@heim");
        assertThat(asked(anna, "/studio/camera").getContentAsString()).contains(name, "rtsp://192.168.1.20/stream1");
        assertThat(asked(anna, "/" + name).getContentAsString()).contains("data-camera=\"on\"");
        AccountPrincipal bert = people.user();
        assertThat(asked(bert, "/" + name).getContentAsString()).doesNotContain("data-camera");
    }

    @Test
    void theOwnChannelStaysAsItIs() throws Exception {
        MockHttpServletResponse made = site.perform(post("/studio/camera")
                        .with(user(anna))
                        .with(csrf())
                        .param("draft", draft())
                        .param("place", channel.name()))
                .andReturn()
                .getResponse();
        assertThat(made.getRedirectedUrl()).isEqualTo("/" + channel.name());
        assertThat(channels.find(channel.id()).orElseThrow().visibility()).isEqualTo(Visibility.PUBLIC);
        assertThat(streams.of(channel.name())).isPresent();
    }

    @Test
    void somebodyElsesDraftIsWorthNothing() throws Exception {
        String draft = draft();
        AccountPrincipal bert = people.user();
        assertThat(site.perform(post("/studio/camera")
                                .with(user(bert))
                                .with(csrf())
                                .param("draft", draft)
                                .param("place", people.channel(bert).name()))
                        .andReturn()
                        .getResponse()
                        .getStatus())
                .isEqualTo(422);
        assertThat(cameras.unseal(anna.accountId(), "AAAA")).isEmpty();
        assertThat(cameras.unseal(anna.accountId(), "%%%")).isEmpty();
    }

    @Test
    void homeShowsPublicCamerasThatRest() throws Exception {
        save();
        show(jpeg());
        assertThat(home()).contains("/api/v1/channels/" + channel.name() + "/snapshot.jpg?at=");
        streams.is(channel.name(), new FetchView(FetchView.State.RUNNING, Instant.now(), null, Instant.now()));
        assertThat(home()).doesNotContain(channel.name() + "/snapshot.jpg");
        streams.is(channel.name(), new FetchView(FetchView.State.IDLE, Instant.now(), null, null));
        channels.show(channel.id(), Visibility.UNLISTED);
        assertThat(home()).doesNotContain(channel.name());
    }

    /** As somebody signed in, whose page is nobody else's. */
    private String home() throws Exception {
        return asked(people.user(), "/").getContentAsString();
    }

    // ---- snapshots --------------------------------------------------------------------------------------------

    private static byte[] jpeg() throws IOException {
        ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(64, 36, BufferedImage.TYPE_INT_RGB), "jpeg", jpeg);
        return jpeg.toByteArray();
    }

    private void show(byte[] jpeg) {
        database.sql("insert into camera_snapshot (channel_id, taken_at, jpeg) values (?, now(), ?)")
                .param(channel.id())
                .param(jpeg)
                .update();
    }

    private MockHttpServletResponse snapshot(String type) throws Exception {
        return site.perform(get("/api/v1/channels/" + channel.name() + "/snapshot." + type))
                .andReturn()
                .getResponse();
    }

    @Test
    void aSnapshotIsForThoseWhoMayWatch() throws Exception {
        save();
        byte[] jpeg = jpeg();
        show(jpeg);
        MockHttpServletResponse open = snapshot("jpg");
        assertThat(open.getContentAsByteArray()).isEqualTo(jpeg);
        assertThat(open.getContentType()).isEqualTo("image/jpeg");
        assertThat(open.getHeader("Cache-Control")).contains("public", "max-age=10");
        assertThat(snapshot("png").getContentAsByteArray()).startsWith(0x89, 'P', 'N', 'G');
        String tag = open.getHeader("ETag");
        assertThat(site.perform(get("/api/v1/channels/" + channel.name() + "/snapshot.jpg")
                                .header("If-None-Match", tag))
                        .andReturn()
                        .getResponse()
                        .getStatus())
                .isEqualTo(304);

        channels.show(channel.id(), Visibility.PRIVATE);
        MockHttpServletResponse refused = snapshot("jpg");
        assertThat(refused.getStatus()).isEqualTo(404);
        MockHttpServletResponse unknown = site.perform(get("/api/v1/channels/nobody-here/snapshot.jpg"))
                .andReturn()
                .getResponse();
        assertThat(refused.getContentAsString())
                .isEqualTo(unknown.getContentAsString().replace("nobody-here", channel.name()));
        String ticket = tickets.issue(channels.find(channel.id()).orElseThrow(), new Viewer(anna, Map.of(), Set.of()));
        String address = "/api/v1/channels/" + channel.name() + "/snapshot.jpg?t=";
        assertThat(site.perform(get(address + ticket)).andReturn().getResponse().getStatus())
                .isEqualTo(200);
        assertThat(site.perform(get(address + "A".repeat(22)))
                        .andReturn()
                        .getResponse()
                        .getStatus())
                .isEqualTo(404);
        MockHttpServletResponse own = asked(anna, "/api/v1/channels/" + channel.name() + "/snapshot.jpg");
        assertThat(own.getContentAsByteArray()).isEqualTo(jpeg);
        assertThat(own.getHeader("Cache-Control")).contains("private").doesNotContain("public");
    }

    @Test
    void whatWasForFewIsNotKeptForMany() throws Exception {
        save();
        channels.show(channel.id(), Visibility.PRIVATE);
        show(jpeg());
        channels.show(channel.id(), Visibility.PUBLIC);
        assertThat(snapshot("jpg").getStatus()).isEqualTo(404);
    }

    @Test
    void whatStaffTookDownIsNotShown() throws Exception {
        save();
        show(jpeg());
        broadcasting.takeDownPicture(channel.name());
        assertThat(snapshot("jpg").getStatus()).isEqualTo(404);
    }
}
