// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.delete;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;

import jakarta.servlet.http.Cookie;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import live.millrace.platform.TestPeople.SignedUp;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Role;
import live.millrace.platform.audience.Invites;
import live.millrace.platform.audit.Audit;
import live.millrace.platform.audit.AuditEntry;
import live.millrace.platform.chat.ChatSettings.Links;
import live.millrace.platform.chat.ChatSettings.Writers;
import live.millrace.platform.notification.NoticeView;
import live.millrace.platform.notification.Notices;
import live.millrace.platform.recording.Recordings;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;
import tools.jackson.databind.JsonNode;

/** Guests without an account below the videos of the channel that invited them. */
class GuestsCommentTest extends GuestRoom {
    @Autowired
    private VideoComments comments;

    @Autowired
    private Audit audit;

    @Autowired
    private Notices notices;

    private String video = "";

    @BeforeEach
    void aVideo() {
        video = video("INVITED");
    }

    private String video(String visibility) {
        return Recordings.insert(
                database, anna.channelId(), "The match", "READY", visibility, Instant.parse("2026-11-20T18:00:00Z"));
    }

    private MockHttpServletResponse perform(@Nullable Came guest, MockHttpServletRequestBuilder asked)
            throws Exception {
        return site.perform((guest == null ? asked : asked.cookie(new Cookie("guest", guest.secret()))).with(csrf()))
                .andReturn()
                .getResponse();
    }

    private MockHttpServletResponse perform(AccountPrincipal by, MockHttpServletRequestBuilder asked) throws Exception {
        return site.perform(asked.with(user(by)).with(csrf())).andReturn().getResponse();
    }

    private static String address(String video) {
        return "/api/v1/videos/" + video + "/comments";
    }

    private static MockHttpServletRequestBuilder sent(String video, String text) {
        return post(address(video))
                .contentType(MediaType.APPLICATION_JSON)
                .content(JSON.createObjectNode().put("text", text).toString());
    }

    private int write(@Nullable Came guest, String text) throws Exception {
        return perform(guest, sent(video, text)).getStatus();
    }

    /** The comment as its author sees it. */
    private JsonNode written(Came guest, String text) throws Exception {
        MockHttpServletResponse answer = perform(guest, sent(video, text));
        assertThat(answer.getStatus()).as(text).isEqualTo(201);
        return JSON.readTree(answer.getContentAsString());
    }

    private String refused(Came guest, String text) throws Exception {
        MockHttpServletResponse answer = perform(guest, sent(video, text));
        assertThat(answer.getStatus()).as(text).isBetween(422, 429);
        return JSON.readTree(answer.getContentAsString()).path("detail").asString("");
    }

    private int remove(Came guest, long id) throws Exception {
        return perform(guest, delete(address(video) + "/" + id)).getStatus();
    }

    private JsonNode list(Came guest) throws Exception {
        return JSON.readTree(perform(guest, get(address(video))).getContentAsString());
    }

    private String page(@Nullable Came guest) throws Exception {
        return perform(guest, get("/videos/" + video)).getContentAsString();
    }

    // ---- writing ----------------------------------------------------------------------------------------------

    @Test
    void whatAGuestWritesIsMarkedAndIsNobodyElses() throws Exception {
        Came bob = come(person().name());
        Came eve = come("Eve");
        JsonNode said = written(bob, "Well done, at 1:02:03");
        long id = said.path("id").asLong();
        assertThat(said.path("mine").asBoolean(false)).isTrue();
        assertThat(said.path("removable").asBoolean(false)).isTrue();
        assertThat(said.path("tokens").path(1).path("at").asLong()).isEqualTo(3_723);
        JsonNode read = list(eve).path("comments").path(0);
        assertThat(read.path("author").path("guest").asBoolean(false)).isTrue();
        assertThat(read.path("author").path("name").asString("")).isEqualTo(bob.handle());
        assertThat(read.path("mine").asBoolean(true)).isFalse();
        assertThat(read.path("removable").asBoolean(true)).isFalse();
        assertThat(page(eve))
                .contains("<textarea id=\"comment-text\"", ">Guest</span>", "(guest)\"")
                .doesNotContain("href=\"/guest:", "/comments/" + id + "/delete", "comments\">Log in to comment");
        assertThat(page(bob)).contains("/comments/" + id + "/delete");
        assertThat(perform(bob, get("/videos/" + video).param("lang", "zh-CN")).getContentAsString())
                .contains(">受邀观众</span>");
        assertThat(remove(eve, id)).isEqualTo(403);
        assertThat(write(bob, "WELL done, at 1:02:03")).isEqualTo(422);
        assertThat(remove(bob, id)).isEqualTo(204);
        assertThat(remove(bob, id)).isEqualTo(404);
        assertThat(list(eve).path("count").asInt(-1)).isZero();
        assertThat(write(bob, "Well done, at 1:02:03")).as("taken back").isEqualTo(201);
        NoticeView told =
                notices.of(anna.principal().accountId(), Long.MAX_VALUE, 10).getFirst();
        assertThat(told.kind()).isEqualTo("COMMENTS");
        assertThat(told.number()).isEqualTo(2);
    }

