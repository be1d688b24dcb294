// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import jakarta.servlet.http.Cookie;
import java.util.List;
import java.util.Locale;
import live.millrace.platform.OpenedPage;
import live.millrace.platform.TestPeople;
import live.millrace.platform.TestPeople.SignedUp;
import live.millrace.platform.audience.Invitations;
import live.millrace.platform.audience.Invitations.Visitor;
import live.millrace.platform.channel.Visibility;
import live.millrace.platform.chat.ChatSettings.Links;
import live.millrace.platform.chat.ChatSettings.Writers;
import org.junit.jupiter.api.Test;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;
import tools.jackson.databind.JsonNode;

/** What is done about guests without an account, and what they report. */
class GuestsModeratedTest extends GuestRoom {

    @Test
    void aGuestIsTimedOutByNoNameButTheirOwn() throws Exception {
        SignedUp bob = person();
        Came guest = come(bob.name());
        OpenedPage bobs = page(bob, anna);
        OpenedPage guests = page(guest, anna);
        // Who has an account of that name is not invited, and yet the name is theirs.
        channels.show(anna.channelId(), Visibility.PUBLIC);
        done(command(anna, anna, "/timeout " + bob.name() + " 10m"));
        assertThat(say(page(guest, anna), anna, "I am somebody else")).isPositive();
        assertThat(refusal(page(bob, anna), anna, "no")).isEqualTo("banned");
        done(command(anna, anna, "/timeout " + guest.handle() + " 10m calm down"));
        OpenedPage again = page(guest, anna);
        JsonNode you = again.waitFor(message -> is(message, "you"));
        assertThat(you.path("sanction").path("reason").asString("")).isEqualTo("calm down");
        assertThat(refusal(again, anna, "no")).isEqualTo("banned");
        done(command(anna, anna, "/unban " + bob.name()));
        assertThat(say(page(bob, anna), anna, "free")).isPositive();
        assertThat(refusal(again, anna, "still not")).isEqualTo("banned");
        done(command(anna, anna, "/unban " + guest.handle()));
        again.waitFor(message -> is(message, "you") && !message.has("sanction"));
        assertThat(say(again, anna, "free too")).isPositive();
        assertThat(list.find(anna.channelId(), guest.id())).isPresent();
        assertThat(bobs.told).isNotEmpty();
        assertThat(guests.told).isNotEmpty();
    }

    @Test
    void whoRegistersANameIsNotBoundByAGuestOfThatName() throws Exception {
        String name = TestPeople.name();
        Came guest = come(name);
        done(act(anna, anna, kind("ban").put("target", guest.handle())));
        SignedUp bob = people.signedUp(site, name);
        channels.show(anna.channelId(), Visibility.PUBLIC);
        assertThat(say(page(bob, anna), anna, "hello")).isPositive();
    }

    @Test
    void aBanTakesAGuestOffTheListAndItsUndoGivesAllBack() throws Exception {
        Came bob = come("Bob");
        OpenedPage bobs = page(bob, anna);
        OpenedPage annas = page(anna, anna);
        long seq = say(bobs, anna, "buy my things");
        ban(bob);
        OpenedPage.until(() -> bobs.closed);
        OpenedPage.until(() -> gone(annas, seq));
        assertThat(list.find(anna.channelId(), bob.id())).isEmpty();
        assertThat(invitations.look(link, new Visitor(null, bob.secret()))).isInstanceOf(Invitations.Look.Dead.class);
        assertThat(refusal(page(bob, anna), anna, "me again")).isEqualTo("off");
        site.perform(get("/studio/moderation").with(user(anna.principal())))
                .andExpect(content().string(containsString("data-target=\"" + bob.handle() + "\"")))
                .andExpect(content().string(containsString("<strong>Bob</strong>")));
        act(anna, anna, kind("timeout").put("target", bob.handle()).put("seconds", 60))
                .andExpect(status().isUnprocessableContent());
        done(command(anna, anna, "/unban " + bob.handle()));
        assertThat(say(page(bob, anna), anna, "back")).isPositive();
        // And once more, taken back within seconds.
        long action = ban(bob);
        assertThat(refusal(page(bob, anna), anna, "me again")).isEqualTo("off");
        undo(action);
        OpenedPage back = page(bob, anna);
        assertThat(say(back, anna, "here I am")).isPositive();
        assertThat(back.waitFor(message -> is(message, "history")).toString()).contains("\"back\"");
    }

