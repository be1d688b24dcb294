// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.delete;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.multipart;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.put;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrl;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrlPattern;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.internet.MimeMessage;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import live.millrace.platform.account.AccessTokens;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.Joining;
import live.millrace.platform.account.Registration;
import live.millrace.platform.account.Role;
import live.millrace.platform.account.SignUpMode;
import live.millrace.platform.channel.BroadcastInfo;
import live.millrace.platform.channel.Categories;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.Follows;
import live.millrace.platform.database.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.mock.web.MockMultipartFile;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.request.MockMultipartHttpServletRequestBuilder;
import org.springframework.test.web.servlet.request.RequestPostProcessor;

/** Follows, profiles, joining, mail, search and the API, over a real PostgreSQL and a real mail server. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class PeopleTest {
    private static final String PASSWORD = "three quiet herons";
    private static final GreenMail MAIL = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));

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

    @Autowired
    private MockMvc site;

    @Autowired
    private Accounts accounts;

    @Autowired
    private AccessTokens tokens;

    @Autowired
    private Joining joining;

    @Autowired
    private Channels channels;

    @Autowired
    private Categories categories;

    @Autowired
    private Follows follows;

    @Autowired
    private live.millrace.platform.chat.ChatRooms rooms;

    @Autowired
    private JdbcClient database;

    private static String name() {
        // Letters that look like no other.
        return "p"
                + ThreadLocalRandom.current()
                        .ints(15, 0, 20)
                        .mapToObj(letter -> "abcdefghjkmnpqstuxyz".substring(letter, letter + 1))
                        .collect(Collectors.joining());
    }

    private AccountPrincipal account(Role role) {
        String name = name();
        return ((Registration.Done) accounts.register(name, name + "@example.org", PASSWORD, role)).principal();
    }

    private ChannelView channel(AccountPrincipal principal) {
        return channels.ofAccount(principal.accountId());
    }

    private static RequestPostProcessor as(AccountPrincipal principal) {
        return user(principal);
    }

    // ---- following --------------------------------------------------------------------------------------------

    @Test
    void aHundredWhoFollowAtOnceAreAHundred() throws Exception {
        ChannelView channel = channel(account(Role.USER));
        List<Long> followers = new ArrayList<>();
        // Names without passwords: a hundred hashes would be the test.
        for (int i = 0; i < 100; i++) {
            String name = name();
            followers.add(database.sql(
                            "insert into account (username, username_skeleton, email, password_hash) values (?, ?, ?, '') returning id")
                    .param(name)
                    .param(name)
                    .param(name + "@example.org")
                    .query(Long.class)
                    .single());
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> clicks = new ArrayList<>();
            for (Long follower : followers) {
                // Twice each: a double click is one follow.
                clicks.add(threads.submit(() -> follows.follow(follower, channel.id())));
                clicks.add(threads.submit(() -> follows.follow(follower, channel.id())));
            }
            for (Future<?> click : clicks) {
                click.get();
            }
            assertThat(channels.find(channel.id()).orElseThrow().followers()).isEqualTo(100);
            clicks.clear();
            for (Long follower : followers.subList(0, 40)) {
                clicks.add(threads.submit(() -> follows.unfollow(follower, channel.id())));
            }
            for (Future<?> click : clicks) {
                click.get();
            }
        }
        assertThat(channels.find(channel.id()).orElseThrow().followers()).isEqualTo(60);
        database.sql("delete from account where id = any(?)")
                .param(followers.toArray(Long[]::new))
                .update();
        assertThat(channels.find(channel.id()).orElseThrow().followers()).isZero();
    }

    @Test
    void followingIsForWhoeverIsSignedIn() throws Exception {
        AccountPrincipal anna = account(Role.USER);
        AccountPrincipal bob = account(Role.USER);
        String path = "/api/v1/channels/" + anna.getUsername() + "/follow";
        site.perform(put(path).with(csrf()))
                .andExpect(status().isUnauthorized())
                .andExpect(content().contentTypeCompatibleWith("application/problem+json"));
        site.perform(put(path).with(as(bob))).andExpect(status().isForbidden());
        site.perform(put(path).with(as(anna)).with(csrf())).andExpect(status().isUnprocessableContent());
        site.perform(put(path).with(as(bob)).with(csrf()))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.follows").value(true))
                .andExpect(jsonPath("$.followers").value(1));
        site.perform(get("/following").with(as(bob)))
                .andExpect(content().string(containsString("href=\"/" + anna.getUsername() + "\"")));
        site.perform(delete(path).with(as(bob)).with(csrf()))
                .andExpect(jsonPath("$.followers").value(0));
        site.perform(put("/api/v1/channels/nobody-here/follow").with(as(bob)).with(csrf()))
                .andExpect(status().isNotFound())
                .andExpect(content().contentTypeCompatibleWith("application/problem+json"));
        site.perform(get("/following")).andExpect(redirectedUrlPattern("/login?continue=*"));
    }

    @Test
    void theFormFollowsWithoutAScript() throws Exception {
        AccountPrincipal anna = account(Role.USER);
        AccountPrincipal bob = account(Role.USER);
        site.perform(post("/follow/" + anna.getUsername()).with(as(bob)).with(csrf()))
                .andExpect(redirectedUrl("/" + anna.getUsername()));
        assertThat(follows.since(bob.accountId(), channel(anna).id())).isPresent();
        site.perform(post("/follow/" + anna.getUsername())
                .param("follow", "false")
                .with(as(bob))
                .with(csrf()));
        assertThat(follows.since(bob.accountId(), channel(anna).id())).isEmpty();
    }

    // ---- notices ----------------------------------------------------------------------------------------------

    @Autowired
    private live.millrace.platform.notification.Notices notices;

    @Autowired
    private org.springframework.context.ApplicationContext context;

    private long broadcast(long channelId) {
        return database.sql("insert into live_broadcast (channel_id, engine_id, title, started_at)"
                        + " values (?, ?, 'Piano', now()) returning id")
                .param(channelId)
                .param(java.util.UUID.randomUUID())
                .query(Long.class)
                .single();
    }

    /** Asks the package-private part that writes notices, as the clock does. */
    private java.util.Set<Long> tell(long channelId, long broadcastId) throws Exception {
        Object notifier = context.getBean("jdbcNotices");
        return ((java.util.Collection<?>) org.springframework.test.util.ReflectionTestUtils.invokeMethod(
                        notifier, "tellFollowers", channelId, broadcastId))
                .stream().map(Long.class::cast).collect(Collectors.toSet());
    }

    @Test
    void followersAreToldOnceForABroadcastAndNotAgainWithinTheHour() throws Exception {
        AccountPrincipal anna = account(Role.USER);
        AccountPrincipal bob = account(Role.USER);
        AccountPrincipal stranger = account(Role.USER);
        long channelId = channel(anna).id();
        follows.follow(bob.accountId(), channelId);
        long first = broadcast(channelId);
        assertThat(tell(channelId, first)).containsExactly(bob.accountId());
        assertThat(tell(channelId, first)).isEmpty();
        assertThat(tell(channelId, broadcast(channelId))).isEmpty();
        database.sql("update notification_told set told_at = told_at - interval '61 minutes' where channel_id = ?")
                .param(channelId)
                .update();
        // The hour is over, but this broadcast was told.
        assertThat(tell(channelId, first)).isEmpty();
        assertThat(notices.unread(bob.accountId())).isEqualTo(1);
        site.perform(get("/api/v1/notices").with(as(bob)))
                .andExpect(jsonPath("$.items[0].channel").value(anna.getUsername()));
        site.perform(get("/api/v1/notices").with(as(stranger)))
                .andExpect(jsonPath("$.items").isEmpty());
        site.perform(post("/notifications/read").with(as(stranger)).with(csrf()));
        assertThat(notices.unread(bob.accountId())).isEqualTo(1);
        site.perform(post("/notifications/read").with(as(bob)).with(csrf()));
        assertThat(notices.unread(bob.accountId())).isZero();
    }

    // ---- profile ----------------------------------------------------------------------------------------------

    private static byte[] png(int width, int height) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB), "png", out);
        return out.toByteArray();
    }

    private static MockMultipartHttpServletRequestBuilder upload(String path, byte[] bytes) {
        return multipart(path).file(new MockMultipartFile("file", "../../evil.html", "text/html", bytes));
    }

    @Test
    void aPictureIsEncodedAnewUnderANameOfOurOwn() throws Exception {
        AccountPrincipal anna = account(Role.USER);
        byte[] png = png(800, 600);
        byte[] trailing = new byte[png.length + 100];
        System.arraycopy(png, 0, trailing, 0, png.length);
        System.arraycopy(
                "<script>alert(1)</script>".getBytes(java.nio.charset.StandardCharsets.UTF_8),
                0,
                trailing,
                png.length,
                25);
        site.perform(upload("/settings/pictures/avatar", trailing)
                        .with(as(anna))
                        .with(csrf()))
                .andExpect(redirectedUrl("/settings?saved"));
        String name = channel(anna).avatar();
        assertThat(name).matches("[0-9a-f]{32}");
        byte[] served = site.perform(get("/pictures/" + name))
                .andExpect(header().string("Content-Type", "image/jpeg"))
                .andExpect(header().string("Cache-Control", containsString("immutable")))
                .andExpect(header().string("X-Content-Type-Options", "nosniff"))
                .andReturn()
                .getResponse()
                .getContentAsByteArray();
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(served));
        assertThat(image.getWidth()).isEqualTo(256);
        assertThat(image.getHeight()).isEqualTo(256);
        assertThat(new String(served, java.nio.charset.StandardCharsets.ISO_8859_1))
                .doesNotContain("script");
        site.perform(upload("/settings/pictures/avatar", png).with(as(anna)).with(csrf()));
        site.perform(get("/pictures/" + name)).andExpect(status().isNotFound());
    }

    /** A photograph of a phone that was held upright: stored lying, with a note of how it was held. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPhotographStandsAsItWasTaken(boolean withJfif) throws Exception {
        BufferedImage lying = new BufferedImage(400, 200, BufferedImage.TYPE_INT_RGB);
        for (int x = 0; x < 200; x++) {
            for (int y = 0; y < 200; y++) {
                lying.setRGB(x, y, 0xff0000);
            }
        }
        ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
        ImageIO.write(lying, "jpeg", jpeg);
        byte[] plain = jpeg.toByteArray();
        byte[] exif = java.util.HexFormat.of()
                .parseHex("ffe1002245786966000049492a00080000000100120103000100000006000000" + "00000000");
        // The writer's first segment is JFIF's; phones write it before Exif or not at all.
        int jfifEnd = 4 + ((plain[4] & 0xff) << 8) + (plain[5] & 0xff);
        ByteArrayOutputStream held = new ByteArrayOutputStream();
        held.write(plain, 0, withJfif ? jfifEnd : 2);
        held.write(exif);
        held.write(plain, jfifEnd, plain.length - jfifEnd);
        AccountPrincipal anna = account(Role.USER);
        site.perform(upload("/settings/pictures/avatar", held.toByteArray())
                        .with(as(anna))
                        .with(csrf()))
                .andExpect(redirectedUrl("/settings?saved"));
        byte[] served = site.perform(get("/pictures/" + channel(anna).avatar()))
                .andReturn()
                .getResponse()
                .getContentAsByteArray();
        BufferedImage shown = ImageIO.read(new ByteArrayInputStream(served));
        // Red was left; turned by a quarter it is above.
        assertThat(shown.getRGB(128, 20) >> 16 & 0xff).isGreaterThan(200);
        assertThat(shown.getRGB(128, 236) >> 16 & 0xff).isLessThan(50);
    }

    @Test
    void webpIsAPictureToo() throws Exception {
        AccountPrincipal anna = account(Role.USER);
        byte[] webp = java.util.Base64.getDecoder().decode("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA");
        site.perform(upload("/settings/pictures/avatar", webp).with(as(anna)).with(csrf()))
                .andExpect(redirectedUrl("/settings?saved"));
    }

    @Test
    void aBombIsRefusedByItsHeader() throws Exception {
        AccountPrincipal anna = account(Role.USER);
        byte[] bomb = png(10, 10);
        // The header says thirty thousand pixels each way.
        for (int at : new int[] {16, 20}) {
            bomb[at] = 0;
            bomb[at + 1] = 0;
            bomb[at + 2] = 0x75;
            bomb[at + 3] = 0x30;
        }
        site.perform(upload("/settings/pictures/avatar", bomb).with(as(anna)).with(csrf()))
                .andExpect(status().isUnprocessableContent());
        site.perform(upload(
                                "/settings/pictures/avatar",
                                "<svg onload='x'/>".getBytes(java.nio.charset.StandardCharsets.UTF_8))
                        .with(as(anna))
                        .with(csrf()))
                .andExpect(status().isUnprocessableContent())
                .andExpect(content().string(containsString("no picture that can be read")));
        assertThat(channel(anna).avatar()).isNull();
    }

    @Test
    void aChannelHasEmotesOfItsOwn() throws Exception {
        AccountPrincipal anna = account(Role.USER);
        site.perform(upload("/studio/chat/emotes", png(300, 200))
                        .param("code", ":Tea:")
                        .with(as(anna))
                        .with(csrf()))
                .andExpect(redirectedUrl("/studio/chat?saved#emotes"));
        live.millrace.platform.chat.Emote tea =
                rooms.ownEmotes(channel(anna).id()).getFirst();
        assertThat(tea.code()).isEqualTo("tea");
        site.perform(get(tea.src())).andExpect(status().isOk());
        // The site's own cannot be taken, and a code is letters and digits.
        for (String code : List.of("wave", "a", "x y", "../x")) {
            site.perform(upload("/studio/chat/emotes", png(30, 30))
                            .param("code", code)
                            .with(as(anna))
                            .with(csrf()))
                    .andExpect(status().isUnprocessableContent());
        }
        site.perform(post("/studio/chat/emotes/remove")
                .param("code", "tea")
                .with(as(anna))
                .with(csrf()));
        assertThat(rooms.ownEmotes(channel(anna).id())).isEmpty();
        site.perform(get(tea.src())).andExpect(status().isNotFound());
    }

    @Test
    void nobodyIsCalledLikeSomebodyElse() throws Exception {
        AccountPrincipal anna = account(Role.USER);
        AccountPrincipal bob = account(Role.USER);
        String cyrillic = anna.getUsername().replace('a', 'а').replace('e', 'е').replace('c', 'с');
        assertThat(channels.rename(channel(bob).id(), cyrillic)).isFalse();
        assertThat(channels.rename(channel(bob).id(), "Аdmin")).isFalse();
        String own = "鲍勃 " + name().substring(0, 8);
        assertThat(channels.rename(channel(bob).id(), own)).isTrue();
        assertThat(channels.rename(channel(anna).id(), own.toUpperCase(java.util.Locale.ROOT)))
                .isFalse();
        assertThat(channels.rename(channel(bob).id(), "")).isTrue();
        site.perform(post("/settings/name")
                        .param("displayName", "x".repeat(31))
                        .with(as(bob))
                        .with(csrf()))
                .andExpect(status().isUnprocessableContent());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/settings",
                "/settings/account",
                "/settings/tokens",
                "/studio",
                "/studio/chat",
                "/notifications",
                "/following"
            })
    void pagesOfOnesOwnAskForALogin(String page) throws Exception {
        site.perform(get(page)).andExpect(redirectedUrlPattern("/login?continue=*"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/admin/joining", "/admin/categories"})
    void theConsoleDoesNotExistForOthers(String page) throws Exception {
        site.perform(get(page)).andExpect(status().isNotFound());
        site.perform(get(page).with(as(account(Role.USER)))).andExpect(status().isNotFound());
        site.perform(get(page).with(as(account(Role.ADMIN)))).andExpect(status().isOk());
        site.perform(post(page).with(as(account(Role.USER))).with(csrf())).andExpect(status().isNotFound());
    }

    // ---- joining ----------------------------------------------------------------------------------------------

    @Test
    void approvalLetsInWhomAnAdminAccepts() throws Exception {
        AccountPrincipal admin = account(Role.ADMIN);
        String name = name();
        joining.change(SignUpMode.APPROVAL);
        try {
            site.perform(signUp(name)).andExpect(status().isUnprocessableContent());
            site.perform(signUp(name).param("reason", "I play the piano")).andExpect(redirectedUrl("/signup/waiting"));
            site.perform(post("/login")
                            .param("username", name)
                            .param("password", PASSWORD)
                            .with(csrf()))
                    .andExpect(redirectedUrl("/login?waiting"));
            Joining.Applicant applicant = joining.waiting().stream()
                    .filter(waiting -> waiting.username().equals(name))
                    .findFirst()
                    .orElseThrow();
            site.perform(post("/admin/joining/accept")
                            .param("accountId", Long.toString(applicant.accountId()))
                            .with(as(account(Role.USER)))
                            .with(csrf()))
                    .andExpect(status().isNotFound());
            site.perform(post("/admin/joining/accept")
                    .param("accountId", Long.toString(applicant.accountId()))
                    .with(as(admin))
                    .with(csrf()));
            site.perform(post("/login")
                            .param("username", name)
                            .param("password", PASSWORD)
                            .with(csrf()))
                    .andExpect(redirectedUrl("/"));
            String other = name();
            site.perform(signUp(other).param("reason", "spam", null)).andExpect(redirectedUrl("/signup/waiting"));
            long id = accounts.findByUsername(other).orElseThrow().id();
            site.perform(post("/admin/joining/reject")
                    .param("accountId", Long.toString(id))
                    .with(as(admin))
                    .with(csrf()));
            assertThat(accounts.find(id)).isEmpty();
        } finally {
            joining.change(SignUpMode.OPEN);
        }
    }

    private org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder signUp(String name) {
        return post("/signup")
                .param("username", name)
                .param("email", name + "@example.org")
                .param("password", PASSWORD)
                .with(csrf());
    }

    @ParameterizedTest
    @EnumSource(names = {"INVITE", "CLOSED"})
    void otherwiseAnInvitationIsNeeded(SignUpMode mode) throws Exception {
        String secret = joining.invite("class", 1, Duration.ofDays(1));
        joining.change(mode);
        try {
            site.perform(signUp(name())).andExpect(status().isUnprocessableContent());
            site.perform(get("/signup").param("invite", secret))
                    .andExpect(content().string(containsString("id=\"username\"")));
            site.perform(get("/signup")).andExpect(content().string(not(containsString("id=\"username\""))));
            site.perform(signUp(name()).param("invite", secret)).andExpect(redirectedUrl("/studio"));
            // It was for one.
            site.perform(signUp(name()).param("invite", secret)).andExpect(status().isUnprocessableContent());
        } finally {
            joining.change(SignUpMode.OPEN);
        }
    }

    // ---- mail -------------------------------------------------------------------------------------------------

    private static String linkIn(String kind, String address) throws Exception {
        Pattern link = Pattern.compile("https://live\\.example\\.org(/" + kind + "/[A-Za-z0-9_-]+)");
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (System.nanoTime() < deadline) {
            for (MimeMessage message : MAIL.getReceivedMessages()) {
                Matcher matcher = link.matcher(message.getContent().toString());
                if (message.getAllRecipients()[0].toString().equals(address) && matcher.find()) {
                    return matcher.group(1);
                }
            }
            MAIL.waitForIncomingEmail(500, MAIL.getReceivedMessages().length + 1);
        }
        throw new AssertionError("no mail to " + address);
    }

    @Test
    void aMailVerifiesAnAddressOnce() throws Exception {
        String name = name();
        site.perform(signUp(name)).andExpect(redirectedUrl("/studio"));
        long id = accounts.findByUsername(name).orElseThrow().id();
        String path = linkIn("verify", name + "@example.org");
        assertThat(accounts.find(id).orElseThrow().verified()).isFalse();
        // Programs that look after mail open links.
        site.perform(get(path)).andExpect(status().isOk());
        assertThat(accounts.find(id).orElseThrow().verified()).isFalse();
        site.perform(post(path).with(csrf())).andExpect(redirectedUrl("/verify?done"));
        assertThat(accounts.find(id).orElseThrow().verified()).isTrue();
        site.perform(post(path).with(csrf())).andExpect(redirectedUrl("/verify?dead"));
    }

    @Test
    void aMailGivesANewPasswordOnceAndTellsNobodyWhoHasAnAccount() throws Exception {
        AccountPrincipal anna = account(Role.USER);
        String address = anna.getUsername() + "@example.org";
        int before = MAIL.getReceivedMessages().length;
        site.perform(post("/forgot").param("email", "nobody-" + address).with(csrf()))
                .andExpect(redirectedUrl("/forgot?sent"));
        site.perform(post("/forgot").param("email", address).with(csrf())).andExpect(redirectedUrl("/forgot?sent"));
        String path = linkIn("reset", address);
        // A second within a minute is not sent.
        site.perform(post("/forgot").param("email", address).with(csrf())).andExpect(redirectedUrl("/forgot?sent"));
        site.perform(get(path)).andExpect(status().isOk()).andExpect(header().string("Referrer-Policy", "no-referrer"));
        site.perform(post(path).param("password", "short").with(csrf())).andExpect(status().isUnprocessableContent());
        site.perform(post(path).param("password", "four quiet herons").with(csrf()))
                .andExpect(redirectedUrl("/login?reset"));
        site.perform(post(path).param("password", "five quiet herons").with(csrf()))
                .andExpect(status().isNotFound());
        site.perform(post("/login")
                        .param("username", anna.getUsername())
                        .param("password", "four quiet herons")
                        .with(csrf()))
                .andExpect(redirectedUrl("/"));
        assertThat(MAIL.getReceivedMessages().length).isEqualTo(before + 1);
    }

    // ---- leaving ----------------------------------------------------------------------------------------------

    @Test
    void anAccountGoesAfterSevenDaysUnlessItsOwnerStays() throws Exception {
        AccountPrincipal anna = account(Role.USER);
        site.perform(post("/settings/delete")
                        .param("password", "wrong one!")
                        .with(as(anna))
                        .with(csrf()))
                .andExpect(status().isUnprocessableContent());
        site.perform(post("/settings/delete")
                        .param("password", PASSWORD)
                        .with(as(anna))
                        .with(csrf()))
                .andExpect(redirectedUrl("/settings/account?leaving"));
        assertThat(accounts.preferences(anna.accountId()).orElseThrow().deleteAfter())
                .isNotNull();
        site.perform(post("/settings/keep").with(as(anna)).with(csrf()));
        assertThat(accounts.preferences(anna.accountId()).orElseThrow().deleteAfter())
                .isNull();
    }

    // ---- finding ----------------------------------------------------------------------------------------------

    private AccountPrincipal described(String title, String tag) {
        AccountPrincipal principal = account(Role.USER);
        channels.describe(
                channel(principal).id(),
                new BroadcastInfo(title, categories.find("music").orElseThrow().id(), List.of(tag), "zh", false));
        return principal;
    }

    @ParameterizedTest
    @CsvSource({
        "Midnight harpsichord practice, harpsicord",
        "Midnight harpsichord practice, HARPSI",
        "深夜钢琴练习曲, 钢琴",
        "深夜钢琴练习曲, 深夜 练习",
        "Café Zoë, cafe zoe"
    })
    void channelsAreFoundByWhatTheySay(String title, String typed) throws Exception {
        String tag = name();
        AccountPrincipal anna = described(title, tag);
        site.perform(get("/api/v1/search/suggestions").param("q", typed))
                .andExpect(status().isOk())
                .andExpect(content().string(containsString(title.substring(0, 2))));
        site.perform(get("/tags/" + tag)).andExpect(content().string(containsString("/" + anna.getUsername())));
        site.perform(get("/search").param("q", anna.getUsername().substring(0, 5)))
                .andExpect(content().string(containsString("/" + anna.getUsername())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"'", "a' or 1=1 --", "%", "\\", "<script>", "🙂", "' & !'x':*"})
    void hostileQueriesFindNothingAndBreakNothing(String typed) throws Exception {
        site.perform(get("/search").param("q", typed))
                .andExpect(status().isOk())
                .andExpect(content().string(not(containsString("<script>alert"))));
        site.perform(get("/api/v1/search/suggestions").param("q", typed)).andExpect(status().isOk());
    }

    @Test
    void aDescriptionIsMarkdownAndNeverMarkup() throws Exception {
        AccountPrincipal anna = account(Role.USER);
        channels.edit(
                channel(anna).id(),
                "# Hi\n**bold** [x](javascript:alert(1)) [y](https://example.org) <img src=x onerror=alert(1)> ![p](https://evil.example/p.png)");
        site.perform(get("/" + anna.getUsername()))
                .andExpect(content().string(containsString("<strong>bold</strong>")))
                .andExpect(content().string(containsString("rel=\"nofollow ugc noopener noreferrer\"")))
                .andExpect(content().string(not(containsString("href=\"javascript:"))))
                .andExpect(content().string(not(containsString("<img src=x"))))
                .andExpect(content().string(not(containsString("src=\"https://evil"))));
    }

    @Test
    void otherSitesLearnWhatTheyShow() throws Exception {
        AccountPrincipal anna = described("Piano </script><b>", name());
        String body = site.perform(get("/" + anna.getUsername()))
                .andExpect(content().string(containsString("property=\"og:title\"")))
                .andReturn()
                .getResponse()
                .getContentAsString();
        assertThat(body).doesNotContain("Piano </script>");
        site.perform(get("/oembed").param("url", "http://localhost/" + anna.getUsername()))
                .andExpect(jsonPath("$.type").value("video"))
                .andExpect(jsonPath("$.html").value(containsString("/embed/" + anna.getUsername())));
        site.perform(get("/oembed").param("url", "https://evil.example/" + anna.getUsername()))
                .andExpect(status().isNotFound());
        site.perform(get("/embed/" + anna.getUsername()))
                .andExpect(header().doesNotExist("X-Frame-Options"))
                .andExpect(header().string("Content-Security-Policy", containsString("frame-ancestors *")));
        site.perform(get("/" + anna.getUsername()))
                .andExpect(header().string("X-Frame-Options", "DENY"))
                .andExpect(header().string("Content-Security-Policy", containsString("frame-ancestors 'none'")));
    }

    /** What strangers share for a second, nobody else sees, and nobody's own page is shared. */
    @Test
    void onlyStrangersShareAPage() throws Exception {
        AccountPrincipal anna = account(Role.USER);
        String own = site.perform(get("/categories").with(as(anna)))
                .andReturn()
                .getResponse()
                .getContentAsString();
        assertThat(own).contains("data-account=\"" + anna.accountId() + "\"");
        for (int i = 0; i < 2; i++) {
            site.perform(get("/categories"))
                    .andExpect(status().isOk())
                    .andExpect(header().string("Content-Security-Policy", containsString("script-src 'self'")))
                    .andExpect(content().string(containsString("<title>Browse")))
                    .andExpect(content().string(not(containsString("data-account"))));
            site.perform(get("/categories").header("Accept-Language", "zh"))
                    .andExpect(content().string(containsString("<title>浏览")));
            site.perform(get("/categories").cookie(new jakarta.servlet.http.Cookie("theme", "dark")))
                    .andExpect(content().string(containsString("data-theme=\"dark\"")));
        }
        site.perform(get("/categories").with(as(anna))).andExpect(content().string(containsString("data-account")));
    }

    // ---- programs ---------------------------------------------------------------------------------------------

    @Test
    void aTokenActsForItsOwnerInTheApiAlone() throws Exception {
        AccountPrincipal anna = account(Role.USER);
        AccountPrincipal bob = account(Role.USER);
        String token = tokens.create(bob.accountId(), "bot").orElseThrow();
        String path = "/api/v1/channels/" + anna.getUsername() + "/follow";
        site.perform(put(path).header("Authorization", "Bearer " + token)).andExpect(status().isOk());
        assertThat(follows.since(bob.accountId(), channel(anna).id())).isPresent();
        site.perform(get("/studio").header("Authorization", "Bearer " + token))
                .andExpect(redirectedUrlPattern("/login?continue=*"));
        site.perform(put(path).header("Authorization", "Bearer " + token + "x"))
                .andExpect(status().isUnauthorized())
                .andExpect(content().contentTypeCompatibleWith("application/problem+json"));
        long id = tokens.ofAccount(bob.accountId()).getFirst().id();
        site.perform(post("/settings/tokens/" + id + "/revoke").with(as(anna)).with(csrf()))
                .andExpect(status().isNotFound());
        site.perform(post("/settings/tokens/" + id + "/revoke").with(as(bob)).with(csrf()));
        site.perform(put(path).header("Authorization", "Bearer " + token)).andExpect(status().isUnauthorized());
        assertThat(database.sql("select count(*) from account_access_token t where t::text like ?")
                        .param("%" + token.substring(14) + "%")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @Test
    void theApiDescribesItselfAndCountsItsRequests() throws Exception {
        site.perform(get("/api/v1/openapi"))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.paths['/api/v1/live']").exists())
                .andExpect(jsonPath("$.paths['/api/v1/channels/{name}/follow'].put")
                        .exists());
        site.perform(get("/api/v1/live"))
                .andExpect(header().exists("RateLimit-Remaining"))
                .andExpect(jsonPath("$.items").isArray());
        site.perform(get("/api/v1/live").param("limit", "many"))
                .andExpect(status().isBadRequest())
                .andExpect(content().contentTypeCompatibleWith("application/problem+json"));
        int last = 200;
        // Ten a second come back meanwhile: a slow machine has to ask for longer.
        for (int i = 0; i < 5_000 && last == 200; i++) {
            last = site.perform(get("/api/v1/categories").with(request -> {
                        request.setRemoteAddr("203.0.113.7");
                        return request;
                    }))
                    .andReturn()
                    .getResponse()
                    .getStatus();
        }
        assertThat(last).isEqualTo(429);
    }
}
