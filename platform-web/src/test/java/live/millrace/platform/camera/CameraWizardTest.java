// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.camera;

import static live.millrace.platform.JustLoggedIn.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.Visibility;
import live.millrace.platform.engine.FetchFailure;
import live.millrace.platform.engine.FetchTrial;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletResponse;

/** How a camera is tried, made and changed on pages. */
class CameraWizardTest extends CameraSite {
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

    /** Who has to choose another name has not lost what was found. */
    @Test
    void aBadNameKeepsWhatTheTrialShowed() throws Exception {
        extra.allow(anna.accountId(), 1);
        streams.answers(new FetchTrial(null, List.of("H.265"), List.of("ONVIF metadata"), null));
        MockHttpServletResponse answer = site.perform(post("/studio/camera")
                        .with(user(anna))
                        .with(csrf())
                        .param("draft", draft())
                        .param("name", anna.getUsername()))
                .andReturn()
                .getResponse();
        assertThat(answer.getStatus()).isEqualTo(422);
        assertThat(answer.getContentAsString())
                .contains("id=\"name-error\"", "It sends: H.265", "ONVIF metadata")
                .containsPattern("id=\"name\"[^>]* autofocus");
    }

    @Test
    void theFieldToMendHasTheFocus() throws Exception {
        streams.answers(FetchTrial.failed(FetchFailure.WRONG_LOGIN));
        assertThat(attempt("rtsp://192.168.1.20/1").getContentAsString())
                .containsPattern("id=\"password\"[^>]* autofocus")
                .containsPattern(
                        "id=\"password\"[^>]* aria-invalid=\"true\"[^>]* aria-describedby=\"password-help camera-failure\"")
                .doesNotContainPattern("id=\"address\"[^>]* autofocus");
        streams.answers(FetchTrial.failed(FetchFailure.UNREACHABLE));
        assertThat(attempt("rtsp://192.168.1.20/1").getContentAsString())
                .containsPattern("id=\"address\"[^>]* autofocus")
                .doesNotContainPattern("id=\"password\"[^>]* autofocus");
        assertThat(attempt("nothing").getContentAsString()).containsPattern("id=\"address\"[^>]* autofocus");
    }
}
