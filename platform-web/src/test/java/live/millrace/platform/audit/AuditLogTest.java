// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audit;

import static live.millrace.platform.JustLoggedIn.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import java.util.List;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountAlerts;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.KnownAddresses;
import live.millrace.platform.account.Role;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.site.Setting;
import live.millrace.platform.site.SiteSettings;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;

/** The audit log holds every action and every look at private data, and cannot be changed. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class AuditLogTest {
    @Autowired
    private TestPeople people;

    @Autowired
    private AccountAlerts alerts;

    @Autowired
    private MockMvc site;

    @Autowired
    private KnownAddresses addresses;

    @Autowired
    private Audit audit;

    @Autowired
    private SiteSettings settings;

    @Autowired
    private JdbcClient database;

    @Test
    void theAuditLogCannotBeChanged() {
        audit.add(new Actor(null, "tester"), "look.case", "#1", null, "why", "");
        for (String change :
                List.of("update audit_entry set actor = 'nobody'", "delete from audit_entry", "truncate audit_entry")) {
            assertThatThrownBy(() -> database.sql(change).update()).hasMessageContaining("audit");
        }
    }

    private List<String> actions(AccountPrincipal who) {
        return audit.find(new Audit.Search(who.getUsername(), null, null, null, null), Long.MAX_VALUE, 50).stream()
                .map(AuditEntry::action)
                .toList();
    }

    @Test
    void mailAddressesAreNotThereForModerators() throws Exception {
        AccountPrincipal moderator = people.account(Role.MODERATOR);
        AccountPrincipal admin = people.account(Role.ADMIN);
        AccountPrincipal bob = people.user();
        String row = "/admin/users/" + bob.getUsername() + "\"";
        String mail = bob.getUsername() + "@example.org";
        for (String page : List.of("/admin/users", "/admin/search")) {
            // A domain is guessed letter by letter: nothing is ever found.
            for (String asked : List.of(mail, bob.getUsername() + "@", bob.getUsername() + "@e")) {
                site.perform(get(page).param("q", asked).with(user(moderator)))
                        .andExpect(status().isOk())
                        .andExpect(content().string(not(containsString(row))));
            }
            // As people write names of each other.
            site.perform(get(page).param("q", "@" + bob.getUsername()).with(user(moderator)))
                    .andExpect(content().string(containsString(row)));
            site.perform(get(page).param("q", mail).with(user(admin)))
                    .andExpect(content().string(containsString(row)));
        }
        assertThat(actions(moderator)).isEmpty();
        // Each search, and never what was typed.
        assertThat(actions(admin)).containsExactly("look.mail-search", "look.mail-search");
        assertThat(audit.find(new Audit.Search(admin.getUsername(), null, mail, null, null), Long.MAX_VALUE, 5))
                .isEmpty();
        site.perform(post("/admin/users/" + bob.getUsername() + "/addresses")
                        .with(user(moderator))
                        .with(csrf()))
                .andExpect(status().isNotFound());
    }

    @Test
    void aLookIsWrittenOnceAnHourAndAnApplicantsAddressIsOne() throws Exception {
        AccountPrincipal admin = people.account(Role.ADMIN);
        AccountPrincipal applicant = people.user();
        database.sql("update account set standing = 'WAITING' where id = ?")
                .param(applicant.accountId())
                .update();
        for (int i = 0; i < 3; i++) {
            site.perform(get("/admin/joining").with(user(admin)))
                    .andExpect(content().string(containsString(applicant.getUsername() + "@example.org")));
        }
        assertThat(audit.find(
                        new Audit.Search(admin.getUsername(), "look.applicant", applicant.getUsername(), null, null),
                        Long.MAX_VALUE,
                        5))
                .hasSize(1);
        database.sql("update account set standing = 'ACTIVE' where id = ?")
                .param(applicant.accountId())
                .update();
    }

    @Test
    void whatStaffDoToTheirOwnDoorIsInTheLog() throws Exception {
        AccountPrincipal moderator = people.account(Role.MODERATOR);
        AccountPrincipal bob = people.user();
        TestPeople.logIn(site, moderator);
        TestPeople.logIn(site, bob);
        site.perform(post("/settings/tokens").with(user(moderator)).with(csrf()).param("name", "script"));
        site.perform(post("/settings/tokens").with(user(moderator)).with(csrf()).param("name", ""))
                .andExpect(status().isUnprocessableContent());
        site.perform(post("/studio/keys").with(user(moderator)).with(csrf()).param("name", "PC"));
        site.perform(post("/studio/keys").with(user(bob)).with(csrf()).param("name", "PC"));
        site.perform(post("/studio/chat/moderators")
                .with(user(moderator))
                .with(csrf())
                .param("username", bob.getUsername()));
        alerts.tell(moderator.accountId(), AccountAlerts.Kind.NEW_PASSKEY, null);
        alerts.tell(bob.accountId(), AccountAlerts.Kind.NEW_PASSKEY, null);
        assertThat(actions(moderator))
                .containsExactly("factor.add", "room.moderator", "key.make", "token.make", "login");
        assertThat(actions(bob)).isEmpty();
    }

    @Test
    void everyActionAndEveryLookAtPrivateDataIsInTheLog() throws Exception {
        AccountPrincipal admin = people.account(Role.ADMIN);
        AccountPrincipal bob = people.user();
        addresses.seen(bob.accountId(), "203.0.113.44");
        addresses.seen(bob.accountId(), "fe80::1%1");
        site.perform(post("/admin/users/" + bob.getUsername() + "/addresses")
                        .with(user(admin))
                        .with(csrf()))
                .andExpect(content().string(containsString("203.0.113.44")));
        site.perform(get("/admin/users/" + bob.getUsername()).with(user(admin)))
                .andExpect(content().string(not(containsString("203.0.113.44"))))
                .andExpect(content().string(not(containsString(bob.getUsername() + "@example.org"))));
        site.perform(post("/admin/settings").with(user(admin)).with(csrf()).param("strike-days", "30"));
        site.perform(post("/admin/settings").with(user(admin)).with(csrf()).param("strike-days", "-1"))
                .andExpect(status().isUnprocessableContent());
        assertThat(settings.number(Setting.STRIKE_DAYS)).isEqualTo(30);
        assertThat(audit.find(new Audit.Search(admin.getUsername(), null, null, null, null), Long.MAX_VALUE, 10))
                .extracting(entry -> entry.action())
                .containsExactly("setting.change", "look.addresses");
        site.perform(get("/admin/audit")
                        .param("actor", admin.getUsername())
                        .param("action", "setting.change")
                        .with(user(admin)))
                .andExpect(content().string(containsString("90 → 30")));
        audit.add(new Actor(null, admin.getUsername()), "look.case", "=HYPERLINK(\"x\")", null, "", "");
        site.perform(get("/admin/audit/export")
                        .param("actor", admin.getUsername())
                        .with(user(admin)))
                .andExpect(content().string(containsString("\"'=HYPERLINK(\"\"x\"\")\"")));
        settings.change(Setting.STRIKE_DAYS, "", Actor.SITE);
    }
}
