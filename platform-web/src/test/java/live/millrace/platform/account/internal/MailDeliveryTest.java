// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import live.millrace.media.testing.Wait;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.MailLinks;
import live.millrace.platform.account.Registration;
import live.millrace.platform.account.Role;
import live.millrace.platform.database.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.support.TransactionTemplate;

/** Mails wait in the database, without their secrets, for a server that is not there yet. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ContextConfiguration(initializers = TestDatabase.class)
class MailDeliveryTest {
    private static final int PORT = freePort();

    private final GreenMail mail = new GreenMail(new ServerSetup(PORT, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @DynamicPropertySource
    static void mail(DynamicPropertyRegistry properties) {
        properties.add("spring.mail.host", () -> "127.0.0.1");
        properties.add("spring.mail.port", () -> PORT);
        properties.add("millrace.mail.from", () -> "no-reply@example.org");
        properties.add("millrace.public-url", () -> "https://live.example.org");
    }

    @AfterEach
    void stop() {
        mail.stop();
    }

    @Autowired
    private Accounts accounts;

    @Autowired
    private MailLinks links;

    @Autowired
    private JdbcClient database;

    @Autowired
    private TransactionTemplate transaction;

    private AccountPrincipal account() {
        String name = "e"
                + ThreadLocalRandom.current()
                        .ints(15, 0, 20)
                        .mapToObj(letter -> "abcdefghjkmnpqstuxyz".substring(letter, letter + 1))
                        .collect(Collectors.joining());
        return ((Registration.Done) accounts.register(name, name + "@example.org", "three quiet herons", Role.USER))
                .principal();
    }

    private String field(String column, String target) {
        return database.sql("select " + column
                        + "::text from delivery where kind = 'mail' and target = ? order by id desc limit 1")
                .param(target)
                .query(String.class)
                .optional()
                .orElse("");
    }

    private static MockHttpServletRequest from(String address) {
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.setRemoteAddr(address);
        return request;
    }

    @Test
    void aMailWaitsForTheServerAndHoldsNoSecretMeanwhile() throws Exception {
        AccountPrincipal anna = account();
        String name = anna.getUsername();
        assertThat(links.sendVerification(anna.accountId(), Locale.ENGLISH, from("203.0.113.1")))
                .isTrue();
        Wait.until("it failed", () -> !field("last_error", name).isEmpty());
        assertThat(field("last_error", name)).endsWith(": ConnectException").doesNotContain("@");
        assertThat(field("body", name)).doesNotContain("@").doesNotContain("verify/");
        assertThat(database.sql("select state from delivery where target = ?")
                        .param(name)
                        .query(String.class)
                        .single())
                .isEqualTo("WAITING");

        mail.start();
        Wait.until("it is sent", () -> field("state", name).equals("DONE"));

        MimeMessage sent = mail.getReceivedMessages()[0];
        assertThat(sent.getAllRecipients()[0]).hasToString(name + "@example.org");
        assertThat(sent.getContent().toString()).contains("https://live.example.org/verify/");
        assertThat(sent.getMessageID()).matches("<delivery\\.\\d+\\.\\d+@example\\.org>");
        assertThat(mail.getReceivedMessages()).hasSize(1);
    }

    @Test
    void anAddressThatNobodyHasIsPutDownLikeAnyOther() throws Exception {
        mail.start();
        links.sendReset("nobody@example.org", Locale.ENGLISH, from("203.0.113.2"));
        Wait.until("nobody wants it", () -> field("state", "").equals("DROPPED"));
        assertThat(field("body", "")).doesNotContain("nobody");
        assertThat(mail.getReceivedMessages()).isEmpty();
    }

    @Test
    void whatIsRolledBackSendsNoMail() {
        AccountPrincipal anna = account();
        transaction.executeWithoutResult(status -> {
            links.sendVerification(anna.accountId(), Locale.ENGLISH, from("203.0.113.3"));
            status.setRollbackOnly();
        });
        assertThat(field("id", anna.getUsername())).isEmpty();
    }

    @Test
    void aLinkThatIsNotWantedAnyMoreIsNotSent() throws Exception {
        AccountPrincipal anna = account();
        String name = anna.getUsername();
        links.sendVerification(anna.accountId(), Locale.ENGLISH, from("203.0.113.4"));
        Wait.until("it failed", () -> !field("last_error", name).isEmpty());
        database.sql("update account set verified_at = now() where id = ?")
                .param(anna.accountId())
                .update();
        Wait.until("it is dropped", () -> field("state", name).equals("DROPPED"));
    }
}
