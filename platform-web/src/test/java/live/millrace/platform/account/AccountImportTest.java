// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

import static live.millrace.platform.JustLoggedIn.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.hamcrest.Matchers.containsString;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.multipart;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrl;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrlPattern;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import live.millrace.media.testing.Wait;
import live.millrace.platform.FollowedForm;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountImports.Line;
import live.millrace.platform.account.AccountImports.Verdict;
import live.millrace.platform.audit.Audit;
import live.millrace.platform.audit.AuditEntry;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.delivery.RecurringWork;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.mock.web.MockMultipartFile;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;

/** Accounts that come in a file: what is told before, what is made, and what nobody gets by it. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class AccountImportTest {
    /** More than one part of the work. */
    private static final int PEOPLE = 210;

    private static final Pattern ID = Pattern.compile("/admin/import/(\\d+)");
    private static final Pattern LINK = Pattern.compile("(?m)^([a-z0-9-]+),https?://[^/]+(/reset/\\S+)$");

    @Autowired
    private TestPeople people;

    @Autowired
    private Accounts accounts;

    @Autowired
    private AccountImports imports;

    @Autowired
    private Channels channels;

    @Autowired
    private Audit audit;

    @Autowired
    private JdbcClient database;

    @Autowired
    private MockMvc site;

    private long upload(AccountPrincipal admin, String text) throws Exception {
        String page = Objects.requireNonNull(site.perform(multipart("/admin/import")
                        .file(new MockMultipartFile(
                                "file", "people.csv", "text/csv", text.getBytes(StandardCharsets.UTF_8)))
                        .with(user(admin))
                        .with(csrf()))
                .andExpect(redirectedUrlPattern("/admin/import/*"))
                .andReturn()
                .getResponse()
                .getRedirectedUrl());
        Matcher id = ID.matcher(page);
        assertThat(id.find()).isTrue();
        return Long.parseLong(id.group(1));
    }

    private void start(AccountPrincipal admin, long id) throws Exception {
        site.perform(post("/admin/import/{id}", id).with(user(admin)).with(csrf()))
                .andExpect(redirectedUrl("/admin/import/" + id));
        done(id);
    }

    private void done(long id) throws Exception {
        Wait.until(
                "the accounts are made",
                Duration.ofSeconds(60),
                () -> imports.find(id).orElseThrow().state() == AccountImports.State.DONE);
    }

    private Map<Integer, Line> lines(long id) {
        return imports.lines(id, null, 0, 1_000).stream().collect(Collectors.toMap(Line::number, line -> line));
    }

    /** The page with the links, by name. */
    private Map<String, String> links(AccountPrincipal admin, long id) throws Exception {
        String page = FollowedForm.page(
                site,
                site.perform(
                        post("/admin/import/{id}/links", id).with(user(admin)).with(csrf())),
                admin);
        return LINK.matcher(page).results().collect(Collectors.toMap(found -> found.group(1), found -> found.group(2)));
    }

    @Test
    void aFirstPassSaysOfEachLineWhatWouldComeOfItAndDoesNothing() throws Exception {
        AccountPrincipal admin = people.account(Role.ADMIN);
        AccountPrincipal bob = people.user();
        AccountPrincipal proven = people.user();
        database.sql("update account set verified_at = now() where id = ?")
                .param(proven.accountId())
                .update();
        String fresh = TestPeople.name();
        long id = upload(admin, """
                        username,mail,display name,language,role
                        %1$s,%1$s@example.net,Anna,en,streamer
                        %2$s,other@example.net,Another,zh,streamer
                        %1$s,,,,
                        n-%1$s,%3$s@EXAMPLE.org,,,
                        admin,,,,
                        a b,,,,
                        m-%1$s,not an address,,,
                        l-%1$s,,,fr,
                        r-%1$s,,,,moderator
                        d-%1$s,,The staff,,
                        u-%1$s
                        """.formatted(fresh, bob.getUsername(), proven.getUsername()));
        assertThat(lines(id).values())
                .extracting(Line::number, Line::verdict, Line::reason)
                .containsExactlyInAnyOrder(
                        tuple(2, Verdict.NEW, ""),
                        tuple(3, Verdict.EXISTS, "admin.import.why.exists"),
                        tuple(4, Verdict.INVALID, "admin.import.why.twice"),
                        tuple(5, Verdict.EXISTS, "admin.import.why.mail-exists"),
                        tuple(6, Verdict.INVALID, "account.username.reserved"),
                        tuple(7, Verdict.INVALID, "account.username.malformed"),
                        tuple(8, Verdict.INVALID, "admin.import.why.mail"),
                        tuple(9, Verdict.INVALID, "admin.import.why.language"),
                        tuple(10, Verdict.INVALID, "admin.import.why.role"),
                        tuple(11, Verdict.INVALID, "settings.name.voice"),
                        tuple(12, Verdict.NEW, ""));
        assertThat(accounts.findByUsername(fresh)).isEmpty();
        site.perform(get("/admin/import/{id}", id).with(user(admin)))
                .andExpect(content().string(containsString("Create 2 accounts")))
                .andExpect(content().string(containsString("The role is neither user nor streamer.")));
        site.perform(post("/admin/import/{id}/drop", id).with(user(admin)).with(csrf()))
                .andExpect(redirectedUrl("/admin/import"));
        site.perform(get("/admin/import/{id}", id).with(user(admin))).andExpect(status().isNotFound());
    }

    @Test
    void accountsAreMadeWithoutAPasswordAndOpenedByALinkOfTheirOwn() throws Exception {
        AccountPrincipal admin = people.account(Role.ADMIN);
        AccountPrincipal bob = people.user();
        String anna = TestPeople.name();
        String lin = TestPeople.name();
        String shown = "Lin " + lin.substring(lin.length() - 8);
        long id = upload(admin, """
                        username,mail,display name,language,role
                        %s,a@example.net,,,streamer
                        %s,,%s,zh_CN,
                        %s,b@example.net,Somebody else,zh,streamer
                        """.formatted(anna, lin, shown, bob.getUsername()));
        start(admin, id);
        AccountView made = accounts.findByUsername(anna).orElseThrow();
        assertThat(made.role()).isEqualTo(Role.STREAMER);
        assertThat(made.verified()).isFalse();
        AccountView second = accounts.findByUsername(lin).orElseThrow();
        assertThat(second.role()).isEqualTo(Role.USER);
        assertThat(accounts.preferences(second.id()).orElseThrow().language()).isEqualTo("zh-CN");
        assertThat(channels.ofAccount(second.id()).displayName()).isEqualTo(shown);
        // Who was there before is as they were.
        assertThat(accounts.findByUsername(bob.getUsername()).orElseThrow().role())
                .isEqualTo(Role.USER);
        assertThat(accounts.preferences(bob.accountId()).orElseThrow().email())
                .isEqualTo(bob.getUsername() + "@example.org");
        assertThat(channels.ofAccount(bob.accountId()).displayName()).isEqualTo(bob.getUsername());
        // What the file said of them is forgotten.
        assertThat(database.sql(
                                "select string_agg(email || display_name, '') from account_import_line where import_id = ?")
                        .param(id)
                        .query(String.class)
                        .single())
                .isEmpty();

        Map<String, String> first = links(admin, id);
        assertThat(first).containsOnlyKeys(anna, lin);
        Map<String, String> links = links(admin, id);
        // The earlier ones open nothing more, and none lies in the database.
        site.perform(get(first.get(anna))).andExpect(status().isNotFound());
        assertThat(database.sql("select count(*) from account_mail_token t where t::text like ?")
                        .param("%" + links.get(anna).substring(7) + "%")
                        .query(Long.class)
                        .single())
                .isZero();
        String link = Objects.requireNonNull(links.get(anna));
        site.perform(get(link)).andExpect(status().isOk());
        site.perform(post(link).param("password", "four quiet herons").with(csrf()))
                .andExpect(redirectedUrl("/login?reset&continue=/settings/security/reset"));
        site.perform(post(link).param("password", "five quiet herons").with(csrf()))
                .andExpect(status().isNotFound());
        site.perform(post("/login").with(csrf()).param("username", anna).param("password", "four quiet herons"))
                .andExpect(redirectedUrl("/"));
        // Whoever was handed a link read no mail; and whoever has a password is handed none again.
        assertThat(accounts.findByUsername(anna).orElseThrow().verified()).isFalse();
        assertThat(links(admin, id)).containsOnlyKeys(lin);
        assertThat(audit.find(new Audit.Search(admin.getUsername(), "user.", null, null, null), Long.MAX_VALUE, 10))
                .extracting(AuditEntry::action)
                .containsExactly(
                        "user.import-links",
                        "user.import-links",
                        "user.import-links",
                        "user.import",
                        "user.import-check");
    }

    @Test
    void theSameFileAgainMakesAndChangesNobody() throws Exception {
        AccountPrincipal admin = people.account(Role.ADMIN);
        String anna = TestPeople.name();
        start(admin, upload(admin, "username,role\n%s,streamer\n".formatted(anna)));
        AccountView before = accounts.findByUsername(anna).orElseThrow();
        long again = upload(admin, "username,mail,display name,role\n%s,new@example.net,Other,user\n".formatted(anna));
        assertThat(imports.find(again).orElseThrow().fresh()).isZero();
        site.perform(get("/admin/import/{id}", again).with(user(admin)))
                .andExpect(content().string(containsString("There’s nobody new in this file.")));
        start(admin, again);
        assertThat(accounts.findByUsername(anna)).contains(before);
        assertThat(imports.links(again)).isEmpty();
    }

    /** Else an admin would take over an owner who has not chosen a password yet. */
    @Test
    void whoWasMadeStaffIsHandedNoLink() throws Exception {
        AccountPrincipal admin = people.account(Role.ADMIN);
        String anna = TestPeople.name();
        String lin = TestPeople.name();
        long id = upload(admin, "username\n%s\n%s\n".formatted(anna, lin));
        start(admin, id);
        accounts.changeRole(accounts.findByUsername(anna).orElseThrow().id(), Role.MODERATOR);
        assertThat(imports.find(id).orElseThrow().unopened()).isEqualTo(1);
        assertThat(links(admin, id)).containsOnlyKeys(lin);
    }

    @Test
    void oneThatWasBrokenOffGoesOnAndMakesNobodyTwice() throws Exception {
        AccountPrincipal admin = people.account(Role.ADMIN);
        String name = TestPeople.name().substring(0, 8);
        List<String> names = IntStream.range(0, PEOPLE)
                .mapToObj(i -> name + "-%03d".formatted(i))
                .toList();
        long id = upload(admin, "username,display name\n" + String.join(",\n", names) + ",\n");
        assertThat(imports.find(id).orElseThrow().fresh()).isEqualTo(PEOPLE);
        // A process made one, and died before its name and before it could go on.
        String dead = names.getFirst();
        long half = ((Registration.Done) accounts.register(dead, dead + "@example.org", TestPeople.PASSWORD, Role.USER))
                .principal()
                .accountId();
        database.sql("""
                update account_import_line set state = 'MADE', account_id = ?, display_name = ? where import_id = ? and number = 2
                """).param(half).param("Nr " + dead).param(id).update();
        // And somebody took a name meanwhile.
        accounts.register(names.get(1), "x@example.org", TestPeople.PASSWORD, Role.USER);
        start(admin, id);
        AccountImports.View view = imports.find(id).orElseThrow();
        assertThat(view.made()).isEqualTo(PEOPLE - 1);
        assertThat(view.invalid()).isEqualTo(1);
        assertThat(lines(id).get(3).reason()).isEqualTo("account.username.taken");
        assertThat(channels.ofAccount(half).displayName()).isEqualTo("Nr " + dead);
        // Nobody's password but those that are nobody's is asked about.
        assertThat(view.unopened()).isEqualTo(PEOPLE - 2);
        assertThat(imports.start(id, false)).isFalse();
        assertThat(imports.drop(id)).isFalse();
    }

    @Test
    void whatIsNoFileIsRefusedInWordsAndOldOnesAreForgotten() throws Exception {
        AccountPrincipal admin = people.account(Role.ADMIN);
        site.perform(multipart("/admin/import")
                        .file(new MockMultipartFile(
                                "file", "x.csv", "text/csv", "a,b\n1,2".getBytes(StandardCharsets.UTF_8)))
                        .with(user(admin))
                        .with(csrf()))
                .andExpect(status().isUnprocessableContent())
                .andExpect(content().string(containsString("No column is called username")));
        long id = upload(admin, "username\n" + TestPeople.name());
        database.sql("update account_import set created_at = now() - interval '25 hours' where id = ?")
                .param(id)
                .update();
        long dropped = upload(admin, "username\n" + TestPeople.name());
        database.sql(
                        "update account_import set created_at = now() - interval '31 days', state = 'RUNNING' where id = ?")
                .param(dropped)
                .update();
        long fresh = upload(admin, "username\n" + TestPeople.name());
        ((RecurringWork) imports).run();
        assertThat(imports.find(id)).isEmpty();
        assertThat(imports.find(dropped)).isEmpty();
        assertThat(imports.find(fresh)).isPresent();
    }

    @Test
    void whoCameLongAgoIsAskedBeforeAnythingIsMadeOrShown() throws Exception {
        AccountPrincipal admin = people.account(Role.ADMIN);
        long id = upload(admin, "username\n" + TestPeople.name());
        for (String path : List.of("/admin/import/" + id, "/admin/import/" + id + "/links")) {
            site.perform(post(path).with(user(admin, Duration.ofMinutes(11))).with(csrf()))
                    .andExpect(status().isForbidden());
        }
        assertThat(imports.find(id).orElseThrow().state()).isEqualTo(AccountImports.State.CHECKED);
    }
}
