// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import live.millrace.platform.shared.Secrets;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.session.config.SessionRepositoryCustomizer;
import org.springframework.session.jdbc.JdbcIndexedSessionRepository;
import org.springframework.session.web.http.CookieSerializer;
import org.springframework.session.web.http.DefaultCookieSerializer;

/**
 * How sessions are kept. The database holds the SHA-256 of an id and never the id: whoever reads its tables, or a copy of them, gets into
 * no session. It is computed where ids are compared, in the statements, so that nothing else of Spring Session has to know. And a session ends
 * a month after it began, however much it is used.
 */
@Configuration(proxyBeanMethods = false)
class SessionStore {
    static final String COOKIE = "SESSION";
    static final String HOST_COOKIE = "__Host-SESSION";

    /** Whatever happens. */
    private static final Duration LONGEST = Duration.ofDays(30);

    /** Both texts hold nothing from outside. */
    private static final String HASHED = "encode(sha256(convert_to(%s, 'UTF8')), 'hex')";

    private static final String TOO_OLD = "%s < (extract(epoch from now()) * 1000)::bigint - " + LONGEST.toMillis();

    /** As the database does it. */
    static String stored(String sessionId) {
        return HexFormat.of().formatHex(Secrets.hash(sessionId));
    }

    /** For sessions that were found by whose they are. */
    static boolean tooOld(Instant began) {
        return began.plus(LONGEST).isBefore(Instant.now());
    }

    @Bean
    static SessionRepositoryCustomizer<JdbcIndexedSessionRepository> hashedSessions() {
        return sessions -> {
            // 192 random bits; the 122 of Spring Session's own are fewer than ASVS 7.2.3 asks for.
            sessions.setSessionIdGenerator(Secrets::make);
            sessions.setCreateSessionQuery("""
                    insert into spring_session (primary_id, session_id, creation_time, last_access_time,
                        max_inactive_interval, expiry_time, principal_name)
                    values (?, %s, ?, ?, ?, ?, ?)
                    """.formatted(HASHED.formatted("cast(? as text)")));
            // The id as it was asked for: the row does not know it.
            sessions.setGetSessionQuery(
                    """
                    with asked (id) as (values (cast(? as text)))
                    select s.primary_id, asked.id as session_id, s.creation_time, s.last_access_time,
                        s.max_inactive_interval, a.attribute_name, a.attribute_bytes
                    from asked
                    join spring_session s on s.session_id = %s
                    left join spring_session_attributes a on a.session_primary_id = s.primary_id
                    where not %s
                    """.formatted(HASHED.formatted("asked.id"), TOO_OLD.formatted("s.creation_time")));
            sessions.setUpdateSessionQuery("""
                    update spring_session set session_id = %s, last_access_time = ?, max_inactive_interval = ?,
                        expiry_time = ?, principal_name = ?
                    where primary_id = ?
                    """.formatted(HASHED.formatted("cast(? as text)")));
            sessions.setDeleteSessionQuery("""
                    delete from spring_session where session_id = %s and max_inactive_interval >= 0
                    """.formatted(HASHED.formatted("cast(? as text)")));
            sessions.setDeleteSessionsByExpiryTimeQuery(
                    "delete from spring_session where expiry_time < ? or " + TOO_OLD.formatted("creation_time"));
        };
    }

    /** Over HTTPS the cookie's name says that no other host and no plain connection may set it; on a LAN without HTTPS it cannot. */
    @Bean
    static CookieSerializer sessionCookieNames(@Value("${server.servlet.session.cookie.max-age:14d}") Duration maxAge) {
        DefaultCookieSerializer plain = serializer(COOKIE, maxAge);
        DefaultCookieSerializer host = serializer(HOST_COOKIE, maxAge);
        host.setUseSecureCookie(true);
        return new CookieSerializer() {
            private CookieSerializer of(HttpServletRequest request) {
                return request.isSecure() ? host : plain;
            }

            @Override
            public void writeCookieValue(CookieValue value) {
                of(value.getRequest()).writeCookieValue(value);
            }

            @Override
            public List<String> readCookieValues(HttpServletRequest request) {
                return of(request).readCookieValues(request);
            }
        };
    }

    private static DefaultCookieSerializer serializer(String name, Duration maxAge) {
        DefaultCookieSerializer cookies = new DefaultCookieSerializer();
        cookies.setCookieName(name);
        cookies.setCookiePath("/");
        cookies.setUseHttpOnlyCookie(true);
        cookies.setSameSite("Lax");
        cookies.setCookieMaxAge((int) maxAge.toSeconds());
        return cookies;
    }
}
