// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.https.internal;

import static live.millrace.platform.JustLoggedIn.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrl;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import live.millrace.media.testing.FreePort;
import live.millrace.media.testing.Wait;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Role;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.https.Https;
import live.millrace.platform.https.HttpsView;
import live.millrace.platform.https.Trouble;
import live.millrace.platform.shared.SiteAddress;
import live.millrace.platform.shared.SiteKey;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.MockMvc;

/** A site that gets its certificate from an ACME server: both proofs, renewal, refusals, and what a person does about it. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
@DirtiesContext
@ExtendWith(OutputCaptureExtension.class)
@Timeout(300)
class AcmeTest {
    private static final String DOMAIN = "live.example.org";
    private static final String TERMS = "data:text/plain,Do%20what%20thou%20wilt";
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int HTTPS = FreePort.next();
    private static final int PLAIN = FreePort.next();

    private static final Pebble PEBBLE =
            new Pebble(Path.of("target", "pebble", UUID.randomUUID().toString()).toAbsolutePath(), PLAIN, HTTPS);

    @Autowired
    private JdbcClient database;

    @Autowired
    private Https https;

    @Autowired
    private HeldCertificate held;

    @Autowired
    private HttpsMode mode;

    @Autowired
    private HttpsRows rows;

    @Autowired
    private SiteKey key;

    @Autowired
    private SiteAddress address;

    @Autowired
    private Clock clock;

    @Autowired
    private TestPeople people;

    @Autowired
    private MockMvc site;

    @DynamicPropertySource
    static void settings(DynamicPropertyRegistry settings) {
        settings.add("millrace.https.port", () -> HTTPS);
        settings.add("millrace.https.redirect-port", () -> PLAIN);
        settings.add("millrace.https.directory", () -> PEBBLE.address());
        settings.add("millrace.https.directory-ca", () -> PEBBLE.authority().toString());
        settings.add("millrace.tls.rtmp-port", () -> 0);
        settings.add("millrace.tls.rtsp-port", () -> 0);
        settings.add("millrace.tls.http-port", () -> 0);
    }

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(Pebble.installed(), "pebble and pebble-challtestsrv are not installed");
        PEBBLE.start();
    }

    @AfterAll
    static void stop() throws Exception {
        PEBBLE.close();
    }

    /** From the beginning: nobody has said or got anything. */
    @BeforeEach
    void anew() throws Exception {
        PEBBLE.names("127.0.0.1");
        database.sql("delete from https_certificate").update();
        database.sql("delete from https_account").update();
        database.sql("delete from https_order").update();
        database.sql("update https_site set domain = null, terms_agreed = null").update();
        rows.anew("");
        held.load();
        assertThat(address.origin()).isEmpty();
    }

    private AccountPrincipal admin() {
        return people.account(Role.ADMIN);
    }

    // ---- a certificate ------------------------------------------------------------------------------------------

    private void inForce(Way way) throws Exception {
        database.sql("update https_site set domain = ?, terms_agreed = ?, way = ?, tried_for = ?")
                .param(DOMAIN)
                .param(TERMS)
                .param(way.name())
                .param(DOMAIN + " " + PEBBLE.address())
                .update();
        inForce();
    }

    private void inForce() throws Exception {
        Wait.until("a certificate is in force", PATIENCE, () -> {
            HttpsView view = https.view();
            return view.state() == HttpsView.State.IN_FORCE && view.failure() == null && held.trusted();
        });
        assertThat(isServed()).as("what is in force is at the port").isTrue();
    }

    private boolean isServed() throws Exception {
        try (SSLSocket socket = encrypted(PEBBLE.trust())) {
            return socket.isConnected();
        } catch (SSLHandshakeException stillItsOwn) {
            return false;
        }
    }

    private SSLSocket encrypted(SSLContext trust) throws IOException {
        SSLSocket socket = (SSLSocket) trust.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), HTTPS);
        socket.setSoTimeout(60_000);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(DOMAIN)));
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private static X509Certificate shown(SSLSocket socket) throws IOException {
        return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }

    private BigInteger serial() throws Exception {
        try (SSLSocket socket = encrypted(PEBBLE.trust())) {
            X509Certificate shown = shown(socket);
            assertThat(shown.getSubjectAlternativeNames()).hasToString("[[2, " + DOMAIN + "]]");
            return shown.getSerialNumber();
        }
    }

    private static String ask(Socket socket, String request) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(request.getBytes(StandardCharsets.US_ASCII));
        out.flush();
        InputStream in = socket.getInputStream();
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("ended after " + head);
            }
            head.append((char) next);
        }
        java.util.regex.Matcher length =
                java.util.regex.Pattern.compile("(?i)content-length: (\\d+)").matcher(head);
        if (length.find()) {
            in.readNBytes(request.startsWith("HEAD") ? 0 : Integer.parseInt(length.group(1)));
        }
        return head.toString();
    }

    private static String plain(String host, String path) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), PLAIN)) {
            socket.setSoTimeout(60_000);
            return ask(socket, "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
        }
    }

    @Test
    void aPersonSaysTheDomainAgreesAndIsOnHttps(CapturedOutput log) throws Exception {
        AccountPrincipal admin = admin();
        assertThat(https.view().state()).isEqualTo(HttpsView.State.NO_DOMAIN);
        // Before there is one, the site is there in plain, and at the encrypted port behind a certificate of its own.
        assertThat(plain(DOMAIN, "/robots.txt")).doesNotStartWith("HTTP/1.1 308");
        site.perform(post("/admin/https/domain")
                        .param("domain", "https://nonsense")
                        .with(csrf())
                        .with(user(admin)))
                .andExpect(redirectedUrl("/admin/https?said=domain"));
        site.perform(post("/admin/https/domain")
                        .param("domain", "Live.Example.org")
                        .with(csrf())
                        .with(user(admin)))
                .andExpect(redirectedUrl("/admin/https?said=done"));
        Wait.until("the terms are shown", PATIENCE, () -> https.view().state() == HttpsView.State.TERMS);
        String page = site.perform(get("/admin/https").with(user(admin)))
                .andReturn()
                .getResponse()
                .getContentAsString();
        assertThat(page).contains("data-state=\"TERMS\"", "I agree");
        String terms = https.view().terms();
        site.perform(post("/admin/https/terms")
                        .param("terms", "others")
                        .with(csrf())
                        .with(user(admin)))
                .andExpect(redirectedUrl("/admin/https?said=terms"));
        site.perform(post("/admin/https/terms")
                        .param("terms", terms)
                        .with(csrf())
                        .with(user(admin)))
                .andExpect(redirectedUrl("/admin/https?said=done"));
        inForce();

        try (SSLSocket socket = encrypted(PEBBLE.trust())) {
            String head = ask(socket, "GET /login HTTP/1.1\r\nHost: " + DOMAIN + ":" + HTTPS + "\r\n\r\n");
            assertThat(head).startsWith("HTTP/1.1 200").doesNotContainIgnoringCase("strict-transport-security");
        }
        assertThat(plain("evil.example", "//evil.example/x?y=1"))
                .startsWith("HTTP/1.1 308")
                .contains("Location: https://" + DOMAIN + ":" + HTTPS + "//evil.example/x?y=1\r\n");
        assertThat(address.origin()).contains("https://" + DOMAIN + ":" + HTTPS);
        assertThat(site.perform(get("/admin/https").with(user(admin)))
                        .andReturn()
                        .getResponse()
                        .getContentAsString())
                .contains("data-state=\"IN_FORCE\"", "Pebble");
        assertThat(log).contains("Obtained a certificate for " + DOMAIN).doesNotContainIgnoringCase("renewed");
        // Neither key lies open in the database.
        assertThat(database.sql(
                                "select string_agg(c::text, ' ') || (select string_agg(a::text, ' ') from https_account a)"
                                        + " from https_certificate c")
                        .query(String.class)
                        .single())
                .doesNotContain("PRIVATE");
    }

    @Test
    void aHandshakeProvesTheDomainAsWell() throws Exception {
        inForce(Way.TLS);
        assertThat(serial()).isPositive();
        assertThat(held.proofs()).isEmpty();
        assertThat(rows.state().way()).isEqualTo(Way.TLS);
    }

    @Test
    void aRenewalDropsNobody() throws Exception {
        inForce(Way.HTTP);
        SSLContext trust = PEBBLE.trust();
        BigInteger first = serial();
        String request = "HEAD /login HTTP/1.1\r\nHost: " + DOMAIN + "\r\n\r\n";
        try (SSLSocket before = encrypted(trust)) {
            ask(before, request);
            // What there is fits no more, as it would at two thirds of its life, and is in force until another one is.
            database.sql("update https_certificate set domain = 'old.example.org'")
                    .update();
            Wait.until("another certificate is in force", PATIENCE, () -> !serial().equals(first));
            assertThat(ask(before, request)).startsWith("HTTP/1.1 200");
            assertThat(shown(before).getSerialNumber()).isEqualTo(first);
        }
    }

    private String page() throws Exception {
        return site.perform(get("/admin/https").with(user(admin())))
                .andReturn()
                .getResponse()
                .getContentAsString();
    }

    @Test
    void aDomainWithATypoLeavesTheOldOneInForce() throws Exception {
        inForce(Way.HTTP);
        BigInteger first = serial();
        assertThat(page())
                .contains("stays in use until the new domain has its certificate")
                .doesNotContain("Back to");
        PEBBLE.names("");
        assertThat(https.domain("lvie.example.org", admin().actor())).isTrue();
        fails(Trouble.NO_NAME);
        assertThat(https.view().state()).isEqualTo(HttpsView.State.FAILED);
        assertThat(https.view().meanwhile()).isEqualTo(DOMAIN);
        assertThat(address.origin()).contains("https://" + DOMAIN + ":" + HTTPS);
        assertThat(plain(DOMAIN, "/x")).startsWith("HTTP/1.1 308").contains("Location: https://" + DOMAIN + ":");
        assertThat(plain("lvie.example.org", "/robots.txt")).doesNotStartWith("HTTP/1.1 308");
        assertThat(serial()).isEqualTo(first);
        assertThat(page()).contains("HTTPS works for " + DOMAIN + " as before", "Back to " + DOMAIN);
        String overview = site.perform(get("/admin").with(user(admin())))
                .andReturn()
                .getResponse()
                .getContentAsString();
        assertThat(overview)
                .containsPattern("href=\"/admin/https\"[^>]*data-state=\"bad\"")
                .contains("No certificate for lvie.example.org");
        // Back again: what was kept fits, and nobody is asked.
        assertThat(https.domain(DOMAIN, admin().actor())).isTrue();
        Wait.until(
                "the failure is forgotten",
                PATIENCE,
                () -> https.view().state() == HttpsView.State.IN_FORCE
                        && https.view().failure() == null);
        assertThat(serial()).isEqualTo(first);
    }

    @Test
    void anotherProcessFindsWhatThisOneGot() throws Exception {
        inForce(Way.HTTP);
        SiteAddress theirs = new SiteAddress(null);
        HeldCertificate another = new HeldCertificate(mode, rows, new KeptCertificates(database, key), theirs, clock);
        another.load();
        assertThat(another.trusted()).isTrue();
        assertThat(theirs.origin()).contains("https://" + DOMAIN + ":" + HTTPS);
        assertThat(another.keys().getCertificateChain("site")[0])
                .isEqualTo(held.keys().getCertificateChain("site")[0]);
    }

    private CertificateOrder order(KeptCertificates certificates) {
        return new CertificateOrder(mode, rows, certificates, new Proofs(rows, held, clock), clock);
    }

    /** Directories issue a handful for a name in a week, whether they are downloaded or not. */
    @Test
    void anOrderWhoseProcessWasKilledIsGoneOnWith() throws Exception {
        KeptCertificates dying = new KeptCertificates(database, key) {
            @Override
            void keep(String domain, String directory, List<X509Certificate> chain, KeyPair keys, Instant now) {
                throw new IllegalStateException("killed");
            }
        };
        KeptCertificates living = new KeptCertificates(database, key);
        assertThatExceptionOfType(HttpsFailure.class)
                .isThrownBy(() -> order(dying).obtain(DOMAIN, Way.HTTP, TERMS))
                .satisfies(failure -> assertThat(failure.detail()).isEqualTo("killed"));
        assertThat(living.find(DOMAIN, PEBBLE.address())).isEmpty();
        KeptCertificates.Begun begun = living.begun(DOMAIN, PEBBLE.address()).orElseThrow();
        assertThat(living.begun("other.example.org", PEBBLE.address())).isEmpty();
        assertThat(database.sql("select o::text from https_order o")
                        .query(String.class)
                        .single())
                .doesNotContain("PRIVATE");
        // Another order would have to be proved, and nothing can be now.
        PEBBLE.names("");
        order(living).obtain(DOMAIN, Way.HTTP, TERMS);
        assertThat(living.find(DOMAIN, PEBBLE.address()).orElseThrow().keys().getPublic())
                .isEqualTo(begun.keys().getPublic());
        assertThat(living.begun(DOMAIN, PEBBLE.address())).isEmpty();
    }

    /** Of somebody else's, or of a directory that forgot: then it is another one. */
    @Test
    void anOrderThatTheDirectoryDoesNotKnowIsMadeAnew() throws Exception {
        KeptCertificates certificates = new KeptCertificates(database, key);
        certificates.begin(
                DOMAIN,
                PEBBLE.address(),
                new KeptCertificates.Begun(PEBBLE.address().replace("/dir", "/my-order/none"), KeyPairs.make()),
                clock.instant());
        order(certificates).obtain(DOMAIN, Way.HTTP, TERMS);
        assertThat(certificates.find(DOMAIN, PEBBLE.address())).isPresent();
        assertThat(certificates.begun(DOMAIN, PEBBLE.address())).isEmpty();
    }

    // ---- failures -----------------------------------------------------------------------------------------------

    private HttpsView.Failure fails(Trouble trouble) throws Exception {
        Wait.until("it fails", PATIENCE, () -> https.view().failure() != null);
        HttpsView.Failure failure = https.view().failure();
        assertThat(failure.trouble())
                .as("%s %s", failure.type(), failure.detail())
                .isEqualTo(trouble);
        assertThat(failure.next()).isAfter(failure.at());
        return failure;
    }

    @Test
    void aNameThatNobodyKnowsIsToldInWords() throws Exception {
        PEBBLE.names("");
        database.sql("update https_site set domain = ?, terms_agreed = ?")
                .param(DOMAIN)
                .param(TERMS)
                .update();
        fails(Trouble.NO_NAME);
        assertThat(rows.state().refused()).hasSize(1);
        assertThat(https.view().mayTry()).as("a minute has to pass").isFalse();
        String page = site.perform(get("/admin/https").with(user(admin())))
                .andReturn()
                .getResponse()
                .getContentAsString();
        assertThat(page).contains("data-state=\"FAILED\"", "No name server knows " + DOMAIN);
        // The name is there, a minute has passed, and somebody asks for another try.
        PEBBLE.names("127.0.0.1");
        database.sql("update https_site set tried_at = tried_at - interval '2 minutes'")
                .update();
        assertThat(https.tryNow(admin().actor())).isTrue();
        inForce();
    }

    /** What follows from a wrong clock is told nobody; the clock is. */
    @Test
    void aClockThatIsAYearOffIsSaid() {
        Clock wrong = Clock.offset(clock, Duration.ofDays(365));
        CertificateOrder order = new CertificateOrder(
                mode, rows, new KeptCertificates(database, key), new Proofs(rows, held, wrong), wrong);
        assertThatExceptionOfType(HttpsFailure.class)
                .isThrownBy(() -> order.obtain(DOMAIN, Way.HTTP, null))
                .satisfies(failure -> {
                    assertThat(failure.trouble()).isEqualTo(Trouble.CLOCK);
                    assertThat(failure.until())
                            .isBetween(
                                    clock.instant().minusSeconds(60),
                                    clock.instant().plusSeconds(60));
                });
    }

    @Test
    void aDirectoryThatIsAwayLeavesWhatIsInForce() throws Exception {
        inForce(Way.HTTP);
        BigInteger first = serial();
        SSLContext trust = PEBBLE.trust();
        PEBBLE.stop();
        try {
            database.sql("update https_certificate set domain = 'old.example.org'")
                    .update();
            fails(Trouble.AWAY);
            try (SSLSocket socket = encrypted(trust)) {
                assertThat(shown(socket).getSerialNumber()).isEqualTo(first);
            }
        } finally {
            PEBBLE.start();
        }
        // It knows our account no more: a new one is made.
        for (int i = 0; i < 2 && https.view().failure() != null; i++) {
            int failures = rows.state().failures();
            database.sql("update https_site set next_at = now()").update();
            Wait.until("it is tried again", PATIENCE, () -> rows.state().failures() != failures);
        }
        inForce();
    }
}
