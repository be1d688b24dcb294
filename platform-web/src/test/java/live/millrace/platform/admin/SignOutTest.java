// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrl;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import jakarta.servlet.http.Cookie;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Role;
import live.millrace.platform.audit.Audit;
import live.millrace.platform.database.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;

/** Staff end the sessions of an account that somebody else may be using, and of everybody. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class SignOutTest {
    @Autowired
    private TestPeople people;

    @Autowired
    private MockMvc site;

    @Autowired
    private Audit audit;

    private boolean signedIn(Cookie session) throws Exception {
        return site.perform(get("/settings/account").cookie(session))
                        .andReturn()
                        .getResponse()
                        .getStatus()
                == 200;
    }

    @Test
    void anAccountIsLoggedOutOnEveryDeviceAndThatIsWrittenDown() throws Exception {
        AccountPrincipal victim = people.user();
        AccountPrincipal admin = people.account(Role.ADMIN);
        Cookie thief = TestPeople.logIn(site, victim);
        Cookie own = TestPeople.logIn(site, victim);
        Cookie other = TestPeople.logIn(site, people.user());
        assertThat(signedIn(thief)).isTrue();
        site.perform(post("/admin/users/" + victim.getUsername() + "/sign-out")
                        .with(user(admin))
                        .with(csrf()))
                .andExpect(redirectedUrl("/admin/users/" + victim.getUsername() + "?said=done"));
        assertThat(signedIn(thief)).isFalse();
        assertThat(signedIn(own)).isFalse();
        assertThat(signedIn(other)).isTrue();
        assertThat(signedIn(TestPeople.logIn(site, victim))).isTrue();
        assertThat(audit.find(
                        new Audit.Search(null, "user.sign-out", victim.getUsername(), null, null), Long.MAX_VALUE, 5))
                .singleElement()
                .satisfies(entry -> assertThat(entry.actor()).contains(admin.getUsername()));
    }

    @ParameterizedTest
    @CsvSource({"ADMIN, ADMIN", "ADMIN, OWNER", "OWNER, OWNER"})
    void nobodyEndsTheSessionsOfWhoeverMayAsMuch(Role staff, Role whom) throws Exception {
        AccountPrincipal senior = people.account(whom);
        Cookie session = TestPeople.logIn(site, senior);
        site.perform(post("/admin/users/" + senior.getUsername() + "/sign-out")
                        .with(user(people.account(staff)))
                        .with(csrf()))
                .andExpect(redirectedUrl("/admin/users/" + senior.getUsername() + "?said=senior"));
        assertThat(signedIn(session)).isTrue();
    }

    @Test
    void theirOwnTheyEndElsewhere() throws Exception {
        AccountPrincipal admin = people.account(Role.ADMIN);
        site.perform(post("/admin/users/" + admin.getUsername() + "/sign-out")
                        .with(user(admin))
                        .with(csrf()))
                .andExpect(status().isNotFound());
    }

    @Test
    void theOwnerLogsEverybodyOutButThemselves() throws Exception {
        AccountPrincipal owner = people.account(Role.OWNER);
        Cookie own = TestPeople.logIn(site, owner);
        Cookie anna = TestPeople.logIn(site, people.user());
        site.perform(post("/admin/sign-out")
                        .with(user(people.account(Role.ADMIN)))
                        .with(csrf()))
                .andExpect(status().isNotFound());
        assertThat(signedIn(anna)).isTrue();
        site.perform(post("/admin/sign-out").cookie(own).with(csrf()))
                .andExpect(redirectedUrl("/admin/settings?said=done"));
        assertThat(signedIn(anna)).isFalse();
        assertThat(signedIn(own)).isTrue();
    }
}
