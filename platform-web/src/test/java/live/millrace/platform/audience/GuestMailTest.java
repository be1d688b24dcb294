// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience;

import static live.millrace.platform.JustLoggedIn.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrl;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import live.millrace.media.testing.Wait;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.delivery.Delivery;
import live.millrace.platform.delivery.DeliveryHandler;
import live.millrace.platform.delivery.Outcome;
import live.millrace.platform.delivery.RecurringWork;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;
import tools.jackson.databind.json.JsonMapper;

/** Guests who are invited by mail, over a real mail server. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class GuestMailTest {
    private static final GreenMail MAIL = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));

    @Autowired
    private TestPeople people;

    @Autowired
    private MockMvc site;

    @Autowired
    private GuestList list;

    @Autowired
    private Guests guests;

    @Autowired
    private Invites invites;

    @Autowired
    private JdbcClient database;

    @Autowired
    private List<DeliveryHandler> handlers;

    @Autowired
    private List<RecurringWork> works;

    @Autowired
    private JsonMapper json;

    private AccountPrincipal anna;
    private ChannelView channel;

    @DynamicPropertySource
    static void mail(DynamicPropertyRegistry properties) {
        MAIL.start();
        properties.add("spring.mail.host", () -> "127.0.0.1");
        properties.add("spring.mail.port", () -> MAIL.getSmtp().getPort());
        properties.add("millrace.mail.from", () -> "no-reply@example.org");
        properties.add("millrace.public-url", () -> "https://live.example.org/");
    }

    @AfterAll
    static void stopMail() {
        MAIL.stop();
    }

    @BeforeEach
    void aChannel() {
        anna = people.user();
        channel = people.channel(anna);
    }

    private static String address() {
        return TestPeople.name() + "@example.com";
    }

    private static List<String> mailsTo(String address) {
        return Arrays.stream(MAIL.getReceivedMessages())
                .filter(message -> recipient(message).equals(address))
                .map(GuestMailTest::text)
                .toList();
    }

    private static String recipient(MimeMessage message) {
        try {
            return message.getAllRecipients()[0].toString();
        } catch (MessagingException e) {
            throw new AssertionError(e);
        }
    }

    private static String text(MimeMessage message) {
        try {
            return message.getSubject() + "\n" + message.getContent();
        } catch (MessagingException | IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String mailTo(String address) throws Exception {
        AtomicReference<String> found = new AtomicReference<>();
        Wait.until("a mail", Duration.ofSeconds(20), () -> {
            mailsTo(address).stream().findFirst().ifPresent(found::set);
            return found.get() != null;
        });
        return found.get();
    }

    private static String linkIn(String mail) {
        Matcher link =
                Pattern.compile("https://live\\.example\\.org(/i/[\\w-]{32})").matcher(mail);
        assertThat(link.find()).isTrue();
        return link.group(1);
    }

    private static MockHttpServletRequestBuilder press(String link) {
        return post(link).with(csrf());
    }

    @Test
    void aMailInBothLanguagesBringsOnePersonIn() throws Exception {
        String address = address();
        site.perform(post("/studio/guests").with(user(anna)).with(csrf()).param("who", address))
                .andExpect(redirectedUrl("/studio/guests?mailed#guests"));
        assertThat(list.of(channel.id())).singleElement().satisfies(guest -> {
            assertThat(guest.name()).isEqualTo(address);
            assertThat(guest.pending()).isTrue();
        });
        String mail = mailTo(address);
        assertThat(mail)
                .contains(channel.displayName() + " invites you to watch")
                .contains(channel.displayName() + " 邀请你在");
        String link = linkIn(mail);
        // What looks after mail opens links.
        site.perform(get(link)).andExpect(status().isOk());
        site.perform(press(link).param("name", "Bob")).andExpect(redirectedUrl("/" + channel.name()));
        site.perform(press(link).param("name", "Eve")).andExpect(status().isNotFound());
        assertThat(list.of(channel.id())).singleElement().satisfies(guest -> {
            assertThat(guest.name()).isEqualTo("Bob");
            assertThat(guest.mail()).isEqualTo(address);
            assertThat(guest.pending()).isFalse();
            assertThat(guest.invite()).isNull();
        });
        // It is the guest's, not the list's.
        assertThat(invites.of(channel.id())).isEmpty();
    }

    @Test
    void whoHasAnAccountComesWithIt() throws Exception {
        String address = address();
        list.addMail(channel.id(), address, Locale.SIMPLIFIED_CHINESE);
        String mail = mailTo(address);
        assertThat(mail.indexOf("你好")).isLessThan(mail.indexOf("Hello"));
        AccountPrincipal bob = people.user();
        site.perform(press(linkIn(mail)).with(user(bob))).andExpect(redirectedUrl("/" + channel.name()));
        assertThat(list.of(channel.id())).extracting(GuestView::name).containsExactly(bob.getUsername());
        assertThat(guests.invitedTo(bob.accountId(), Set.of(channel.id()))).hasSize(1);
    }

    @Test
    void whoWasRemovedBeforeTheyCameCannotCome() throws Exception {
        String address = address();
        list.addMail(channel.id(), address, Locale.ENGLISH);
        String link = linkIn(mailTo(address));
        assertThat(list.remove(channel.id(), list.of(channel.id()).getFirst().id()))
                .isTrue();
        site.perform(get(link)).andExpect(status().isNotFound());
        site.perform(press(link).param("name", "Bob")).andExpect(status().isNotFound());
        assertThat(list.of(channel.id())).isEmpty();
    }

    @Test
    void revokingAllLinksLeavesWhoWasWrittenTo() throws Exception {
        String address = address();
        list.addMail(channel.id(), address, Locale.ENGLISH);
        String link = linkIn(mailTo(address));
        invites.revokeAll(channel.id());
        site.perform(press(link).param("name", "Bob")).andExpect(redirectedUrl("/" + channel.name()));
        assertThat(list.of(channel.id())).hasSize(1);
    }

    /** The process died before it wrote down that the mail went out. */
    @Test
    void aMailThatIsSentAgainHasTheOneLinkThatWorks() throws Exception {
        String address = address();
        list.addMail(channel.id(), address, Locale.ENGLISH);
        String first = linkIn(mailTo(address));
        long guest = list.of(channel.id()).getFirst().id();
        Delivery again = new Delivery(
                1,
                "mail.invitation",
                channel.name(),
                json.readTree("{\"guest\":" + guest + ",\"language\":\"en\"}"),
                1,
                Instant.now());
        DeliveryHandler handler = handlers.stream()
                .filter(one -> one.kind().equals("mail.invitation"))
                .findFirst()
                .orElseThrow();
        assertThat(handler.deliver(again)).isEqualTo(Outcome.DONE);
        Wait.until("the second mail", () -> mailsTo(address).size() == 2);
        String second = mailsTo(address).stream()
                .map(GuestMailTest::linkIn)
                .filter(link -> !link.equals(first))
                .findFirst()
                .orElseThrow();
        site.perform(get(first)).andExpect(status().isNotFound());
        site.perform(press(second).param("name", "Bob")).andExpect(redirectedUrl("/" + channel.name()));
        assertThat(handler.deliver(again)).isEqualTo(Outcome.GONE);
        assertThat(list.of(channel.id())).hasSize(1);
    }

    @Test
    void theMailsOfADayAreLimited() {
        String address = address();
        assertThat(list.addMail(channel.id(), address, Locale.ENGLISH)).isInstanceOf(GuestList.Added.Done.class);
        assertThat(list.addMail(channel.id(), address.toUpperCase(Locale.ROOT), Locale.ENGLISH))
                .isEqualTo(new GuestList.Added.Refused("studio.guest.already"));
        // To one, whoever invites them.
        for (int i = 1; i < GuestList.MAX_MAILS_TO_ONE; i++) {
            assertThat(list.addMail(people.channel(people.user()).id(), address, Locale.ENGLISH))
                    .isInstanceOf(GuestList.Added.Done.class);
        }
        assertThat(list.addMail(people.channel(people.user()).id(), address, Locale.ENGLISH))
                .isEqualTo(new GuestList.Added.Refused("studio.guest.too-many"));
        // By one, also those who were removed again.
        database.sql("""
                insert into audience_guest (channel_id, name, mail, mailed_at, made_at, removed_at)
                select ?, '', 'x' || n || '@example.com', now(), now(), now() from generate_series(2, ?) n
                """).param(channel.id()).param(GuestList.MAX_MAILS_A_DAY).update();
        assertThat(list.addMail(channel.id(), address(), Locale.ENGLISH))
                .isEqualTo(new GuestList.Added.Refused("studio.guest.too-many"));
        for (String malformed : new String[] {"a@", "a b@example.org", "x".repeat(250) + "@example.org"}) {
            assertThat(list.addMail(channel.id(), malformed, Locale.ENGLISH))
                    .isEqualTo(new GuestList.Added.Refused("studio.guest.malformed"));
        }
    }

    @Test
    void noSecretWaitsInTheQueue() throws Exception {
        String address = address();
        list.addMail(channel.id(), address, Locale.ENGLISH);
        String secret = linkIn(mailTo(address)).substring("/i/".length());
        for (String table : List.of("delivery", "audience_invite", "audience_guest")) {
            assertThat(database.sql("select t::text from " + table + " t")
                            .query(String.class)
                            .list())
                    .noneMatch(row -> row.contains(secret));
        }
        assertThat(database.sql("select t::text from delivery t")
                        .query(String.class)
                        .list())
                .noneMatch(row -> row.contains(address));
    }

    @Test
    void theAddressOfWhoWasRemovedIsForgottenAfterADay() {
        list.addMail(channel.id(), address(), Locale.ENGLISH);
        list.remove(channel.id(), list.of(channel.id()).getFirst().id());
        database.sql("update audience_guest set removed_at = now() - interval '25 hours' where channel_id = ?")
                .param(channel.id())
                .update();
        works.stream().filter(work -> work.name().equals("forget.guests")).forEach(RecurringWork::run);
        assertThat(database.sql("select count(*) from audience_guest where channel_id = ? and mail is not null")
                        .param(channel.id())
                        .query(Integer.class)
                        .single())
                .isZero();
    }
}
