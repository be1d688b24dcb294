// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.moderation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrl;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import java.time.Duration;
import java.util.List;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.Role;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.notification.NoticeView;
import live.millrace.platform.notification.Notices;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;

/** What becomes of a case: claimed by one, decided, told to both sides, appealed. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class CasesTest {
    @Autowired
    private TestPeople people;

    @Autowired
    private TestCases filed;

    @Autowired
    private MockMvc site;

    @Autowired
    private Accounts accounts;

    @Autowired
    private Cases cases;

    @Autowired
    private Notices notices;

    private List<String> told(AccountPrincipal whom) {
        return notices.of(whom.accountId(), Long.MAX_VALUE, 10).stream()
                .map(NoticeView::kind)
                .toList();
    }

    @Test
    void aDecisionIsToldToBothSidesAndCanBeAppealedOnce() throws Exception {
        AccountPrincipal bob = people.user();
        AccountPrincipal anna = people.user();
        AccountPrincipal moderator = people.account(Role.MODERATOR);
        AccountPrincipal stranger = people.user();
        long id = filed.reported(bob, anna);
        site.perform(get("/decisions/" + id).with(user(bob))).andExpect(status().isNotFound());
        site.perform(post("/admin/reports/" + id + "/decide")
                        .with(user(moderator))
                        .with(csrf())
                        .param("decision", "SUSPEND_STREAMING")
                        .param("amount", "3")
                        .param("reason", "no adverts, please"))
                .andExpect(redirectedUrl("/admin/reports/" + id + "?said=done"));
        assertThat(told(bob)).containsExactly("DECISION");
        assertThat(told(anna)).containsExactly("REPORT_ACTED");
        assertThat(accounts.find(bob.accountId()).orElseThrow().streamSuspended())
                .isTrue();
        assertThat(cases.strikes(bob.accountId())).hasSize(1);
        // It cannot be decided twice.
        assertThat(cases.decide(id, Decision.DISMISS, Duration.ZERO, "", moderator))
                .contains("admin.case.not.taken");
        // Whom it is about reads why; whoever reported reads that something was done, and not what.
        site.perform(get("/decisions/" + id).with(user(bob)))
                .andExpect(content().string(containsString("no adverts, please")));
        site.perform(get("/decisions/" + id).with(user(anna)))
                .andExpect(content().string(not(containsString("no adverts, please"))));
        site.perform(get("/decisions/" + id).with(user(stranger))).andExpect(status().isNotFound());
        // Only its subject appeals, and once.
        site.perform(post("/decisions/" + id + "/appeal")
                        .with(user(anna))
                        .with(csrf())
                        .param("text", "not me"))
                .andExpect(redirectedUrl("/decisions/" + id + "?said=late"));
        site.perform(post("/decisions/" + id + "/appeal")
                        .with(user(bob))
                        .with(csrf())
                        .param("text", "it was a poem"))
                .andExpect(redirectedUrl("/decisions/" + id + "?said=appealed"));
        site.perform(post("/decisions/" + id + "/appeal")
                        .with(user(bob))
                        .with(csrf())
                        .param("text", "again"))
                .andExpect(redirectedUrl("/decisions/" + id + "?said=late"));
        assertThat(cases.answer(id, true, "you are right", people.account(Role.MODERATOR)))
                .isEmpty();
        assertThat(accounts.find(bob.accountId()).orElseThrow().streamSuspended())
                .isFalse();
        assertThat(cases.strikes(bob.accountId())).isEmpty();
        assertThat(told(bob)).containsExactly("APPEAL_WON", "DECISION");
    }

    @Test
    void twoDoNotWorkOnOneCase() {
        AccountPrincipal first = people.account(Role.MODERATOR);
        AccountPrincipal second = people.account(Role.MODERATOR);
        long id = filed.reported(people.user(), people.user());
        assertThat(cases.claim(id, first)).isTrue();
        assertThat(cases.claim(id, second)).isFalse();
        assertThat(cases.decide(id, Decision.DISMISS, Duration.ZERO, "", second))
                .contains("admin.case.not.taken");
        cases.release(id, first);
        assertThat(cases.claim(id, second)).isTrue();
    }

    @Test
    void aHiddenChannelIsNotFoundAndItsPageStays() throws Exception {
        AccountPrincipal bob = people.user();
        AccountPrincipal moderator = people.account(Role.MODERATOR);
        site.perform(get("/search").param("q", bob.getUsername()))
                .andExpect(content().string(containsString("href=\"/" + bob.getUsername())));
        long id = filed.reported(bob, people.user());
        assertThat(cases.decide(id, Decision.HIDE, Duration.ZERO, "spam", moderator))
                .isEmpty();
        site.perform(get("/search").param("q", bob.getUsername()))
                .andExpect(content().string(not(containsString("href=\"/" + bob.getUsername()))));
        site.perform(get("/" + bob.getUsername())).andExpect(status().isOk());
        cases.appeal(id, bob.accountId(), "sorry");
        cases.answer(id, true, "fine", people.account(Role.MODERATOR));
        assertThat(people.channel(bob).hidden()).isFalse();
    }
}
