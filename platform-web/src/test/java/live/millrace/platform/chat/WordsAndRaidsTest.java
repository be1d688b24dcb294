// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;

import java.util.List;
import live.millrace.platform.OpenedPage;
import live.millrace.platform.TestPeople.SignedUp;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Listed words wait or are refused, and a raid meets the shield. */
class WordsAndRaidsTest extends ModeratedRoom {
    @Test
    void aListedWordWaitsOrIsRefused() throws Exception {
        SignedUp anna = person();
        SignedUp bob = person();
        words.add(anna.channelId(), List.of("casino"), WordLists.Effect.HOLD);
        words.add(anna.channelId(), List.of("垃圾"), WordLists.Effect.BLOCK);
        OpenedPage bobs = page(bob, anna);
        OpenedPage annas = page(anna, anna);
        annas.join("held:" + anna.name());
        String id = bobs.say(anna.topic(), "come to my CАSINO"); // a Cyrillic A
        assertThat(bobs.answer(id).path("type").asString("")).isEqualTo("waits");
        JsonNode held = annas.waitFor(
                message -> is(message, "held") && !message.path("messages").isEmpty());
        assertThat(held.path("messages").path(0).path("reason").asString("")).isEqualTo("words");
        annas.send(JSON.createObjectNode()
                .put("type", "allow")
                .put("topic", "held:" + anna.name())
                .put("id", held.path("messages").path(0).path("id").asLong())
                .put("trust", true)
                .toString());
        OpenedPage.until(() -> bobs.messages().stream().anyMatch(text -> text.contains("come to my")));
        // Trusted for ten minutes, the next one does not wait; a blocked one is refused all the same.
        assertThat(say(bobs, anna, "the casino is open")).isPositive();
        assertThat(refusal(bobs, anna, "这是垃 圾".replace(" ", "\u2060"))).isEqualTo("words");
    }

    @Test
    void theShieldKeepsNewAccountsOutAndTheSweepBansThem() throws Exception {
        SignedUp anna = person();
        SignedUp old = person();
        database.sql("update account set created_at = created_at - interval '30 days' where id = ?")
                .param(old.principal().accountId())
                .update();
        OpenedPage olds = page(old, anna);
        List<SignedUp> raiders = List.of(person(), person(), person());
        for (SignedUp raider : raiders) {
            say(page(raider, anna), anna, "raid " + raider.name());
        }
        assertThat(say(olds, anna, "what is going on?")).isPositive();
        done(command(anna, anna, "/shield on"));
        olds.waitFor(
                message -> is(message, "room") && message.path("shieldHours").asInt() == 24);
        assertThat(refusal(page(raiders.getFirst(), anna), anna, "more")).isEqualTo("shield");
        act(anna, anna, kind("sweep")).andExpect(jsonPath("$.action.excerpt").value("3"));
        for (SignedUp raider : raiders) {
            assertThat(page(raider, anna).waitFor(message -> is(message, "you")).has("sanction"))
                    .isTrue();
        }
        assertThat(page(null, anna).messages()).hasSize(1);
        done(command(anna, anna, "/shield off"));
        assertThat(page(old, anna).waitFor(message -> is(message, "you")).has("sanction"))
                .isFalse();
    }

    @Test
    void manyWhoSayTheSameRaiseTheShield() throws Exception {
        SignedUp anna = person();
        OpenedPage strangers = page(null, anna);
        for (int i = 0; i < 10; i++) {
            page(person(), anna).say(anna.topic(), "follow my great channel!!");
        }
        strangers.waitFor(
                message -> is(message, "room") && message.path("shieldHours").asInt() > 0);
        assertThat(refusal(page(person(), anna), anna, "something else")).isEqualTo("shield");
    }
}
