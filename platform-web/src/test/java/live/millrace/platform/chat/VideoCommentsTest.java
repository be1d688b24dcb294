// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.delete;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrl;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import live.millrace.platform.TestPeople.SignedUp;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.Role;
import live.millrace.platform.audit.Audit;
import live.millrace.platform.audit.AuditEntry;
import live.millrace.platform.notification.NoticeView;
import live.millrace.platform.notification.Notices;
import live.millrace.platform.recording.Recordings;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;
import tools.jackson.databind.JsonNode;

/** Comments below a video: who reads, writes and deletes them, by the page's script and without it. */
class VideoCommentsTest extends ModeratedRoom {
    private static final Instant EVENING = Instant.parse("2026-11-20T18:00:00Z");

    @Autowired
    private Accounts accounts;

    @Autowired
    private Audit audit;

    @Autowired
    private Notices notices;

    private String video(SignedUp of, String visibility) {
        return Recordings.insert(database, of.channelId(), "The match", "READY", visibility, EVENING);
    }

    private long written(String video, SignedUp by, String text) {
        return database.sql("""
                insert into chat_video_comment (recording_id, account_id, text, written_at)
                select id, ?, ?, now() - interval '1 hour' from recording where public_id = ? returning id
                """)
                .param(by.principal().accountId())
                .param(text)
                .param(video)
                .query(Long.class)
                .single();
    }

    private MockHttpServletResponse perform(@Nullable AccountPrincipal by, MockHttpServletRequestBuilder asked)
            throws Exception {
        return site.perform(by == null ? asked : asked.with(user(by)).with(csrf()))
                .andReturn()
                .getResponse();
    }

    private static String address(String video) {
        return "/api/v1/videos/" + video + "/comments";
    }

    private MockHttpServletResponse write(SignedUp by, String video, String text) throws Exception {
        return perform(
                by.principal(),
                post(address(video))
                        .contentType(MediaType.APPLICATION_JSON)
                        .content(JSON.createObjectNode().put("text", text).toString()));
    }

    private int remove(AccountPrincipal by, String video, long id) throws Exception {
        return perform(by, delete(address(video) + "/" + id)).getStatus();
    }

    private JsonNode list(@Nullable SignedUp by, String video, @Nullable Long before) throws Exception {
        MockHttpServletResponse answer = perform(
                by == null ? null : by.principal(), get(address(video) + (before == null ? "" : "?before=" + before)));
        assertThat(answer.getStatus()).isEqualTo(200);
        return JSON.readTree(answer.getContentAsString());
    }

    private static List<Long> ids(JsonNode page) {
        return page.path("comments").findValues("id").stream()
                .map(JsonNode::asLong)
                .toList();
    }

    private String page(@Nullable SignedUp by, String video) throws Exception {
        return perform(by == null ? null : by.principal(), get("/videos/" + video))
                .getContentAsString();
    }

    private String refused(SignedUp by, String video, String text) throws Exception {
        MockHttpServletResponse answer = write(by, video, text);
        assertThat(answer.getStatus()).as(text).isBetween(422, 429);
        return JSON.readTree(answer.getContentAsString()).path("detail").asString("");
    }

    // ---- reading ----------------------------------------------------------------------------------------------

