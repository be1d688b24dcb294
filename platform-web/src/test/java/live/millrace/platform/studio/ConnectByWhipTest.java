// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.studio;

import static live.millrace.platform.JustLoggedIn.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import live.millrace.media.testing.FreePort;
import live.millrace.platform.FollowedForm;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.database.TestDatabase;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.MockMvc;

/** The studio tells encoders of WHIP a server and a token, and which port of UDP has to be open. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class ConnectByWhipTest {
    private static final int PORT = FreePort.next();
    private static final Pattern SERVER = Pattern.compile("id=\"whip-server\"[^>]*value=\"([^\"]+)\"");
    private static final Pattern TOKEN = Pattern.compile("id=\"whip-token\"[^>]*value=\"(mr_[a-z2-7]+)\"");

    @Autowired
    private TestPeople people;

    @Autowired
    private MockMvc site;

    @DynamicPropertySource
    static void spoken(DynamicPropertyRegistry settings) {
        settings.add("millrace.webrtc.port", () -> PORT);
    }

    private static String first(Pattern wanted, String page) {
        Matcher matcher = wanted.matcher(page);
        assertThat(matcher.find()).as(page).isTrue();
        return matcher.group(1);
    }

    @Test
    void theKeyIsTheTokenAndShownOnce() throws Exception {
        AccountPrincipal anna = people.user();
        String made = FollowedForm.page(
                site,
                site.perform(post("/studio/keys").with(csrf()).with(user(anna)).param("name", "desk")),
                anna);
        assertThat(first(SERVER, made)).matches("http://localhost(:\\d+)?/whip");
        String token = first(TOKEN, made);
        assertThat(made).contains("id=\"stream-key\"").contains("UDP port " + PORT + ",");
        String later = site.perform(get("/studio/connect").with(user(anna)))
                .andReturn()
                .getResponse()
                .getContentAsString();
        assertThat(first(SERVER, later)).isEqualTo(first(SERVER, made));
        assertThat(later).doesNotContain(token).doesNotContain("whip-token");
    }
}
