// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import static live.millrace.platform.JustLoggedIn.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrlPattern;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import java.util.List;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Role;
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

/** Who may see and send what. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class PageAccessTest {
    @Autowired
    private TestPeople people;

    @Autowired
    private MockMvc site;

    private int answer(String method, String path, AccountPrincipal principal) throws Exception {
        var request = (method.equals("GET") ? get(path) : post(path)).with(csrf());
        return site.perform(principal == null ? request : request.with(user(principal)))
                .andReturn()
                .getResponse()
                .getStatus();
    }

    @ParameterizedTest
    @CsvSource({
        // method, path, stranger, user, admin
        "GET,  /,                       200, 200, 200",
        "GET,  /login,                  200, 302, 302",
        "GET,  /signup,                 200, 302, 302",
        "GET,  /setup/0000,             404, 404, 404",
        "GET,  /studio,                 302, 200, 200",
        "GET,  /studio/chat,            302, 200, 200",
        "POST, /studio/info,            302, 302, 302",
        "POST, /studio/chat,            302, 302, 302",
        "POST, /studio/chat/emotes,     302, 422, 422",
        "POST, /studio/chat/moderators, 302, 422, 422",
        "GET,  /settings,               302, 200, 200",
        "POST, /settings/name,          302, 302, 302",
        "POST, /settings/pictures/avatar, 302, 422, 422",
        "POST, /settings/tokens,        302, 422, 422",
        "POST, /settings/delete,        302, 422, 422",
        "GET,  /notifications,          302, 200, 200",
        "POST, /notifications/read,     302, 302, 302",
        "GET,  /api/v1/notices,         401, 200, 200",
        "POST, /api/v1/notices/read,    401, 204, 204",
        "POST, /admin/joining,          404, 404, 400",
        "POST, /admin/invites,          404, 404, 302",
        "POST, /admin/categories,       404, 404, 422",
        "GET,  /studio/connect,         302, 200, 200",
        "GET,  /studio/channel,         302, 200, 200",
        "POST, /studio/channel,         302, 302, 302",
        "POST, /studio/keys/999999/revoke, 302, 404, 404",
        "POST, /studio/end,             302, 302, 302",
        "GET,  /settings/password,      302, 200, 200",
        "POST, /settings/password,      302, 422, 422",
        "GET,  /admin,                  404, 404, 200",
        "GET,  /admin/anything,         404, 404, 404",
        "POST, /admin/streams/end,      404, 404, 400",
        "GET,  /actuator/health,        200, 200, 200",
        "GET,  /actuator/prometheus,    404, 404, 200",
        "GET,  /actuator/env,           404, 404, 404",
    })
    void everybodyGetsWhatIsTheirs(String method, String path, int stranger, int user, int admin) throws Exception {
        AccountPrincipal somebody = people.user();
        AccountPrincipal moderator = people.account(Role.ADMIN);
        assertThat(answer(method, path, null)).as("stranger").isEqualTo(stranger);
        assertThat(answer(method, path, somebody)).as("user").isEqualTo(user);
        assertThat(answer(method, path, moderator)).as("admin").isEqualTo(admin);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/settings", "/settings/account", "/settings/tokens", "/studio", "/studio/chat", "/notifications"
            })
    void pagesOfOnesOwnAskForALogin(String page) throws Exception {
        site.perform(get(page)).andExpect(redirectedUrlPattern("/login?continue=*"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/admin/joining", "/admin/categories"})
    void theConsoleDoesNotExistForOthers(String page) throws Exception {
        site.perform(get(page)).andExpect(status().isNotFound());
        site.perform(get(page).with(user(people.user()))).andExpect(status().isNotFound());
        site.perform(get(page).with(user(people.account(Role.ADMIN)))).andExpect(status().isOk());
        site.perform(post(page).with(user(people.user())).with(csrf())).andExpect(status().isNotFound());
    }

    @Test
    void whatChangesStateWantsAToken() throws Exception {
        for (String path : List.of("/signup", "/login", "/logout", "/studio/keys", "/admin/streams/end")) {
            site.perform(post(path)).andExpect(status().is4xxClientError());
        }
    }
}
