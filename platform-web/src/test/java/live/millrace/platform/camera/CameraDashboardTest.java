// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.camera;

import static live.millrace.platform.JustLoggedIn.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;

import java.time.Instant;
import java.util.List;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Role;
import live.millrace.platform.audit.Actor;
import live.millrace.platform.engine.FetchFailure;
import live.millrace.platform.engine.FetchTrial;
import live.millrace.platform.engine.FetchView;
import live.millrace.platform.site.Setting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pages of a channel that is a camera speak of the camera, and never of an encoder that it has not. */
class CameraDashboardTest extends CameraSite {
    private String dashboard() throws Exception {
        return asked(anna, "/studio").getContentAsString();
    }

    private void is(FetchView.State state, FetchFailure why) {
        streams.is(channel.name(), new FetchView(state, Instant.now(), why, null));
    }

    @ParameterizedTest
    @CsvSource({
        "IDLE,     ,            It rests",
        "STARTING, ,            is connecting to it",
        "RUNNING,  ,            Its picture is on",
        "WAITING,  UNREACHABLE, No answer. Check the address",
        "STOPPED,  WRONG_LOGIN, connect with this password again",
    })
    void itSaysHowTheCameraIs(FetchView.State state, FetchFailure why, String words) throws Exception {
        save();
        is(state, why);
        assertThat(dashboard())
                .contains(words, "/studio/@" + channel.name() + "/camera", "rtsp://192.168.1.20/stream1")
                .doesNotContain("heim")
                .doesNotContain(
                        "stream key yet", "in your encoder", "your encoder", "Your next broadcast", "attempt-log");
    }

    /** A page that is left open keeps no camera awake: its preview waits to be asked for. */
    @Test
    void aCameraThatRestsIsShownToWhoAsks() throws Exception {
        save();
        assertThat(dashboard()).contains("data-asks=\"on\"", "data-do=\"look\"");
    }

    @Test
    void aChannelThatIsNoneSpeaksOfItsEncoder() throws Exception {
        assertThat(dashboard())
                .contains("in your encoder")
                .doesNotContain("dash-camera", "data-asks=\"on\"", "data-do=\"look\"");
    }

    @Test
    void theOwnerReadsOnItsPageWhyItIsOffline() throws Exception {
        save();
        is(FetchView.State.STOPPED, FetchFailure.WRONG_LOGIN);
        String page = "/" + channel.name();
        assertThat(asked(anna, page).getContentAsString())
                .contains("did not take these", "/studio/@" + channel.name() + "/camera");
        assertThat(asked(people.user(), page).getContentAsString()).doesNotContain("did not take these");
        is(FetchView.State.IDLE, null);
        assertThat(asked(anna, page).getContentAsString()).doesNotContain("Camera settings");
    }

    private String tried(AccountPrincipal who, String address) throws Exception {
        return site.perform(
                        post("/studio/camera/try").with(user(who)).with(csrf()).param("address", address))
                .andReturn()
                .getResponse()
                .getContentAsString();
    }

    @Test
    void whatWasNotTypedIsMissingAndNotWrong() throws Exception {
        assertThat(tried(anna, "")).contains("Enter the address of the camera.");
        streams.answers(FetchTrial.failed(FetchFailure.WRONG_LOGIN));
        assertThat(tried(anna, "rtsp://192.168.1.20/1"))
                .contains("The camera asks for a user and a password.")
                .doesNotContain("did not take these");
        assertThat(tried(anna, "rtsp://admin@192.168.1.20/1")).contains("did not take these");
    }

    @Test
    void aPictureThatNoBrowserShowsIsSaidBeforeItIsAdded() throws Exception {
        streams.answers(new FetchTrial(null, List.of("VP8", "AAC"), List.of(), null));
        assertThat(tried(anna, "rtsp://192.168.1.20/1"))
                .contains("No browser shows the picture of this camera (VP8).")
                .doesNotContain("No browser plays the sound");
    }

    @Test
    void nobodyIsToldToAskWhoeverTheyAre() throws Exception {
        AccountPrincipal admin = people.account(Role.ADMIN);
        streams.answers(FetchTrial.failed(FetchFailure.FORBIDDEN_ADDRESS));
        assertThat(tried(anna, "rtsp://192.168.1.20/1")).contains("Ask an admin for cameras");
        assertThat(tried(admin, "rtsp://127.0.0.1/1"))
                .contains("it belongs to this server")
                .doesNotContain("sk an admin");
        settings.change(Setting.CAMERAS, "off", Actor.SITE);
        assertThat(site.perform(get("/studio/camera").with(user(admin)))
                        .andReturn()
                        .getResponse()
                        .getContentAsString())
                .contains("Turn them on in the console")
                .doesNotContain("sk an admin");
    }
}
