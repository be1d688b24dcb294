// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.Role;
import live.millrace.platform.channel.BroadcastInfo;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.Visibility;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.live.Broadcasting;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;

/** What stays to be seen of a broadcast that is over, and of which nothing does. No look at what runs comes between, for want of a program. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, properties = "millrace.ffmpeg.path=")
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class LastPictureTest {
    private static final byte[] JPEG = {(byte) 0xff, (byte) 0xd8, 1, 2, 3};

    @Autowired
    private TestPeople people;

    @Autowired
    private MockMvc site;

    @Autowired
    private BroadcastStore broadcasts;

    @Autowired
    private LastPictures pictures;

    @Autowired
    private Thumbnails thumbnails;

    @Autowired
    private Broadcasting broadcasting;

    @Autowired
    private Channels channels;

    @Autowired
    private Accounts accounts;

    @Autowired
    private JdbcClient database;

    /** Nothing waits for a database that goes before the site does. */
    @AfterEach
    void settle() {
        thumbnails.settle(Set.of());
    }

    private UUID begun(AccountPrincipal streamer) {
        UUID broadcast = UUID.randomUUID();
        broadcasts.begin(people.channel(streamer), broadcast, Instant.now());
        return broadcast;
    }

    /** One that has its picture in memory, and is over before anybody looks. */
    private UUID shown(AccountPrincipal streamer, byte[] jpeg) {
        UUID broadcast = begun(streamer);
        thumbnails.show(broadcast, people.channel(streamer).name(), jpeg);
        return broadcast;
    }

    private boolean keep(UUID broadcast) {
        return pictures.keep(broadcast, new Thumbnails.Thumbnail(7, JPEG, null));
    }

    private boolean kept(UUID broadcast) {
        return database.sql("select count(*) from live_last_picture where engine_id = ?")
                        .param(broadcast)
                        .query(Integer.class)
                        .single()
                > 0;
    }

    private void mature(AccountPrincipal streamer, boolean mature) {
        channels.describe(people.channel(streamer).id(), new BroadcastInfo("Late", null, List.of(), "en", mature));
    }

    private UUID broadcast(AccountPrincipal streamer) {
        UUID broadcast = begun(streamer);
        pictures.keep(broadcast, new Thumbnails.Thumbnail(7, JPEG, null));
        return broadcast;
    }

    private void seen(UUID broadcast) throws Exception {
        site.perform(get("/thumbnails/{broadcast}/0", broadcast))
                .andExpect(status().isOk())
                .andExpect(content().bytes(JPEG));
    }

    private void gone(UUID broadcast) throws Exception {
        site.perform(get("/thumbnails/{broadcast}/7", broadcast)).andExpect(status().isNotFound());
    }

    @Test
    void theLastPictureIsBehindTheWordsUntilThereIsAnother() throws Exception {
        AccountPrincipal anna = people.user();
        UUID first = broadcast(anna);
        seen(first);
        site.perform(get("/" + anna.getUsername()))
                .andExpect(content().string(containsString("src=\"/thumbnails/" + first + "/7\"")));
        UUID second = broadcast(anna);
        gone(first);
        seen(second);
        site.perform(get("/" + anna.getUsername()))
                .andExpect(content().string(containsString("src=\"/thumbnails/" + second + "/7\"")));
    }

    @Test
    void whatStaffTakeOffTheAirIsNotShown() throws Exception {
        AccountPrincipal anna = people.user();
        UUID ended = broadcast(anna);
        site.perform(post("/admin/streams/end")
                        .with(csrf())
                        .with(user(people.user()))
                        .param("channel", anna.getUsername()))
                .andExpect(status().isNotFound());
        seen(ended);
        site.perform(post("/admin/streams/end")
                .with(csrf())
                .with(user(people.account(Role.MODERATOR)))
                .param("channel", anna.getUsername()));
        gone(ended);
        site.perform(get("/" + anna.getUsername())).andExpect(content().string(not(containsString("/thumbnails/"))));
    }

    @Test
    void whoIsBannedHasNone() throws Exception {
        AccountPrincipal anna = people.user();
        UUID before = broadcast(anna);
        accounts.suspendStreaming(anna.accountId(), null);
        gone(before);
        gone(broadcast(anna));
        AccountPrincipal bert = people.user();
        UUID his = broadcast(bert);
        accounts.suspend(bert.accountId(), "spam", null);
        gone(his);
    }

    @Test
    void whatIsNotForEverybodyIsNotKeptNorWhatWasBefore() throws Exception {
        AccountPrincipal anna = people.user();
        ChannelView channel = people.channel(anna);
        UUID before = broadcast(anna);
        channels.describe(channel.id(), new BroadcastInfo("Late", null, List.of(), "en", true));
        gone(broadcast(anna));
        gone(before);
    }

    @Test
    void whatWasForEverybodyComesBackWhenOneBroadcastIsOver() throws Exception {
        AccountPrincipal anna = people.user();
        ChannelView channel = people.channel(anna);
        UUID before = broadcast(anna);
        channels.showOnce(channel.id(), Visibility.PRIVATE);
        gone(before);
        assertThat(database.sql("select picture_withheld from live_broadcast where engine_id = ?")
                        .param(before)
                        .query(Boolean.class)
                        .single())
                .as("its video keeps its pictures")
                .isFalse();
        channels.broadcastOver(channel.id());
        seen(before);
    }

    @Test
    void ofWhatRunsMoreSeeOnlyWhatComes() throws Exception {
        AccountPrincipal anna = people.user();
        ChannelView channel = people.channel(anna);
        channels.show(channel.id(), Visibility.REGISTERED);
        UUID running = shown(anna, JPEG);
        channels.show(channel.id(), Visibility.PUBLIC);
        gone(running);
        thumbnails.show(running, anna.getUsername(), JPEG);
        seen(running);
    }

    @Test
    void whatWasForFewerIsNotKeptForMore() throws Exception {
        AccountPrincipal anna = people.user();
        ChannelView channel = people.channel(anna);
        channels.showOnce(channel.id(), Visibility.PRIVATE);
        UUID ended = shown(anna, JPEG);
        assertThat(channels.broadcastOver(channel.id())).isTrue();
        gone(ended);
        thumbnails.settle(Set.of());
        gone(ended);
        // Nor one that was made meanwhile.
        thumbnails.show(ended, anna.getUsername(), JPEG);
        thumbnails.settle(Set.of());
        assertThat(pictures.find(ended)).isEmpty();
    }

    @Test
    void whatIsTakenDownRightAfterTheEndIsNotKept() throws Exception {
        AccountPrincipal anna = people.user();
        UUID ended = shown(anna, JPEG);
        seen(ended);
        assertThat(broadcasting.takeDownPicture(anna.getUsername())).isTrue();
        gone(ended);
        thumbnails.settle(Set.of());
        gone(ended);
        // Not even by somebody who had it in hand.
        assertThat(keep(ended)).isFalse();
        gone(ended);
        assertThat(broadcasting.takeDownPicture(anna.getUsername())).isFalse();
        // The next broadcast is another matter.
        seen(broadcast(anna));
    }

    @Test
    void oneThatCannotBeKeptHoldsUpNoOther() throws Exception {
        AccountPrincipal anna = people.user();
        AccountPrincipal bert = people.user();
        UUID refused = shown(anna, new byte[1_048_577]);
        UUID other = shown(bert, JPEG);
        thumbnails.settle(Set.of());
        thumbnails.settle(Set.of());
        assertThat(kept(refused)).isFalse();
        assertThat(kept(other)).isTrue();
        seen(other);
        broadcasting.takeDownPicture(anna.getUsername());
    }

    @Test
    void aPageHasThePictureBeforeItIsKept() throws Exception {
        AccountPrincipal anna = people.user();
        UUID ended = shown(anna, JPEG);
        site.perform(get("/" + anna.getUsername()))
                .andExpect(content().string(containsString("src=\"/thumbnails/" + ended + "/1\"")));
    }

    @Test
    void whatManyAskForIsReadOnce() throws Exception {
        AccountPrincipal anna = people.user();
        UUID ended = broadcast(anna);
        UUID never = begun(anna);
        seen(ended);
        gone(never);
        database.sql("update live_last_picture set engine_id = ? where engine_id = ?")
                .param(never)
                .param(ended)
                .update();
        seen(ended);
        gone(never);
        broadcasting.takeDownPicture(anna.getUsername());
        gone(ended);
        gone(never);
    }

    @Test
    void whatWasNotForEverybodyOnceIsNotKept() throws Exception {
        AccountPrincipal anna = people.user();
        mature(anna, true);
        UUID fromTheStart = begun(anna);
        mature(anna, false);
        assertThat(keep(fromTheStart)).isFalse();
        UUID between = begun(anna);
        mature(anna, true);
        mature(anna, false);
        assertThat(keep(between)).isFalse();
        UUID after = broadcast(anna);
        seen(after);
        mature(anna, true);
        gone(after);
        mature(anna, false);
        gone(after);
    }

    @Test
    void whatIsHiddenIsNotKeptAndShowsItselfAgainLater() throws Exception {
        AccountPrincipal anna = people.user();
        ChannelView channel = people.channel(anna);
        channels.hide(channel.id(), true);
        assertThat(keep(begun(anna))).isFalse();
        UUID runs = shown(anna, JPEG);
        thumbnails.takeDown(channel.name(), runs);
        broadcasts.withholdPicture(channel.id());
        thumbnails.show(runs, channel.name(), JPEG);
        gone(runs);
        channels.hide(channel.id(), false);
        assertThat(keep(runs)).isFalse();
        broadcasts.releasePicture(runs);
        thumbnails.putBack(runs);
        thumbnails.show(runs, channel.name(), JPEG);
        seen(runs);
        assertThat(keep(runs)).isTrue();
        // Of one that is over nothing comes back.
        broadcasts.withholdPicture(channel.id());
        broadcasts.ended(runs, Instant.now());
        broadcasts.releasePicture(runs);
        assertThat(keep(runs)).isFalse();
    }

    @Test
    void whoTookAPictureDownIsWrittenDown() throws Exception {
        AccountPrincipal anna = people.user();
        AccountPrincipal staff = people.account(Role.MODERATOR);
        broadcast(anna);
        for (int time = 0; time < 2; time++) {
            site.perform(
                    post("/admin/streams/end").with(csrf()).with(user(staff)).param("channel", anna.getUsername()));
        }
        assertThat(database.sql("""
                        select count(*) from audit_entry e join audit_person p on p.pseudonym = e.subject
                        where e.action = 'picture.remove' and p.name = ?
                        """)
                        .param(anna.getUsername())
                        .query(Integer.class)
                        .single())
                .isEqualTo(1);
    }

    @Test
    void whatTheConsoleHidesIsGone() throws Exception {
        AccountPrincipal anna = people.user();
        UUID ended = broadcast(anna);
        seen(ended);
        site.perform(post("/admin/channels")
                        .with(csrf())
                        .with(user(people.account(Role.ADMIN)))
                        .param("id", Long.toString(people.channel(anna).id()))
                        .param("hide", "true")
                        .param("reason", "not for here"))
                .andExpect(status().is3xxRedirection());
        gone(ended);
    }

    @Test
    void itGoesWithItsChannel() throws Exception {
        AccountPrincipal anna = people.user();
        UUID ended = broadcast(anna);
        assertThat(database.sql("delete from channel where id = ?")
                        .param(people.channel(anna).id())
                        .update())
                .isEqualTo(1);
        gone(ended);
        // Its broadcasts went with it, so that one that is told of later is not kept.
        pictures.keep(ended, new Thumbnails.Thumbnail(8, JPEG, null));
        gone(ended);
    }
}
