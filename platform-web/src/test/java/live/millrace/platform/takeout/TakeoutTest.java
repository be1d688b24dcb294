// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.takeout;

import static live.millrace.platform.JustLoggedIn.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.multipart;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrlPattern;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import live.millrace.media.testing.Wait;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccessTokens;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.Follows;
import live.millrace.platform.channel.NewStreamKey;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.recording.Recordings;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.mock.web.MockMultipartFile;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** People take their data along, their own alone, and bring follows from elsewhere. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class TakeoutTest {
    @Autowired
    private MockMvc site;

    @Autowired
    private TestPeople people;

    @Autowired
    private Follows follows;

    @Autowired
    private Takeouts takeouts;

    @Autowired
    private TakeoutWriter writer;

    @Autowired
    private JdbcClient database;

    private Map<String, String> export(AccountPrincipal who) throws Exception {
        site.perform(post("/settings/data").with(csrf()).with(user(who)));
        Wait.until(
                "it is written",
                () -> takeouts.of(who.accountId())
                        .filter(Takeouts.State::isReady)
                        .isPresent());
        byte[] zip = site.perform(get("/settings/data/file").with(user(who)))
                .andExpect(status().isOk())
                .andExpect(header().string("Content-Disposition", containsString(who.getUsername())))
                .andExpect(header().string("Cache-Control", "no-store"))
                .andReturn()
                .getResponse()
                .getContentAsByteArray();
        Map<String, String> entries = new LinkedHashMap<>();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                entries.put(entry.getName(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return entries;
    }

    private static List<JsonNode> lines(Map<String, String> export, String file) {
        return export.get(file).lines().map(JsonMapper.shared()::readTree).toList();
    }

    @Test
    void whatIsKnownIsWrittenOutAndNoSecret(@Autowired AccessTokens tokens) throws Exception {
        AccountPrincipal anna = people.user();
        AccountPrincipal bob = people.user();
        NewStreamKey key = people.key(anna);
        follows.follow(anna.accountId(), people.channel(bob).id());
        database.sql("""
                insert into chat_message (channel_id, seq, account_id, client_id, text, written_at)
                values (?, 1, ?, gen_random_uuid(), 'a line
                with "words" 你好', now())
                """)
                .param(people.channel(bob).id())
                .param(anna.accountId())
                .update();
        String video = Recordings.ready(database, people.channel(bob).id(), "The match");
        database.sql("""
                insert into chat_video_comment (recording_id, account_id, text, written_at)
                select id, ?, 'well done', now() from recording where public_id = ?
                """).param(anna.accountId()).param(video).update();
        Map<String, String> export = export(anna);
        assertThat(lines(export, "profile.jsonl").getFirst().path("username").stringValue())
                .isEqualTo(anna.getUsername());
        assertThat(lines(export, "follows.jsonl").getFirst().path("channel").stringValue())
                .isEqualTo(bob.getUsername());
        assertThat(lines(export, "comments.jsonl").getFirst().path("text").stringValue())
                .contains("你好");
        assertThat(lines(export, "video-comments.jsonl")
                        .getFirst()
                        .path("video")
                        .stringValue())
                .isEqualTo(video);
        assertThat(lines(export, "stream-keys.jsonl").getFirst().path("name").stringValue())
                .isEqualTo("home PC");
        String all = String.join("\n", export.values());
        assertThat(all).doesNotContain(key.secret(), "argon2", bob.getUsername() + "@");
        // What a column is added to a table for is thought of here as well.
        assertThat(export.keySet()).hasSize(TakeoutParts.ALL.size() + 1);
    }

    @Test
    void itIsNobodyElses() throws Exception {
        AccountPrincipal anna = people.user();
        export(anna);
        site.perform(get("/settings/data/file").with(user(people.user()))).andExpect(status().isNotFound());
        site.perform(get("/settings/data/file")).andExpect(redirectedUrlPattern("/login**"));
        // The second of two quick wishes is the first.
        Instant asked = takeouts.of(anna.accountId()).orElseThrow().askedAt();
        site.perform(post("/settings/data").with(csrf()).with(user(anna)));
        assertThat(takeouts.of(anna.accountId()).orElseThrow().askedAt()).isEqualTo(asked);
    }

    @Test
    void oneThatNeverCameMayBeAskedForAnew() throws Exception {
        AccountPrincipal anna = people.user();
        database.sql("insert into takeout (account_id, asked_at) values (?, now() - interval '2 hours')")
                .param(anna.accountId())
                .update();
        site.perform(get("/settings/data").with(user(anna)))
                .andExpect(header().doesNotExist("Refresh"))
                .andExpect(content().string(containsString("action=\"/settings/data\"")));
        assertThat(export(anna)).containsKey("profile.jsonl");
    }

    @Test
    void whatWasBrokenOffGoesToo() throws Exception {
        Path part = takeouts.folder().resolve("broken.zip.part");
        Files.createDirectories(takeouts.folder());
        Files.writeString(part, "half");
        writer.clear();
        assertThat(part).exists();
        Files.setLastModifiedTime(part, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
        writer.clear();
        assertThat(part).doesNotExist();
    }

    @Test
    void namesMayHaveAHyphen() throws Exception {
        AccountPrincipal dora = people.user();
        brought(dora, "some-body_9\n").andExpect(content().string(containsString("some-body_9")));
    }

    @Test
    void itGoesWhenItsTimeIsOverOrItsAccountIsGone() throws Exception {
        AccountPrincipal anna = people.user();
        export(anna);
        Path file = takeouts.file(anna.accountId()).orElseThrow();
        writer.clear();
        assertThat(file).exists();
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
        writer.clear();
        assertThat(file).exists();
        database.sql("update takeout set done_at = now() - interval '4 days' where account_id = ?")
                .param(anna.accountId())
                .update();
        writer.clear();
        assertThat(file).doesNotExist();
        assertThat(takeouts.of(anna.accountId())).isEmpty();
    }

    @Test
    void followsComeFromAnExportOrAListOfNames() throws Exception {
        AccountPrincipal anna = people.user();
        AccountPrincipal bob = people.user();
        AccountPrincipal carl = people.user();
        AccountPrincipal dora = people.user();
        follows.follow(anna.accountId(), people.channel(bob).id());
        String exported = export(anna).get("follows.jsonl");
        brought(dora, exported).andExpect(status().isOk());
        assertThat(follows.followedBy(dora.accountId()))
                .containsExactly(people.channel(bob).id());
        String list = "https://elsewhere.example/" + carl.getUsername() + "/\n\""
                + bob.getUsername().toUpperCase(java.util.Locale.ROOT)
                + "\",2024-01-01\nnobody_here\n<script>\n{\"channel\":5}\n" + dora.getUsername();
        brought(dora, list)
                .andExpect(status().isOk())
                .andExpect(content().string(containsString("nobody_here")))
                .andExpect(content().string(containsString("You now follow 1 more channel.")));
        assertThat(follows.followedBy(dora.accountId())).hasSize(2);
        brought(dora, "\0\1\2 …").andExpect(status().isUnprocessableContent());
        brought(dora, "x".repeat(FollowImport.MAX_BYTES + 1)).andExpect(status().isUnprocessableContent());
    }

    private org.springframework.test.web.servlet.ResultActions brought(AccountPrincipal who, String text)
            throws Exception {
        return site.perform(multipart("/settings/data/follows")
                .file(new MockMultipartFile(
                        "file", "follows.jsonl", "text/plain", text.getBytes(StandardCharsets.UTF_8)))
                .with(csrf())
                .with(user(who)));
    }

    @Test
    void thousandsOfNamesAreAFewQuestionsAndManyFilesTooMany() throws Exception {
        AccountPrincipal dora = people.user();
        AccountPrincipal bob = people.user();
        String names =
                IntStream.range(0, 1_900).mapToObj(i -> "nobody-" + i + "\n").collect(Collectors.joining())
                        + bob.getUsername();
        brought(dora, names).andExpect(status().isOk());
        assertThat(follows.followedBy(dora.accountId())).hasSize(1);
        for (int i = 1; i < 10; i++) {
            brought(dora, bob.getUsername()).andExpect(status().isOk());
        }
        brought(dora, bob.getUsername()).andExpect(status().isTooManyRequests());
        brought(people.user(), bob.getUsername()).andExpect(status().isOk());
    }
}
