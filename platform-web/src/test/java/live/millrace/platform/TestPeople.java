// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform;

import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;

import jakarta.servlet.http.Cookie;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.Registration;
import live.millrace.platform.account.Role;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.NewStreamKey;
import live.millrace.platform.channel.StreamKeys;
import org.springframework.test.web.servlet.MockMvc;

/**
 * People of the site as tests need them: of a role, with a channel, a key, a session. A bean of every context, which the initializers of
 * the database register, so that no class imports it and all share one context.
 */
public final class TestPeople {
    public static final String PASSWORD = "three quiet herons";

    private static final String LETTERS = "abcdefghjkmnpqstuxyz";

    private final Accounts accounts;
    private final Channels channels;
    private final StreamKeys keys;

    TestPeople(Accounts accounts, Channels channels, StreamKeys keys) {
        this.accounts = accounts;
        this.channels = channels;
        this.keys = keys;
    }

    /** Somebody who signed up as a browser does, with the session that they got. */
    public record SignedUp(String name, String session, AccountPrincipal principal, long channelId) {
        public String topic() {
            return "chat:" + name;
        }
    }

    /** A name that nobody has, of letters that look like no other. */
    public static String name() {
        return "p"
                + ThreadLocalRandom.current()
                        .ints(15, 0, LETTERS.length())
                        .mapToObj(letter -> LETTERS.substring(letter, letter + 1))
                        .collect(Collectors.joining());
    }

    public AccountPrincipal user() {
        return account(Role.USER);
    }

    public AccountPrincipal account(Role role) {
        String name = name();
        return ((Registration.Done) accounts.register(name, name + "@example.org", PASSWORD, role)).principal();
    }

    public ChannelView channel(AccountPrincipal owner) {
        return channels.ofAccount(owner.accountId());
    }

    public NewStreamKey key(AccountPrincipal owner) {
        return keys.create(channel(owner).id(), "home PC").orElseThrow();
    }

    public SignedUp signedUp(MockMvc site, String name) throws Exception {
        Cookie session = site.perform(post("/signup")
                        .with(csrf())
                        .param("username", name)
                        .param("email", name + "@example.org")
                        .param("password", PASSWORD))
                .andReturn()
                .getResponse()
                .getCookie("SESSION");
        AccountPrincipal principal = accounts.findForLogin(name).orElseThrow();
        return new SignedUp(
                name,
                Objects.requireNonNull(session).getValue(),
                principal,
                channel(principal).id());
    }

    /** The session of whoever logs in by their password. */
    public static Cookie logIn(MockMvc site, AccountPrincipal who) throws Exception {
        return Objects.requireNonNull(site.perform(post("/login")
                        .with(csrf())
                        .param("username", who.getUsername())
                        .param("password", PASSWORD))
                .andReturn()
                .getResponse()
                .getCookie("SESSION"));
    }
}
