// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.put;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import live.millrace.platform.TestPeople.SignedUp;
import live.millrace.platform.channel.Visibility;
import live.millrace.platform.recording.internal.replay.Positions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.ResultActions;
import tools.jackson.databind.JsonNode;

/** What was said while a video was on air: of its own time, in order, without what was removed, for whoever may see it. */
class ReplayedMessagesTest extends ModeratedRoom {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    @Autowired
    private Positions positions;

    /** A video of an hour, from noon on. */
    private String video(SignedUp of, Visibility visibility) {
        String id = UUID.randomUUID().toString().replace("-", "").substring(0, 11);
        Duration length = Duration.ofHours(1);
        database.sql("""
                insert into recording (public_id, channel_id, engine_id, folder, state, visibility, started_at, ended_at)
                values (?, ?, ?, ?, 'READY', ?, ?, ?)
                """)
                .param(id)
                .param(of.channelId())
                .param(UUID.randomUUID())
                .param("2026-03/" + id)
                .param(visibility.name())
                .param(Timestamp.from(NOON))
                .param(Timestamp.from(NOON.plus(length)))
                .update();
        return id;
    }

    private void said(SignedUp in, SignedUp by, long seq, Duration after, String text, @Nullable Long replyTo) {
        database.sql("""
                insert into chat_message (channel_id, seq, account_id, client_id, text, reply_to, written_at)
                values (?, ?, ?, ?, ?, ?, ?)
                """)
                .param(in.channelId())
                .param(seq)
                .param(by.principal().accountId())
                .param(UUID.randomUUID())
                .param(text)
                .param(replyTo)
                .param(Timestamp.from(NOON.plus(after)))
                .update();
    }

    private void remove(SignedUp in, long seq) {
        database.sql("update chat_message set removed_at = now() where channel_id = ? and seq = ?")
                .param(in.channelId())
                .param(seq)
                .update();
    }

    private ResultActions ask(@Nullable SignedUp by, String video, @Nullable Instant from, Instant to)
            throws Exception {
        String path =
                "/api/v1/videos/" + video + "/messages?" + (from == null ? "" : "from=" + from + "&") + "to=" + to;
        return site.perform(by == null ? get(path) : get(path).with(user(by.principal())));
    }

    private JsonNode answer(String video, @Nullable Instant from, Instant to) throws Exception {
        return JSON.readTree(ask(null, video, from, to)
                .andExpect(status().isOk())
                .andReturn()
                .getResponse()
                .getContentAsString());
    }

    private static List<Long> seqs(JsonNode answer) {
        return answer.path("messages").findValues("seq").stream()
                .map(JsonNode::asLong)
                .toList();
    }

    private static Instant after(long seconds) {
        return NOON.plusSeconds(seconds);
    }

    @Test
    void aWindowHoldsWhatWasSaidInItAndNotRemoved() throws Exception {
        SignedUp anna = person();
        SignedUp bob = person();
        String video = video(anna, Visibility.PUBLIC);
        said(anna, bob, 1, Duration.ofSeconds(59), "before", null);
        said(anna, bob, 2, Duration.ofMinutes(1), "first", null);
        said(anna, bob, 3, Duration.ofSeconds(70), "rude", null);
        said(anna, anna, 4, Duration.ofSeconds(119), "last", null);
        said(anna, bob, 5, Duration.ofMinutes(2), "after", null);
        remove(anna, 3);
        JsonNode answer = answer(video, after(60), after(120));
        assertThat(seqs(answer)).containsExactly(2L, 4L);
        assertThat(answer.path("more").asBoolean(true)).isFalse();
        JsonNode first = answer.path("messages").path(0);
        assertThat(first.path("author").path("name").asString("")).isEqualTo(bob.name());
        assertThat(first.path("tokens").path(0).path("v").asString("")).isEqualTo("first");
        assertThat(Instant.parse(first.path("at").asString(""))).isEqualTo(after(60));
        assertThat(answer.path("messages")
                        .path(1)
                        .path("author")
                        .path("badges")
                        .path(0)
                        .asString(""))
                .isEqualTo("owner");
    }

