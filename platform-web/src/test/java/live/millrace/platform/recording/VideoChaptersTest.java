// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrl;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import java.time.Instant;
import java.util.List;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.database.TestDatabase;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;

/** Chapters of videos: made, named, and what those are called that nobody named. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class VideoChaptersTest {
    private static final Instant START = Instant.parse("2026-11-20T18:00:00Z");

    @Autowired
    private TestPeople people;

    @Autowired
    private MockMvc site;

    @Autowired
    private JdbcClient database;

    private AccountPrincipal anna;
    private ChannelView channel;

    @BeforeEach
    void anna() {
        anna = people.user();
        channel = people.channel(anna);
    }

    @Test
    void whatNobodyNamedIsCalledByItsPlace() throws Exception {
        String id = Recordings.ready(database, channel.id(), "Marked");
        database.sql("""
                insert into recording_chapter (recording_id, at, title)
                select r.id, r.started_at + make_interval(secs => one.second), one.title
                from recording r, (values (60, 'Rain'), (120, :unnamed)) as one (second, title) where r.public_id = :id
                """).param("unnamed", VideoDesk.UNNAMED).param("id", id).update();
        site.perform(get("/videos/" + id).header("Accept-Language", "en"))
                .andExpect(content().string(containsString(">Chapter 2<")))
                .andExpect(content().string(containsString("\"title\":\"Chapter 2\"")));
        site.perform(get("/videos/" + id).header("Accept-Language", "zh-CN"))
                .andExpect(content().string(containsString(">第 2 章<")));
        site.perform(get("/studio/videos/" + id).with(user(anna)).header("Accept-Language", "en"))
                .andExpect(content().string(containsString("value=\"\" placeholder=\"Chapter 2\"")))
                .andExpect(content().string(containsString("This removes the chapter “Chapter 2”.")));
    }

    @Test
    void chaptersAreMarkedEditedAndRemoved() throws Exception {
        site.perform(post("/studio/marker").with(csrf()).with(user(anna)).param("title", "Too early"))
                .andExpect(redirectedUrl("/studio?unmarked#recording"));
        site.perform(post("/api/v1/channel/markers")
                        .with(csrf())
                        .with(user(anna))
                        .contentType(MediaType.APPLICATION_JSON)
                        .content("{}"))
                .andExpect(status().isConflict());
        String running = Recordings.insert(database, channel.id(), "On", "RECORDING", "PUBLIC", Instant.now());
        site.perform(post("/studio/marker").with(csrf()).with(user(anna)).param("title", "Here it is"))
                .andExpect(redirectedUrl("/studio?marked#recording"));
        site.perform(post("/api/v1/channel/markers")
                        .with(csrf())
                        .with(user(anna))
                        .contentType(MediaType.APPLICATION_JSON)
                        .content("{\"title\":\"From a program\"}"))
                .andExpect(status().isCreated())
                .andExpect(jsonPath("$.video").value(running));
        site.perform(post("/studio/info").with(csrf()).with(user(anna)).param("category", "music"));
        site.perform(post("/studio/info").with(csrf()).with(user(anna)).param("category", "music"));
        assertThat(chapters(running)).containsExactlyInAnyOrder("Here it is", "From a program", "Music");

        String id = Recordings.ready(database, channel.id(), "Done");
        String edit = "/studio/videos/" + id;
        site.perform(post(edit + "/chapters")
                        .with(csrf())
                        .with(user(anna))
                        .param("at", "1:00")
                        .param("title", "One"))
                .andExpect(redirectedUrl(edit + "?saved#chapters"));
        site.perform(post(edit + "/chapters")
                        .with(csrf())
                        .with(user(anna))
                        .param("at", "99:00:00")
                        .param("title", "No"))
                .andExpect(status().isUnprocessableContent());
        String at = START.plusSeconds(60).toString();
        site.perform(post(edit + "/chapters/edit")
                .with(csrf())
                .with(user(anna))
                .param("at", at)
                .param("title", "Two"));
        assertThat(chapters(id)).containsExactly("Two");
        site.perform(get(edit).with(user(anna))).andExpect(content().string(containsString("value=\"Two\"")));
        site.perform(
                post(edit + "/chapters/remove").with(csrf()).with(user(anna)).param("at", at));
        assertThat(chapters(id)).isEmpty();
    }

    private List<String> chapters(String id) {
        return database.sql("""
                select h.title from recording_chapter h join recording r on r.id = h.recording_id where r.public_id = ?
                """).param(id).query(String.class).list();
    }
}
