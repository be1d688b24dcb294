// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import java.util.List;
import java.util.Set;
import java.util.UUID;
import live.millrace.platform.OpenedPage;
import live.millrace.platform.TestPeople.SignedUp;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.channel.Follows;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.servlet.ResultActions;
import tools.jackson.databind.JsonNode;

/** Who is in a room, who somebody in it is, and that nothing of a removed message is left above its answers. */
class RoomPeopleTest extends ModeratedRoom {
    @Autowired
    Accounts accounts;

    @Autowired
    Follows follows;

    private ResultActions ask(@Nullable SignedUp by, String path) throws Exception {
        return site.perform(by == null ? get(path) : get(path).with(user(by.principal())));
    }

    private static List<String> names(JsonNode present, String role) {
        return present.path(role).path("named").findValuesAsString("name");
    }

    @Test
    void whoIsThereIsListedByRoleAndTheBannedAreNot() throws Exception {
        SignedUp anna = person();
        SignedUp cora = person();
        SignedUp bob = person();
        SignedUp eve = person();
        rooms.putModerator(anna.channelId(), cora.principal().accountId(), Set.of(ChatRight.DELETE));
        act(anna, anna, kind("ban").put("target", eve.name())).andExpect(status().isOk());
        for (SignedUp person : List.of(anna, cora, bob, bob, eve)) {
            page(person, anna);
        }
        page(null, anna);
        // Everybody may ask, signed in or not: reading is public.
        JsonNode present = JSON.readTree(ask(null, "/api/v1/channels/" + anna.name() + "/people")
                .andExpect(status().isOk())
                .andReturn()
                .getResponse()
                .getContentAsString());
        assertThat(names(present, "owner")).containsExactly(anna.name());
        assertThat(names(present, "moderators")).containsExactly(cora.name());
        assertThat(names(present, "staff")).isEmpty();
        assertThat(names(present, "people")).containsExactly(bob.name());
        assertThat(present.path("people").path("more").asInt(-1)).isZero();
        assertThat(present.path("guests").asInt(-1)).isEqualTo(1);
        ask(null, "/api/v1/channels/nobody-here/people").andExpect(status().isNotFound());
    }

    @Test
    void aCardTellsEachWhatTheyMayKnow() throws Exception {
        SignedUp anna = person();
        SignedUp bob = person();
        SignedUp cora = person();
        follows.follow(bob.principal().accountId(), anna.channelId());
        String card = "/api/v1/channels/" + anna.name() + "/people/" + bob.name();
        ask(null, card)
                .andExpect(jsonPath("$.author.name").value(bob.name()))
                .andExpect(jsonPath("$.joined").doesNotExist())
                .andExpect(jsonPath("$.followedSince").doesNotExist());
        ask(cora, card)
                .andExpect(jsonPath("$.joined").exists())
                .andExpect(jsonPath("$.followedSince").doesNotExist());
        ask(bob, card).andExpect(jsonPath("$.followedSince").exists());
        ask(anna, card).andExpect(jsonPath("$.followedSince").exists());
        ask(cora, "/api/v1/channels/" + anna.name() + "/people/nobody-here").andExpect(status().isNotFound());
        accounts.suspend(bob.principal().accountId(), "spam", null);
        ask(cora, card).andExpect(status().isNotFound());
        ask(anna, card).andExpect(status().isOk());
    }

    @Test
    void theQuoteOfARemovedMessageIsGoneFromItsAnswersAndComesBackWithIt() throws Exception {
        SignedUp anna = person();
        OpenedPage page = page(anna, anna);
        long seq = say(page, anna, "something rude");
        String id = UUID.randomUUID().toString();
        page.send(JSON.writeValueAsString(JSON.createObjectNode()
                .put("type", "say")
                .put("topic", anna.topic())
                .put("id", id)
                .put("text", "no, you are")
                .put("replyTo", seq)));
        page.answer(id);
        long done = done(act(anna, anna, kind("delete").put("seq", seq)));
        assertThat(answered(anna).path("removed").asBoolean(false)).isTrue();
        assertThat(answered(anna).path("text").asString("?")).isEmpty();
        site.perform(post("/api/v1/channels/" + anna.name() + "/moderation/actions/" + done + "/undo")
                        .with(user(anna.principal()))
                        .with(csrf()))
                .andExpect(status().isOk());
        assertThat(answered(anna).path("text").asString("")).isEqualTo("something rude");
    }

    /** What stands above the last message for whoever comes now. */
    private JsonNode answered(SignedUp in) {
        JsonNode messages =
                page(null, in).waitFor(message -> is(message, "history")).path("messages");
        return messages.path(messages.size() - 1).path("reply");
    }
}
