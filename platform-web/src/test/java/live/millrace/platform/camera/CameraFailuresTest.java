// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.camera;

import static live.millrace.platform.JustLoggedIn.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import live.millrace.platform.engine.EngineStarted;
import live.millrace.platform.engine.FetchChanged;
import live.millrace.platform.engine.FetchFailure;
import live.millrace.platform.engine.FetchTrial;
import live.millrace.platform.engine.FetchView;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletResponse;

/** What is known of cameras that failed, and whose cost it is. */
class CameraFailuresTest extends CameraSite {
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
                .as("nothing is new")
                .isEqualTo(FetchFailure.WRONG_LOGIN);
        saved(anna, "{\"url\": \"rtsp://192.168.1.21/stream1\"}");
        assertThat(cameras.of(channel.id()).orElseThrow().failure())
                .as("it has another address to prove")
                .isNull();
    }

    private static String login(String password) {
        return "{\"url\": \"rtsp://192.168.1.20/stream1\", \"user\": \"admin\", \"password\": \"" + password + "\"}";
    }

    private void fails(FetchFailure why) {
        FetchView.State state = why == FetchFailure.WRONG_LOGIN ? FetchView.State.STOPPED : FetchView.State.WAITING;
        FetchView failed = new FetchView(state, Instant.now(), why, null);
        streams.is(channel.name(), failed);
        events.publishEvent(new FetchChanged(channel.name(), failed));
    }

    private @Nullable FetchFailure stopped() {
        return streams.of(channel.name()).orElseThrow().stopped();
    }

    private void anotherProcess() {
        streams.remove(channel.name());
        events.publishEvent(new EngineStarted(Duration.ofSeconds(1)));
    }

    private MockHttpServletResponse tried(String user) throws Exception {
        return site.perform(post("/studio/@" + channel.name() + "/camera/try")
                        .with(user(anna))
                        .with(csrf())
                        .param("address", "rtsp://192.168.1.20/stream1")
                        .param("user", user))
                .andReturn()
                .getResponse();
    }

    // ---- what it costs ----------------------------------------------------------------------------------------

    @Test
    void addressesThatAreSavedAreCounted() throws Exception {
        for (int i = 0; i < 20; i++) {
            assertThat(saved(anna, "{\"url\": \"rtsp://192.168.1." + i + "/\"}").getStatus())
                    .isEqualTo(200);
        }
        assertThat(saved(anna, "{\"url\": \"rtsp://192.168.1.19/\", \"mode\": \"always\"}")
                        .getStatus())
                .as("the same once more")
                .isEqualTo(200);
        assertThat(saved(anna, "{\"url\": \"rtsp://192.168.1.20/\"}").getContentAsString())
                .contains("422", "20 times");
    }

    /** Each is asked for by the camera twice, and then by the next. */
    @Test
    void passwordsAndUsersThatAreSavedAreCounted() throws Exception {
        for (int i = 0; i < 19; i++) {
            assertThat(saved(anna, login("guess" + i)).getStatus()).isEqualTo(200);
        }
        assertThat(saved(anna, login("guess18")).getStatus())
                .as("the same once more")
                .isEqualTo(200);
        assertThat(saved(anna, "{\"url\": \"rtsp://192.168.1.20/stream1\", \"user\": \"root\"}")
                        .getStatus())
                .isEqualTo(200);
        assertThat(saved(anna, login("guess20")).getContentAsString()).contains("422", "20 times");
        assertThat(site.perform(post("/studio/@" + channel.name() + "/camera")
                                .with(user(anna))
                                .with(csrf())
                                .param("address", "rtsp://192.168.1.20/stream1")
                                .param("user", "root")
                                .param("password", "guess21"))
                        .andReturn()
                        .getResponse()
                        .getContentAsString())
                .contains("20 times");
        assertThat(streams.of(channel.name()).orElseThrow().from().password()).isEmpty();
    }

    // ---- what is known ----------------------------------------------------------------------------------------

    @Test
    void anotherProcessTriesNoWrongLoginAgain() throws Exception {
        save();
        assertThat(stopped()).isNull();
        fails(FetchFailure.WRONG_LOGIN);
        Awaitility.await().until(() -> kept().isPresent());
        anotherProcess();
        assertThat(stopped()).isEqualTo(FetchFailure.WRONG_LOGIN);
        assertThat(cameras.of(channel.id()).orElseThrow().failure()).isEqualTo(FetchFailure.WRONG_LOGIN);
        saved(anna, login("another"));
        assertThat(stopped()).isNull();
        assertThat(kept()).isEmpty();
    }

    @Test
    void otherFailuresMendThemselves() throws Exception {
        save();
        fails(FetchFailure.UNREACHABLE);
        Awaitility.await().until(() -> kept().isPresent());
        anotherProcess();
        assertThat(stopped()).isNull();
    }

    private Optional<String> kept() {
        return database.sql("select failure from camera where channel_id = ?")
                .param(channel.id())
                .query((row, _) -> Optional.ofNullable(row.getString(1)))
                .single();
    }

    @Test
    void whatIsAskedInTheSameWayFailsInTheSameWay() throws Exception {
        save();
        fails(FetchFailure.WRONG_LOGIN);
        saved(anna, "{\"url\": \"rtsp://192.168.1.20/stream1\", \"mode\": \"always\", \"transport\": \"udp\"}");
        assertThat(stopped()).as("nobody wrote it down yet").isEqualTo(FetchFailure.WRONG_LOGIN);
        assertThat(kept()).contains("WRONG_LOGIN");
        fails(FetchFailure.NO_MEDIA);
        saved(anna, "{\"url\": \"rtsp://192.168.1.20/stream1\", \"transport\": \"udp\"}");
        assertThat(kept()).contains("NO_MEDIA");
        saved(anna, "{\"url\": \"rtsp://192.168.1.20/stream1\"}");
        assertThat(kept()).as("another way to ask").isEmpty();
    }

    /** Of the engine, and of what was heard from it and not written down yet. */
    @Test
    void anotherAddressHasNotFailed() throws Exception {
        save();
        fails(FetchFailure.WRONG_LOGIN);
        streams.is(channel.name(), new FetchView(FetchView.State.IDLE, Instant.now(), null, null));
        saved(anna, "{\"url\": \"rtsp://192.168.1.21/stream1\"}");
        CameraView camera = cameras.of(channel.id()).orElseThrow();
        assertThat(camera.failure()).isNull();
        assertThat(camera.state()).isEqualTo(CameraState.READY);
        assertThat(stopped()).isNull();
    }

    @Test
    void aTrialThatWorksStartsWhatWasStopped() throws Exception {
        save();
        fails(FetchFailure.WRONG_LOGIN);
        streams.answers(FetchTrial.failed(FetchFailure.WRONG_LOGIN));
        assertThat(tried("admin").getStatus()).isEqualTo(422);
        anotherProcess();
        assertThat(stopped()).isEqualTo(FetchFailure.WRONG_LOGIN);
        streams.answers(new FetchTrial(null, List.of("H.264"), List.of(), null));
        assertThat(tried("root").getStatus()).isEqualTo(200);
        assertThat(stopped()).as("of somebody else").isEqualTo(FetchFailure.WRONG_LOGIN);
        assertThat(tried("admin").getStatus()).isEqualTo(200);
        assertThat(stopped()).isNull();
        assertThat(kept()).isEmpty();
    }
}
