// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.camera;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import javax.imageio.ImageIO;
import live.millrace.platform.audience.Viewer;
import live.millrace.platform.channel.Visibility;
import live.millrace.platform.engine.FetchView;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletResponse;

/** What cameras showed last, and who sees it. */
class SnapshotsTest extends CameraSite {
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

    @Test
    void theTrialsPictureIsTheFirst() throws Exception {
        save();
        byte[] jpeg = jpeg();
        cameras.keepPicture(channel.id(), jpeg);
        assertThat(snapshot("jpg").getContentAsByteArray()).isEqualTo(jpeg);
        cameras.keepPicture(channel.id(), new byte[] {1});
        assertThat(snapshot("jpg").getContentAsByteArray())
                .as("there is one already")
                .isEqualTo(jpeg);
    }
}
