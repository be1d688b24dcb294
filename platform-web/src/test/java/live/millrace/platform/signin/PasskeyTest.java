// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.signin;

import static live.millrace.platform.JustLoggedIn.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrl;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrlPattern;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import jakarta.servlet.http.Cookie;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.database.TestDatabase;
import org.hamcrest.Matchers;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.ResultActions;

/** Passkeys, and what an attacker who has an authenticator of their own gets with it: nothing. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class PasskeyTest {
    private static final String HERE = "http://localhost";
    private static final String HOST = "localhost";
    private static final Pattern CHALLENGE = Pattern.compile("\"challenge\":\"([^\"]+)\"");
    private static final String REFUSED = "/settings/security?said=passkey-refused#passkeys";
    private static final String ADDED = "/settings/security?said=passkey-added#passkeys";

    @Autowired
    private TestPeople people;

    @Autowired
    private Accounts accounts;

    @Autowired
    private Passkeys passkeys;

    @Autowired
    private JdbcClient database;

    @Autowired
    private MockMvc site;

    private static String challenge(String json) {
        Matcher found = CHALLENGE.matcher(json);
        assertThat(found.find()).isTrue();
        return found.group(1);
    }

    private String toMake(AccountPrincipal anna) throws Exception {
        String options = site.perform(get("/settings/security/passkeys/options").with(user(anna)))
                .andReturn()
                .getResponse()
                .getContentAsString();
        assertThat(options).contains("\"userVerification\":\"required\"", "\"id\":\"localhost\"");
        return challenge(options);
    }

    private String toShow() throws Exception {
        return challenge(site.perform(get("/login/passkey"))
                .andExpect(status().isOk())
                .andReturn()
                .getResponse()
                .getContentAsString());
    }

    /** Looks like an answer of a browser, and is none. */
    private static String answer(String client, String part, String value) {
        return """
                {"id":"AA","rawId":"AA","type":"public-key",
                 "response":{"clientDataJSON":"%s","%s":"%s","signature":"AA"}}
                """.formatted(client, part, value);
    }

    private ResultActions add(AccountPrincipal anna, String made) throws Exception {
        return site.perform(post("/settings/security/passkeys")
                .with(user(anna))
                .with(csrf())
                .param("name", "Phone")
                .param("credential", made));
    }

    private ResultActions signIn(String shown) throws Exception {
        return site.perform(post("/login/passkey")
                .with(csrf())
                .param("continue", "/settings")
                .param("credential", shown));
    }

    private SoftAuthenticator added(AccountPrincipal anna) throws Exception {
        SoftAuthenticator phone = new SoftAuthenticator();
        add(anna, phone.make(toMake(anna), HERE, HOST)).andExpect(redirectedUrl(ADDED));
        return phone;
    }

    @Test
    void aPasskeySignsInWithoutANameAndOnce() throws Exception {
        AccountPrincipal anna = people.user();
        SoftAuthenticator phone = added(anna);
        String shown = phone.show(toShow(), HERE, HOST);
        Cookie session = Objects.requireNonNull(signIn(shown)
                .andExpect(redirectedUrl("/settings"))
                .andReturn()
                .getResponse()
                .getCookie("SESSION"));
        site.perform(get("/settings/security").cookie(session)).andExpect(status().isOk());
        // Whoever overheard the answer has nothing of it.
        signIn(shown).andExpect(status().isUnprocessableContent());
        assertThat(passkeys.of(anna.accountId(), new Passkeys.Place(HERE, HOST)))
                .singleElement()
                .satisfies(one -> assertThat(one.lastUsedAt()).isNotNull());
    }

    @Test
    void noPasskeyIsMadeForAnotherPageOrWithoutALockOrWithSomebodyElsesChallenge() throws Exception {
        AccountPrincipal anna = people.user();
        SoftAuthenticator phone = new SoftAuthenticator();
        add(anna, phone.make(toMake(anna), "https://evil.example", HOST)).andExpect(redirectedUrl(REFUSED));
        add(anna, phone.make(toMake(anna), HERE, "evil.example")).andExpect(redirectedUrl(REFUSED));
        add(anna, phone.make(toMake(people.user()), HERE, HOST)).andExpect(redirectedUrl(REFUSED));
        add(anna, phone.make(toShow(), HERE, HOST)).andExpect(redirectedUrl(REFUSED));
        add(anna, phone.make("AAAA", HERE, HOST)).andExpect(redirectedUrl(REFUSED));
        add(anna, "{").andExpect(redirectedUrl(REFUSED));
        add(anna, "null").andExpect(redirectedUrl(REFUSED));
        add(anna, "").andExpect(redirectedUrl(REFUSED));
        add(anna, answer("?", "attestationObject", "?")).andExpect(redirectedUrl(REFUSED));
        add(anna, answer("e30", "attestationObject", "oA")).andExpect(redirectedUrl(REFUSED));
        phone.verifies = false;
        add(anna, phone.make(toMake(anna), HERE, HOST)).andExpect(redirectedUrl(REFUSED));
        assertThat(passkeys.any(anna.accountId())).isFalse();
    }

    @Test
    void noPasskeySignsInOnAnotherPageOrWithoutALockOrWhenItIsACopy() throws Exception {
        AccountPrincipal anna = people.user();
        SoftAuthenticator phone = added(anna);
        for (String shown : new String[] {
            phone.show(toShow(), "https://evil.example", HOST),
            phone.show(toShow(), HERE, "evil.example"),
            phone.show(toMake(anna), HERE, HOST),
            new SoftAuthenticator().show(toShow(), HERE, HOST),
            "{",
            "null",
            "{\"id\":1}",
            "[]",
            answer("?", "authenticatorData", "?"),
            answer("e30", "authenticatorData", "AA"),
            ""
        }) {
            signIn(shown).andExpect(status().isUnprocessableContent());
        }
        phone.verifies = false;
        signIn(phone.show(toShow(), HERE, HOST)).andExpect(status().isUnprocessableContent());
        phone.verifies = true;
        phone.counter = 7;
        signIn(phone.show(toShow(), HERE, HOST)).andExpect(redirectedUrl("/settings"));
        // A copy that was made before counts from where it was.
        phone.counter = 6;
        signIn(phone.show(toShow(), HERE, HOST)).andExpect(status().isUnprocessableContent());
    }

    @Test
    void whoIsSuspendedIsToldSoAsWithAPassword() throws Exception {
        AccountPrincipal anna = people.user();
        SoftAuthenticator phone = added(anna);
        accounts.suspend(anna.accountId(), "spam", null);
        signIn(phone.show(toShow(), HERE, HOST)).andExpect(redirectedUrlPattern("/suspended/*"));
    }

    @Test
    void oneIsAddedOnceAndRemovedByItsOwnerAlone() throws Exception {
        AccountPrincipal anna = people.user();
        AccountPrincipal bert = people.user();
        SoftAuthenticator phone = added(anna);
        // The same credential under another account: who signs in with it would be a matter of chance.
        add(bert, phone.make(toMake(bert), HERE, HOST)).andExpect(redirectedUrl(REFUSED));
        long id = database.sql("select id from signin_passkey where account_id = ?")
                .param(anna.accountId())
                .query(Long.class)
                .single();
        site.perform(post("/settings/security/passkeys/{id}/remove", id)
                        .with(user(bert))
                        .with(csrf()))
                .andExpect(redirectedUrl("/settings/security?said=passkey-gone#passkeys"));
        assertThat(passkeys.any(anna.accountId())).isTrue();
        site.perform(post("/settings/security/passkeys/{id}/remove", id)
                        .with(user(anna))
                        .with(csrf()))
                .andExpect(redirectedUrl("/settings/security?said=passkey-removed#passkeys"));
        signIn(phone.show(toShow(), HERE, HOST)).andExpect(status().isUnprocessableContent());
    }

    /** A Raspberry Pi in a house: its people log in with a password, and are told why there is no more. */
    @Test
    void anAddressWithoutANameHasNone() throws Exception {
        AccountPrincipal anna = people.user();
        for (String address : new String[] {"http://192.168.1.20/", "http://pi.lan/", "https://[fe80::1]/"}) {
            site.perform(get(address + "login/passkey")).andExpect(status().isNotFound());
            assertThat(site.perform(get(address + "login"))
                            .andReturn()
                            .getResponse()
                            .getContentAsString())
                    .doesNotContain("passkey-sign-in", "webauthn");
            assertThat(site.perform(get(address + "settings/security").with(user(anna)))
                            .andReturn()
                            .getResponse()
                            .getContentAsString())
                    .contains("Passkeys need HTTPS or localhost");
        }
        site.perform(get("https://live.example.org/login/passkey")).andExpect(status().isOk());
    }

    // ---- showing that it is still they ------------------------------------------------------------------------

    private String toConfirm(Cookie session) throws Exception {
        String options = site.perform(get("/confirm/passkey").cookie(session))
                .andExpect(status().isOk())
                .andReturn()
                .getResponse()
                .getContentAsString();
        assertThat(options).contains("\"userVerification\":\"required\"", "\"rpId\":\"localhost\"");
        return challenge(options);
    }

    private ResultActions confirm(Cookie session, String shown) throws Exception {
        return site.perform(post("/confirm/passkey")
                .with(csrf())
                .cookie(session)
                .contentType(MediaType.APPLICATION_FORM_URLENCODED)
                .param("confirm-path", "/studio/keys")
                .param("confirm-again", "true")
                .param("name", "home")
                .param("confirm-credential", shown));
    }

    private Cookie signedIn(SoftAuthenticator phone) throws Exception {
        return Objects.requireNonNull(signIn(phone.show(toShow(), HERE, HOST))
                .andReturn()
                .getResponse()
                .getCookie("SESSION"));
    }

    private String confirmPage(String address, AccountPrincipal anna) throws Exception {
        return site.perform(get(address + "confirm").with(user(anna)))
                .andReturn()
                .getResponse()
                .getContentAsString();
    }

    @Test
    void aPasskeyConfirmsOnceAndGivesTheSessionAFreshId() throws Exception {
        AccountPrincipal anna = people.user();
        SoftAuthenticator phone = added(anna);
        Cookie session = signedIn(phone);
        String shown = phone.show(toConfirm(session), HERE, HOST);
        Cookie fresh = Objects.requireNonNull(confirm(session, shown)
                .andExpect(status().isTemporaryRedirect())
                .andExpect(header().string("Location", "/studio/keys"))
                .andReturn()
                .getResponse()
                .getCookie("SESSION"));
        site.perform(get("/settings").cookie(session)).andExpect(redirectedUrlPattern("/login?continue=*"));
        // Overheard, it is worth nothing, here and at the door.
        confirm(fresh, shown).andExpect(status().isUnprocessableContent());
        signIn(shown).andExpect(status().isUnprocessableContent());
        site.perform(get("/settings").cookie(fresh)).andExpect(status().isOk());
    }

    @Test
    void noPasskeyOfSomebodyElseAndNothingAskedForElsewhereConfirms() throws Exception {
        AccountPrincipal anna = people.user();
        SoftAuthenticator phone = added(anna);
        Cookie session = signedIn(phone);
        Cookie other = signedIn(phone);
        SoftAuthenticator berts = added(people.user());
        for (String shown : new String[] {
            berts.show(toConfirm(session), HERE, HOST),
            new SoftAuthenticator().show(toConfirm(session), HERE, HOST),
            // Of a log-in, of another session of theirs, of another person.
            phone.show(toShow(), HERE, HOST),
            phone.show(toConfirm(other), HERE, HOST),
            phone.show(toConfirm(signedIn(berts)), HERE, HOST),
            phone.show(toConfirm(session), "https://evil.example", HOST),
            phone.show(toConfirm(session), HERE, "evil.example"),
            "{",
            "null",
            answer("e30", "authenticatorData", "AA"),
            ""
        }) {
            confirm(session, shown)
                    .andExpect(status().isUnprocessableContent())
                    .andExpect(content()
                            .string(Matchers.allOf(
                                    Matchers.containsString("This passkey isn’t one of your account’s"),
                                    Matchers.containsString("value=\"home\""))));
        }
        phone.verifies = false;
        confirm(session, phone.show(toConfirm(session), HERE, HOST)).andExpect(status().isUnprocessableContent());
        phone.verifies = true;
        // And nothing of that spent what is theirs, nor their session.
        confirm(session, phone.show(toConfirm(session), HERE, HOST)).andExpect(status().isTemporaryRedirect());
    }

    @Test
    void whoHasAPasskeySeesItFirstAndIsToldWhereItCannotBeUsed() throws Exception {
        AccountPrincipal anna = people.user();
        assertThat(confirmPage("/", anna)).doesNotContain("confirm-credential").contains("confirm-password");
        added(anna);
        String page = confirmPage("/", anna);
        assertThat(page).contains("<passkey-confirm");
        assertThat(page.indexOf("<passkey-confirm")).isLessThan(page.indexOf("name=\"confirm-password\""));
        assertThat(confirmPage("http://192.168.1.20/", anna))
                .doesNotContain("<passkey-confirm")
                .contains("only over HTTPS or on localhost", "name=\"confirm-password\"");
        assertThat(confirmPage("https://live.example.org/", anna))
                .doesNotContain("<passkey-confirm")
                .contains("for another address of this site");
        site.perform(get("http://192.168.1.20/confirm/passkey").with(user(anna)))
                .andExpect(status().isNotFound());
    }
}
