// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat;

import static live.millrace.platform.TestPeople.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import live.millrace.platform.OpenedPage;
import live.millrace.platform.TestPeople.SignedUp;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Bans, time-outs and warnings, and what whoever gives one is told of a person before. */
class SanctionsTest extends ModeratedRoom {
    @Test
    void aBanActsOnOpenPagesAtOnceAndSurvivesReloadAndLogin() throws Exception {
        SignedUp anna = person();
        SignedUp bob = person();
        OpenedPage bobs = page(bob, anna);
        OpenedPage strangers = page(null, anna);
        long seq = say(bobs, anna, "buy my things");
        long before = System.nanoTime();
        done(act(anna, anna, kind("ban").put("target", bob.name()).put("reason", "spam")));
        JsonNode you = bobs.waitFor(message -> is(message, "you") && message.has("sanction"));
        assertThat(System.nanoTime() - before).isLessThan(1_000_000_000L * 15);
        assertThat(you.path("sanction").path("kind").asString("")).isEqualTo("BAN");
        assertThat(you.path("sanction").path("reason").asString("")).isEqualTo("spam");
        strangers.waitFor(message ->
                is(message, "removed") && message.path("seqs").path(0).asLong() == seq);
        assertThat(refusal(bobs, anna, "me again")).isEqualTo("banned");
        // A new page, and a new session: still banned.
        OpenedPage again = page(bob, anna);
        assertThat(again.waitFor(message -> is(message, "you")).has("sanction")).isTrue();
        assertThat(refusal(again, anna, "me again")).isEqualTo("banned");
        done(command(anna, anna, "/unban " + bob.name()));
        bobs.waitFor(message -> is(message, "you") && !message.has("sanction"));
        assertThat(say(again, anna, "thank you")).isPositive();
    }

    @Test
    void aTimeOutEndsByItself() throws Exception {
        SignedUp anna = person();
        SignedUp bob = person();
        OpenedPage bobs = page(bob, anna);
        done(command(anna, anna, "/timeout " + bob.name() + " 10m calm down"));
        assertThat(refusal(bobs, anna, "no")).isEqualTo("banned");
        database.sql("update chat_sanction set until = now() - interval '1 second' where username = ?")
                .param(bob.name())
                .update();
        // The room asks the database again when something changes in it.
        done(act(anna, anna, kind("slow").put("seconds", 0)));
        assertThat(say(bobs, anna, "sorry")).isPositive();
    }

    @Test
    void aNameIsBannedBeforeAnybodyHasIt() throws Exception {
        SignedUp anna = person();
        String name = name();
        page(null, anna);
        done(act(anna, anna, kind("ban").put("target", name)));
        SignedUp bob = people.signedUp(site, name);
        assertThat(refusal(page(bob, anna), anna, "hello")).isEqualTo("banned");
    }

    @Test
    void aWarningReachesWhomItIsMeantForAlone() throws Exception {
        SignedUp anna = person();
        SignedUp bob = person();
        OpenedPage bobs = page(bob, anna);
        OpenedPage strangers = page(null, anna);
        done(command(anna, anna, "/warn " + bob.name() + " please be kind"));
        assertThat(bobs.waitFor(message -> is(message, "warned")).path("reason").asString(""))
                .isEqualTo("please be kind");
        assertThat(strangers.told).noneMatch(message -> is(message, "warned"));
    }

    @Test
    void theCardTellsWhatWasBefore() throws Exception {
        SignedUp anna = person();
        SignedUp bob = person();
        say(page(bob, anna), anna, "hello");
        done(act(anna, anna, kind("note").put("target", bob.name()).put("reason", "friend of Cora")));
        String path = "/api/v1/channels/" + anna.name() + "/moderation/people/" + bob.name();
        site.perform(get(path).with(user(anna.principal())))
                .andExpect(jsonPath("$.messages").value(1))
                .andExpect(jsonPath("$.actions[0].reason").value("friend of Cora"));
        site.perform(get(path).with(user(bob.principal()))).andExpect(status().isForbidden());
    }
}