    @Test
    void theNewestComeFirstTwentyAtATime() throws Exception {
        SignedUp anna = person();
        SignedUp bob = person();
        String video = video(anna, "PUBLIC");
        String other = video(anna, "PUBLIC");
        List<Long> all = LongStream.rangeClosed(1, 45)
                .map(i -> written(video, bob, "number " + i))
                .boxed()
                .toList()
                .reversed();
        written(other, bob, "elsewhere");
        database.sql("update chat_video_comment set removed_at = now() where id = ?")
                .param(all.get(3))
                .update();
        List<Long> shown = all.stream().filter(id -> !id.equals(all.get(3))).toList();
        JsonNode first = list(null, video, null);
        assertThat(first.path("open").asBoolean(false)).isTrue();
        assertThat(first.path("count").asLong()).isEqualTo(44);
        assertThat(ids(first)).isEqualTo(shown.subList(0, 20));
        JsonNode second = list(null, video, first.path("next").asLong());
        assertThat(ids(second)).isEqualTo(shown.subList(20, 40));
        JsonNode third = list(null, video, second.path("next").asLong());
        assertThat(ids(third)).isEqualTo(shown.subList(40, 44));
        assertThat(third.has("next")).isFalse();
        assertThat(ids(list(null, video, -5L))).isEmpty();

        // The same without a script.
        assertThat(page(null, video))
                .contains("id=\"comment-" + shown.getFirst() + "\"")
                .doesNotContain("id=\"comment-" + shown.get(20) + "\"")
                .contains("?comments=" + shown.get(19) + "#comments");
        String older = perform(null, get("/videos/" + video).param("comments", Long.toString(shown.get(19))))
                .getContentAsString();
        assertThat(older)
                .contains("id=\"comment-" + shown.get(20) + "\"")
                .doesNotContain("id=\"comment-" + shown.get(19) + "\"");
        assertThat(perform(null, get("/videos/" + video).param("comments", "99999999999999999999"))
                        .getStatus())
                .isEqualTo(200);
    }

    @Test
    void whatNobodyMaySeeHasNoCommentsToTell() throws Exception {
        SignedUp anna = person();
        SignedUp bob = person();
        String hidden = video(anna, "PRIVATE");
        String deleted = video(anna, "PUBLIC");
        Recordings.refresh(database, deleted, true);
        String never = "AbCdEfGhIjK";
        MockHttpServletResponse missing = perform(bob.principal(), get(address(never)));
        for (String video : List.of(hidden, deleted)) {
            long id = written(video, bob, "of old");
            MockHttpServletResponse answer = perform(bob.principal(), get(address(video)));
            assertThat(answer.getStatus()).isEqualTo(404);
            assertThat(answer.getContentAsString().replace(video, never)).isEqualTo(missing.getContentAsString());
            assertThat(write(bob, video, "hello").getStatus()).isEqualTo(404);
            assertThat(remove(bob.principal(), video, id)).isEqualTo(404);
            assertThat(perform(
                                    bob.principal(),
                                    post("/videos/" + video + "/comments").param("text", "hello"))
                            .getStatus())
                    .isEqualTo(404);
        }
        assertThat(ids(list(anna, hidden, null))).hasSize(1);
        assertThat(write(bob, video(anna, "UNLISTED"), "hello").getStatus()).isEqualTo(201);
    }

    // ---- writing ----------------------------------------------------------------------------------------------

    @Test
    void aCommentIsSeenByEverybodyAndItsTimesAreLinks() throws Exception {
        SignedUp anna = person();
        SignedUp bob = person();
        String video = video(anna, "PUBLIC");
        MockHttpServletResponse answer = write(bob, video, " At 1:02:03\nshe wins,\u202E not at 59:59:59 ");
        assertThat(answer.getStatus()).isEqualTo(201);
        JsonNode said = JSON.readTree(answer.getContentAsString());
        assertThat(said.path("mine").asBoolean(false)).isTrue();
        assertThat(said.path("tokens").path(1).path("at").asLong()).isEqualTo(3_723);
        JsonNode read = list(null, video, null).path("comments").path(0);
        assertThat(read.path("author").path("name").asString("")).isEqualTo(bob.name());
        assertThat(read.path("mine").asBoolean(true)).isFalse();
        assertThat(read.path("removable").asBoolean(true)).isFalse();
        assertThat(page(null, video).replaceAll("\\s+", " "))
                .contains("dir=\"auto\">At <a class=\"comment-time numbers\" href=\"/videos/" + video
                        + "?t=3723\" data-at=\"3723\">1:02:03</a> she wins, not at 59:59:59</p>")
                .contains("/login?continue=/videos/" + video)
                .doesNotContain("<textarea id=\"comment-text\"");
        assertThat(page(bob, video)).contains("<textarea id=\"comment-text\"");
        assertThat(perform(null, post(address(video)).with(csrf()).content("{}"))
                        .getStatus())
                .isEqualTo(401);
    }

