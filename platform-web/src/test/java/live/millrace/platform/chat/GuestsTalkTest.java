// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrl;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import jakarta.servlet.http.Cookie;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import live.millrace.platform.OpenedPage;
import live.millrace.platform.TestPeople.SignedUp;
import live.millrace.platform.channel.Visibility;
import live.millrace.platform.chat.ChatSettings.Links;
import live.millrace.platform.chat.ChatSettings.Writers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Guests of a channel who have no account write in its room as everybody does, and are mistaken for nobody. */
class GuestsTalkTest extends GuestRoom {
    // ---- writing ----------------------------------------------------------------------------------------------

    @Test
    void aGuestIsHeardUnderTheirNameAndFindsWhatTheySaid() throws Exception {
        Came bob = come("Bob");
        OpenedPage annas = page(anna, anna);
        OpenedPage bobs = page(bob, anna);
        JsonNode you = bobs.waitFor(message -> is(message, "you"));
        assertThat(you.path("name").asString("")).isEqualTo(bob.handle());
        assertThat(you.path("guest").asString("")).isEqualTo("Bob");
        assertThat(you.path("rights").isEmpty()).isTrue();
        long asked = say(annas, anna, "any questions?");
        long seq = bobs.answer(bobs.reply(anna.topic(), "one, @" + anna.name(), asked))
                .path("seq")
                .asLong(-1);
        JsonNode said = line(annas, seq);
        assertThat(said.path("author").path("display").asString("")).isEqualTo("Bob");
        assertThat(said.path("author").path("name").asString("")).isEqualTo(bob.handle());
        assertThat(said.path("author").path("badges").values())
                .extracting(JsonNode::asString)
                .containsExactly("guest");
        assertThat(said.path("reply").path("text").asString("")).isEqualTo("any questions?");
        assertThat(said.path("tokens").path(1).path("t").asString("")).isEqualTo("mention");
        // Above an answer too it is a guest's.
        long answer = annas.answer(annas.reply(anna.topic(), "go on", seq))
                .path("seq")
                .asLong();
        assertThat(line(bobs, answer).path("reply").path("guest").asBoolean(false))
                .isTrue();
        // Another page of the same browser has it still, in the same colour.
        JsonNode again = line(page(bob, anna), seq);
        assertThat(again.path("author")).isEqualTo(said.path("author"));
        assertThat(present().path("invited").path("named").findValuesAsString("name"))
                .containsExactly(bob.handle());
        assertThat(present().path("guests").asInt(-1)).isZero();
    }

    private JsonNode present() throws Exception {
        return JSON.readTree(
                site.perform(get("/api/v1/channels/" + anna.name() + "/people").with(user(anna.principal())))
                        .andReturn()
                        .getResponse()
                        .getContentAsString());
    }

    @Test
    void whatIsSentAgainIsOneLine() throws Exception {
        Came bob = come("Bob");
        OpenedPage bobs = page(bob, anna);
        String id = UUID.randomUUID().toString();
        bobs.say(anna.topic(), "once", id);
        long seq = bobs.answer(id).path("seq").asLong(-1);
        OpenedPage again = page(bob, anna);
        again.say(anna.topic(), "once", id);
        assertThat(again.answer(id).path("seq").asLong()).isEqualTo(seq);
    }

    @Test
    void aGuestOfOneChannelIsNobodyInAnother() throws Exception {
        Came bob = come("Bob");
        SignedUp cora = person();
        OpenedPage bobs = page(bob, cora);
        assertThat(bobs.waitFor(message -> is(message, "you")).has("guest")).isFalse();
        assertThat(refusal(bobs, cora, "hello")).isEqualTo("signed-out");
        channels.show(cora.channelId(), Visibility.INVITED);
        assertThat(refusal(page(bob, cora), cora, "hello")).isEqualTo("off");
    }

    @Test
    void whoIsNoMoreOnTheListWritesNothing() throws Exception {
        Came bob = come("Bob");
        OpenedPage bobs = page(bob, anna);
        OpenedPage annas = page(anna, anna);
        long seq = say(bobs, anna, "hello");
        assertThat(list.remove(anna.channelId(), bob.id())).isTrue();
        OpenedPage.until(() -> bobs.closed);
        assertThat(refusal(page(bob, anna), anna, "me again")).isEqualTo("off");
        // The line stays, with the name.
        database.sql("delete from audience_guest where id = ?").param(bob.id()).update();
        assertThat(gone(annas, seq)).isFalse();
        assertThat(database.sql(
                                "select guest_name from chat_message where channel_id = ? and seq = ? and guest_id is null")
                        .param(anna.channelId())
                        .param(seq)
                        .query(String.class)
                        .single())
                .isEqualTo("Bob");
        site.perform(get("/api/v1/channels/" + anna.name() + "/moderation/people/" + bob.handle())
                        .with(user(anna.principal())))
                .andExpect(status().isNotFound());
    }

