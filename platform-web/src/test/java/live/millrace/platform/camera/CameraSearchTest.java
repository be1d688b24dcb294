// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.camera;

import static live.millrace.platform.JustLoggedIn.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Role;
import live.millrace.platform.audit.Actor;
import live.millrace.platform.camera.FakeDiscovery.Answer;
import live.millrace.platform.camera.internal.onvif.FakeDevice;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.engine.FetchFailure;
import live.millrace.platform.engine.FetchTrial;
import live.millrace.platform.site.Setting;
import live.millrace.platform.site.SiteSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;

/** From "who is there?" to a stream that was tried: who may, how often, and what the pages say. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class CameraSearchTest {
    private static final Pattern SEALED = Pattern.compile("name=\"device\" value=\"([^\"]+)\"");
    private static final Pattern DRAFT = Pattern.compile("name=\"draft\" value=\"([^\"]+)\"");

    @TestConfiguration(proxyBeanMethods = false)
    static class Faked {
        @Bean
        @Primary
        FakeStreams fakeStreams() {
            return new FakeStreams();
        }

        @Bean
        @Primary
        FakeDiscovery fakeDiscovery() {
            return new FakeDiscovery();
        }
    }

    @Autowired
    private MockMvc site;

    @Autowired
    private TestPeople people;

    @Autowired
    private FakeStreams streams;

    @Autowired
    private FakeDiscovery network;

    @Autowired
    private CameraSearch search;

    @Autowired
    private CameraRights rights;

    @Autowired
    private SiteSettings settings;

    private AccountPrincipal admin;
    private FakeDevice device;

    @BeforeEach
    void somebodyWhoMay() throws Exception {
        admin = people.account(Role.ADMIN);
        device = new FakeDevice();
        settings.change(Setting.CAMERA_SEARCH, "on", Actor.SITE);
        network.answers(id -> List.of(Answer.of("127.0.0.1", device.match(id))));
        streams.answers(new FetchTrial(null, List.of("H.264"), List.of(), null));
    }

    @AfterEach
    void back() {
        settings.change(Setting.CAMERA_SEARCH, "", Actor.SITE);
        device.close();
    }

    private MockHttpServletResponse posted(AccountPrincipal who, String to, String... fields) throws Exception {
        var request = post("/studio/camera" + to).with(user(who)).with(csrf());
        for (int i = 0; i < fields.length; i += 2) {
            request.param(fields[i], fields[i + 1]);
        }
        return site.perform(request).andReturn().getResponse();
    }

    private String page(AccountPrincipal who) throws Exception {
        return site.perform(get("/studio/camera").with(user(who)))
                .andReturn()
                .getResponse()
                .getContentAsString();
    }

    private static String first(Pattern pattern, MockHttpServletResponse answer) throws Exception {
        Matcher found = pattern.matcher(answer.getContentAsString());
        assertThat(found.find()).as(answer.getContentAsString()).isTrue();
        return found.group(1);
    }

    @Test
    void findsACameraAndTriesItsStream() throws Exception {
        assertThat(page(admin)).contains("Find on my network");
        MockHttpServletResponse found = posted(admin, "/search", "on", "garden");
        assertThat(found.getStatus()).isEqualTo(200);
        assertThat(found.getHeader("Cache-Control")).contains("no-store");
        assertThat(found.getContentAsString())
                .contains("1 device found", "Garden Cam", device.uri("").getAuthority(), "IPC-1", "Choose stream")
                .contains("name=\"on\" value=\"garden\"");
        String sealed = first(SEALED, found);

        MockHttpServletResponse wrong =
                posted(admin, "/device", "device", sealed, "user", FakeDevice.USER, "password", "wrong herons");
        assertThat(wrong.getStatus()).isEqualTo(422);
        assertThat(wrong.getContentAsString())
                .contains("search-failure", "users of their own for ONVIF", "Garden Cam", "admin &amp; co")
                .doesNotContain("wrong herons", "??");

        MockHttpServletResponse chosen = posted(
                admin,
                "/device",
                "device",
                first(SEALED, wrong),
                "user",
                FakeDevice.USER,
                "password",
                FakeDevice.PASSWORD);
        assertThat(chosen.getStatus()).isEqualTo(200);
        assertThat(chosen.getHeader("Cache-Control")).contains("no-store");
        assertThat(chosen.getContentAsString())
                .contains("Streams of Garden Cam", "mainStream", "1920 × 1080", "H.264", "sub&amp;1")
                .doesNotContain("heim", "??");

        MockHttpServletResponse tried = posted(admin, "/try", "draft", first(DRAFT, chosen));
        assertThat(tried.getStatus()).isEqualTo(200);
        assertThat(tried.getContentAsString()).contains("It works").doesNotContain("heim");
        assertThat(streams.tried().uri()).hasToString("rtsp://127.0.0.1:8554/stream1?a=b");
        assertThat(streams.tried().user()).isEqualTo(FakeDevice.USER);
        assertThat(streams.tried().password()).isEqualTo(FakeDevice.PASSWORD);
        assertThat(streams.tried().privateNetworks()).isTrue();
        // The same as if it had been typed.
        assertThat(posted(
                                admin,
                                "",
                                "draft",
                                first(DRAFT, tried),
                                "place",
                                people.channel(admin).name())
                        .getRedirectedUrl())
                .isEqualTo("/" + people.channel(admin).name());
        assertThat(streams.of(people.channel(admin).name()).orElseThrow().from().password())
                .isEqualTo(FakeDevice.PASSWORD);
    }

    @Test
    void aStreamThatFailsIsTyped() throws Exception {
        String sealed = first(SEALED, posted(admin, "/search"));
        MockHttpServletResponse chosen =
                posted(admin, "/device", "device", sealed, "user", FakeDevice.USER, "password", FakeDevice.PASSWORD);
        streams.answers(FetchTrial.failed(FetchFailure.NOT_FOUND));
        MockHttpServletResponse tried = posted(admin, "/try", "draft", first(DRAFT, chosen));
        assertThat(tried.getStatus()).isEqualTo(422);
        assertThat(tried.getContentAsString())
                .contains("rtsp://127.0.0.1:8554/stream1?a=b", "admin &amp; co", "camera-failure")
                .doesNotContain("heim");
        assertThat(posted(admin, "/try", "draft", "AAAA").getContentAsString()).contains("took too long");
    }

    @Test
    void isOffUnlessSomebodyTurnsItOn() throws Exception {
        settings.change(Setting.CAMERA_SEARCH, "", Actor.SITE);
        int before = network.asked();
        assertThat(page(admin)).doesNotContain("Find on my network");
        MockHttpServletResponse answer = posted(admin, "/search");
        assertThat(answer.getStatus()).isEqualTo(422);
        assertThat(answer.getContentAsString()).contains("search the network. Ask an admin");
        assertThat(network.asked()).isEqualTo(before);
    }

    @Test
    void isForThoseWhoMayGoToPrivateNetworks() throws Exception {
        AccountPrincipal anna = people.user();
        int before = network.asked();
        assertThat(page(anna)).doesNotContain("Find on my network");
        assertThat(posted(anna, "/search").getStatus()).isEqualTo(422);
        assertThat(network.asked()).isEqualTo(before);
        rights.give(anna.accountId(), true);
        String sealed = first(SEALED, posted(anna, "/search"));
        rights.give(anna.accountId(), false);
        int asked = device.asked().size();
        assertThat(posted(anna, "/device", "device", sealed).getStatus()).isEqualTo(422);
        assertThat(device.asked()).hasSize(asked);
        settings.change(Setting.CAMERAS, "off", Actor.SITE);
        assertThat(rights.of(admin.accountId()).search()).isFalse();
        settings.change(Setting.CAMERAS, "", Actor.SITE);
    }

    @Test
    void nobodyNamesADeviceThatWasNotFound() throws Exception {
        String sealed = first(SEALED, posted(admin, "/search"));
        AccountPrincipal other = people.account(Role.ADMIN);
        int asked = device.asked().size();
        for (String device : List.of(sealed, "", "%%%", "http://127.0.0.1:80/")) {
            MockHttpServletResponse answer = posted(other, "/device", "device", device);
            assertThat(answer.getStatus()).isEqualTo(422);
            assertThat(answer.getContentAsString()).contains("Search again");
        }
        assertThat(device.asked()).hasSize(asked);
    }

    @Test
    void saysWhatToCheckWhereNobodyAnswers() throws Exception {
        network.answers(_ -> List.of());
        MockHttpServletResponse answer = posted(admin, "/search");
        assertThat(answer.getStatus()).isEqualTo(200);
        assertThat(answer.getContentAsString())
                .contains("search-none", "Switch ONVIF on")
                .doesNotContain("??");
    }

    @Test
    void saysWhyThereAreNoStreams() throws Exception {
        String sealed = first(SEALED, posted(admin, "/search"));
        device.says("GetProfiles", "");
        assertThat(posted(admin, "/device", "device", sealed, "user", FakeDevice.USER, "password", FakeDevice.PASSWORD)
                        .getContentAsString())
                .contains("has no stream to choose");
        assertThat(posted(admin, "/device", "device", sealed, "user", "x".repeat(Cameras.MOST_LOGIN + 1))
                        .getContentAsString())
                .contains("at most 200 characters");
        device.close();
        assertThat(posted(admin, "/device", "device", sealed).getContentAsString())
                .contains("not the questions after it");
    }

    @Test
    void isAskedOnceInTenSeconds() throws Exception {
        assertThat(posted(admin, "/search").getStatus()).isEqualTo(200);
        int before = network.asked();
        MockHttpServletResponse again = posted(admin, "/search");
        assertThat(again.getStatus()).isEqualTo(422);
        assertThat(again.getContentAsString()).contains("Wait ten seconds");
        assertThat(network.asked()).isEqualTo(before);
        assertThat(posted(people.account(Role.ADMIN), "/search").getStatus()).isEqualTo(200);
    }

    @Test
    void twoSearchAtATime() throws Exception {
        CountDownLatch begun = new CountDownLatch(2);
        CountDownLatch end = new CountDownLatch(1);
        network.answers(_ -> {
            begun.countDown();
            try {
                end.await();
            } catch (InterruptedException over) {
                Thread.currentThread().interrupt();
            }
            return List.of();
        });
        List<CompletableFuture<CameraSearch.Devices>> both = List.of(searching(), searching());
        begun.await();
        assertThat(search.search(admin.accountId()).refused()).isEqualTo("camera.search.busy");
        end.countDown();
        assertThat(both).allSatisfy(one -> assertThat(one.join().refused()).isNull());
        // Whoever was refused has not searched.
        assertThat(search.search(admin.accountId()).refused()).isNull();
    }

    private CompletableFuture<CameraSearch.Devices> searching() {
        AccountPrincipal who = people.account(Role.ADMIN);
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return search.search(who.accountId());
                    } catch (InterruptedException over) {
                        throw new IllegalStateException(over);
                    }
                },
                task -> Thread.ofVirtual().start(task));
    }

    @Test
    void aDeviceIsAskedByOneAtATime() throws Exception {
        String sealed = search.search(admin.accountId()).devices().getFirst().sealed();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        device.answers("GetProfiles", exchange -> {
            begun.countDown();
            try {
                end.await();
            } catch (InterruptedException over) {
                Thread.currentThread().interrupt();
            }
        });
        CompletableFuture<CameraSearch.Streams> first = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return search.streams(admin.accountId(), sealed, FakeDevice.USER, FakeDevice.PASSWORD);
                    } catch (InterruptedException over) {
                        throw new IllegalStateException(over);
                    }
                },
                task -> Thread.ofVirtual().start(task));
        begun.await();
        assertThat(search.streams(admin.accountId(), sealed, "", "").refused()).isEqualTo("camera.search.busy");
        end.countDown();
        assertThat(first.join().failure()).isEqualTo(CameraSearch.Failure.UNREACHABLE);
    }

    @Test
    void triesAreCountedTogether() throws Exception {
        String sealed = search.search(admin.accountId()).devices().getFirst().sealed();
        for (int i = 0; i < 20; i++) {
            assertThat(search.streams(admin.accountId(), sealed, "", "").refused())
                    .isNull();
        }
        assertThat(search.streams(admin.accountId(), sealed, "", "").refused()).isEqualTo("camera.try.often");
    }

    @Test
    void speaksChinese() throws Exception {
        network.answers(_ -> List.of());
        assertThat(site.perform(post("/studio/camera/search")
                                .with(user(admin))
                                .with(csrf())
                                .header("Accept-Language", "zh-CN"))
                        .andReturn()
                        .getResponse()
                        .getContentAsString())
                .contains("没有摄像头应答", "重新查找")
                .doesNotContain("??");
    }
}
