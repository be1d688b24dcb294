// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.audience.GuestList;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.Follows;
import live.millrace.platform.channel.Visibility;
import live.millrace.platform.database.TestDatabase;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.util.ReflectionTestUtils;
import org.springframework.test.web.servlet.MockMvc;

/** Followers are told of a broadcast once. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class FollowerNoticesTest {
    @Autowired
    private TestPeople people;

    @Autowired
    private MockMvc site;

    @Autowired
    private Follows follows;

    @Autowired
    private Channels channels;

    @Autowired
    private GuestList guests;

    @Autowired
    private JdbcClient database;

    @Autowired
    private Notices notices;

    @Autowired
    private ApplicationContext context;

    private long broadcast(long channelId) {
        return database.sql("insert into live_broadcast (channel_id, engine_id, title, started_at)"
                        + " values (?, ?, 'Piano', now()) returning id")
                .param(channelId)
                .param(UUID.randomUUID())
                .query(Long.class)
                .single();
    }

    /** Asks the package-private part that writes notices, as the clock does. */
    private Set<Long> tell(long channelId, long broadcastId) throws Exception {
        Object notifier = context.getBean("jdbcNotices");
        return ((Collection<?>) ReflectionTestUtils.invokeMethod(notifier, "tellLive", channelId, broadcastId))
                .stream().map(Long.class::cast).collect(Collectors.toSet());
    }

    @Test
    void whoWasInvitedByNameHearsOfWhatIsForThem() throws Exception {
        AccountPrincipal anna = people.user();
        AccountPrincipal guest = people.user();
        AccountPrincipal banned = people.user();
        AccountPrincipal follower = people.user();
        long channelId = people.channel(anna).id();
        follows.follow(follower.accountId(), channelId);
        guests.addPerson(channelId, guest.getUsername());
        guests.addPerson(channelId, banned.getUsername());
        database.sql("""
                insert into chat_sanction (channel_id, account_id, username, kind, made_at) values (?, ?, ?, 'BAN', now())
                """)
                .param(channelId)
                .param(banned.accountId())
                .param(banned.getUsername())
                .update();
        for (Visibility quiet : List.of(Visibility.PRIVATE, Visibility.UNLISTED, Visibility.PASSWORD)) {
            channels.show(channelId, quiet);
            assertThat(tell(channelId, broadcast(channelId))).as(quiet.name()).isEmpty();
        }
        channels.show(channelId, Visibility.INVITED);
        long broadcast = broadcast(channelId);
        database.sql("update live_broadcast set visibility = 'INVITED' where id = ?")
                .param(broadcast)
                .update();
        assertThat(tell(channelId, broadcast)).containsExactly(guest.accountId());
        assertThat(tell(channelId, broadcast(channelId))).as("within the hour").isEmpty();
        database.sql("update live_broadcast set title = 'Later' where id = ?")
                .param(broadcast)
                .update();
        assertThat(notices.of(guest.accountId(), Long.MAX_VALUE, 1).getFirst().title())
                .as("as it was called when they were told")
                .isEqualTo("Piano");
        channels.show(channelId, Visibility.PUBLIC);
        assertThat(tell(channelId, broadcast(channelId)))
                .as("that some were told keeps nobody from it")
                .containsExactly(follower.accountId());
    }

    @Test
    void followersAreToldOnceForABroadcastAndNotAgainWithinTheHour() throws Exception {
        AccountPrincipal anna = people.user();
        AccountPrincipal bob = people.user();
        AccountPrincipal stranger = people.user();
        long channelId = people.channel(anna).id();
        follows.follow(bob.accountId(), channelId);
        long first = broadcast(channelId);
        assertThat(tell(channelId, first)).containsExactly(bob.accountId());
        assertThat(tell(channelId, first)).isEmpty();
        assertThat(tell(channelId, broadcast(channelId))).isEmpty();
        database.sql("update notification_told set told_at = told_at - interval '61 minutes' where channel_id = ?")
                .param(channelId)
                .update();
        // The hour is over, but this broadcast was told.
        assertThat(tell(channelId, first)).isEmpty();
        assertThat(notices.unread(bob.accountId())).isEqualTo(1);
        site.perform(get("/api/v1/notices").with(user(bob)))
                .andExpect(jsonPath("$.items[0].channel").value(anna.getUsername()));
        site.perform(get("/api/v1/notices").with(user(stranger)))
                .andExpect(jsonPath("$.items").isEmpty());
        site.perform(post("/notifications/read").with(user(stranger)).with(csrf()));
        assertThat(notices.unread(bob.accountId())).isEqualTo(1);
        site.perform(post("/notifications/read").with(user(bob)).with(csrf()));
        assertThat(notices.unread(bob.accountId())).isZero();
    }
}
