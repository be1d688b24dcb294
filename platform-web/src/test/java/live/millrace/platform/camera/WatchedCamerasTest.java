// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.camera;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import live.millrace.platform.OpenedPage;
import live.millrace.platform.audience.Viewer;
import live.millrace.platform.channel.Visibility;
import live.millrace.platform.engine.LiveChanged;
import live.millrace.platform.engine.LiveState;
import live.millrace.platform.engine.LiveView;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;

/** What whoever watches a camera is told, and how long an address for a player holds. */
class WatchedCamerasTest extends CameraSite {
    @LocalServerPort
    private int port;

    /** Else a page whose picture ends waits for the next. */
    @Test
    void openPagesHearThatTheirCameraIsGoneAndThatItIsBack() throws Exception {
        save();
        try (HttpClient client = HttpClient.newHttpClient()) {
            OpenedPage page = new OpenedPage(client, port, null).join("channel:" + channel.name());
            page.waitFor(event -> event.path("type").asString("").equals("channel"));
            cameras.remove(channel.id());
            page.waitFor(event -> event.path("type").asString("").equals("camera")
                    && !event.path("on").asBoolean(true));
            save();
            page.waitFor(event -> event.path("type").asString("").equals("camera")
                    && event.path("on").asBoolean(false));
            page.abort();
        }
    }

    @Test
    void whoMayNotSeeAChannelDoesNotHearThatItIsACamera() throws Exception {
        channels.show(channel.id(), Visibility.PRIVATE);
        try (HttpClient client = HttpClient.newHttpClient()) {
            OpenedPage page = new OpenedPage(client, port, null).join("channel:" + channel.name());
            page.waitFor(event -> event.path("type").asString("").equals("channel"));
            save();
            cameras.remove(channel.id());
            // What it was told before comes before the answer to this.
            page.join("home");
            page.waitFor(event -> event.path("topic").asString("").equals("home"));
            assertThat(page.told)
                    .noneMatch(event -> event.path("type").asString("").equals("camera"));
            page.abort();
        }
    }

    /** A broadcast of somebody's encoder, or of their camera. */
    private void over(LiveView.@Nullable Encoder encoder, @Nullable Long key) {
        events.publishEvent(new LiveChanged(
                new LiveView(
                        channel.name(),
                        UUID.randomUUID(),
                        LiveState.ENDED,
                        Instant.now(),
                        Instant.now(),
                        null,
                        null,
                        encoder,
                        key,
                        0,
                        0,
                        0,
                        0,
                        null,
                        1,
                        List.of(),
                        Map.of(),
                        null),
                false));
    }

    private void address() {
        tickets.issue(channels.find(channel.id()).orElseThrow(), new Viewer(anna, Map.of(), Set.of()), "Kitchen TV");
    }

    @Test
    void anAddressForAPlayerOutlivesACameraThatRests() throws Exception {
        channels.show(channel.id(), Visibility.PRIVATE);
        save();
        address();
        over(new LiveView.Encoder("Garden Cam", "192.168.1.20"), null);
        assertThat(tickets.players(channel.id())).hasSize(1);
        over(new LiveView.Encoder("OBS", "192.168.1.30"), 1L);
        assertThat(tickets.players(channel.id())).as("the camera goes on").hasSize(1);
        tickets.revoke(channel.id(), tickets.players(channel.id()).getFirst().id());
        assertThat(tickets.players(channel.id())).isEmpty();
    }

    @Test
    void anAddressOfABroadcastEndsWithIt() {
        channels.show(channel.id(), Visibility.PRIVATE);
        address();
        over(new LiveView.Encoder("OBS", "192.168.1.30"), 1L);
        assertThat(tickets.players(channel.id())).isEmpty();
    }
}
