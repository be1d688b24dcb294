// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.audience.GuestList;
import live.millrace.platform.audience.Guests;
import live.millrace.platform.audience.Viewer;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.Visibility;
import live.millrace.platform.database.TestDatabase;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.transaction.support.TransactionTemplate;

/** When somebody was last there is told at once, and written down later. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class SeenGuestsTest {
    @Autowired
    private TestPeople people;

    @Autowired
    private Guests guests;

    @Autowired
    private GuestList list;

    @Autowired
    private SeenGuests seen;

    @Autowired
    private Channels channels;

    @Autowired
    private MockMvc site;

    @Autowired
    private TransactionTemplate transaction;

    @Autowired
    private JdbcClient database;

    @Test
    void aLookIsWrittenDownLater() {
        AccountPrincipal bob = people.user();
        ChannelView channel = people.channel(people.user());
        list.addPerson(channel.id(), bob.getUsername());
        assertThat(list.of(channel.id()).getFirst().lastSeen()).isNull();

        Instant before = Instant.now().minusMillis(1);
        TransactionTemplate reading =
                new TransactionTemplate(Objects.requireNonNull(transaction.getTransactionManager()));
        reading.setReadOnly(true);
        reading.executeWithoutResult(_ -> guests.came(channel.id(), new Viewer(bob, Map.of(), Set.of())));
        assertThat(list.of(channel.id()).getFirst().lastSeen()).isAfter(before);
        assertThat(written(channel)).isZero();

        seen.write();
        assertThat(written(channel)).isEqualTo(1);
        assertThat(seen.at(list.of(channel.id()).getFirst().id())).isEmpty();
        assertThat(list.of(channel.id()).getFirst().lastSeen()).isAfter(before);
    }

    @Test
    void thatAListNamesAChannelIsNoLook() throws Exception {
        AccountPrincipal bob = people.user();
        ChannelView channel = people.channel(people.user());
        channels.show(channel.id(), Visibility.INVITED);
        list.addPerson(channel.id(), bob.getUsername());
        for (String elsewhere : List.of("/", "/following", "/search?q=" + channel.name())) {
            site.perform(get(elsewhere).with(user(bob))).andExpect(status().isOk());
        }
        assertThat(list.of(channel.id()).getFirst().lastSeen()).isNull();
        site.perform(get("/" + channel.name()).with(user(bob))).andExpect(status().isOk());
        assertThat(list.of(channel.id()).getFirst().lastSeen()).isNotNull();
    }

    private int written(ChannelView channel) {
        return database.sql("select count(*) from audience_guest where channel_id = ? and seen_at is not null")
                .param(channel.id())
                .query(Integer.class)
                .single();
    }
}