    @Test
    void anUnbanThatIsUndoneShutsThemOutAgain() throws Exception {
        Came bob = come("Bob");
        page(anna, anna);
        ban(bob);
        long unban = done(command(anna, anna, "/unban " + bob.handle()));
        assertThat(list.find(anna.channelId(), bob.id())).isPresent();
        undo(unban);
        assertThat(list.find(anna.channelId(), bob.id())).isEmpty();
        assertThat(refusal(page(bob, anna), anna, "hello")).isEqualTo("off");
    }

    @Test
    void whatWaitsOfWhomTheOwnerRemovesIsDroppedAndOfABanIsGivenBackWithIt() throws Exception {
        rules(Writers.EVERYONE, Links.HELD, true);
        Came bob = come("Bob");
        Came eve = come("Eve");
        for (Came guest : List.of(bob, eve)) {
            OpenedPage page = page(guest, anna);
            page.answer(page.say(anna.topic(), "see https://example.org"));
        }
        long action = ban(bob);
        list.remove(anna.channelId(), eve.id());
        assertThat(waiting()).isZero();
        undo(action);
        assertThat(waiting()).isEqualTo(1);
    }

    private int waiting() {
        return database.sql("select count(*) from chat_held_message where channel_id = ?")
                .param(anna.channelId())
                .query(Integer.class)
                .single();
    }

    @Test
    void noUndoBringsBackWhomTheOwnerRemoved() throws Exception {
        Came bob = come("Bob");
        page(anna, anna);
        done(command(anna, anna, "/timeout " + bob.handle() + " 10m"));
        list.remove(anna.channelId(), bob.id());
        done(command(anna, anna, "/unban " + bob.handle()));
        assertThat(list.find(anna.channelId(), bob.id())).isEmpty();
        act(anna, anna, kind("ban").put("target", bob.handle())).andExpect(status().isUnprocessableContent());
    }

    private long ban(Came guest) throws Exception {
        return done(act(anna, anna, kind("ban").put("target", guest.handle())));
    }

    private void undo(long action) throws Exception {
        site.perform(post("/api/v1/channels/" + anna.name() + "/moderation/actions/" + action + "/undo")
                        .with(user(anna.principal()))
                        .with(csrf()))
                .andExpect(status().isOk());
    }

    @Test
    void aLineIsRemovedAndPutBackAndAWarningReachesThemAlone() throws Exception {
        Came bob = come("Bob");
        Came eve = come("Bob");
        OpenedPage bobs = page(bob, anna);
        OpenedPage eves = page(eve, anna);
        OpenedPage annas = page(anna, anna);
        long seq = say(bobs, anna, "one");
        long other = say(eves, anna, "two");
        undo(done(act(anna, anna, kind("delete").put("seq", seq))));
        annas.waitFor(message -> is(message, "restored"));
        done(act(anna, anna, kind("purge").put("target", bob.handle())));
        OpenedPage.until(() -> gone(annas, seq));
        assertThat(gone(annas, other)).isFalse();
        done(act(anna, anna, kind("warn").put("target", bob.handle()).put("reason", "be kind")));
        bobs.waitFor(message -> is(message, "warned"));
        assertThat(eves.told).noneMatch(message -> is(message, "warned"));
        site.perform(get("/studio/moderation").with(user(anna.principal())))
                .andExpect(content().string(containsString("be kind")));
    }

    @Test
    void theStudioEndsATimeoutAndLiftsABan() throws Exception {
        Came bob = come("Bob");
        Came eve = come("Eve");
        done(act(anna, anna, kind("timeout").put("target", bob.handle()).put("seconds", 60)));
        assertThat(ends("en")).contains("aria-label=\"End timeout Bob\"", ">End timeout</button>");
        assertThat(ends("zh-CN")).contains("aria-label=\"解除禁言 Bob\"");
        ban(eve);
        assertThat(ends("en")).contains("aria-label=\"Unban Eve\"", ">Unban</button>");
    }

    private String ends(String language) throws Exception {
        return site.perform(get("/studio/moderation")
                        .locale(Locale.forLanguageTag(language))
                        .with(user(anna.principal())))
                .andReturn()
                .getResponse()
                .getContentAsString();
    }

