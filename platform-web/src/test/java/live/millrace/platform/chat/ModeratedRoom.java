// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat;

import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import java.net.http.HttpClient;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import live.millrace.platform.OpenedPage;
import live.millrace.platform.TestPeople;
import live.millrace.platform.TestPeople.SignedUp;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.database.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.ResultActions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A room with its owner, its moderators and those who write in it, on open pages. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
abstract class ModeratedRoom {
    static final JsonMapper JSON = new JsonMapper();

    @LocalServerPort
    int port;

    @Autowired
    MockMvc site;

    @Autowired
    TestPeople people;

    @Autowired
    Channels channels;

    @Autowired
    ChatRooms rooms;

    @Autowired
    WordLists words;

    @Autowired
    JdbcClient database;

    final HttpClient client = HttpClient.newHttpClient();
    final List<OpenedPage> open = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        open.forEach(OpenedPage::abort);
        client.shutdownNow();
    }

    SignedUp person() throws Exception {
        return people.signedUp(site, TestPeople.name());
    }

    OpenedPage page(@Nullable SignedUp person, SignedUp in) {
        OpenedPage page = new OpenedPage(client, port, person == null ? null : person.session());
        open.add(page);
        page.join(in.topic());
        page.waitFor(message -> is(message, "history"));
        return page;
    }

    /** Says something and waits for its number. */
    static long say(OpenedPage page, SignedUp in, String text) {
        return page.answer(page.say(in.topic(), text)).path("seq").asLong(-1);
    }

    static String refusal(OpenedPage page, SignedUp in, String text) {
        return page.answer(page.say(in.topic(), text)).path("reason").asString("");
    }

    ResultActions act(SignedUp by, SignedUp in, ObjectNode command) throws Exception {
        return sent(by, in, "actions", command);
    }

    /** As it is typed into the room. */
    ResultActions command(SignedUp by, SignedUp in, String text) throws Exception {
        return sent(by, in, "commands", JSON.createObjectNode().put("text", text));
    }

    private ResultActions sent(SignedUp by, SignedUp in, String to, ObjectNode body) throws Exception {
        return site.perform(post("/api/v1/channels/" + in.name() + "/moderation/" + to)
                .with(user(by.principal()))
                .with(csrf())
                .contentType(MediaType.APPLICATION_JSON)
                .content(body.toString()));
    }

    static ObjectNode kind(String kind) {
        return JSON.createObjectNode().put("kind", kind);
    }

    static boolean is(JsonNode message, String type) {
        return message.path("type").asString("").equals(type);
    }

    static long done(ResultActions answer) throws Exception {
        return JSON.readTree(answer.andExpect(status().isOk())
                        .andReturn()
                        .getResponse()
                        .getContentAsString())
                .path("action")
                .path("id")
                .asLong();
    }
}
