// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import java.util.List;
import java.util.Set;
import live.millrace.platform.OpenedPage;
import live.millrace.platform.TestPeople;
import live.millrace.platform.TestPeople.SignedUp;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Role;
import live.millrace.platform.audit.Audit;
import live.millrace.platform.audit.AuditEntry;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** What a moderator may do, and how they are known; commands are answered in words. */
class ModerationRightsTest extends ModeratedRoom {
    @Autowired
    private Audit audit;

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

    private SignedUp staff(Role role) throws Exception {
        AccountPrincipal principal = people.account(role);
        return new SignedUp(
                principal.getUsername(),
                TestPeople.logIn(site, principal).getValue(),
                principal,
                people.channel(principal).id());
    }

    private List<String> logged(SignedUp who) {
        return audit.find(new Audit.Search(who.name(), "chat.", null, null, null), Long.MAX_VALUE, 9).stream()
                .map(AuditEntry::action)
                .toList();
    }

    /** Neither the room's people nor staff below shorten, replace or lift what somebody of the site's staff did. */
    @Test
    void whatTheSitesStaffDidInARoomStands() throws Exception {
        SignedUp anna = person();
        SignedUp cora = person();
        SignedUp bob = person();
        rooms.putModerator(anna.channelId(), cora.principal().accountId(), ChatRight.ALL);
        SignedUp admin = staff(Role.ADMIN);
        SignedUp moderator = staff(Role.MODERATOR);
        act(admin, anna, kind("ban").put("target", bob.name())).andExpect(status().isOk());
        for (SignedUp below : List.of(cora, anna, moderator)) {
            act(below, anna, kind("unban").put("target", bob.name())).andExpect(status().isUnprocessableContent());
            act(below, anna, kind("timeout").put("target", bob.name()).put("seconds", 1))
                    .andExpect(status().isUnprocessableContent());
        }
        long lifted = done(act(staff(Role.ADMIN), anna, kind("unban").put("target", bob.name())));
        assertThat(lifted).isPositive();
        // What the room's owner did, those with the right lift.
        act(anna, anna, kind("ban").put("target", bob.name())).andExpect(status().isOk());
        act(cora, anna, kind("unban").put("target", bob.name())).andExpect(status().isOk());
    }

    @Test
    void whatStaffUndoAndDecideAboutHeldCommentsIsInTheLog() throws Exception {
        SignedUp anna = person();
        SignedUp bob = person();
        SignedUp moderator = staff(Role.MODERATOR);
        long ban = done(act(moderator, anna, kind("ban").put("target", bob.name())));
        site.perform(post("/api/v1/channels/" + anna.name() + "/moderation/actions/" + ban + "/undo")
                        .with(user(moderator.principal()))
                        .with(csrf()))
                .andExpect(status().isOk());
        words.add(anna.channelId(), List.of("casino"), WordLists.Effect.HOLD);
        OpenedPage theirs = page(moderator, anna);
        theirs.join("held:" + anna.name());
        OpenedPage bobs = page(bob, anna);
        for (String decision : List.of("deny", "allow")) {
            String text = decision + " my c.a.s.i.n.o";
            bobs.answer(bobs.say(anna.topic(), text));
            JsonNode held = theirs.waitFor(message ->
                    is(message, "held") && message.path("messages").toString().contains(text));
            theirs.send(JSON.createObjectNode()
                    .put("type", decision)
                    .put("topic", "held:" + anna.name())
                    .put("id", held.path("messages").path(0).path("id").asLong())
                    .toString());
            OpenedPage.until(() -> logged(moderator).contains("chat.held-" + decision));
        }
        assertThat(logged(moderator)).containsExactly("chat.held-allow", "chat.held-deny", "chat.undo", "chat.ban");
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
