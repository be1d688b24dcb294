// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.SignedInAccounts;
import live.millrace.platform.database.TestDatabase;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;

/** Whoever knows one password does not fill the database with sessions. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class MostSessionsTest {
    @Autowired
    private TestPeople people;

    @Autowired
    private MockMvc site;

    @Autowired
    private JdbcClient database;

    @Autowired
    private SignedInAccounts sessions;

    @Autowired
    private FindByIndexNameSessionRepository<? extends Session> repository;

    private long of(AccountPrincipal who) {
        return database.sql("select count(*) from spring_session where principal_name = ?")
                .param(who.getUsername())
                .query(Long.class)
                .single();
    }

    private static <S extends Session> void begin(FindByIndexNameSessionRepository<S> all, AccountPrincipal who) {
        S session = all.createSession();
        session.setAttribute(FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME, who.getUsername());
        all.save(session);
    }

    @Test
    void theOneThatWasUnusedForLongestEnds() throws Exception {
        AccountPrincipal anna = people.user();
        AccountPrincipal bob = people.user();
        begin(repository, bob);
        begin(repository, anna);
        // As if it had been last year's browser.
        database.sql("update spring_session set last_access_time = 1 where principal_name = ?")
                .param(anna.getUsername())
                .update();
        for (int i = 0; i < MostSessions.MOST + 2; i++) {
            begin(repository, anna);
        }
        TestPeople.logIn(site, anna);
        assertThat(of(anna)).isEqualTo(MostSessions.MOST);
        assertThat(database.sql("select count(*) from spring_session where principal_name = ? and last_access_time = 1")
                        .param(anna.getUsername())
                        .query(Long.class)
                        .single())
                .isZero();
        assertThat(of(bob)).isOne();
    }

    @Test
    void anIdHas192RandomBits() throws Exception {
        AccountPrincipal anna = people.user();
        String first = TestPeople.logIn(site, anna).getValue();
        String second = TestPeople.logIn(site, anna).getValue();
        assertThat(first).isNotEqualTo(second);
        assertThat(List.of(first, second))
                .allSatisfy(
                        cookie -> assertThat(new String(Base64.getDecoder().decode(cookie), StandardCharsets.US_ASCII))
                                .matches("[A-Za-z0-9_-]{32}"));
    }

    @Test
    void whoHasASessionIsKnown() throws Exception {
        AccountPrincipal anna = people.user();
        AccountPrincipal bob = people.user();
        TestPeople.logIn(site, anna);
        TestPeople.logIn(site, bob);
        database.sql("update spring_session set expiry_time = 1 where principal_name = ?")
                .param(bob.getUsername())
                .update();
        assertThat(sessions.among(Set.of(anna.getUsername(), bob.getUsername(), "nobody-of-that-name")))
                .containsExactly(anna.getUsername());
    }
}
