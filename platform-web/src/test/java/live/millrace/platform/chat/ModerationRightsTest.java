// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import java.util.List;
import java.util.Set;
import live.millrace.platform.OpenedPage;
import live.millrace.platform.TestPeople.SignedUp;
import live.millrace.platform.account.Role;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What a moderator may do, and how they are known; commands are answered in words. */
class ModerationRightsTest extends ModeratedRoom {
    @Test
    void moderatorsMayWhatTheyWereGivenAndNothingAgainstTheirLike() throws Exception {
        SignedUp anna = person();
        SignedUp cora = person();
        SignedUp dan = person();
        SignedUp bob = person();
        rooms.putModerator(anna.channelId(), cora.principal().accountId(), Set.of(ChatRight.DELETE));
        rooms.putModerator(anna.channelId(), dan.principal().accountId(), ChatRight.ALL);
        long seq = say(page(bob, anna), anna, "hello");
        act(cora, anna, kind("ban").put("target", bob.name())).andExpect(status().isForbidden());
        act(cora, anna, kind("timeout").put("target", bob.name()).put("seconds", 10))
                .andExpect(status().isForbidden());
        act(cora, anna, kind("slow").put("seconds", 10)).andExpect(status().isForbidden());
        act(cora, anna, kind("delete").put("seq", seq)).andExpect(status().isOk());
        // Not against the owner, another moderator, staff, themselves; and not in another room.
        for (SignedUp target : List.of(anna, cora, dan)) {
            act(dan, anna, kind("ban").put("target", target.name())).andExpect(status().isUnprocessableContent());
        }
        String staff = people.account(Role.MODERATOR).getUsername();
        act(dan, anna, kind("ban").put("target", staff)).andExpect(status().isUnprocessableContent());
        act(dan, bob, kind("ban").put("target", cora.name())).andExpect(status().isForbidden());
        act(anna, anna, kind("ban").put("target", cora.name())).andExpect(status().isOk());
        act(cora, anna, kind("delete").put("seq", seq)).andExpect(status().isForbidden());
    }

    @Test
    void whoRunsTheSiteIsKnownByTheirBadge() throws Exception {
        SignedUp anna = person();
        SignedUp chief = person();
        database.sql("update account set role = 'OWNER' where id = ?")
                .param(chief.principal().accountId())
                .update();
        OpenedPage page = page(null, anna);
        say(page(chief, anna), anna, "hello from the staff");
        JsonNode theirs = page.waitFor(message -> is(message, "messages"))
                .path("messages")
                .path(0);
        assertThat(theirs.path("author").path("badges").path(0).asString("")).isEqualTo("admin");
    }

    @Test
    void aCommandIsNeverForAllToRead() throws Exception {
        SignedUp anna = person();
        SignedUp bob = person();
        OpenedPage bobs = page(bob, anna);
        OpenedPage owners = page(anna, anna);
        assertThat(refusal(bobs, anna, "/help")).isEqualTo("command");
        assertThat(refusal(bobs, anna, " /foo bar")).isEqualTo("command");
        assertThat(refusal(owners, anna, "/ban " + bob.name())).isEqualTo("command");
        assertThat(say(bobs, anna, "/ 7 of 10, and/or")).isPositive();
    }

    @Test
    void commandsAreAnsweredInWords() throws Exception {
        SignedUp anna = person();
        SignedUp bob = person();
        command(anna, anna, "/slow 30").andExpect(jsonPath("$.said", containsString("30")));
        assertThat(rooms.settings(anna.channelId()).slowSeconds()).isEqualTo(30);
        command(anna, anna, "/slow off").andExpect(status().isOk());
        assertThat(rooms.settings(anna.channelId()).slowSeconds()).isZero();
        command(anna, anna, "/followers 2h").andExpect(status().isOk());
        assertThat(rooms.settings(anna.channelId()).followMinutes()).isEqualTo(120);
        command(anna, anna, "/followers off").andExpect(status().isOk());
        command(anna, anna, "/title A new evening").andExpect(status().isOk());
        assertThat(channels.find(anna.name()).orElseThrow().title()).isEqualTo("A new evening");
        command(anna, anna, "/warn " + bob.name()).andExpect(status().isUnprocessableContent());
        act(anna, anna, JSON.createObjectNode()).andExpect(status().isUnprocessableContent());
        act(anna, anna, kind("dance").put("seq", 1)).andExpect(status().isUnprocessableContent());
        command(anna, anna, "/dance").andExpect(jsonPath("$.detail", containsString("command doesn’t exist")));
        command(anna, anna, "/timeout").andExpect(status().isUnprocessableContent());
        command(bob, anna, "/clear").andExpect(status().isForbidden());
    }
}
