// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.doctor;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import live.millrace.platform.doctor.Finding.State;
import live.millrace.platform.doctor.Finding.Subject;
import live.millrace.platform.engine.EngineSettings;
import live.millrace.platform.https.HttpsSettings;
import live.millrace.platform.shared.StartupException;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.env.Environment;

/** The certificate that the site gets by itself: until when it holds, and in the console's words why there is none. */
final class HttpsCheck {
    /** Renewal has been due for a while then, of a life of months. */
    private static final Duration SOON = Duration.ofDays(7);

    private HttpsCheck() {}

    /** What is kept of it; nothing where the site does not get one by itself, or where its table is not there yet. */
    static List<Finding> examine(Environment settings, Connection connection) throws SQLException {
        HttpsSettings https;
        EngineSettings engine;
        try {
            https = Binder.get(settings).bindOrCreate("millrace.https", HttpsSettings.class);
            engine = Binder.get(settings).bindOrCreate("millrace", EngineSettings.class);
        } catch (BindException e) {
            return NestedExceptionUtils.getMostSpecificCause(e) instanceof StartupException known
                    ? List.of(Finding.bad(Subject.CERTIFICATE, "said", known.getMessage() + " " + known.action()))
                    : List.of(Finding.bad(Subject.CERTIFICATE, "malformed"));
        }
        if (engine.tls().bundle() != null || engine.https().port() == 0 || !there(connection)) {
            return List.of();
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        select s.domain, s.trouble, s.tried_way, c.domain, c.valid_from, c.valid_until
                        from https_site s left join (select * from https_certificate order by id desc limit 1) c on true
                        """)) {
            return row.next() ? findings(https, row) : List.of();
        }
    }

    private static boolean there(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select to_regclass('https_site') is not null")) {
            return row.next() && row.getBoolean(1);
        }
    }

    private static List<Finding> findings(HttpsSettings https, ResultSet row) throws SQLException {
        String domain = https.domain() == null ? row.getString(1) : https.domain();
        if (domain == null) {
            return List.of(Finding.note(Subject.CERTIFICATE, "nameless"));
        }
        List<Finding> findings = new ArrayList<>();
        String trouble = row.getString(2);
        Timestamp until = domain.equals(row.getString(4)) ? row.getTimestamp(6) : null;
        if (until != null) {
            findings.add(held(domain, row.getTimestamp(5).toInstant(), until.toInstant(), trouble != null));
        } else if (trouble == null) {
            findings.add(Finding.note(Subject.CERTIFICATE, "awaited", domain));
        }
        if (trouble != null) {
            // In the words of the console, which says more.
            findings.add(new Finding(
                    until == null ? State.BAD : State.NOTE,
                    Subject.CERTIFICATE,
                    "https.trouble." + trouble,
                    List.of(
                            domain,
                            "TLS".equals(row.getString(3)) ? "443" : "80",
                            https.address().getHost())));
        }
        return findings;
    }

    private static Finding held(String domain, Instant from, Instant until, boolean trouble) {
        Instant now = Instant.now();
        if (!now.isBefore(until)) {
            return Finding.bad(Subject.CERTIFICATE, "ended", domain, until.toString());
        }
        if (now.isBefore(from)) {
            return Finding.bad(Subject.CERTIFICATE, "early", domain, from.toString());
        }
        Duration third = Duration.between(from, until).dividedBy(3);
        // It is renewed after two thirds of its life; half of what is left then is for failures.
        Duration late = third.dividedBy(2).compareTo(SOON) < 0 ? third.dividedBy(2) : SOON;
        return trouble || now.plus(late).isAfter(until)
                ? Finding.note(Subject.CERTIFICATE, "late", domain, until.toString())
                : Finding.good(Subject.CERTIFICATE, "renewing", domain, until.toString());
    }
}
