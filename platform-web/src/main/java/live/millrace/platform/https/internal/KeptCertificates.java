// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.https.internal;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import live.millrace.platform.https.Trouble;
import live.millrace.platform.shared.SiteKey;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Accounts at directories, and certificates, with their keys: sealed in the database, open in memory alone. */
@Component
class KeptCertificates {
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

    /** Of a domain: one that went is kept until the one after is there. */
    private static final int KEPT = 2;

    private final JdbcClient database;
    private final SiteKey key;

    KeptCertificates(JdbcClient database, SiteKey key) {
        this.database = database;
        this.key = key;
    }

    /**
     * One at a directory.
     *
     * @param location its address there; null before it is known
     */
    record Account(KeyPair keys, @Nullable String location) {
        @Override
        public String toString() {
            return "Account[" + location + "]";
        }
    }

    /**
     * An order that has not come to its end.
     *
     * @param location its address at the directory
     * @param keys that its certificate is for
     */
    record Begun(String location, KeyPair keys) {
        @Override
        public String toString() {
            return "Begun[" + location + "]";
        }
    }

    /** A certificate with its chain, the site's own first. */
    record Kept(long id, String domain, String directory, List<X509Certificate> chain, KeyPair keys) {
        X509Certificate own() {
            return chain.getFirst();
        }

        Instant from() {
            return own().getNotBefore().toInstant();
        }

        Instant until() {
            return own().getNotAfter().toInstant();
        }

        boolean validAt(Instant now) {
            return !now.isBefore(from()) && !over(now);
        }

        /** It has ended. One that has not begun is as good as one that has: no directory issues for later, this machine's clock is behind. */
        boolean over(Instant now) {
            return !now.isBefore(until());
        }

        Instant renewal() {
            return Timetable.renewal(from(), until(), id);
        }