    @Test
    void theCardSaysByWhichInviteTheyCame() throws Exception {
        Came bob = come("Bob");
        say(page(bob, anna), anna, "hello");
        done(act(anna, anna, kind("note").put("target", bob.handle()).put("reason", "sits at the window")));
        String own = "/api/v1/channels/" + anna.name() + "/moderation/people/" + bob.handle();
        site.perform(get(own).with(user(anna.principal())))
                .andExpect(jsonPath("$.display").value("Bob"))
                .andExpect(jsonPath("$.invite").value("Class 7b"))
                .andExpect(jsonPath("$.joined").exists())
                .andExpect(jsonPath("$.messages").value(1))
                .andExpect(jsonPath("$.actions[0].guest").value(true))
                .andExpect(jsonPath("$.actions[0].reason").value("sits at the window"));
        String card = "/api/v1/channels/" + anna.name() + "/people/" + bob.handle();
        site.perform(get(card).with(user(anna.principal())))
                .andExpect(jsonPath("$.author.badges[0]").value("guest"))
                .andExpect(jsonPath("$.joined").doesNotExist());
        site.perform(get(card)).andExpect(status().isNotFound());
        // Who says nothing and is not here stands on nobody's list but the owner's.
        channels.show(anna.channelId(), Visibility.PUBLIC);
        site.perform(get(card)).andExpect(status().isOk());
        String silent = card.replace(bob.handle(), come("Eve").handle());
        site.perform(get(silent)).andExpect(status().isNotFound());
        site.perform(get(silent).with(user(anna.principal()))).andExpect(status().isOk());
        SignedUp cora = person();
        site.perform(get("/api/v1/channels/" + cora.name() + "/people/" + bob.handle()))
                .andExpect(status().isNotFound());
        act(cora, cora, kind("ban").put("target", bob.handle())).andExpect(status().isUnprocessableContent());
    }

    // ---- reports ----------------------------------------------------------------------------------------------

    private MockHttpServletRequestBuilder report(Came guest, String body) {
        return post("/api/v1/reports")
                .cookie(new Cookie("guest", guest.secret()))
                .with(csrf())
                .contentType(MediaType.APPLICATION_JSON)
                .content(body);
    }

    @Test
    void aGuestReportsWhatIsInTheChannelThatInvitedThem() throws Exception {
        Came bob = come("Bob");
        Came eve = come("Eve");
        long seq = say(page(eve, anna), anna, "something bad");
        String here = "{\"kind\":\"MESSAGE\",\"channel\":\"%s\",\"seq\":%d,\"reason\":\"HATE\",\"text\":\"this\"}"
                .formatted(anna.name(), seq);
        site.perform(report(bob, here)).andExpect(status().isNoContent());
        site.perform(report(bob, here)).andExpect(status().isNoContent());
        site.perform(report(eve, here)).andExpect(status().isUnprocessableContent());
        assertThat(database.sql("""
                        select r.guest_of || ' ' || c.subject_guest || ' ' || c.subject || ' ' || c.excerpt from moderation_report r
                        join moderation_case c on c.id = r.case_id where r.reporter_guest_id = ?
                        """).param(bob.id()).query(String.class).list())
                .containsExactly(anna.name() + " Eve " + eve.handle() + " something bad");
        SignedUp cora = person();
        String elsewhere = "{\"kind\":\"CHANNEL\",\"channel\":\"" + cora.name() + "\",\"reason\":\"SPAM\"}";
        site.perform(report(bob, elsewhere)).andExpect(status().isUnprocessableContent());
        site.perform(post("/api/v1/reports")
                        .with(csrf())
                        .contentType(MediaType.APPLICATION_JSON)
                        .content(elsewhere))
                .andExpect(status().isUnauthorized());
        String channel = "{\"kind\":\"CHANNEL\",\"channel\":\"" + anna.name() + "\",\"reason\":\"SPAM\"}";
        for (int i = 0; i < 8; i++) {
            site.perform(report(bob, channel)).andExpect(status().isNoContent());
        }
        site.perform(report(bob, channel)).andExpect(status().isTooManyRequests());
        site.perform(get("/reports/new").param("channel", anna.name()).cookie(new Cookie("guest", bob.secret())))
                .andExpect(status().isOk());
    }
}
