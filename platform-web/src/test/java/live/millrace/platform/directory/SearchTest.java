// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.directory;

import static live.millrace.platform.TestPeople.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import java.util.List;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.BroadcastInfo;
import live.millrace.platform.channel.Categories;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.database.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;

/** Channels are found by what they say of themselves. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class SearchTest {
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

    @ParameterizedTest
    @CsvSource({
        "Midnight harpsichord practice, harpsicord",
        "Midnight harpsichord practice, HARPSI",
        "深夜钢琴练习曲, 钢琴",
        "深夜钢琴练习曲, 深夜 练习",
        "Café Zoë, cafe zoe"
    })
    void channelsAreFoundByWhatTheySay(String title, String typed) throws Exception {
        String tag = name();
        AccountPrincipal anna = described(title, tag);
        site.perform(get("/api/v1/search/suggestions").param("q", typed))
                .andExpect(status().isOk())
                .andExpect(content().string(containsString(title.substring(0, 2))));
        site.perform(get("/tags/" + tag)).andExpect(content().string(containsString("/" + anna.getUsername())));
        site.perform(get("/search").param("q", anna.getUsername().substring(0, 5)))
                .andExpect(content().string(containsString("/" + anna.getUsername())));
    }

    @Test
    void aCategoryAloneIsAnAnswer() throws Exception {
        String slug = name();
        assertThat(categories.put(slug, "Pond " + slug, "池塘", 900, null)).isTrue();
        site.perform(get("/search").param("q", "pond " + slug))
                .andExpect(content().string(containsString("found-categories")))
                .andExpect(content().string(containsString("href=\"/categories/" + slug)))
                .andExpect(content().string(not(containsString("No results"))));
        categories.remove(slug);
        site.perform(get("/search").param("q", "pond " + slug))
                .andExpect(content().string(not(containsString("found-categories"))))
                .andExpect(content().string(containsString("No results")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"'", "a' or 1=1 --", "%", "\\", "<script>", "🙂", "' & !'x':*"})
    void hostileQueriesFindNothingAndBreakNothing(String typed) throws Exception {
        site.perform(get("/search").param("q", typed))
                .andExpect(status().isOk())
                .andExpect(content().string(not(containsString("<script>alert"))));
        site.perform(get("/api/v1/search/suggestions").param("q", typed)).andExpect(status().isOk());
    }
}
