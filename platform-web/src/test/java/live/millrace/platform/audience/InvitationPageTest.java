// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience;

import static live.millrace.platform.JustLoggedIn.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.cookie;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrl;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import jakarta.servlet.http.Cookie;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.shared.Secrets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;

/** What whoever opens the link of an invitation sees, and what its button does. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class InvitationPageTest {
    private static final String DEAD = "This invitation is not valid any more";

    @Autowired
    private TestPeople people;

    @Autowired
    private MockMvc site;

    @Autowired
    private Invites invites;

    @Autowired
    private GuestList list;

    @Autowired
    private Guests guests;

    @Autowired
    private JdbcClient database;

    private AccountPrincipal anna;
    private ChannelView channel;

    @BeforeEach
    void aChannel() {
        anna = people.user();
        channel = people.channel(anna);
    }

    private record Link(long id, String secret) {
        String path() {
            return "/i/" + secret;
        }
    }

    private Link invite(int uses, boolean asksName, boolean withoutAccount) {
        Invites.Made.Done made = (Invites.Made.Done) invites.make(
                channel.id(),
                new Invites.Wish("friends", uses, Instant.now().plus(Duration.ofDays(1)), asksName, withoutAccount));
        return new Link(made.id(), made.secret());
    }

    private int used(Link link) {
        return database.sql("select used from audience_invite where id = ?")
                .param(link.id())
                .query(Integer.class)
                .single();
    }

    private static MockHttpServletRequestBuilder press(Link link) {
        return post(link.path()).with(csrf());
    }

    private Cookie comesBy(Link link) throws Exception {
        return Objects.requireNonNull(site.perform(press(link))
                .andExpect(redirectedUrl("/" + channel.name()))
                .andReturn()
                .getResponse()
                .getCookie("guest"));
    }

    /** As the site sees a browser. */
    private Viewer viewer(Cookie cookie) {
        return new Viewer(null, guests.ofBrowser(cookie.getValue()), Set.of());
    }

    // ---- looking ----------------------------------------------------------------------------------------------

    @Test
    void aLookUsesNothingAndTellsNothingElse() throws Exception {
        database.sql("update channel set title = 'The secret garden', description = 'Birds' where id = ?")
                .param(channel.id())
                .update();
        Link link = invite(1, false, true);
        for (int i = 0; i < 5; i++) {
            site.perform(get(link.path()))
                    .andExpect(status().isOk())
                    .andExpect(content().string(containsString(channel.displayName() + " invites you to watch")))
                    .andExpect(content().string(not(containsString("og:"))))
                    .andExpect(content().string(not(containsString("The secret garden"))))
                    .andExpect(content().string(not(containsString("Birds"))))
                    .andExpect(content().string(containsString("<meta name=\"robots\" content=\"noindex\">")))
                    .andExpect(header().string("Referrer-Policy", "no-referrer"))
                    .andExpect(header().string("Cache-Control", "no-store"))
                    .andExpect(header().string("X-Robots-Tag", "noindex"))
                    .andExpect(cookie().doesNotExist("guest"));
        }
        assertThat(used(link)).isZero();
        assertThat(list.of(channel.id())).isEmpty();
    }

    @Test
    void whatIsUnknownRevokedUsedUpOrExpiredIsOnePage() throws Exception {
        Link revoked = invite(1, false, true);
        invites.revoke(channel.id(), revoked.id());
        Link usedUp = invite(1, false, true);
        comesBy(usedUp);
        Link expired = invite(1, false, true);
        database.sql("update audience_invite set expires_at = now() - interval '1 second' where id = ?")
                .param(expired.id())
                .update();
        String unknown = dead(get("/i/" + Secrets.make()));
        assertThat(unknown)
                .contains(DEAD)
                .contains("Ask who sent it for a new one.")
                .doesNotContain(channel.displayName());
        for (String secret : new String[] {
            revoked.secret(), usedUp.secret(), expired.secret(), "x", "mr_0000", Secrets.make() + "x", "山"
        }) {
            assertThat(dead(get("/i/" + secret))).as(secret).isEqualTo(unknown);
            assertThat(dead(post("/i/" + secret).with(csrf()))).as(secret).isEqualTo(unknown);
            assertThat(dead(post("/i/" + secret).param("way", "login").with(csrf())))
                    .as(secret)
                    .isEqualTo(unknown);
        }
        assertThat(dead(get("/i"))).isEqualTo(unknown);
    }

    /** Without what differs from one answer to the next whatever is asked. */
    private String dead(MockHttpServletRequestBuilder request) throws Exception {
        MockHttpServletResponse answer = site.perform(request)
                .andExpect(status().isNotFound())
                .andReturn()
                .getResponse();
        assertThat(answer.getHeader("Referrer-Policy")).isEqualTo("no-referrer");
        return answer.getContentAsString();
    }

    @Test
    void whoeverOpensLinksThatAreNoneWaits() throws Exception {
        Link link = invite(1, false, true);
        int wrong = 0;
        MockHttpServletResponse answer;
        do {
            if (wrong < 50) {
                // A right one costs nothing.
                site.perform(from("203.0.113.7", get(link.path()))).andExpect(status().isOk());
            }
            answer = site.perform(from("203.0.113.7", get("/i/" + Secrets.make())))
                    .andReturn()
                    .getResponse();
            wrong++;
        } while (answer.getStatus() == 404 && wrong < 200);
        assertThat(answer.getStatus()).isEqualTo(429);
        assertThat(wrong).isGreaterThan(60);
        assertThat(answer.getHeader("Retry-After")).matches("[1-9]\\d?");
        assertThat(answer.getContentAsString()).contains("Too many links that don’t work");
        site.perform(from("203.0.113.7", post(link.path()).with(csrf()))).andExpect(status().isTooManyRequests());
        assertThat(used(link)).isZero();
        site.perform(from("198.51.100.7", get(link.path()))).andExpect(status().isOk());
    }

    private static MockHttpServletRequestBuilder from(String address, MockHttpServletRequestBuilder request) {
        return request.with(sent -> {
            sent.setRemoteAddr(address);
            return sent;
        });
    }

    // ---- coming in --------------------------------------------------------------------------------------------

    @Test
    void aStrangerComesInByTheButton() throws Exception {
        Link link = invite(2, false, true);
        site.perform(press(link))
                .andExpect(redirectedUrl("/" + channel.name()))
                .andExpect(cookie().httpOnly("guest", true))
                .andExpect(cookie().path("guest", "/"))
                .andExpect(cookie().sameSite("guest", "Lax"))
                .andExpect(cookie().maxAge(
                                "guest", Math.toIntExact(Duration.ofDays(365).toSeconds())));
        Cookie cookie = comesBy(link);
        Guest guest = guests.of(channel.id(), viewer(cookie)).orElseThrow();
        assertThat(guest.channelId()).isEqualTo(channel.id());
        assertThat(guest.name()).matches("guest-\\d{4}");
        assertThat(used(link)).isEqualTo(2);
        assertThat(list.of(channel.id()))
                .extracting(GuestView::name, GuestView::invite, GuestView::label)
                .contains(tuple(guest.name(), link.id(), "friends"));
    }

    @Test
    void overHttpsTheCookieIsBoundToTheHost() throws Exception {
        site.perform(press(invite(1, false, true)).secure(true))
                .andExpect(cookie().exists("__Host-guest"))
                .andExpect(cookie().secure("__Host-guest", true))
                .andExpect(cookie().doesNotExist("guest"));
    }

    @Test
    void whoIsAskedForANameSaysOne() throws Exception {
        Link link = invite(1, true, true);
        site.perform(get(link.path())).andExpect(content().string(containsString("name=\"name\"")));
        for (String name : new String[] {"", "  ", "\u200b", "x".repeat(31)}) {
            site.perform(press(link).param("name", name))
                    .andExpect(status().isUnprocessableContent())
                    .andExpect(cookie().doesNotExist("guest"))
                    .andExpect(content().string(containsString("Use 1 to 30 characters.")));
        }
        assertThat(used(link)).isZero();
        site.perform(press(link).param("name", " Bob  <b> ")).andExpect(redirectedUrl("/" + channel.name()));
        assertThat(list.of(channel.id())).extracting(GuestView::name).containsExactly("Bob <b>");
    }

    @Test
    void somebodySignedInBecomesANamedGuest() throws Exception {
        AccountPrincipal bob = people.user();
        Link link = invite(2, true, false);
        site.perform(get(link.path()).with(user(bob)))
                .andExpect(content().string(containsString("You come in as " + bob.getUsername())))
                .andExpect(content().string(not(containsString("name=\"name\""))));
        for (int i = 0; i < 2; i++) {
            site.perform(press(link).with(user(bob)))
                    .andExpect(redirectedUrl("/" + channel.name()))
                    .andExpect(cookie().doesNotExist("guest"));
        }
        // Who is inside uses nothing, and goes straight in.
        assertThat(used(link)).isEqualTo(1);
        site.perform(get(link.path()).with(user(bob))).andExpect(redirectedUrl("/" + channel.name()));
        assertThat(guests.of(channel.id(), new Viewer(bob, Map.of(), Set.of())))
                .map(Guest::name)
                .contains(bob.getUsername());
        assertThat(guests.invitedTo(bob.accountId(), Set.of(channel.id(), channel.id() + 1)))
                .containsExactly(channel.id());
    }

    @Test
    void aGuestsLinkThatIsUsedUpLeadsIn() throws Exception {
        Link link = invite(1, false, true);
        Cookie cookie = comesBy(link);
        site.perform(get(link.path()).cookie(cookie)).andExpect(redirectedUrl("/" + channel.name()));
        site.perform(press(link).cookie(cookie)).andExpect(redirectedUrl("/" + channel.name()));
        assertThat(used(link)).isEqualTo(1);
    }

    @Test
    void whoRunsTheChannelUsesNothing() throws Exception {
        Link link = invite(1, false, true);
        site.perform(get(link.path()).with(user(anna))).andExpect(redirectedUrl("/" + channel.name()));
        site.perform(press(link).with(user(anna))).andExpect(redirectedUrl("/" + channel.name()));
        assertThat(used(link)).isZero();
        assertThat(list.of(channel.id())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"login", "signup"})
    void whoSignsInFirstComesBackWithoutTheSecretInAnyOtherAddress(String way) throws Exception {
        Link link = invite(1, false, false);
        site.perform(get(link.path()))
                .andExpect(content().string(containsString("This invitation is for people with an account.")))
                .andExpect(content().string(not(containsString(">Watch<"))));
        // By the button that is not there.
        site.perform(press(link)).andExpect(status().isUnprocessableContent());
        Cookie waits = Objects.requireNonNull(site.perform(press(link).param("way", way))
                .andExpect(redirectedUrl("/" + way + "?continue=/i"))
                .andExpect(cookie().httpOnly("invitation", true))
                .andExpect(cookie().maxAge("invitation", 3_600))
                .andReturn()
                .getResponse()
                .getCookie("invitation"));
        assertThat(used(link)).isZero();
        AccountPrincipal bob = people.user();
        String page = site.perform(get("/i").cookie(waits).with(user(bob)))
                .andExpect(status().isOk())
                .andReturn()
                .getResponse()
                .getContentAsString();
        Matcher action = Pattern.compile("action=\"(/i/[\\w-]{32})\"").matcher(page);
        assertThat(action.find()).isTrue();
        site.perform(post(action.group(1)).with(csrf()).cookie(waits).with(user(bob)))
                .andExpect(redirectedUrl("/" + channel.name()))
                .andExpect(cookie().maxAge("invitation", 0));
        assertThat(list.of(channel.id())).extracting(GuestView::name).containsExactly(bob.getUsername());
    }

    @Test
    void withoutItsPagesTokenNothingIsUsed() throws Exception {
        Link link = invite(1, false, true);
        site.perform(post(link.path()).header("Origin", "https://elsewhere.example"))
                .andExpect(cookie().doesNotExist("guest"));
        assertThat(used(link)).isZero();
    }

    @Test
    void thePageSpeaksChinese() throws Exception {
        site.perform(get(invite(1, true, true).path())
                        .locale(Locale.SIMPLIFIED_CHINESE)
                        .header("Accept-Language", "zh"))
                .andExpect(content().string(containsString(channel.displayName() + " 邀请你观看")));
    }

    // ---- cookies ----------------------------------------------------------------------------------------------

    @Test
    void forgedCookiesAreNobody() throws Exception {
        Cookie real = comesBy(invite(1, false, true));
        for (String forged : new String[] {
            "",
            "x",
            Secrets.make(),
            real.getValue() + "x",
            real.getValue().substring(1),
            real.getValue().toLowerCase(Locale.ROOT) + "' or true --",
            "山".repeat(32),
            "x".repeat(100_000),
            "\u0000".repeat(32)
        }) {
            assertThat(guests.ofBrowser(forged)).isEmpty();
        }
        assertThat(guests.ofBrowser(real.getValue())).containsOnlyKeys(channel.id());
    }

    /** Whoever planted a cookie knows it; after the button it is another. */
    @Test
    void aCookieIsAnotherOneAfterEachInvitation() throws Exception {
        Cookie before = comesBy(invite(1, false, true));
        ChannelView first = channel;
        aChannel();
        Link second = invite(1, false, true);
        Cookie after = Objects.requireNonNull(site.perform(press(second).cookie(before))
                .andReturn()
                .getResponse()
                .getCookie("guest"));
        assertThat(after.getValue()).isNotEqualTo(before.getValue());
        assertThat(guests.ofBrowser(before.getValue())).isEmpty();
        assertThat(guests.ofBrowser(after.getValue())).containsOnlyKeys(first.id(), channel.id());

        Cookie planted = new Cookie("guest", Secrets.make());
        Cookie own = Objects.requireNonNull(
                site.perform(press(invite(1, false, true)).cookie(planted))
                        .andReturn()
                        .getResponse()
                        .getCookie("guest"));
        assertThat(own.getValue()).isNotEqualTo(planted.getValue());
        assertThat(guests.ofBrowser(planted.getValue())).isEmpty();
    }

    @Test
    void aGuestOfOneChannelIsNoneOfAnother() throws Exception {
        Cookie cookie = comesBy(invite(1, false, true));
        ChannelView other = people.channel(people.user());
        assertThat(guests.of(other.id(), viewer(cookie))).isEmpty();
        Guest forged =
                new Guest(guests.ofBrowser(cookie.getValue()).get(channel.id()).id(), other.id(), "x");
        assertThat(guests.of(other.id(), new Viewer(null, Map.of(other.id(), forged), Set.of())))
                .isEmpty();
    }

    // ---- going ------------------------------------------------------------------------------------------------

    @Test
    void whoWasRemovedIsOutAndNoOlderLinkBringsThemBack() throws Exception {
        Link link = invite(5, false, true);
        Cookie cookie = comesBy(link);
        Viewer was = viewer(cookie);
        AccountPrincipal bob = people.user();
        site.perform(press(link).with(user(bob))).andExpect(redirectedUrl("/" + channel.name()));
        list.of(channel.id())
                .forEach(guest ->
                        assertThat(list.remove(channel.id(), guest.id())).isTrue());

        assertThat(guests.of(channel.id(), was)).isEmpty();
        assertThat(guests.ofBrowser(cookie.getValue())).isEmpty();
        assertThat(guests.of(channel.id(), new Viewer(bob, Map.of(), Set.of()))).isEmpty();
        assertThat(guests.invitedTo(bob.accountId(), Set.of(channel.id()))).isEmpty();
        dead(get(link.path()).cookie(cookie));
        dead(press(link).cookie(cookie));
        dead(press(link).with(user(bob)));
        assertThat(used(link)).isEqualTo(2);

        Link newer = invite(5, false, true);
        site.perform(press(newer).cookie(cookie)).andExpect(redirectedUrl("/" + channel.name()));
        site.perform(press(newer).with(user(bob))).andExpect(redirectedUrl("/" + channel.name()));
        assertThat(list.of(channel.id())).hasSize(2);
    }

    @Test
    void whoCameByARevokedLinkIsOut() throws Exception {
        Link link = invite(2, false, true);
        Viewer viewer = viewer(comesBy(link));
        assertThat(guests.of(channel.id(), viewer)).isPresent();
        assertThat(invites.revoke(channel.id(), link.id())).isTrue();
        assertThat(guests.of(channel.id(), viewer)).isEmpty();
        assertThat(list.of(channel.id())).isEmpty();
    }
}
