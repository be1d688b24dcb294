// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.camera.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.UUID;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.camera.CameraWish;
import live.millrace.platform.camera.Cameras;
import live.millrace.platform.camera.Snapshots;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.Visibility;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.live.Broadcasting;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;

/** Pictures of cameras are kept for those whom they were taken for, and for nobody else. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class KeptPicturesTest {
    @Autowired
    private TestPeople people;

    @Autowired
    private CameraRows rows;

    @Autowired
    private Cameras cameras;

    @Autowired
    private Snapshots snapshots;

    @Autowired
    private Channels channels;

    @Autowired
    private Broadcasting broadcasting;

    @Autowired
    private JdbcClient database;

    private ChannelView channel;
    private UUID broadcast;

    @BeforeEach
    void aCameraThatRuns() {
        AccountPrincipal anna = people.user();
        channel = people.channel(anna);
        cameras.put(anna.accountId(), channel.id(), new CameraWish("rtsp://192.0.2.9/1", "", "", false, false));
        broadcast = UUID.randomUUID();
        database.sql("""
                insert into live_broadcast (channel_id, engine_id, title, started_at, live_at, fetched)
                values (?, ?, '', now(), now(), true)
                """).param(channel.id()).param(broadcast).update();
    }

    private boolean kept(Visibility takenFor) {
        return rows.keep(
                channel.id(), takenFor, broadcast, new Broadcasting.Snapshot(new byte[] {1, 2, 3}, Instant.now()));
    }

    @Test
    void oneThatWasTakenForFewerIsNotKept() {
        assertThat(kept(Visibility.PRIVATE)).isFalse();
        assertThat(rows.snapshot(channel.id())).isEmpty();
        assertThat(kept(Visibility.PUBLIC)).isTrue();
        assertThat(rows.snapshot(channel.id()).orElseThrow().jpeg()).containsExactly(1, 2, 3);
    }

    @Test
    void noneIsKeptOnceStaffTookThemDown() {
        assertThat(kept(Visibility.PUBLIC)).isTrue();
        broadcasting.takeDownPicture(channel.name());
        assertThat(rows.snapshot(channel.id())).isEmpty();
        assertThat(kept(Visibility.PUBLIC)).as("one that was taken before").isFalse();
        assertThat(rows.snapshot(channel.id())).isEmpty();
    }

    @Test
    void nothingOfAHiddenChannelIsKeptOrShown() throws Exception {
        assertThat(kept(Visibility.PUBLIC)).isTrue();
        assertThat(snapshots.newest(channel)).isPresent();
        database.sql("update channel set hidden_at = now() where id = ?")
                .param(channel.id())
                .update();
        assertThat(kept(Visibility.PUBLIC)).isFalse();
        assertThat(snapshots.newest(channels.find(channel.id()).orElseThrow())).isEmpty();
    }
}
