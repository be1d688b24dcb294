// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import jakarta.servlet.http.Cookie;
import java.net.URI;
import live.millrace.platform.account.AccountPrincipal;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.ResultActions;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;

/** Forms that make a secret: the page after them shows it, once. */
public final class FollowedForm {
    private FollowedForm() {}

    /**
     * Follows the answer to a form as a browser does, and loads the page after it again.
     *
     * @return the page that shows it
     */
    public static String page(MockMvc site, ResultActions answer, AccountPrincipal who) throws Exception {
        MockHttpServletResponse made =
                answer.andExpect(status().is3xxRedirection()).andReturn().getResponse();
        String address = made.getRedirectedUrl();
        Cookie session = made.getCookie("SESSION");
        assertThat(session).as("where it waits").isNotNull();
        String page = site.perform(asked(address, who, session))
                .andExpect(status().isOk())
                .andExpect(header().string("Cache-Control", "no-store"))
                .andReturn()
                .getResponse()
                .getContentAsString();
        assertThat(page).doesNotContain("It was shown once");
        MockHttpServletResponse again =
                site.perform(asked(address, who, session)).andReturn().getResponse();
        if (again.getRedirectedUrl() != null) {
            again = site.perform(asked(again.getRedirectedUrl(), who, session))
                    .andReturn()
                    .getResponse();
        }
        assertThat(again.getStatus()).isEqualTo(200);
        assertThat(again.getContentAsString()).contains("It was shown once").isNotEqualTo(page);
        return page;
    }

    /** A parameter without a value is an empty one to a server, and none to the mock of one. */
    private static MockHttpServletRequestBuilder asked(String address, AccountPrincipal who, Cookie session) {
        URI uri = URI.create(address);
        MockHttpServletRequestBuilder request = get(uri.getPath());
        if (uri.getQuery() != null) {
            request.param(uri.getQuery(), "");
        }
        return request.with(JustLoggedIn.user(who)).cookie(session);
    }
}
