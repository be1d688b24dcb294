// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.site;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.multipart;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrl;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import javax.imageio.ImageIO;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Role;
import live.millrace.platform.audit.Actor;
import live.millrace.platform.database.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.mock.web.MockMultipartFile;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;

/** Whose site it is: set by admins alone, in one form that is saved whole or not at all, and shown on every page. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class SiteIdentityTest {
    private static final String DONE = "/admin/settings?said=done";

    @Autowired
    private TestPeople people;

    @Autowired
    private MockMvc site;

    @Autowired
    private SiteSettings settings;

    @AfterEach
    void asItCame() {
        settings.change(
                Map.of(
                        Setting.SITE_NAME, "",
                        Setting.SITE_LOGO, "",
                        Setting.SITE_DESCRIPTION, "",
                        Setting.SITE_COLOUR, "",
                        Setting.HOME_HERO, "",
                        Setting.CONTACT_NAME, "",
                        Setting.CONTACT, "",
                        Setting.STRIKE_DAYS, ""),
                new Actor(null, "test"));
    }

    @Test
    void everyPageSaysWhoseSiteItIs() throws Exception {
        AccountPrincipal admin = people.account(Role.ADMIN);
        site.perform(multipart("/admin/settings")
                        .with(user(admin))
                        .with(csrf())
                        .param("site-name", "Tom & Ann’s Pond")
                        .param("site-description", "Frogs at night.")
                        .param("site-colour", "7")
                        .param("contact-name", "Ann")
                        .param("contact", "ann@pond.example"))
                .andExpect(redirectedUrl(DONE));
        for (String path : new String[] {"/", "/signup", "/login", "/forgot", "/privacy"}) {
            site.perform(get(path))
                    .andExpect(content().string(containsString("Tom &amp; Ann’s Pond</title>")))
                    .andExpect(content().string(containsString("site-hue-7")))
                    .andExpect(content().string(containsString("Run by Ann")))
                    .andExpect(content().string(containsString("mailto:ann@pond.example")));
        }
        site.perform(get("/signup")).andExpect(content().string(containsString("Frogs at night.")));
        String name = people.user().getUsername();
        site.perform(get("/" + name))
                .andExpect(content().string(containsString("og:site_name\" content=\"Tom &amp; Ann")));
        site.perform(get("/oembed").param("url", "http://localhost/" + name))
                .andExpect(content().string(containsString("\"provider_name\":\"Tom & Ann’s Pond\"")));
    }

    @Test
    void nothingIsSavedWhereOneFieldCannotBe() throws Exception {
        AccountPrincipal admin = people.account(Role.ADMIN);
        site.perform(post("/admin/settings")
                        .with(user(admin))
                        .with(csrf())
                        .param("site-name", "The Pond")
                        .param("strike-days", "0"))
                .andExpect(status().isUnprocessableContent())
                .andExpect(content().string(containsString("value=\"The Pond\"")))
                .andExpect(content().string(containsString("Choose a whole number from 1 to 730.")));
        assertThat(settings.identity().name()).isEqualTo("Millrace");
        assertThat(settings.number(Setting.STRIKE_DAYS)).isEqualTo(90);
    }

    @Test
    void aLogoIsEncodedAnewAndGoesWithItsSuccessor() throws Exception {
        AccountPrincipal admin = people.account(Role.ADMIN);
        site.perform(multipart("/admin/settings").file(logo()).with(user(admin)).with(csrf()))
                .andExpect(redirectedUrl(DONE));
        String first = settings.identity().logo();
        assertThat(first).startsWith("/pictures/");
        site.perform(get(first)).andExpect(status().isOk()).andExpect(content().contentType("image/png"));
        site.perform(get("/login")).andExpect(content().string(containsString("rel=\"icon\" href=\"" + first)));
        site.perform(multipart("/admin/settings")
                        .file(new MockMultipartFile("logo", "x.svg", "image/svg+xml", "<svg/>".getBytes(UTF_8)))
                        .with(user(admin))
                        .with(csrf()))
                .andExpect(status().isUnprocessableContent());
        assertThat(settings.identity().logo()).isEqualTo(first);
        site.perform(post("/admin/settings").with(user(admin)).with(csrf()).param("logo-remove", "1"))
                .andExpect(redirectedUrl(DONE));
        site.perform(get(first)).andExpect(status().isNotFound());
        site.perform(get("/login")).andExpect(content().string(not(containsString("brand-logo"))));
    }

    @Test
    void theChannelAtTheTopIsOneThatIsThere() throws Exception {
        AccountPrincipal admin = people.account(Role.ADMIN);
        String ann = people.user().getUsername();
        site.perform(post("/admin/settings")
                        .with(user(admin))
                        .with(csrf())
                        .param("home-hero", " @" + ann.toUpperCase(Locale.ROOT)))
                .andExpect(redirectedUrl(DONE));
        assertThat(settings.text(Setting.HOME_HERO)).isEqualTo(ann);
        site.perform(post("/admin/settings")
                        .with(user(admin))
                        .with(csrf())
                        .param("home-hero", "nobody-at-all")
                        .param("site-name", "The Pond"))
                .andExpect(status().isUnprocessableContent())
                .andExpect(content().string(containsString("value=\"nobody-at-all\"")))
                .andExpect(content().string(containsString("No channel has this name.")));
        assertThat(settings.text(Setting.HOME_HERO)).isEqualTo(ann);
        assertThat(settings.identity().name()).isEqualTo("Millrace");
        site.perform(post("/admin/settings").with(user(admin)).with(csrf()).param("home-hero", ""))
                .andExpect(redirectedUrl(DONE));
        assertThat(settings.text(Setting.HOME_HERO)).isEmpty();
    }

    private static MockMultipartFile logo() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(300, 200, BufferedImage.TYPE_INT_ARGB), "png", bytes);
        return new MockMultipartFile("logo", "logo.png", "image/png", bytes.toByteArray());
    }

    @Test
    void aPictureIsUploadedAndNeverNamed() throws Exception {
        AccountPrincipal admin = people.account(Role.ADMIN);
        site.perform(post("/admin/settings")
                        .with(user(admin))
                        .with(csrf())
                        .param("site-logo", "0123456789abcdef0123456789abcdef"))
                .andExpect(redirectedUrl(DONE));
        assertThat(settings.identity().logo()).isNull();
    }

    @Test
    void nobodyButAdminsSayWhoseSiteItIs() throws Exception {
        for (AccountPrincipal person : new AccountPrincipal[] {people.user(), people.account(Role.MODERATOR)}) {
            site.perform(multipart("/admin/settings")
                            .file(logo())
                            .with(user(person))
                            .with(csrf())
                            .param("site-name", "Mine"))
                    .andExpect(status().isNotFound());
        }
        site.perform(multipart("/admin/settings").file(logo()).with(csrf()).param("site-name", "Mine"));
        assertThat(settings.identity().name()).isEqualTo("Millrace");
        assertThat(settings.identity().logo()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "SITE_NAME, The Pond, true",
        "SITE_NAME, 静水直播 🎣, true",
        "SITE_NAME, 'Family 👨‍👩‍👧', true",
        "SITE_NAME, '<b>Pond</b>', false",
        "SITE_NAME, 'The\nPond', false",
        "SITE_NAME, 'The\rBcc: x@y.example', false",
        "SITE_NAME, 'The \u202Ednop', false",
        "SITE_NAME, 'The \u2066pond', false",
        "SITE_NAME, 'Po\u200Bnd', false",
        "SITE_NAME, '\u3164', false",
        "SITE_NAME, 'e\u0301\u0301\u0301\u0301', false",
        "SITE_NAME, 12345678901234567890123456789012345678901, false",
        "SITE_DESCRIPTION, 'One line\nand another', true",
        "SITE_COLOUR, 23, true",
        "SITE_COLOUR, 24, false",
        "SITE_COLOUR, red, false",
        "HOME_HERO, ann-b_2, true",
        "HOME_HERO, ../ann, false",
        "HOME_HERO, ab, false",
        "CONTACT, ann@pond.example, true",
        "CONTACT, https://pond.example/us, true",
        "CONTACT, javascript:alert(1), false",
        "CONTACT, 'https://a@b.example/', false",
        "CONTACT, 'ann@pond.example?bcc=x', false",
        "SITE_LOGO, ../../etc/passwd, false"
    })
    void onlyWhatIsFitToBeShownCanBeSet(Setting setting, String value, boolean can) {
        assertThat(setting.allows(value)).isEqualTo(can);
    }
}
