// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.signin;

import static live.millrace.platform.signin.OpenIdServer.SITE;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrl;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import jakarta.servlet.http.Cookie;
import java.net.URI;
import java.util.Objects;
import org.springframework.http.MediaType;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.ResultActions;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;

/** What a browser does between the site and a service. */
record OpenIdBrowser(MockMvc site, OpenIdServer server) {
    /** Somebody on their way: where the service sends them back to, and what their browser holds. */
    record Away(URI back, Cookie trip) {}

    static Cookie cookie(MockHttpServletResponse answer, String name) {
        return Objects.requireNonNull(answer.getCookie(name), name);
    }

    static Cookie session(ResultActions answer) {
        return cookie(answer.andReturn().getResponse(), "SESSION");
    }

    /** To the service, which says who they are. */
    Away away(String begin) throws Exception {
        MockHttpServletResponse answer = site.perform(get(SITE + begin))
                .andExpect(status().is3xxRedirection())
                .andReturn()
                .getResponse();
        return new Away(server.visit(Objects.requireNonNull(answer.getRedirectedUrl())), cookie(answer, "openid"));
    }

    ResultActions back(Away away, Cookie... held) throws Exception {
        MockHttpServletRequestBuilder asked = get(away.back()).cookie(away.trip());
        return site.perform(held.length == 0 ? asked : asked.cookie(held));
    }

    /** There and back; what the site answers to whoever comes back. */
    ResultActions roundTrip(String begin) throws Exception {
        return back(away(begin));
    }

    ResultActions logIn() throws Exception {
        return roundTrip("/login/with/1?continue=/settings");
    }

    /** There and back from a form of somebody who is signed in. */
    ResultActions formTrip(String path, Cookie session, String... fields) throws Exception {
        MockHttpServletRequestBuilder form =
                post(SITE + path).with(csrf()).cookie(session).contentType(MediaType.APPLICATION_FORM_URLENCODED);
        for (int i = 0; i < fields.length; i += 2) {
            form.param(fields[i], fields[i + 1]);
        }
        MockHttpServletResponse answer =
                site.perform(form).andExpect(status().isOk()).andReturn().getResponse();
        String there = Objects.requireNonNull(answer.getHeader("Refresh")).substring("0; url=".length());
        return back(new Away(server.visit(there), cookie(answer, "openid")), session);
    }

    /** Comes for the first time and chooses a name; answers the session. */
    Cookie signUp(String name) throws Exception {
        Cookie arrived = session(roundTrip("/login/with/1").andExpect(redirectedUrl("/signup/with")));
        return session(newcomer(arrived, name).andExpect(redirectedUrl("/studio")));
    }

    ResultActions newcomer(Cookie arrived, String name, String... fields) throws Exception {
        MockHttpServletRequestBuilder form =
                post("/signup/with").with(csrf()).cookie(arrived).param("username", name);
        for (int i = 0; i < fields.length; i += 2) {
            form.param(fields[i], fields[i + 1]);
        }
        return site.perform(form);
    }
}