    @Test
    void allOfItIsOneFile() throws Exception {
        SignedUp anna = person();
        SignedUp bob = person();
        String video = video(anna, Visibility.PUBLIC);
        said(anna, bob, 1, Duration.ofSeconds(-1), "before", null);
        // More than a window holds, many of them in one instant.
        IntStream.rangeClosed(2, 1_200)
                .forEach(seq -> said(anna, bob, seq, Duration.ofSeconds(seq / 400), "message " + seq, null));
        said(anna, bob, 1_201, Duration.ofHours(1), "after", null);
        remove(anna, 700);
        String path = "/api/v1/videos/" + video + "/chat";
        var answer =
                site.perform(get(path)).andExpect(status().isOk()).andReturn().getResponse();
        assertThat(answer.getHeader("Content-Disposition"))
                .isEqualTo("attachment; filename=\"" + anna.name() + "-" + video + "-chat.json\"");
        JsonNode file = JSON.readTree(answer.getContentAsString());
        assertThat(seqs(file))
                .containsExactlyElementsOf(LongStream.rangeClosed(2, 1_200)
                        .filter(seq -> seq != 700)
                        .boxed()
                        .toList());
        assertThat(file.path("startedAt").asString("")).isEqualTo(NOON.toString());
        assertThat(file.path("gaps").isArray()).isTrue();

        String hidden = "/api/v1/videos/" + video(anna, Visibility.PRIVATE) + "/chat";
        site.perform(get(hidden)).andExpect(status().isNotFound());
        site.perform(get(hidden).with(user(bob.principal()))).andExpect(status().isNotFound());
        site.perform(get(hidden).with(user(anna.principal()))).andExpect(status().isOk());
    }

