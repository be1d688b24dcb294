// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.backup;

import static live.millrace.platform.JustLoggedIn.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrl;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
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

/** Backups from the console, and those that come by themselves. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class BackupsTest {
    @Autowired
    private MockMvc site;

    @Autowired
    private TestPeople people;

    @Autowired
    private Backups backups;

    @Autowired
    private BackupUpkeep upkeep;

    @Autowired
    private SiteSettings settings;

    @Autowired
    private JdbcClient database;

    @AfterEach
    void none() throws Exception {
        Wait.until(
                "the work ends",
                () -> backups.job().filter(Backups.Job::running).isEmpty());
        backups.all().forEach(each -> backups.delete(each.name()));
        AccountPrincipal owner = people.account(Role.OWNER);
        settings.change(Setting.BACKUP_EVERY, "", owner.actor());
        settings.change(Setting.BACKUP_KEEP, "", owner.actor());
    }

    private Backups.Stored taken() throws Exception {
        Wait.until(
                "the work ends",
                () -> backups.job().filter(Backups.Job::running).isEmpty());
        return backups.all().getFirst();
    }

    @Test
    void anAdminTakesOneAndItsFileIsTheOwners() throws Exception {
        AccountPrincipal admin = people.account(Role.ADMIN);
        site.perform(post("/admin/backups").with(csrf()).with(user(admin))).andExpect(redirectedUrl("/admin/backups"));
        Backups.Stored taken = taken();
        assertThat(backups.job().orElseThrow().error()).isNull();
        site.perform(get("/admin/backups").with(user(admin)))
                .andExpect(content().string(containsString(taken.name())))
                .andExpect(content().string(not(containsString("/file"))));
        String file = "/admin/backups/" + taken.name() + "/file";
        site.perform(get(file).with(user(admin))).andExpect(status().isNotFound());
        AccountPrincipal owner = people.account(Role.OWNER);
        site.perform(get(file).with(user(owner)))
                .andExpect(header().string("Content-Disposition", containsString(taken.name())))
                .andExpect(header().string("Cache-Control", "no-store"))
                .andExpect(content().bytes(Files.readAllBytes(backups.folder().resolve(taken.name()))));
        assertThat(database.sql("select action from audit_entry where subject = ?")
                        .param(taken.name())
                        .query(String.class)
                        .list())
                .containsExactly("backup.download");
        site.perform(post("/admin/backups/" + taken.name() + "/delete")
                        .with(csrf())
                        .with(user(owner)))
                .andExpect(redirectedUrl("/admin/backups?said=done"));
        assertThat(backups.all()).isEmpty();
    }

    @Test
    void whatIsNoBackupIsNotGivenAway() throws Exception {
        Path folder = Files.createDirectories(backups.folder());
        Files.writeString(folder.resolve("other.txt"), "secret");
        AccountPrincipal owner = people.account(Role.OWNER);
        for (String name : new String[] {"other.txt", "millrace-20260101-000000.zip", "..%2Fsome.key"}) {
            site.perform(get(java.net.URI.create("/admin/backups/" + name + "/file"))
                            .with(user(owner)))
                    .andExpect(result ->
                            assertThat(result.getResponse().getStatus()).isIn(400, 404));
        }
        Files.delete(folder.resolve("other.txt"));
    }

    @Test
    void aFailureSaysWhy() throws Exception {
        Path folder = Files.createDirectories(backups.folder());
        String name = "millrace-20260101-000000.zip";
        Files.writeString(folder.resolve(name), "no backup");
        AccountPrincipal owner = people.account(Role.OWNER);
        site.perform(post("/admin/backups/" + name + "/prove").with(csrf()).with(user(owner)))
                .andExpect(redirectedUrl("/admin/backups"));
        taken();
        site.perform(get("/admin/backups").with(user(owner)))
                .andExpect(content().string(containsString("no whole backup")));
    }

    @Test
    void theyComeByThemselvesAndTheOldestGo() throws Exception {
        AccountPrincipal owner = people.account(Role.OWNER);
        Path folder = Files.createDirectories(backups.folder());
        for (int day = 1; day <= 3; day++) {
            Path old = Files.writeString(folder.resolve("millrace-2026010" + day + "-000000.zip"), "old");
            Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(10 - day))));
        }
        upkeep.run();
        assertThat(backups.all()).hasSize(3);
        settings.change(Setting.BACKUP_EVERY, "daily", owner.actor());
        settings.change(Setting.BACKUP_KEEP, "2", owner.actor());
        upkeep.run();
        taken();
        assertThat(backups.all()).hasSize(3);
        upkeep.run();
        assertThat(backups.all()).hasSize(2).noneMatch(each -> each.name().contains("20260101"));
        assertThat(backups.all().getFirst().bytes()).isGreaterThan(1_000);
    }
}
