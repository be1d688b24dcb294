// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.signin.internal.openid;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import live.millrace.platform.shared.SiteKey;
import live.millrace.platform.signin.OpenIdException;
import live.millrace.platform.signin.OpenIdException.Why;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What is kept of services, for whoever asks them: with their secrets. */
@Component
class ProviderRows {
    private static final Logger LOG = LoggerFactory.getLogger(ProviderRows.class);

    private final JdbcClient database;
    private final SiteKey key;

    ProviderRows(JdbcClient database, SiteKey key) {
        this.database = database;
        this.key = key;
    }

    /**
     * One that is switched on.
     *
     * @param secret empty for a client that has none
     */
    record Row(int id, String name, String issuer, String clientId, String secret, Instant changedAt) {
        @Override
        public String toString() {
            return "Row[" + id + "]";
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Sealed(Row row, byte @Nullable [] secret) {}

    /**
     * One that is offered.
     *
     * @throws OpenIdException when it is not, or its secret cannot be opened
     */
    Row offered(int id) {
        Sealed found = database.sql("""
                select id, name, issuer, client_id, secret, changed_at from signin_openid_provider where id = ? and enabled
                """)
                .param(id)
                .query((row, _) -> new Sealed(
                        new Row(
                                row.getInt("id"),
                                row.getString("name"),
                                row.getString("issuer"),
                                row.getString("client_id"),
                                "",
                                row.getTimestamp("changed_at").toInstant()),
                        row.getBytes("secret")))
                .optional()
                .orElseThrow(() -> new OpenIdException(Why.OFF, "not offered"));
        Row row = found.row();
        if (found.secret() == null) {
            return row;
        }
        Optional<byte[]> secret = key.open(purpose(row.issuer(), row.clientId()), found.secret());
        if (secret.isEmpty()) {
            LOG.error(
                    "The site's key does not open the secret of the log-in service {}: is the file site.key in its folder"
                            + " another one? Enter the secret in the console again.",
                    row.name());
            throw new OpenIdException(Why.AWAY, "secret");
        }
        return new Row(
                row.id(),
                row.name(),
                row.issuer(),
                row.clientId(),
                new String(secret.get(), StandardCharsets.UTF_8),
                row.changedAt());
    }

    /** Good for this service and this client alone: whoever changes where it would be sent has to know it. */
    byte[] sealed(String issuer, String clientId, String secret) {
        return key.seal(purpose(issuer, clientId), secret.getBytes(StandardCharsets.UTF_8));
    }

    private static String purpose(String issuer, String clientId) {
        return "secret of the client " + clientId + " at " + issuer;
    }

    List<Integer> numbers() {
        return database.sql("select id from signin_openid_provider order by id")
                .query((row, _) -> row.getInt(1))
                .list();
    }
}
