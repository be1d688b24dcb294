// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import java.util.List;
import live.millrace.platform.OpenedPage;
import live.millrace.platform.TestPeople.SignedUp;
import live.millrace.platform.channel.Visibility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What was said before few stays with them when more people may see the channel. */
class RoomFloorTest extends ModeratedRoom {
    private JsonNode history(@Nullable SignedUp person, SignedUp in) {
        OpenedPage page = new OpenedPage(client, port, person == null ? null : person.session());
        open.add(page);
        page.join(in.topic());
        return page.waitFor(message -> is(message, "history"));
    }

    private static List<Long> seqs(JsonNode history) {
        return history.path("messages").findValues("seq").stream()
                .map(JsonNode::asLong)
                .toList();
    }

    @Test
    void itIsInNoHistoryAndNobodyQuotesIt() throws Exception {
        SignedUp anna = person();
        SignedUp bob = person();
        channels.show(anna.channelId(), Visibility.REGISTERED);
        long secret = say(page(bob, anna), anna, "the plan is secret");
        act(anna, anna, kind("PIN").put("seq", secret)).andExpect(status().isOk());
        channels.show(anna.channelId(), Visibility.PUBLIC);
        OpenedPage stranger = new OpenedPage(client, port, null);
        open.add(stranger);
        stranger.join(anna.topic());
        JsonNode room = stranger.waitFor(message -> is(message, "room"));
        assertThat(room.path("pinned").isObject()).isFalse();
        assertThat(seqs(stranger.waitFor(message -> is(message, "history")))).isEmpty();
        assertThat(seqs(history(anna, anna))).as("who keeps it in order").containsExactly(secret);
        OpenedPage speaker = page(bob, anna);
        speaker.send(JSON.writeValueAsString(JSON.createObjectNode()
                .put("type", "say")
                .put("topic", anna.topic())
                .put("id", "00000000-0000-4000-8000-000000000001")
                .put("text", "as I said")
                .put("replyTo", secret)));
        JsonNode said = speaker.answer("00000000-0000-4000-8000-000000000001");
        JsonNode heard = stranger.waitFor(message -> is(message, "messages"));
        assertThat(heard.path("messages").path(0).path("seq").asLong())
                .isEqualTo(said.path("seq").asLong());
        assertThat(heard.path("messages").path(0).path("reply").isObject()).isFalse();
        assertThat(heard.toString()).doesNotContain("secret");
        assertThat(database.sql("select floor_seq from chat_room where channel_id = ?")
                        .param(anna.channelId())
                        .query(Long.class)
                        .single())
                .isEqualTo(secret);
    }

    @Test
    void whoMayNotAnyMoreHearsNothingAtOnce() throws Exception {
        SignedUp anna = person();
        say(page(anna, anna), anna, "hello");
        assertThat(seqs(history(null, anna))).hasSize(1);
        channels.show(anna.channelId(), Visibility.PRIVATE);
        assertThat(seqs(history(null, anna))).isEmpty();
        assertThat(seqs(history(anna, anna))).hasSize(1);
        channels.show(anna.channelId(), Visibility.PUBLIC);
        assertThat(seqs(history(null, anna))).as("a floor has no holes").isEmpty();
    }
}