    @Test
    void withoutABeginningTheLastOnesBeforeTheEndCome() throws Exception {
        SignedUp anna = person();
        String video = video(anna, Visibility.PUBLIC);
        IntStream.rangeClosed(1, 60)
                .forEach(seq -> said(anna, anna, seq, Duration.ofSeconds(seq), "message " + seq, null));
        JsonNode answer = answer(video, null, after(60));
        assertThat(seqs(answer))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(10, 59).boxed().toList());
        assertThat(answer.path("more").asBoolean(false)).isTrue();
        assertThat(seqs(answer(video, null, after(3)))).containsExactly(1L, 2L);
    }

    @Test
    void aFullWindowSaysThatThereIsMoreAndGoesOnWhereItWasCut() throws Exception {
        SignedUp anna = person();
        String video = video(anna, Visibility.PUBLIC);
        IntStream.rangeClosed(1, 620)
                .forEach(seq -> said(anna, anna, seq, Duration.ofMillis(50L * seq), "message " + seq, null));
        JsonNode answer = answer(video, NOON, after(60));
        assertThat(seqs(answer)).hasSize(500).startsWith(1L).endsWith(500L);
        assertThat(answer.path("more").asBoolean(false)).isTrue();
        JsonNode rest = answer(video, NOON.plusMillis(50 * 500), after(60));
        assertThat(seqs(rest)).hasSize(121).startsWith(500L).endsWith(620L);
        assertThat(rest.path("more").asBoolean(true)).isFalse();
    }

    @Test
    void nothingOfAnotherTimeIsTold() throws Exception {
        SignedUp anna = person();
        String video = video(anna, Visibility.PUBLIC);
        said(anna, anna, 1, Duration.ofSeconds(-1), "yesterday", null);
        said(anna, anna, 2, Duration.ZERO, "in it", null);
        said(anna, anna, 3, Duration.ofHours(1), "tomorrow", null);
        assertThat(seqs(answer(video, after(-300), after(300)))).containsExactly(2L);
        assertThat(seqs(answer(video, after(3_500), after(4_000)))).isEmpty();
        assertThat(seqs(answer(video, null, Instant.parse("+999999999-12-31T23:59:59Z"))))
                .containsExactly(2L);
        assertThat(seqs(answer(video, null, Instant.parse("-999999999-01-01T00:00:00Z"))))
                .isEmpty();
    }

    @Test
    void anAnswerQuotesWhatIsLeftOfTheMessage() throws Exception {
        SignedUp anna = person();
        SignedUp bob = person();
        String video = video(anna, Visibility.PUBLIC);
        said(anna, bob, 1, Duration.ofSeconds(1), "something rude", null);
        said(anna, anna, 2, Duration.ofSeconds(70), "no, you are", 1L);
        said(anna, anna, 3, Duration.ofSeconds(71), "of a message that is forgotten", 99L);
        JsonNode reply =
                answer(video, after(60), after(120)).path("messages").path(0).path("reply");
        assertThat(reply.path("text").asString("")).isEqualTo("something rude");
        remove(anna, 1);
        JsonNode messages = answer(video, after(60), after(120)).path("messages");
        assertThat(messages.path(0).path("reply").path("removed").asBoolean(false))
                .isTrue();
        assertThat(messages.path(0).path("reply").path("text").asString("?")).isEmpty();
        assertThat(messages.path(1).has("reply")).isFalse();
    }

    @Test
    void whoeverMayNotSeeTheVideoReadsNothingOfIt() throws Exception {
        SignedUp anna = person();
        SignedUp bob = person();
        String hidden = video(anna, Visibility.PRIVATE);
        ask(null, hidden, NOON, after(60)).andExpect(status().isNotFound());
        ask(bob, hidden, NOON, after(60)).andExpect(status().isNotFound());
        ask(anna, hidden, NOON, after(60)).andExpect(status().isOk());
        ask(null, video(anna, Visibility.UNLISTED), NOON, after(60)).andExpect(status().isOk());
        ask(null, "nothing-here", NOON, after(60)).andExpect(status().isNotFound());
    }

    @Test
    void aWindowIsBoundedAndItsTimesAreTimes() throws Exception {
        SignedUp anna = person();
        String video = video(anna, Visibility.PUBLIC);
        ask(null, video, NOON, after(600)).andExpect(status().isOk());
        ask(null, video, NOON, after(601)).andExpect(status().isBadRequest());
        ask(null, video, after(1), NOON).andExpect(status().isBadRequest());
        for (String query : List.of("from=yesterday&to=today", "from=" + NOON, "")) {
            site.perform(get("/api/v1/videos/" + video + "/messages?" + query)).andExpect(status().isBadRequest());
        }
    }

    @Test
    void aChannelThatIsNotLiveHasNoPast() throws Exception {
        SignedUp anna = person();
        said(anna, anna, 1, Duration.ZERO, "long ago", null);
        String path = "/api/v1/channels/" + anna.name() + "/messages?to=" + after(60);
        JsonNode answer = JSON.readTree(site.perform(get(path))
                .andExpect(status().isOk())
                .andReturn()
                .getResponse()
                .getContentAsString());
        assertThat(seqs(answer)).isEmpty();
        site.perform(get("/api/v1/channels/nobody-here/messages?to=" + NOON)).andExpect(status().isNotFound());
    }

    private ResultActions keep(@Nullable SignedUp by, String video, String body) throws Exception {
        var request = put("/videos/" + video + "/position")
                .with(csrf())
                .contentType(MediaType.APPLICATION_JSON)
                .content(body);
        return site.perform(by == null ? request : request.with(user(by.principal())));
    }

    @Test
    void aPlaceIsKeptForEachAndForgottenAtTheBeginning() throws Exception {
        SignedUp anna = person();
        SignedUp bob = person();
        String video = video(anna, Visibility.PUBLIC);
        long bobsId = bob.principal().accountId();
        keep(bob, video, "{\"positionMillis\":125000}").andExpect(status().isNoContent());
        keep(bob, video, "{\"positionMillis\":130000}").andExpect(status().isNoContent());
        assertThat(positions.of(bobsId, video)).hasValue(130_000);
        assertThat(positions.of(anna.principal().accountId(), video)).isEmpty();
        keep(bob, video, "{\"positionMillis\":0}").andExpect(status().isNoContent());
        assertThat(positions.of(bobsId, video)).isEmpty();
    }

    @Test
    void noPlaceIsKeptOfWhatSomebodyMayNotSeeOrOfWhatIsNone() throws Exception {
        SignedUp anna = person();
        SignedUp bob = person();
        String hidden = video(anna, Visibility.PRIVATE);
        keep(bob, hidden, "{\"positionMillis\":1000}").andExpect(status().isNotFound());
        keep(anna, hidden, "{\"positionMillis\":1000}").andExpect(status().isNoContent());
        keep(null, hidden, "{\"positionMillis\":1000}").andExpect(status().is3xxRedirection());
        for (String body : List.of("{}", "{\"positionMillis\":-1}", "{\"positionMillis\":99999999999999}", "[]", "x")) {
            keep(anna, hidden, body).andExpect(status().isBadRequest());
        }
        site.perform(put("/videos/" + hidden + "/position")
                        .with(user(anna.principal()))
                        .contentType(MediaType.APPLICATION_JSON)
                        .content("{\"positionMillis\":1000}"))
                .andExpect(status().isForbidden());
    }
}