    @Test
    void whatAModeratorTookAwayIsNotSaidAgain() throws Exception {
        Came bob = come("Bob");
        long id = written(bob, "buy my things").path("id").asLong();
        assertThat(perform(anna.principal(), delete(address(video) + "/" + id)).getStatus())
                .isEqualTo(204);
        assertThat(refused(bob, "Buy my things")).isEqualTo("You’ve just sent the same comment.");
        AccountPrincipal staff = people.account(Role.MODERATOR);
        long other = written(bob, "and these").path("id").asLong();
        assertThat(perform(staff, delete(address(video) + "/" + other)).getStatus())
                .isEqualTo(204);
        AuditEntry entry = audit.find(
                        new Audit.Search(staff.getUsername(), "comment.remove", null, null, null), Long.MAX_VALUE, 1)
                .getFirst();
        assertThat(entry.subject()).isEqualTo(anna.name() + " / guest:Bob");
        assertThat(entry.details()).isEqualTo("and these");
        comments.show(other);
        assertThat(list(bob).path("count").asInt(-1)).isEqualTo(1);
        assertThat(refused(bob, "and these")).isEqualTo("You’ve just sent the same comment.");
    }

    @Test
    void whoIsNoGuestOfTheChannelIsAStranger() throws Exception {
        Came bob = come("Bob");
        long id = written(bob, "hello").path("id").asLong();
        SignedUp host = anna;
        aClosedChannel();
        Came elsewhere = come("Bob");
        anna = host;
        assertThat(write(elsewhere, "hello")).isEqualTo(404);
        assertThat(remove(elsewhere, id)).isEqualTo(404);
        assertThat(write(null, "hello")).isEqualTo(401);

        // Where everybody looks they look, and write as little.
        database.sql("update recording set visibility = 'PUBLIC' where public_id = ?")
                .param(video)
                .update();
        Came eve = come(host);
        assertThat(write(eve, "hello")).isEqualTo(201);
        assertThat(list.remove(host.channelId(), eve.id())).isTrue();
        for (Came stranger : List.of(elsewhere, eve)) {
            assertThat(page(stranger)).contains("Log in to comment").doesNotContain("<textarea id=\"comment-text\"");
            assertThat(write(stranger, "me too")).isEqualTo(401);
            assertThat(remove(stranger, id)).isEqualTo(401);
            for (String form : List.of("", "/" + id + "/delete")) {
                assertThat(perform(
                                        stranger,
                                        post("/videos/" + video + "/comments" + form)
                                                .param("text", "me too"))
                                .getRedirectedUrl())
                        .startsWith("/login?continue=");
            }
        }
        assertThat(list(bob).path("count").asInt(-1)).isEqualTo(2);
    }

    /** By a new invite: the one of before is of another channel. */
    private Came come(SignedUp host) {
        link = ((Invites.Made.Done) invites.make(
                        host.channelId(),
                        new Invites.Wish("Again", 1, Instant.now().plus(Duration.ofDays(1)), true, true)))
                .secret();
        return come("Eve");
    }

    @Test
    void guestsWriteWhereTheOwnerLetsThem() throws Exception {
        Came bob = come("Bob");
        String never = "Guests can’t comment here right now. Sign up to comment.";
        rules(Writers.EVERYONE, Links.ALLOWED, false);
        assertThat(refused(bob, "hello")).isEqualTo(never);
        assertThat(page(bob)).contains("Log in to comment").doesNotContain("<textarea id=\"comment-text\"");
        rules(Writers.FOLLOWERS, Links.ALLOWED, true);
        assertThat(refused(bob, "hello")).isEqualTo(never);
        rules(Writers.NOBODY, Links.ALLOWED, true);
        assertThat(refused(bob, "hello")).isEqualTo("Nobody can comment in this channel at the moment.");
        rules(Writers.EVERYONE, Links.BLOCKED, true);
        assertThat(refused(bob, "see example.org")).startsWith("Links aren’t allowed here.");
        words.add(anna.channelId(), List.of("grobian"), WordLists.Effect.BLOCK);
        assertThat(refused(bob, "you g r o b i a n")).startsWith("Your comment contains a blocked word.");
        done(act(anna, anna, kind("shield").put("on", true)));
        assertThat(refused(bob, "hello")).startsWith("Shield mode is on.");
        done(act(anna, anna, kind("shield").put("on", false)));
        comments.open(anna.channelId(), false);
        assertThat(refused(bob, "hello")).startsWith("Comments are switched off");
        comments.open(anna.channelId(), true);
        assertThat(write(bob, "hello")).isEqualTo(201);
    }

