// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform;

import static live.millrace.platform.JustLoggedIn.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.request;

import jakarta.servlet.http.Cookie;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.Registration;
import live.millrace.platform.account.Role;
import live.millrace.platform.audience.Invitations;
import live.millrace.platform.audience.Invites;
import live.millrace.platform.camera.CameraWish;
import live.millrace.platform.camera.Cameras;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.ExtraChannels;
import live.millrace.platform.chat.ChatRight;
import live.millrace.platform.chat.ChatRooms;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.moderation.CaseKind;
import live.millrace.platform.moderation.ReportReason;
import live.millrace.platform.moderation.Reports;
import live.millrace.platform.recording.Recordings;
import live.millrace.platform.shared.DataDirectory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Who gets where: every endpoint that the site maps, asked by everybody. One that nobody declared here fails. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class AuthorizationMatrixTest {
    /** Who asks. */
    private enum Who {
        STRANGER,
        /** Without an account, on the list of somebody's channel. */
        GUEST,
        USER,
        CHANNEL_OWNER,
        CHANNEL_MODERATOR,
        STAFF,
        ADMIN,
        SITE_OWNER
    }

    private static final Set<Who> EVERYBODY = EnumSet.allOf(Who.class);
    private static final Set<Who> SIGNED_IN = EnumSet.complementOf(EnumSet.of(Who.STRANGER, Who.GUEST));
    private static final Set<Who> KNOWN = EnumSet.complementOf(EnumSet.of(Who.STRANGER));
    private static final Set<Who> KEEPERS =
            EnumSet.of(Who.CHANNEL_OWNER, Who.CHANNEL_MODERATOR, Who.STAFF, Who.ADMIN, Who.SITE_OWNER);
    private static final Set<Who> DECIDERS = EnumSet.of(Who.CHANNEL_OWNER, Who.STAFF, Who.ADMIN, Who.SITE_OWNER);
    private static final Set<Who> STAFF = EnumSet.of(Who.STAFF, Who.ADMIN, Who.SITE_OWNER);
    private static final Set<Who> ADMINS = EnumSet.of(Who.ADMIN, Who.SITE_OWNER);
    private static final Set<Who> OWNERS = EnumSet.of(Who.SITE_OWNER);
    private static final Set<Who> CHANNEL_OWNER = EnumSet.of(Who.CHANNEL_OWNER);
    private static final Set<Who> NOBODY = EnumSet.noneOf(Who.class);

    private static final Map<String, Set<Who>> DECLARED = new LinkedHashMap<>();

    private static void may(Set<Who> who, String... endpoints) {
        for (String endpoint : endpoints) {
            DECLARED.put(endpoint, who);
        }
    }

    static {
        may(
                EVERYBODY,
                "GET /",
                "GET /{name:[A-Za-z0-9][A-Za-z0-9_-]{2,23}}",
                "POST /{name:[A-Za-z0-9][A-Za-z0-9_-]{2,23}}/unlock",
                "POST /api/v1/channels/{name}/player-addresses",
                "GET /popout/{name}",
                "GET /embed/{name}",
                "GET /oembed",
                "GET /{name:[A-Za-z0-9][A-Za-z0-9_-]{2,23}}/videos",
                "GET /{name:[A-Za-z0-9][A-Za-z0-9_-]{2,23}}/videos.atom",
                "GET /videos/{video}",
                "GET /embed/videos/{video}",
                "POST /videos/{video}/view",
                "GET /videos/{video}/picture/{number}",
                "GET /api/v1/channels/{name}/videos",
                "GET /api/v1/channels/{name}/snapshot.jpg",
                "GET /api/v1/channels/{name}/snapshot.png",
                "GET /api/v1/videos/{video}",
                "GET /{name:[A-Za-z0-9][A-Za-z0-9_-]{2,23}}/clips",
                "GET /clips/{clip}",
                "GET /embed/clips/{clip}",
                "POST /clips/{clip}/view",
                "GET /clips/{clip}/picture/{number}",
                "GET /api/v1/channels/{name}/clips",
                "GET /api/v1/clips/{clip}",
                "GET /categories",
                "GET /categories/{slug}",
                "GET /tags/{tag}",
                "GET /search",
                "GET /privacy",
                "GET /.well-known/security.txt",
                "GET /pictures/{name}",
                "GET /thumbnails/{broadcast}/{number}",
                "GET /login",
                "GET /login/again",
                "POST /login/again",
                "GET /login/with/{provider}",
                "GET /login/with/{provider}/return",
                "GET /signup/with",
                "POST /signup/with",
                "GET /login/passkey",
                "GET /login/code",
                "POST /login/code/again",
                "GET /signup",
                "POST /signup",
                "GET /signup/waiting",
                "GET /setup/{token}",
                "POST /setup/{token}",
                "GET /forgot",
                "POST /forgot",
                "GET /reset/{token}",
                "POST /reset/{token}",
                "GET /verify",
                "GET /verify/{token}",
                "POST /verify/{token}",
                "GET /email",
                "GET /email/{token}",
                "POST /email/{token}",
                "GET /email/undo/{token}",
                "POST /email/undo/{token}",
                "GET /suspended/{token}",
                "POST /suspended/{token}",
                "GET /i",
                "GET /i/{secret}",
                "POST /i/{secret}",
                "GET /following",
                "GET /api/v1/live",
                "GET /api/v1/channels/{name}",
                "GET /api/v1/channels/{name}/messages",
                "GET /api/v1/channels/{name}/people",
                "GET /api/v1/channels/{name}/people/{username}",
                "GET /api/v1/videos/{id}/chat",
                "GET /api/v1/videos/{id}/messages",
                "GET /api/v1/videos/{video}/comments",
                "GET /api/v1/categories",
                "GET /api/v1/search/suggestions",
                "GET /api/v1/page-token",
                "POST /stale");
        // Theirs alone, and not there before they asked for it, which comes later.
        may(NOBODY, "GET /settings/data/file");
        may(
                KNOWN,
                "GET /reports/new",
                "POST /reports",
                "POST /api/v1/reports",
                "POST /videos/{video}/comments",
                "POST /api/v1/videos/{video}/comments");
        may(
                SIGNED_IN,
                "POST /follow/{name}",
                "PUT /api/v1/channels/{name}/follow",
                "DELETE /api/v1/channels/{name}/follow",
                "PUT /videos/{id}/position",
                "GET /api/v1/clips/window",
                "POST /api/v1/channels/{name}/clips",
                "POST /api/v1/videos/{video}/clips",
                // The user made it; the others run the channel, or the site.
                "POST /clips/{clip}/delete",
                "DELETE /api/v1/clips/{clip}",
                "GET /notifications",
                "POST /notifications/read",
                "GET /confirm",
                "POST /confirm",
                "POST /confirm/code",
                "POST /confirm/with/{provider}",
                "GET /confirm/passkey",
                "POST /confirm/passkey",
                "GET /confirm/ask",
                "POST /confirm/ask",
                "GET /api/v1/notices",
                "POST /api/v1/notices/read",
                "GET /decisions",
                "GET /settings",
                "GET /settings/account",
                "POST /settings/account",
                "POST /settings/email",
                "GET /settings/password",
                "GET /settings/security",
                "GET /settings/data",
                "POST /settings/data",
                "POST /settings/data/follows",
                "POST /settings/security/sessions/end",
                "GET /settings/keys",
                "POST /settings/keys",
                "GET /settings/security/reset",
                "GET /settings/security/passkeys/options",
                "POST /settings/security/passkeys",
                "POST /settings/security/passkeys/{id}/remove",
                "GET /settings/security/app",
                "POST /settings/security/app",
                "POST /settings/security/app/remove",
                "GET /settings/security/codes",
                "POST /settings/security/codes",
                "POST /settings/security/links/{id}",
                "POST /settings/security/links/{id}/remove",
                "POST /settings/password/first",
                "POST /settings/password",
                "GET /settings/tokens",
                "POST /settings/tokens",
                "POST /settings/name",
                "POST /settings/pictures/{kind}",
                "POST /settings/pictures/{kind}/remove",
                "POST /settings/delete",
                "POST /settings/keep",
                "GET /studio",
                "POST /studio/info",
                "GET /studio/channel",
                "POST /studio/channel",
                "GET /studio/audience",
                "POST /studio/audience",
                "POST /studio/audience/players/{id}/revoke",
                "GET /studio/connect",
                "GET /studio/live",
                "GET /studio/keys",
                "GET /studio/keys/{id}/passphrase",
                "POST /studio/keys",
                "POST /studio/end",
                "GET /studio/chat",
                "POST /studio/chat",
                "POST /studio/chat/emotes",
                "POST /studio/chat/emotes/remove",
                "POST /studio/chat/moderators",
                "POST /studio/chat/moderators/remove",
                "GET /studio/moderation",
                "POST /studio/moderation/shield",
                "POST /studio/moderation/words",
                "POST /studio/moderation/words/remove",
                "GET /studio/videos",
                "GET /studio/videos/upload",
                "POST /studio/videos/rules",
                "POST /studio/recording",
                "POST /studio/marker",
                "GET /studio/guests",
                "POST /studio/guests",
                "GET /studio/invites",
                "POST /studio/invites",
                "POST /studio/invites/revoke",
                "GET /studio/camera",
                "POST /studio/camera",
                "GET /studio/camera/try",
                "POST /studio/camera/try",
                "GET /studio/camera/search",
                "POST /studio/camera/search",
                "GET /studio/camera/device",
                "POST /studio/camera/device",
                "GET /studio/channels",
                "POST /studio/channels",
                "GET /api/v1/channel",
                "PATCH /api/v1/channel",
                "PUT /api/v1/channel",
                "POST /api/v1/channel/end",
                "POST /api/v1/channel/markers",
                "GET /api/v1/channel/keys",
                "POST /api/v1/channel/keys",
                "GET /api/v1/channel/invites",
                "POST /api/v1/channel/invites",
                "GET /api/v1/channel/guests",
                "POST /api/v1/channel/guests",
                "GET /api/v1/channels",
                "POST /api/v1/channels");
        // The studio of a channel is its owner's, and not that of staff.
        may(
                CHANNEL_OWNER,
                "GET /studio/@{channel}",
                "POST /studio/@{channel}/info",
                "GET /studio/@{channel}/channel",
                "POST /studio/@{channel}/channel",
                "GET /studio/@{channel}/camera",
                "POST /studio/@{channel}/camera",
                "GET /studio/@{channel}/camera/try",
                "POST /studio/@{channel}/camera/try",
                "POST /studio/@{channel}/camera/remove",
                "GET /api/v1/channels/{channel}/source",
                "PUT /api/v1/channels/{channel}/source",
                "DELETE /api/v1/channels/{channel}/source",
                "GET /studio/@{channel}/audience",
                "POST /studio/@{channel}/audience",
                "POST /studio/@{channel}/audience/players/{id}/revoke",
                "GET /studio/@{channel}/connect",
                "GET /studio/@{channel}/live",
                "POST /api/v1/channels/{channel}/browser-key",
                "DELETE /api/v1/channels/{channel}/browser-key/{run}",
                "GET /studio/@{channel}/keys",
                "GET /studio/@{channel}/keys/{id}/passphrase",
                "POST /studio/@{channel}/keys",
                "POST /studio/@{channel}/end",
                "GET /studio/@{channel}/chat",
                "POST /studio/@{channel}/chat",
                "POST /studio/@{channel}/chat/emotes",
                "POST /studio/@{channel}/chat/emotes/remove",
                "POST /studio/@{channel}/chat/moderators",
                "POST /studio/@{channel}/chat/moderators/remove",
                "GET /studio/@{channel}/moderation",
                "POST /studio/@{channel}/moderation/shield",
                "POST /studio/@{channel}/moderation/words",
                "POST /studio/@{channel}/moderation/words/remove",
                "GET /studio/@{channel}/videos",
                "GET /studio/@{channel}/videos/upload",
                "POST /studio/@{channel}/videos/rules",
                "POST /studio/@{channel}/recording",
                "POST /studio/@{channel}/marker",
                "GET /studio/@{channel}/guests",
                "POST /studio/@{channel}/guests",
                "GET /studio/@{channel}/invites",
                "POST /studio/@{channel}/invites",
                "POST /studio/@{channel}/invites/revoke",
                "GET /api/v1/channels/{channel}/invites",
                "POST /api/v1/channels/{channel}/invites",
                "GET /api/v1/channels/{channel}/guests",
                "POST /api/v1/channels/{channel}/guests",
                "POST /studio/@{channel}/name",
                "POST /studio/@{channel}/pictures/{kind}",
                "POST /studio/@{channel}/pictures/{kind}/remove",
                "POST /studio/@{channel}/remove",
                "GET /api/v1/channels/{name}/uploads",
                "POST /api/v1/channels/{name}/uploads",
                "GET /api/v1/channels/{name}/uploads/{upload}",
                "PATCH /api/v1/channels/{name}/uploads/{upload}",
                "DELETE /api/v1/channels/{name}/uploads/{upload}",
                "PATCH /api/v1/channels/{channel}",
                "PUT /api/v1/channels/{channel}",
                "POST /api/v1/channels/{channel}/end",
                "POST /api/v1/channels/{channel}/markers",
                "GET /api/v1/channels/{channel}/keys",
                "POST /api/v1/channels/{channel}/keys");
        // Not there without mail, which this site has not set.
        may(NOBODY, "POST /settings/verification");
        // With the number of somebody else's thing.
        may(
                NOBODY,
                "POST /settings/security/sessions/{handle}/end",
                "POST /studio/keys/{id}/revoke",
                "POST /studio/keys/{id}/passphrase",
                "POST /studio/@{channel}/keys/{id}/passphrase",
                "POST /studio/keys/{id}/passphrase/remove",
                "POST /studio/@{channel}/keys/{id}/passphrase/remove",
                "POST /studio/@{channel}/keys/{id}/revoke",
                "DELETE /api/v1/channel/keys/{id}",
                "DELETE /api/v1/channels/{channel}/keys/{id}",
                "POST /studio/invites/{id}/revoke",
                "POST /studio/@{channel}/invites/{id}/revoke",
                "POST /studio/guests/{id}/remove",
                "POST /studio/@{channel}/guests/{id}/remove",
                "DELETE /api/v1/channel/invites/{id}",
                "DELETE /api/v1/channels/{channel}/invites/{id}",
                "DELETE /api/v1/channel/guests/{id}",
                "DELETE /api/v1/channels/{channel}/guests/{id}",
                "POST /settings/tokens/{id}/revoke");
        // Whoever reported it; whom it is about sees it once it is decided.
        may(EnumSet.of(Who.USER), "GET /decisions/{id}", "POST /decisions/{id}/appeal");
        may(
                KEEPERS,
                "POST /api/v1/channels/{name}/moderation/actions",
                "POST /api/v1/channels/{name}/moderation/actions/{id}/undo",
                "POST /api/v1/channels/{name}/moderation/commands",
                "GET /api/v1/channels/{name}/moderation/people/{username}");
        // Its owner, moderators who say what broadcasts are about, and staff; words first, then what is more than
        // those.
        may(
                KEEPERS,
                "GET /studio/videos/{video}",
                "POST /studio/videos/{video}",
                "POST /studio/videos/{video}/chapters",
                "POST /studio/videos/{video}/chapters/edit",
                "POST /studio/videos/{video}/chapters/remove",
                "PATCH /api/v1/videos/{video}");
        may(
                CHANNEL_OWNER,
                "GET /studio/videos/{video}/trim",
                "POST /studio/videos/{video}/trim",
                "POST /studio/videos/{video}/trim/undo");
        may(DECIDERS, "POST /studio/videos/{video}/delete", "DELETE /api/v1/videos/{video}");
        may(EnumSet.of(Who.USER), "POST /clips/{clip}");
        // Its maker alone gives it a title as well.
        may(EnumSet.of(Who.USER), "PATCH /api/v1/clips/{clip}");
        may(
                EnumSet.of(Who.USER, Who.CHANNEL_OWNER, Who.STAFF, Who.ADMIN, Who.SITE_OWNER),
                "POST /clips/{clip}/visibility");
        // Of somebody else, who may as well.
        may(
                KEEPERS,
                "POST /videos/{video}/comments/{comment}/delete",
                "DELETE /api/v1/videos/{video}/comments/{comment}");
        // Of one that was deleted.
        may(DECIDERS, "POST /studio/videos/{video}/restore");
        may(
                STAFF,
                "GET /admin",
                "GET /admin/search",
                "POST /admin/streams/end",
                "GET /admin/users",
                "POST /admin/users",
                "GET /admin/users/{name}",
                "GET /admin/channels",
                "POST /admin/channels",
                "GET /admin/broadcasts",
                "GET /admin/comments",
                "POST /admin/comments",
                "GET /admin/reports",
                "POST /admin/reports",
                "GET /admin/reports/{id}",
                "POST /admin/reports/{id}/claim",
                "POST /admin/reports/{id}/release",
                "POST /admin/reports/{id}/decide",
                "POST /admin/reports/{id}/appeal",
                "GET /admin/reports/{id}/thumbnail",
                "GET /admin/reports/{id}/evidence.m3u8",
                "GET /admin/reports/{id}/segments/{number}.ts",
                "GET /admin/bans",
                "POST /admin/bans",
                "POST /admin/bans/lift",
                "GET /admin/words",
                "POST /admin/words",
                "POST /admin/words/remove");
        may(
                ADMINS,
                "POST /admin/users/{name}/addresses",
                "POST /admin/users/{name}/proofs",
                "POST /admin/users/{name}/cameras",
                "POST /admin/users/{name}/channels",
                "POST /admin/users/{name}/sign-out",
                "GET /admin/settings",
                "POST /admin/settings",
                "GET /admin/announcements",
                "POST /admin/announcements",
                "POST /admin/announcements/end",
                "GET /admin/audit",
                "GET /admin/audit/export",
                "GET /admin/joining",
                "POST /admin/joining",
                "POST /admin/joining/accept",
                "POST /admin/joining/reject",
                "POST /admin/invites",
                "POST /admin/invites/{id}/revoke",
                "GET /admin/categories",
                "POST /admin/categories",
                "POST /admin/categories/remove",
                "GET /admin/deliveries",
                "POST /admin/deliveries/{id}/again",
                "POST /admin/deliveries/{id}/drop",
                "GET /admin/import",
                "POST /admin/import",
                "GET /admin/import/{imported}",
                "POST /admin/import/{imported}",
                "POST /admin/import/{imported}/drop",
                "GET /admin/import/{imported}/links",
                "POST /admin/import/{imported}/links",
                "GET /admin/backups",
                "POST /admin/backups",
                "POST /admin/backups/{backup}/prove",
                "GET /admin/health",
                "POST /admin/health/check",
                "POST /admin/updates/dismiss",
                "GET /admin/setup",
                "GET /admin/setup/site",
                "POST /admin/setup/site",
                "GET /admin/setup/mail",
                "POST /admin/setup/mail",
                "GET /admin/setup/address",
                "GET /admin/setup/stream",
                "GET /admin/storage",
                "POST /admin/storage/clear",
                "POST /admin/storage/sweep",
                "GET /admin/https",
                "POST /admin/https/domain",
                "POST /admin/https/terms",
                "POST /admin/https/try",
                "GET /admin/login-services",
                "GET /admin/login-services/new",
                "GET /admin/login-services/{id}",
                "POST /admin/login-services",
                "POST /admin/login-services/{id}",
                "POST /admin/login-services/{id}/remove");
        may(
                OWNERS,
                "POST /admin/users/{name}/role",
                "GET /admin/backups/{backup}/file",
                "POST /admin/backups/{backup}/delete");
        may(OWNERS, "POST /admin/sign-out");
        // The last one: nothing of the channel is there after it.
        may(CHANNEL_OWNER, "DELETE /api/v1/channels/{channel}");
    }

    @Autowired
    private MockMvc site;

    @Autowired
    private RequestMappingHandlerMapping requestMappingHandlerMapping;

    @Autowired
    private Accounts accounts;

    @Autowired
    private Channels channels;

    @Autowired
    private ExtraChannels extra;

    @Autowired
    private Cameras cameras;

    @Autowired
    private ChatRooms rooms;

    @Autowired
    private Invites invites;

    @Autowired
    private Invitations invitations;

    @Autowired
    private Reports reports;

    @Autowired
    private JdbcClient database;

    @Autowired
    private DataDirectory data;

    private final Map<Who, AccountPrincipal> people = new LinkedHashMap<>();
    private final Map<String, String> variables = new LinkedHashMap<>();
    private String guest = "";

    private AccountPrincipal account(Role role) {
        String name = "m"
                + ThreadLocalRandom.current()
                        .ints(15, 0, 20)
                        .mapToObj(letter -> "abcdefghjkmnpqstuxyz".substring(letter, letter + 1))
                        .collect(Collectors.joining());
        return ((Registration.Done) accounts.register(name, name + "@example.org", "three quiet herons", role))
                .principal();
    }

    @BeforeEach
    void people() throws Exception {
        people.put(Who.USER, account(Role.USER));
        people.put(Who.CHANNEL_OWNER, account(Role.USER));
        people.put(Who.CHANNEL_MODERATOR, account(Role.USER));
        people.put(Who.STAFF, account(Role.MODERATOR));
        people.put(Who.ADMIN, account(Role.ADMIN));
        people.put(Who.SITE_OWNER, account(Role.OWNER));
        AccountPrincipal owner = people.get(Who.CHANNEL_OWNER);
        long channelId = channels.ofAccount(owner.accountId()).id();
        rooms.putModerator(channelId, people.get(Who.CHANNEL_MODERATOR).accountId(), ChatRight.ALL);
        String link = ((Invites.Made.Done) invites.make(
                        channelId, new Invites.Wish("Matrix", 1, Instant.now().plusSeconds(3_600), false, true)))
                .secret();
        guest = Objects.requireNonNull(
                ((Invitations.Use.Welcome) invitations.use(link, new Invitations.Visitor(null, ""), "")).cookie());
        AccountPrincipal victim = account(Role.USER);
        assertThat(reports.file(
                        people.get(Who.USER),
                        new Reports.Report(
                                CaseKind.USER, "", null, victim.getUsername(), ReportReason.SPAM, "see for yourself")))
                .isEmpty();
        long caseId = database.sql("select id from moderation_case where subject = ?")
                .param(victim.getUsername())
                .query(Long.class)
                .single();
        // Something to be seen with it.
        database.sql("update moderation_case set thumbnail = decode('ff', 'hex'), segments = 1 where id = ?")
                .param(caseId)
                .update();
        Files.createDirectories(data.resolve("evidence").resolve(Long.toString(caseId)));
        Files.write(data.resolve("evidence").resolve(Long.toString(caseId)).resolve("0.ts"), new byte[] {0x47});
        extra.allow(owner.accountId(), 1);
        String second = "x" + owner.getUsername();
        assertThat(extra.make(owner.accountId(), second)).isInstanceOf(ExtraChannels.Wish.Made.class);
        rooms.putModerator(
                channels.find(second).orElseThrow().id(),
                people.get(Who.CHANNEL_MODERATOR).accountId(),
                ChatRight.ALL);
        variables.put("channel", second);
        variables.put("name", owner.getUsername());
        variables.put("username", victim.getUsername());
        variables.put("id", Long.toString(caseId));
        // The channel's owner makes keys here, none of which may be the one of that number.
        database.sql("alter table channel_stream_key alter column id restart with 1000000")
                .update();
        database.sql("""
                insert into signin_openid_provider (id, name, issuer, client_id, enabled, position, changed_at)
                values (?, 'Elsewhere', ?, 'millrace', false, 0, now()) on conflict do nothing
                """)
                .param(caseId)
                .param("https://elsewhere.example/" + caseId)
                .update();
        variables.put("provider", Long.toString(caseId));
        variables.put("imported", database.sql("""
                        insert into account_import (file_name, state, created_at, done_at)
                        values ('people.csv', 'DONE', now(), now()) returning id::text
                        """).query(String.class).single());
        variables.put("video", Recordings.ready(database, channelId, "Matrix"));
        variables.put("clip", Recordings.clip(database, variables.get("video"), people.get(Who.USER), "Matrix"));
        variables.put("upload", Recordings.upload(database, channelId, "matrix.mp4", 1_000));
        variables.put(
                "comment",
                database.sql("""
                        insert into chat_video_comment (recording_id, account_id, text, written_at)
                        select id, ?, 'as one sees', now() from recording where public_id = ? returning id
                        """)
                        .param(victim.accountId())
                        .param(variables.get("video"))
                        .query(Long.class)
                        .single()
                        .toString());
        variables.put("slug", "music");
        variables.put("tag", "piano");
        variables.put("token", "0000");
        variables.put("secret", "0000");
        variables.put("handle", "0000");
        variables.put("number", "0");
        variables.put("kind", "avatar");
        variables.put("backup", "millrace-20260101-000000.zip");
        Files.createDirectories(data.resolve("backups"));
        Files.writeString(data.resolve("backups").resolve("millrace-20260101-000000.zip"), "no backup");
        variables.put("broadcast", "00000000-0000-0000-0000-000000000000");
        variables.put("run", "00000000-0000-0000-0000-000000000000");
    }

    /** Method and pattern of everything that is mapped in our own packages. */
    private List<String> mapped() {
        List<String> endpoints = new ArrayList<>();
        requestMappingHandlerMapping.getHandlerMethods().forEach((mapping, method) -> {
            if (method.getBeanType().getPackageName().startsWith("live.millrace")) {
                mapping.getMethodsCondition()
                        .getMethods()
                        .forEach(verb -> mapping.getPatternValues().forEach(path -> endpoints.add(verb + " " + path)));
            }
        });
        return endpoints;
    }

    @Test
    void everyEndpointIsDeclared() {
        assertThat(DECLARED.keySet()).containsExactlyInAnyOrderElementsOf(mapped());
    }

    @Test
    void everybodyGetsWhatIsDeclaredAndNobodyMore() throws Exception {
        Map<String, String> wrong = new TreeMap<>();
        for (Map.Entry<String, Set<Who>> endpoint : DECLARED.entrySet()) {
            for (Who who : Who.values()) {
                MockHttpServletResponse answer = ask(endpoint.getKey(), who);
                if (denied(answer, endpoint.getKey()) == endpoint.getValue().contains(who)) {
                    wrong.put(endpoint.getKey() + " as " + who, answer.getStatus() + " " + answer.getRedirectedUrl());
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    /** What everybody may ask for answers with 404 where a thing is not; there, nobody is sent away to log in. */
    private static boolean denied(MockHttpServletResponse answer, String endpoint) {
        String to = answer.getRedirectedUrl();
        boolean missing = answer.getStatus() == 404 && !DECLARED.get(endpoint).equals(EVERYBODY);
        return answer.getStatus() == 401
                || answer.getStatus() == 403
                || missing
                || (to != null && to.startsWith("/login?continue"));
    }

    private MockHttpServletResponse ask(String endpoint, Who who) throws Exception {
        String[] parts = endpoint.split(" ", 2);
        String path = parts[1];
        if (path.contains("{video}")) {
            Recordings.refresh(database, variables.get("video"), path.endsWith("/restore"));
        }
        if (path.contains("clip")) {
            Recordings.refresh(database, variables.get("video"), false);
            database.sql("update recording_clip set deleted_at = null where public_id = ?")
                    .param(variables.get("clip"))
                    .update();
        }
        if (path.endsWith("/source") || path.contains("/camera")) {
            // One that was removed a moment ago.
            cameras.put(
                    people.get(Who.CHANNEL_OWNER).accountId(),
                    channels.find(variables.get("channel")).orElseThrow().id(),
                    new CameraWish("rtsp://camera.example/1", "", "", false, false));
        }
        if (path.contains("{comment}")) {
            database.sql("update chat_video_comment set removed_at = null where id = ?")
                    .param(Long.valueOf(variables.get("comment")))
                    .update();
        }
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            path = path.replaceAll("\\{" + variable.getKey() + "(:(?:[^{}]|\\{[^}]*})*)?}", variable.getValue());
        }
        assertThat(path).as("filled in").doesNotContain("{");
        MockHttpServletRequestBuilder asked = request(HttpMethod.valueOf(parts[0]), path)
                .with(csrf())
                .contentType(MediaType.APPLICATION_FORM_URLENCODED);
        if (path.startsWith("/api/")) {
            asked.contentType(MediaType.APPLICATION_JSON)
                    .content("{\"title\":\"A title\",\"kind\":\"note\",\"target\":\"" + variables.get("username")
                            + "\",\"reason\":\"OTHER\",\"text\":\"/shield off\"}");
        }
        if (who == Who.GUEST) {
            asked.cookie(new Cookie("guest", guest));
        }
        AccountPrincipal principal = people.get(who);
        return site.perform(principal == null ? asked : asked.with(user(principal)))
                .andReturn()
                .getResponse();
    }
}
