// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.camera;

import static live.millrace.platform.JustLoggedIn.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.delete;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.put;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Role;
import live.millrace.platform.audit.Actor;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.ExtraChannels;
import live.millrace.platform.engine.EngineStarted;
import live.millrace.platform.site.Setting;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletResponse;

/** Cameras: whose they are, what is kept of them, and what the engine is told. */
class CamerasTest extends CameraSite {
    // ---- what is kept ------------------------------------------------------------------------------------------

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

    // ---- rights ------------------------------------------------------------------------------------------

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
}