    @Test
    void whoMayNotTalkDoesNotComment() throws Exception {
        Came bob = come("Bob");
        Came eve = come("Bob");
        done(command(anna, anna, "/timeout " + bob.handle() + " 10m"));
        assertThat(refused(bob, "hello")).isEqualTo("You can’t comment here.");
        assertThat(write(eve, "hello")).isEqualTo(201);
        done(command(anna, anna, "/unban " + bob.handle()));
        long id = written(bob, "hello").path("id").asLong();
        done(act(anna, anna, kind("ban").put("target", bob.handle())));
        assertThat(write(bob, "again")).isEqualTo(401);
        assertThat(remove(bob, id)).isEqualTo(401);
    }

    @Test
    void eachGuestHasTheLimitsOfAnAccount() throws Exception {
        Came bob = come("Bob");
        Came eve = come("Bob");
        for (int i = 1; i <= 5; i++) {
            assertThat(write(bob, "number " + i)).isEqualTo(201);
        }
        assertThat(write(bob, "number 6")).isEqualTo(429);
        assertThat(write(eve, "number 6")).isEqualTo(201);
        assertThat(refused(eve, "x".repeat(501))).isEqualTo("Use at most 500 characters.");
    }

    @Test
    void whoHasNoScriptWritesAndDeletesByForms() throws Exception {
        Came bob = come("Bob");
        String back = "/videos/" + video + "#comments";
        String path = "/videos/" + video + "/comments";
        assertThat(perform(bob, post(path).param("text", "hello")).getRedirectedUrl())
                .isEqualTo(back);
        assertThat(perform(bob, post(path).param("text", "hello")).getContentAsString())
                .contains("You’ve just sent the same comment.", ">hello</textarea>");
        long id = list(bob).path("comments").path(0).path("id").asLong();
        assertThat(perform(bob, post(path + "/" + id + "/delete")).getRedirectedUrl())
                .isEqualTo(back);
        assertThat(list(bob).path("count").asInt(-1)).isZero();
    }

    // ---- afterwards -------------------------------------------------------------------------------------------

    @Test
    void theNameStaysWhenAGuestIsForgotten() throws Exception {
        Came bob = come("Bob");
        written(bob, "hello");
        database.sql("delete from audience_guest where id = ?").param(bob.id()).update();
        JsonNode left = list(come("Bob")).path("comments").path(0);
        assertThat(left.path("author").path("display").asString("")).isEqualTo("Bob");
        assertThat(left.path("author").path("name").asString("-")).isEmpty();
        assertThat(left.path("author").path("guest").asBoolean(false)).isTrue();
        assertThat(left.path("mine").asBoolean(true)).isFalse();
        assertThat(page(come("Eve"))).contains(">Guest</span>");
    }

    @Test
    void commentsOfGuestsAreReportedAndGuestsReport() throws Exception {
        Came bob = come("Bob");
        Came eve = come("Eve");
        long id = written(eve, "something bad").path("id").asLong();
        String report = "{\"kind\":\"COMMENT\",\"channel\":\"" + anna.name() + "\",\"comment\":" + id
                + ",\"reason\":\"HATE\",\"text\":\"this\"}";
        assertThat(perform(bob, reported(report)).getStatus()).isEqualTo(204);
        assertThat(perform(eve, reported(report)).getStatus()).as("their own").isEqualTo(422);
        long caseId = database.sql("""
                        select c.id from moderation_case c join moderation_report r on r.case_id = c.id
                        where r.reporter_guest_id = ? and r.guest_of = ? and c.comment_id = ? and c.subject_guest = 'Eve'
                          and c.subject = ? and c.subject_account_id is null and c.excerpt = 'something bad'
                        """)
                .param(bob.id())
                .param(anna.name())
                .param(id)
                .param(eve.handle())
                .query(Long.class)
                .single();
        AccountPrincipal staff = people.account(Role.MODERATOR);
        assertThat(perform(staff, get("/admin/reports/" + caseId)).getContentAsString())
                .contains("Eve (guest)", "something bad", "guest of " + anna.name())
                .doesNotContain("/admin/users/guest:");
        assertThat(perform(
                                staff,
                                post("/admin/reports/" + caseId + "/decide")
                                        .param("decision", "HIDE")
                                        .param("reason", "rude"))
                        .getStatus())
                .isEqualTo(302);
        assertThat(comments.find(id).orElseThrow().comment().removed()).isTrue();
        assertThat(list(bob).path("count").asInt(-1)).isZero();

        // What an account wrote.
        long owners = JSON.readTree(
                        perform(anna.principal(), sent(video, "go away")).getContentAsString())
                .path("id")
                .asLong();
        assertThat(perform(bob, reported(report.replace("\"comment\":" + id, "\"comment\":" + owners)))
                        .getStatus())
                .isEqualTo(204);
    }

    private static MockHttpServletRequestBuilder reported(String body) {
        return post("/api/v1/reports").contentType(MediaType.APPLICATION_JSON).content(body);
    }
}
