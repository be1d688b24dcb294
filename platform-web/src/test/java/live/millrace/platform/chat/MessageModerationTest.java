// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import live.millrace.platform.OpenedPage;
import live.millrace.platform.TestPeople.SignedUp;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Deleted, given back, pinned: what everybody sees of it at once. */
class MessageModerationTest extends ModeratedRoom {
    @Test
    void aDeletedMessageIsGoneForEverybodyAndStruckForModerators() throws Exception {
        SignedUp anna = person();
        SignedUp bob = person();
        OpenedPage bobs = page(bob, anna);
        OpenedPage strangers = page(null, anna);
        long seq = say(bobs, anna, "something bad");
        long action = done(act(anna, anna, kind("delete").put("seq", seq)));
        strangers.waitFor(message ->
                is(message, "removed") && message.path("seqs").path(0).asLong() == seq);
        // Whoever comes now is told nothing of it, but moderators.
        assertThat(page(null, anna).messages()).isEmpty();
        JsonNode kept = page(anna, anna).told.stream()
                .filter(message -> is(message, "history"))
                .findFirst()
                .orElseThrow();
        assertThat(kept.path("messages").path(0).path("removed").asBoolean()).isTrue();
        // A page that comes back learns that it shows what is gone.
        OpenedPage back = new OpenedPage(client, port, null);
        open.add(back);
        back.join(anna.topic(), seq);
        assertThat(back.waitFor(message -> is(message, "history"))
                        .path("removed")
                        .path(0)
                        .asLong())
                .isEqualTo(seq);
        // Undone, it is back for all.
        site.perform(post("/api/v1/channels/" + anna.name() + "/moderation/actions/" + action + "/undo")
                        .with(user(anna.principal()))
                        .with(csrf()))
                .andExpect(status().isOk());
        assertThat(strangers
                        .waitFor(message -> is(message, "restored"))
                        .path("messages")
                        .path(0)
                        .path("tokens")
                        .path(0)
                        .path("v")
                        .asString(""))
                .isEqualTo("something bad");
        assertThat(page(null, anna).messages()).hasSize(1);
    }

    @Test
    void anUndoIsForItsAuthorAndForSecondsOnly() throws Exception {
        SignedUp anna = person();
        SignedUp bob = person();
        SignedUp cora = person();
        rooms.putModerator(anna.channelId(), cora.principal().accountId(), ChatRight.USUAL);
        long seq = say(page(bob, anna), anna, "hello");
        long action = done(act(anna, anna, kind("delete").put("seq", seq)));
        String path = "/api/v1/channels/" + anna.name() + "/moderation/actions/" + action + "/undo";
        site.perform(post(path).with(user(cora.principal())).with(csrf())).andExpect(status().isUnprocessableContent());
        database.sql("update chat_action set at = at - interval '20 seconds' where id = ?")
                .param(action)
                .update();
        site.perform(post(path).with(user(anna.principal())).with(csrf())).andExpect(status().isUnprocessableContent());
    }

    @Test
    void aPinnedMessageIsToldAndLeavesWhenItIsDeleted() throws Exception {
        SignedUp anna = person();
        OpenedPage page = page(null, anna);
        long seq = say(page(anna, anna), anna, "rules: be kind");
        done(act(anna, anna, kind("pin").put("seq", seq)));
        page.waitFor(message ->
                is(message, "room") && message.path("pinned").path("seq").asLong() == seq);
        done(act(anna, anna, kind("delete").put("seq", seq)));
        OpenedPage.until(() -> page.told.reversed().stream()
                .filter(message -> is(message, "room"))
                .findFirst()
                .orElseThrow()
                .path("pinned")
                .isMissingNode());
    }
}
