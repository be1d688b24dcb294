// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.admin;

import static live.millrace.platform.JustLoggedIn.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.multipart;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrl;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import java.util.Locale;
import java.util.Map;
import live.millrace.media.testing.Wait;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Role;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.site.Setting;
import live.millrace.platform.site.SiteSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;

/** A new site is set up step by step, and looks itself over. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class SetupTest {
    @Autowired
    private MockMvc site;

    @Autowired
    private TestPeople people;

    @Autowired
    private SiteSettings settings;

    @Autowired
    private Checkup checkup;

    @Autowired
    private JdbcClient database;

    @AfterEach
    void back() {
        AccountPrincipal admin = people.account(Role.ADMIN);
        database.sql("delete from site_setting where name = 'introduced'").update();
        settings.change(
                Map.of(Setting.SITE_NAME, "", Setting.SITE_LANGUAGE, "", Setting.RECORDING_DAYS, ""), admin.actor());
    }

    @Test
    void itBeginsWithWhatIsOpen() throws Exception {
        AccountPrincipal admin = people.account(Role.ADMIN);
        site.perform(get("/admin/setup").with(user(admin))).andExpect(redirectedUrl("/admin/setup/site"));
        site.perform(multipart("/admin/setup/site")
                        .param("site-name", "River Club")
                        .param("site-language", "zh-CN")
                        .param("recording-days", "1")
                        .with(user(admin))
                        .with(csrf()))
                .andExpect(redirectedUrl("/admin/setup/mail"));
        assertThat(settings.siteName()).isEqualTo("River Club");
        assertThat(settings.text(Setting.RECORDING_DAYS))
                .describedAs("no part of this step")
                .isEqualTo("30");
        site.perform(get("/admin/setup").with(user(admin))).andExpect(redirectedUrl("/admin/setup/mail"));
        site.perform(get("/admin/setup/stream").with(user(admin)))
                .andExpect(status().isOk())
                .andExpect(content().string(containsString("rtmp://")));
    }

    /** Who likes the name as it is has answered too. */
    @Test
    void whatIsSavedAsItIsIsDone() throws Exception {
        AccountPrincipal admin = people.account(Role.ADMIN);
        site.perform(multipart("/admin/setup/site")
                        .param("site-name", settings.siteName())
                        .with(user(admin))
                        .with(csrf()))
                .andExpect(redirectedUrl("/admin/setup/mail"));
        site.perform(get("/admin/setup/mail").with(user(admin)))
                .andExpect(
                        content().string(matchesPattern("(?s).*data-done=\"on\">\\s*<a href=\"/admin/setup/site\".*")));
        site.perform(get("/admin/setup").with(user(admin))).andExpect(redirectedUrl("/admin/setup/mail"));
    }

    @Test
    void theWayToHttpsLeadsBack() throws Exception {
        AccountPrincipal admin = people.account(Role.ADMIN);
        site.perform(get("/admin/setup/address").with(user(admin)))
                .andExpect(content().string(containsString("href=\"/admin/https?from=setup\"")));
        site.perform(get("/admin/https?from=setup").with(user(admin)))
                .andExpect(content().string(containsString("href=\"/admin/setup/address\"")));
        site.perform(post("/admin/https/domain")
                        .param("domain", "no name")
                        .param("from", "setup")
                        .with(user(admin))
                        .with(csrf()))
                .andExpect(redirectedUrl("/admin/https?said=domain&from=setup"));
        for (String elsewhere : new String[] {"", "https://evil.example", "//evil.example", "setup2"}) {
            site.perform(get("/admin/https").param("from", elsewhere).with(user(admin)))
                    .andExpect(content().string(not(containsString("/admin/setup/address"))));
            site.perform(post("/admin/https/domain")
                            .param("domain", "no name")
                            .param("from", elsewhere)
                            .with(user(admin))
                            .with(csrf()))
                    .andExpect(redirectedUrl("/admin/https?said=domain"));
        }
    }

    /** Nobody learns from it whether a link was one once. */
    @Test
    void aLinkThatIsDeadSaysSo() throws Exception {
        for (String token : new String[] {"0000", "0123456789012345678901234567890123456789"}) {
            site.perform(get("/setup/" + token).locale(Locale.ENGLISH))
                    .andExpect(status().isNotFound())
                    .andExpect(
                            content().string(containsString("It was already used, or a later start made a new one.")))
                    .andExpect(content().string(containsString("href=\"/login?continue=/admin\"")));
            site.perform(post("/setup/" + token)
                            .param("username", "somebody")
                            .param("password", "three quiet herons")
                            .locale(Locale.ENGLISH)
                            .with(csrf()))
                    .andExpect(status().isNotFound())
                    .andExpect(content().string(containsString("It was already used")));
        }
    }

    @Test
    void whatCannotBeIsSaidInItsPlace() throws Exception {
        site.perform(multipart("/admin/setup/site")
                        .param("site-name", "x".repeat(41))
                        .with(user(people.account(Role.ADMIN)))
                        .with(csrf()))
                .andExpect(status().isUnprocessableContent())
                .andExpect(content().string(containsString("x".repeat(41))))
                .andExpect(content().string(containsString("aria-invalid=\"true\"")));
    }

    @Test
    void whereThereIsNoMailItSaysWhatToWrite() throws Exception {
        AccountPrincipal admin = people.account(Role.ADMIN);
        site.perform(get("/admin/setup/mail").with(user(admin)))
                .andExpect(status().isOk())
                .andExpect(content().string(containsString("spring.mail.host=")));
        site.perform(post("/admin/setup/mail")
                        .param("to", "nobody")
                        .with(user(admin))
                        .with(csrf()))
                .andExpect(status().isUnprocessableContent());
    }

    /** Who asks for neither language gets the site's; who asks for one gets that. */
    @Test
    void aSiteHasALanguage() throws Exception {
        settings.change(
                Map.of(Setting.SITE_LANGUAGE, "zh-CN"),
                people.account(Role.ADMIN).actor());
        site.perform(get("/login").locale(Locale.FRENCH)).andExpect(content().string(containsString("lang=\"zh-CN\"")));
        site.perform(get("/login").locale(Locale.ENGLISH)).andExpect(content().string(containsString("lang=\"en\"")));
    }

    @Test
    void theSiteLooksItselfOver() throws Exception {
        AccountPrincipal admin = people.account(Role.ADMIN);
        site.perform(post("/admin/health/check").with(user(admin)).with(csrf()))
                .andExpect(redirectedUrl("/admin/health"));
        Wait.until("it is over", () -> !checkup.running());
        site.perform(get("/admin/health").with(user(admin)).locale(Locale.ENGLISH))
                .andExpect(content().string(containsString("and says that it is well.")))
                .andExpect(content().string(not(containsString("doctor."))));
        site.perform(get("/admin/health").with(user(admin)).locale(Locale.CHINA))
                .andExpect(content().string(containsString("状态正常。")));
    }
}