    @Test
    void timesGoWithTheirMomentsWhenTheVideoIsTrimmed() throws Exception {
        SignedUp bob = person();
        String video = video(person(), "PUBLIC");
        String before = "0:30 and 1:42";
        assertThat(write(bob, video, before).getStatus()).isEqualTo(201);
        database.sql("update recording set trimmed_ms = 60000 where public_id = ?")
                .param(video)
                .update();
        assertThat(write(person(), video, "since then 0:30").getStatus()).isEqualTo(201);
        assertThat(page(null, video))
                .contains("?t=42\" data-at=\"42\">1:42</a>", "?t=30\" data-at=\"30\">0:30</a>")
                .contains("0:30 and ");
        database.sql("update recording set trimmed_ms = 0 where public_id = ?")
                .param(video)
                .update();
        assertThat(page(null, video)).contains("?t=30\" data-at=\"30\">0:30</a>", "?t=90\" data-at=\"90\">0:30</a>");
    }

    @Test
    void hostileTextIsText() throws Exception {
        SignedUp anna = person();
        SignedUp bob = person();
        String video = video(anna, "PUBLIC");
        String markup = "<script>alert(1)</script><img src=x onerror=\"alert(2)\"> ${7*7} [[#{x}]] https://\"><b>";
        assertThat(write(bob, video, markup).getStatus()).isEqualTo(201);
        assertThat(page(bob, video))
                .contains(
                        "&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=&quot;alert(2)&quot;&gt; ${7*7} [[#{x}]]")
                .doesNotContain("<img src=x");
        assertThat(refused(bob, video, "\u200B\u202E\u2060")).isEqualTo("Write a comment first.");
        assertThat(refused(bob, video, "👨‍👩‍👧‍👦".repeat(200) + "x".repeat(301)))
                .isEqualTo("Use at most 500 characters.");
        assertThat(write(bob, video, "é́".repeat(100) + "👨‍👩‍👧‍👦".repeat(200))
                        .getStatus())
                .isEqualTo(201);
        assertThat(refused(bob, video, "a ".repeat(60_000))).isEqualTo("Use at most 500 characters.");
        assertThat(write(bob, video, "a".repeat(1 << 20)).getStatus()).isEqualTo(413);
        assertThat(perform(
                                bob.principal(),
                                post("/videos/" + video + "/comments").param("text", "a ".repeat(1 << 19)))
                        .getContentAsString())
                .contains("Use at most 500 characters.")
                .hasSizeLessThan(200_000);
    }

    @Test
    void theRulesOfTheRoomHoldBelowItsVideos() throws Exception {
        SignedUp anna = person();
        SignedUp bob = person();
        SignedUp cora = person();
        String video = video(anna, "PUBLIC");
        rooms.change(
                anna.channelId(),
                new ChatSettings(ChatSettings.Writers.FOLLOWERS, 0, 0, ChatSettings.Links.ALLOWED, false));
        assertThat(refused(bob, video, "hello")).startsWith("Only followers can comment.");
        rooms.change(
                anna.channelId(),
                new ChatSettings(ChatSettings.Writers.VERIFIED, 0, 0, ChatSettings.Links.ALLOWED, false));
        assertThat(refused(bob, video, "hello")).startsWith("Only people with a verified email");
        rooms.change(
                anna.channelId(),
                new ChatSettings(ChatSettings.Writers.NOBODY, 0, 0, ChatSettings.Links.ALLOWED, false));
        assertThat(refused(bob, video, "hello")).isEqualTo("Nobody can comment in this channel at the moment.");
        assertThat(write(anna, video, "I may").getStatus()).isEqualTo(201);
        for (ChatSettings.Links links : List.of(ChatSettings.Links.HELD, ChatSettings.Links.BLOCKED)) {
            rooms.change(anna.channelId(), new ChatSettings(ChatSettings.Writers.EVERYONE, 0, 0, links, false));
            assertThat(refused(bob, video, "see example.org")).startsWith("Links aren’t allowed here.");
        }
        words.add(anna.channelId(), List.of("grobian"), WordLists.Effect.BLOCK);
        words.add(anna.channelId(), List.of("perhaps"), WordLists.Effect.HOLD);
        assertThat(refused(bob, video, "you g r o b i a n")).startsWith("Your comment contains a blocked word.");
        assertThat(refused(bob, video, "well, perhaps")).startsWith("Your comment contains a word that has to be");
        assertThat(write(bob, video, "hello").getStatus()).isEqualTo(201);
        assertThat(refused(bob, video, "HELLO")).isEqualTo("You’ve just sent the same comment.");

        assertThat(done(act(anna, anna, kind("BAN").put("target", bob.name())))).isPositive();
        assertThat(refused(bob, video, "I am back")).isEqualTo("You can’t comment here.");
        accounts.suspend(cora.principal().accountId(), "spam", null);
        assertThat(refused(cora, video, "me too")).isEqualTo("Your account is suspended.");
        assertThat(list(null, video, null).path("count").asInt()).isEqualTo(2);
    }

