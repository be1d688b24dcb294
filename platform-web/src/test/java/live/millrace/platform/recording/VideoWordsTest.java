// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;

import java.time.Instant;
import java.util.UUID;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.database.TestDatabase;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;

/** What pages say of videos and broadcasts is the same everywhere, and holds. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class VideoWordsTest {
    private static final Instant START = Instant.parse("2026-11-20T18:00:00Z");

    @Autowired
    private TestPeople people;

    @Autowired
    private MockMvc site;

    @Autowired
    private JdbcClient database;

    @Autowired
    private RecordingRules rules;

    private AccountPrincipal anna;
    private ChannelView channel;

    @BeforeEach
    void somebody() {
        anna = people.user();
        channel = people.channel(anna);
    }

    private String page(String address) throws Exception {
        return site.perform(get(address).with(user(anna)))
                .andReturn()
                .getResponse()
                .getContentAsString();
    }

    @Test
    void whatRunsSaysHowLongItWillBeKept() throws Exception {
        Recordings.insert(database, channel.id(), "Now", "RECORDING", "PUBLIC", START);
        rules.choose(channel.id(), new RecordingRules.Choice(null, 3, null, null, null, null));
        assertThat(page("/studio/videos")).contains("3 days after its end").doesNotContain("As long as there is room");
        rules.choose(channel.id(), new RecordingRules.Choice(null, 1, null, null, null, null));
        assertThat(page("/studio/videos")).contains("1 day after its end");
    }

    @Test
    void ofAPrivateVideoItIsSaidWhoSeesItsClips() throws Exception {
        String id = Recordings.ready(database, channel.id(), "Piano");
        assertThat(page("/studio/videos/" + id)).contains("see and play it, and its clips.");
    }

    @Test
    void theLastTimeOnAirIsItsEnd() throws Exception {
        database.sql("""
                insert into live_broadcast (channel_id, engine_id, started_at, live_at, ended_at, title)
                values (?, ?, '2026-11-20 18:00Z', '2026-11-20 18:00Z', '2026-11-20 19:30Z', '')
                """).param(channel.id()).param(UUID.randomUUID()).update();
        assertThat(page("/" + channel.name()).replaceAll("\\s+", " "))
                .contains("<span>Last live</span> <local-time datetime=\"2026-11-20T19:30:00Z\">");
    }
}