    @Test
    void allLimitsHold() throws Exception {
        Came bob = come("Bob");
        OpenedPage bobs = page(bob, anna);
        assertThat(refusal(bobs, anna, "x".repeat(301))).isEqualTo("long");
        assertThat(refusal(bobs, anna, "/ban " + anna.name())).isEqualTo("command");
        say(bobs, anna, "the same");
        assertThat(refusal(bobs, anna, "the same")).isEqualTo("duplicate");
        rules(Writers.EVERYONE, Links.BLOCKED, true);
        assertThat(refusal(bobs, anna, "see https://example.org")).isEqualTo("links");
        words.add(anna.channelId(), List.of("broccoli"), WordLists.Effect.BLOCK);
        assertThat(refusal(bobs, anna, "I like broccoli")).isEqualTo("words");
        rooms.change(anna.channelId(), new ChatSettings(Writers.EVERYONE, 0, 60, Links.ALLOWED, false));
        assertThat(refusal(bobs, anna, "something else")).isEqualTo("slow");
        // Everybody has their own pause.
        OpenedPage eves = page(come("Eve"), anna);
        assertThat(say(eves, anna, "me")).isPositive();
        rooms.change(anna.channelId(), ChatSettings.DEFAULT);
        assertThat(IntStream.range(0, 20).mapToObj(i -> refusal(eves, anna, "line " + i)))
                .contains("fast");
        done(act(anna, anna, kind("shield").put("on", true)));
        assertThat(refusal(page(come("Cleo"), anna), anna, "hello")).isEqualTo("guests-shield");
    }

    @ParameterizedTest
    @EnumSource(Writers.class)
    void guestsWriteWhereEveryoneDoes(Writers writers) throws Exception {
        rules(writers, Links.ALLOWED, true);
        OpenedPage bobs = page(come("Bob"), anna);
        switch (writers) {
            case EVERYONE -> {
                assertThat(say(bobs, anna, "hello")).isPositive();
                rules(writers, Links.ALLOWED, false);
                bobs.waitFor(message -> is(message, "room")
                        && !message.path("settings").path("guests").asBoolean(true));
                assertThat(refusal(bobs, anna, "and now")).isEqualTo("guests");
            }
            case NOBODY -> assertThat(refusal(bobs, anna, "hello")).isEqualTo("off");
            case VERIFIED, FOLLOWERS -> assertThat(refusal(bobs, anna, "hello")).isEqualTo("guests");
        }
    }

    @Test
    void theOwnerSaysWhetherGuestsWrite() throws Exception {
        site.perform(get("/studio/chat").with(user(anna.principal())))
                .andExpect(content().string(containsString("name=\"guests\" value=\"true\"")));
        site.perform(post("/studio/chat")
                        .with(user(anna.principal()))
                        .with(csrf())
                        .param("writers", "EVERYONE"))
                .andExpect(redirectedUrl("/studio/chat?saved"));
        assertThat(rooms.settings(anna.channelId()).guests()).isFalse();
        site.perform(post("/studio/chat")
                .with(user(anna.principal()))
                .with(csrf())
                .param("writers", "EVERYONE")
                .param("guests", "true"));
        assertThat(rooms.settings(anna.channelId()).guests()).isTrue();
    }

    @Test
    void theirPageHasABoxToWriteIn() throws Exception {
        Came bob = come("Bob <b>");
        site.perform(get("/" + anna.name()).cookie(new Cookie("guest", bob.secret())))
                .andExpect(content().string(containsString("data-display=\"Bob &lt;b&gt;\"")))
                .andExpect(content().string(containsString("class=\"chat-form\"")))
                .andExpect(content().string(not(containsString("class=\"chat-login\""))));
        site.perform(get("/popout/" + anna.name()).cookie(new Cookie("guest", bob.secret())))
                .andExpect(content().string(containsString("class=\"chat-form\"")));
        site.perform(get("/" + person().name()).cookie(new Cookie("guest", bob.secret())))
                .andExpect(content().string(containsString("class=\"chat-login\"")));
    }

    // ---- held -------------------------------------------------------------------------------------------------

    @Test
    void aHeldLineIsToldAllowedAndDenied() throws Exception {
        rules(Writers.EVERYONE, Links.HELD, true);
        Came bob = come("Bob");
        OpenedPage bobs = page(bob, anna);
        OpenedPage annas = page(anna, anna);
        annas.join("held:" + anna.name());
        assertThat(bobs.answer(bobs.say(anna.topic(), "see https://example.org/1"))
                        .path("type")
                        .asString(""))
                .isEqualTo("waits");
        JsonNode held = annas.waitFor(message ->
                        is(message, "held") && !message.path("messages").isEmpty())
                .path("messages")
                .path(0);
        assertThat(held.path("author").path("display").asString("")).isEqualTo("Bob");
        annas.send("{\"type\":\"allow\",\"topic\":\"held:" + anna.name() + "\",\"id\":"
                + held.path("id").asLong() + ",\"trust\":true}");
        JsonNode allowed = bobs.waitFor(message -> is(message, "messages"))
                .path("messages")
                .path(0);
        assertThat(allowed.path("author").path("name").asString("")).isEqualTo(bob.handle());
        // Trusted, they need not wait; others do.
        assertThat(say(bobs, anna, "see https://example.org/2")).isPositive();
        OpenedPage eves = page(come("Eve"), anna);
        assertThat(eves.answer(eves.say(anna.topic(), "see https://example.org/3"))
                        .path("type")
                        .asString(""))
                .isEqualTo("waits");
    }
}
