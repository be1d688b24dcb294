// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import jakarta.servlet.http.Cookie;
import java.util.List;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.database.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.MvcResult;

/** What strangers are served: nothing that is kept of them, in their language, and nothing of anybody else. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class AnonymousPagesTest {
    @Autowired
    private TestPeople people;

    @Autowired
    private MockMvc site;

    @Autowired
    private JdbcClient database;

    @Test
    void anAnonymousPageViewMakesNoSessionNoCookieAndNoRow() throws Exception {
        String channel = people.user().getUsername();
        long before = database.sql("select count(*) from spring_session")
                .query(Long.class)
                .single();
        for (String page : List.of("/", "/" + channel, "/nobody-here", "/studio")) {
            MvcResult result = site.perform(get(page)).andReturn();
            assertThat(result.getResponse().getHeader("Set-Cookie")).as(page).isNull();
            assertThat(result.getRequest().getSession(false)).as(page).isNull();
        }
        assertThat(database.sql("select count(*) from spring_session")
                        .query(Long.class)
                        .single())
                .isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/login", "/signup", "/nobody-here"})
    void everyPageHasItsSecurityHeaders(String page) throws Exception {
        site.perform(get(page))
                .andExpect(header().string("Content-Security-Policy", containsString("script-src 'self';")))
                .andExpect(header().string("Content-Security-Policy", not(containsString("unsafe"))))
                .andExpect(header().string("X-Content-Type-Options", "nosniff"))
                .andExpect(header().string("Referrer-Policy", "same-origin"));
    }

    @ParameterizedTest
    @CsvSource({"zh-TW, zh-CN, 注册", "'fr,zh;q=0.5', zh-CN, 注册", "de, en, Sign up", "'en,zh;q=0.9', en, Sign up"})
    void pagesSpeakEnglishUnlessTheBrowserPrefersChinese(String accepted, String lang, String word) throws Exception {
        site.perform(get("/signup").header("Accept-Language", accepted))
                .andExpect(content().string(containsString("lang=\"" + lang + "\"")))
                .andExpect(content().string(containsString(word)));
    }

    /** What strangers share for a second, nobody else sees, and nobody's own page is shared. */
    @Test
    void onlyStrangersShareAPage() throws Exception {
        AccountPrincipal anna = people.user();
        String own = site.perform(get("/categories").with(user(anna)))
                .andReturn()
                .getResponse()
                .getContentAsString();
        assertThat(own).contains("data-account=\"" + anna.accountId() + "\"");
        for (int i = 0; i < 2; i++) {
            site.perform(get("/categories"))
                    .andExpect(status().isOk())
                    .andExpect(header().string("Content-Security-Policy", containsString("script-src 'self'")))
                    .andExpect(content().string(containsString("<title>Browse")))
                    .andExpect(content().string(not(containsString("data-account"))));
            site.perform(get("/categories").header("Accept-Language", "zh"))
                    .andExpect(content().string(containsString("<title>浏览")));
            site.perform(get("/categories").cookie(new Cookie("theme", "dark")))
                    .andExpect(content().string(containsString("data-theme=\"dark\"")));
        }
        site.perform(get("/categories").with(user(anna))).andExpect(content().string(containsString("data-account")));
    }
}