        @Override
        public String toString() {
            return "Kept[" + id + ", " + domain + "]";
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Row(long id, String domain, String directory, String text, byte[] sealed) {}

    // ---- accounts -----------------------------------------------------------------------------------------------

    /**
     * Ours at a directory, if there is one.
     *
     * @throws HttpsFailure when it cannot be opened
     */
    Optional<Account> account(String directory) throws HttpsFailure {
        Optional<Row> found = database.sql(
                        "select coalesce(location, ''), sealed_key from https_account where directory = ?")
                .param(directory)
                .query((row, _) -> new Row(0, "", directory, row.getString(1), row.getBytes(2)))
                .optional();
        if (found.isEmpty()) {
            return Optional.empty();
        }
        KeyPair keys = opened(accountPurpose(directory), found.get().sealed());
        String location = found.get().text();
        return Optional.of(new Account(keys, location.isEmpty() ? null : location));
    }

    private static String accountPurpose(String directory) {
        return "account key at " + directory;
    }

    private KeyPair opened(String purpose, byte[] sealed) throws HttpsFailure {
        return key.open(purpose, sealed)
                .map(KeyPairs::read)
                .orElseThrow(() -> HttpsFailure.of(Trouble.KEY, "site.key is another one"));
    }

    void keep(String directory, Account account, Instant now) {
        database.sql("""
                insert into https_account (directory, sealed_key, location, made_at) values (?, ?, ?, ?)
                on conflict (directory) do update set sealed_key = excluded.sealed_key, location = excluded.location
                """)
                .param(directory)
                .param(key.seal(accountPurpose(directory), KeyPairs.bytes(account.keys())))
                .param(account.location())
                .param(Timestamp.from(now))
                .update();
    }

    void forget(String directory) {
        database.sql("delete from https_account where directory = ?")
                .param(directory)
                .update();
    }

    // ---- the order that is under way ----------------------------------------------------------------------------

    /** The order that somebody began for this, and did not come to an end with; empty too where its key cannot be opened. */
    Optional<Begun> begun(String domain, String directory) {
        return database.sql("select location, sealed_key from https_order where domain = ? and directory = ?")
                .param(domain)
                .param(directory)
                .query((row, _) -> new Row(0, domain, directory, row.getString(1), row.getBytes(2)))
                .optional()
                .flatMap(row -> key.open(purpose(domain), row.sealed())
                        .map(keys -> new Begun(row.text(), KeyPairs.read(keys))));
    }

    /** An order has begun, in place of any other. */
    void begin(String domain, String directory, Begun order, Instant now) {
        database.sql("""
                insert into https_order (domain, directory, location, sealed_key, made_at) values (?, ?, ?, ?, ?)
                on conflict (id) do update set domain = excluded.domain, directory = excluded.directory,
                    location = excluded.location, sealed_key = excluded.sealed_key, made_at = excluded.made_at
                """)
                .param(domain)
                .param(directory)
                .param(order.location())
                .param(key.seal(purpose(domain), KeyPairs.bytes(order.keys())))
                .param(Timestamp.from(now))
                .update();
    }

    /** Nobody goes on with the order. */
    void drop() {
        database.sql("delete from https_order").update();
    }

    // ---- certificates -------------------------------------------------------------------------------------------

    /** A certificate came, and with it its order ends. */
    void keep(String domain, String directory, List<X509Certificate> chain, KeyPair keys, Instant now) {
        X509Certificate own = chain.getFirst();
        database.sql("""
                with ended as (delete from https_order)
                insert into https_certificate (domain, directory, chain, sealed_key, valid_from, valid_until, made_at)
                values (?, ?, ?, ?, ?, ?, ?)
                """)
                .param(domain)
                .param(directory)
                .param(pem(chain))
                .param(key.seal(purpose(domain), KeyPairs.bytes(keys)))
                .param(Timestamp.from(own.getNotBefore().toInstant()))
                .param(Timestamp.from(own.getNotAfter().toInstant()))
                .param(Timestamp.from(now))
                .update();
        database.sql("""
                delete from https_certificate where id not in (select id from https_certificate order by id desc limit ?)
                """).param(KEPT).update();
    }

    private static String purpose(String domain) {
        return "certificate key of " + domain;
    }

    /** The number of the newest; 0 where there is none. */
    long newest() {
        return database.sql("select coalesce(max(id), 0) from https_certificate")
                .query(Long.class)
                .single();
    }

    /**
     * The newest for a domain from a directory; where there is none, the newest at all: it is better than none.
     *
     * @throws HttpsFailure when it cannot be opened
     */
    Optional<Kept> find(String domain, String directory) throws HttpsFailure {
        Optional<Row> found = database.sql("""
                select id, domain, directory, chain, sealed_key from https_certificate
                order by (domain = ? and directory = ?) desc, id desc limit 1
                """)
                .param(domain)
                .param(directory)
                .query((row, _) ->
                        new Row(row.getLong(1), row.getString(2), row.getString(3), row.getString(4), row.getBytes(5)))
                .optional();
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Row row = found.get();
        KeyPair keys = opened(purpose(row.domain()), row.sealed());
        return Optional.of(new Kept(row.id(), row.domain(), row.directory(), chain(row.text()), keys));
    }

    static String pem(List<X509Certificate> chain) {
        StringBuilder text = new StringBuilder();
        for (X509Certificate each : chain) {
            try {
                text.append("-----BEGIN CERTIFICATE-----\n")
                        .append(LINES.encodeToString(each.getEncoded()))
                        .append("\n-----END CERTIFICATE-----\n");
            } catch (CertificateEncodingException e) {
                throw new IllegalArgumentException(e);
            }
        }
        return text.toString();
    }

    private static List<X509Certificate> chain(String pem) throws HttpsFailure {
        try {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))
                    .stream()
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (CertificateException e) {
            throw HttpsFailure.of(Trouble.KEY, "what is kept is no certificate");
        }
    }
}