    @Test
    void whoeverHasNoScriptWritesAndDeletesByForms() throws Exception {
        SignedUp anna = person();
        SignedUp bob = person();
        String video = video(anna, "PUBLIC");
        site.perform(post("/videos/" + video + "/comments")
                        .with(user(bob.principal()))
                        .with(csrf())
                        .param("text", "hello"))
                .andExpect(redirectedUrl("/videos/" + video + "#comments"));
        String again = site.perform(post("/videos/" + video + "/comments")
                        .with(user(bob.principal()))
                        .with(csrf())
                        .param("text", "hello"))
                .andExpect(status().isUnprocessableContent())
                .andReturn()
                .getResponse()
                .getContentAsString();
        assertThat(again).contains("You’ve just sent the same comment.").contains(">hello</textarea>");
        long id = ids(list(null, video, null)).getFirst();
        String path = "/videos/" + video + "/comments/" + id + "/delete";
        assertThat(page(bob, video)).contains("action=\"" + path + "\"");
        assertThat(page(person(), video)).doesNotContain(path).contains("comment=" + id);
        site.perform(post(path).with(user(bob.principal())).with(csrf()))
                .andExpect(redirectedUrl("/videos/" + video + "#comments"));
        assertThat(ids(list(null, video, null))).isEmpty();
        assertThat(page(null, video)).contains("No comments yet.");
    }

    // ---- deleting ---------------------------------------------------------------------------------------------

    @Test
    void authorsModeratorsAndStaffDelete() throws Exception {
        SignedUp anna = person();
        SignedUp bob = person();
        SignedUp cora = person();
        SignedUp dora = person();
        rooms.putModerator(anna.channelId(), cora.principal().accountId(), Set.of(ChatRight.DELETE));
        rooms.putModerator(anna.channelId(), dora.principal().accountId(), Set.of(ChatRight.BAN, ChatRight.INFO));
        String video = video(anna, "PUBLIC");
        String other = video(anna, "PUBLIC");
        long first = written(video, bob, "first");
        assertThat(remove(person().principal(), video, first)).isEqualTo(403);
        assertThat(remove(dora.principal(), video, first)).isEqualTo(403);
        assertThat(remove(bob.principal(), other, first)).isEqualTo(404);
        assertThat(remove(bob.principal(), video, first)).isEqualTo(204);
        assertThat(remove(bob.principal(), video, first)).isEqualTo(404);
        assertThat(remove(cora.principal(), video, written(video, bob, "second")))
                .isEqualTo(204);
        assertThat(remove(anna.principal(), video, written(video, bob, "third")))
                .isEqualTo(204);
        AccountPrincipal staff = people.account(Role.MODERATOR);
        assertThat(remove(staff, video, written(video, bob, "fourth"))).isEqualTo(204);
        assertThat(list(null, video, null).path("count").asInt()).isZero();
        List<AuditEntry> logged = audit.find(
                new Audit.Search(staff.getUsername(), "comment.remove", null, null, null), Long.MAX_VALUE, 10);
        assertThat(logged).hasSize(1);
        assertThat(logged.getFirst().subject()).isEqualTo(anna.name() + " / " + bob.name());
        assertThat(logged.getFirst().details()).isEqualTo("fourth");
    }

