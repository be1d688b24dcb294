// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.directory;

import static live.millrace.platform.TestPeople.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrl;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import java.util.List;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.BroadcastInfo;
import live.millrace.platform.channel.Categories;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.database.TestDatabase;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;

/** A channel's page: what its owner wrote is text, and other sites learn what they show. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class ChannelPageTest {
    @Autowired
    private TestPeople people;

    @Autowired
    private MockMvc site;

    @Autowired
    private Channels channels;

    @Autowired
    private Categories categories;

    private AccountPrincipal described(String title, String tag) {
        AccountPrincipal principal = people.user();
        channels.describe(
                people.channel(principal).id(),
                new BroadcastInfo(title, categories.find("music").orElseThrow().id(), List.of(tag), "zh", false));
        return principal;
    }

    @Test
    void aTitleIsTextWhateverItHolds() throws Exception {
        AccountPrincipal anna = people.user();
        String attack = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
        site.perform(post("/studio/info").with(csrf()).with(user(anna)).param("title", attack))
                .andExpect(redirectedUrl("/studio?saved#info"));
        site.perform(post("/studio/channel").with(csrf()).with(user(anna)).param("description", attack))
                .andExpect(redirectedUrl("/studio/channel?saved"));
        site.perform(get("/" + anna.getUsername()))
                .andExpect(content().string(not(containsString("<script>alert"))))
                .andExpect(content().string(not(containsString("<img src=x"))));
        site.perform(post("/studio/info").with(csrf()).with(user(anna)).param("title", "x".repeat(101)))
                .andExpect(status().isUnprocessableContent());
    }

    @Test
    void whatIsNotForEverybodyHasAGateForAllButItsOwner() throws Exception {
        AccountPrincipal anna = people.user();
        channels.describe(people.channel(anna).id(), new BroadcastInfo("Late", null, List.of(), "en", true));
        String page = "/" + anna.getUsername();
        site.perform(get(page)).andExpect(content().string(containsString("data-gate=")));
        site.perform(get(page).with(user(people.user()))).andExpect(content().string(containsString("data-gate=")));
        site.perform(get(page).with(user(anna))).andExpect(content().string(not(containsString("data-gate="))));
    }

    @Test
    void aDescriptionIsMarkdownAndNeverMarkup() throws Exception {
        AccountPrincipal anna = people.user();
        channels.edit(
                people.channel(anna).id(),
                "# Hi\n**bold** [x](javascript:alert(1)) [y](https://example.org) <img src=x onerror=alert(1)> ![p](https://evil.example/p.png)");
        site.perform(get("/" + anna.getUsername()))
                .andExpect(content().string(containsString("<strong>bold</strong>")))
                .andExpect(content().string(containsString("rel=\"nofollow ugc noopener noreferrer\"")))
                .andExpect(content().string(not(containsString("href=\"javascript:"))))
                .andExpect(content().string(not(containsString("<img src=x"))))
                .andExpect(content().string(not(containsString("src=\"https://evil"))));
    }

    @Test
    void otherSitesLearnWhatTheyShow() throws Exception {
        AccountPrincipal anna = described("Piano </script><b>", name());
        String body = site.perform(get("/" + anna.getUsername()))
                .andExpect(content().string(containsString("property=\"og:title\"")))
                .andReturn()
                .getResponse()
                .getContentAsString();
        assertThat(body).doesNotContain("Piano </script>");
        site.perform(get("/oembed").param("url", "http://localhost/" + anna.getUsername()))
                .andExpect(jsonPath("$.type").value("video"))
                .andExpect(jsonPath("$.html").value(containsString("/embed/" + anna.getUsername())));
        site.perform(get("/oembed").param("url", "https://evil.example/" + anna.getUsername()))
                .andExpect(status().isNotFound());
        site.perform(get("/embed/" + anna.getUsername()))
                .andExpect(header().doesNotExist("X-Frame-Options"))
                .andExpect(header().string("Content-Security-Policy", containsString("frame-ancestors *")));
        site.perform(get("/" + anna.getUsername()))
                .andExpect(header().string("X-Frame-Options", "DENY"))
                .andExpect(header().string("Content-Security-Policy", containsString("frame-ancestors 'none'")));
    }
}