    @Test
    void commentsGoWithTheirAuthor() throws Exception {
        SignedUp anna = person();
        SignedUp bob = person();
        String video = video(anna, "PUBLIC");
        written(video, bob, "farewell");
        written(video, anna, "stays");
        database.sql("delete from account where id = ?")
                .param(bob.principal().accountId())
                .update();
        assertThat(list(null, video, null).path("count").asInt()).isEqualTo(1);
    }

    // ---- the channel's owner ----------------------------------------------------------------------------------

    @Test
    void theOwnerSwitchesCommentsOff() throws Exception {
        SignedUp anna = person();
        SignedUp bob = person();
        String video = video(anna, "PUBLIC");
        written(video, bob, "before that");
        assertThat(perform(anna.principal(), get("/studio/videos")).getContentAsString())
                .containsPattern("name=\"comments\" value=\"true\" aria-describedby=\"comments-help\"\\s+checked");
        site.perform(post("/studio/videos/rules").with(user(anna.principal())).with(csrf()))
                .andExpect(redirectedUrl("/studio/videos?saved#rules"));
        assertThat(page(bob, video))
                .contains("Comments are switched off")
                .doesNotContain("before that")
                .doesNotContain("comment-text");
        JsonNode closed = list(null, video, null);
        assertThat(closed.path("open").asBoolean(true)).isFalse();
        assertThat(ids(closed)).isEmpty();
        assertThat(refused(bob, video, "hello")).startsWith("Comments are switched off");
        assertThat(refused(anna, video, "hello")).startsWith("Comments are switched off");
        site.perform(post("/studio/videos/rules")
                .with(user(anna.principal()))
                .with(csrf())
                .param("comments", "true"));
        assertThat(page(bob, video)).contains("before that");
    }

    @Test
    void theOwnerIsToldOfManyAtOnce() throws Exception {
        SignedUp anna = person();
        SignedUp bob = person();
        SignedUp cora = person();
        String video = video(anna, "PUBLIC");
        assertThat(write(anna, video, "my own").getStatus()).isEqualTo(201);
        assertThat(notices.of(anna.principal().accountId(), Long.MAX_VALUE, 10)).isEmpty();
        for (SignedUp who : List.of(bob, cora)) {
            assertThat(write(who, video, "first").getStatus()).isEqualTo(201);
            assertThat(write(who, video, "second").getStatus()).isEqualTo(201);
        }
        List<NoticeView> told = notices.of(anna.principal().accountId(), Long.MAX_VALUE, 10);
        assertThat(told).hasSize(1);
        assertThat(told.getFirst().kind()).isEqualTo("COMMENTS");
        assertThat(told.getFirst().number()).isEqualTo(4);
        assertThat(told.getFirst().title()).isEqualTo("The match");
        assertThat(told.getFirst().link()).isEqualTo("/videos/" + video + "#comments");
        assertThat(perform(anna.principal(), get("/notifications")).getContentAsString())
                .contains("4 new comments on your video");
        notices.read(anna.principal().accountId());
        assertThat(write(bob, video, "third").getStatus()).isEqualTo(201);
        NoticeView anew =
                notices.of(anna.principal().accountId(), Long.MAX_VALUE, 10).getFirst();
        assertThat(anew.number()).isEqualTo(1);
        assertThat(anew.read()).isFalse();
        // An hour later it is another one.
        database.sql("update notification_notice set created_at = now() - interval '61 minutes' where account_id = ?")
                .param(anna.principal().accountId())
                .update();
        assertThat(write(cora, video, "third").getStatus()).isEqualTo(201);
        assertThat(notices.of(anna.principal().accountId(), Long.MAX_VALUE, 10)).hasSize(2);
    }
}
