// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.https.internal;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import live.millrace.platform.https.Trouble;
import org.jspecify.annotations.Nullable;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.connector.Connection;
import org.shredzone.acme4j.connector.DefaultConnection;
import org.shredzone.acme4j.connector.HttpConnector;
import org.shredzone.acme4j.connector.NetworkSettings;
import org.shredzone.acme4j.provider.GenericAcmeProvider;

/** Speaks to one directory, for one order: each answer is bounded in time and size, and its date is looked at. */
final class Directory implements AutoCloseable {
    /** An answer, from the first byte that we send to the last that comes. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    /** A chain is a few kilobytes, a directory one. */
    private static final long MOST_BYTES = 256 << 10;

    private final AtomicReference<@Nullable Instant> said = new AtomicReference<>();
    private final Session session;

    /**
     * Asks nobody yet.
     *
     * @param authority a PEM file that vouches for it; empty for what everybody trusts
     * @throws HttpsFailure when that cannot be read
     */
    Directory(URI address, Optional<Path> authority, Duration patience) throws HttpsFailure {
        @Nullable SSLContext trust = authority.isPresent() ? trust(authority.get()) : null;
        session = new Session(address, new Provider(trust, said, patience));
        session.networkSettings().setTimeout(patience);
        // What is packed may be of any size.
        session.networkSettings().setCompressionEnabled(false);
        session.setLocale(null);
    }

    Session session() {
        return session;
    }

    /** The time by the directory's clock, at its last answer; empty before the first. */
    Optional<Instant> said() {
        return Optional.ofNullable(said.get());
    }

    @Override
    public void close() {
        session.getHttpClient().shutdownNow();
    }

    private static SSLContext trust(Path authority) throws HttpsFailure {
        try (InputStream in = Files.newInputStream(authority)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("ca" + number++, each);
            }
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw HttpsFailure.of(Trouble.UNTRUSTED, "millrace.https.directory-ca cannot be read: " + e.getMessage());
        }
    }

    private static final class Provider extends GenericAcmeProvider {
        private final @Nullable SSLContext trust;
        private final AtomicReference<@Nullable Instant> said;
        private final Duration patience;

        Provider(@Nullable SSLContext trust, AtomicReference<@Nullable Instant> said, Duration patience) {
            this.trust = trust;
            this.said = said;
            this.patience = patience;
        }

        @Override
        public HttpClient createHttpClient(NetworkSettings settings) {
            HttpClient.Builder builder = HttpClient.newBuilder()
                    .followRedirects(HttpClient.Redirect.NORMAL)
                    .connectTimeout(patience);
            if (trust != null) {
                builder.sslContext(trust);
            }
            return builder.build();
        }

        @Override
        public Connection connect(URI address, NetworkSettings settings, HttpClient client) {
            return new Bounded(createHttpConnector(settings, client), said, patience);
        }
    }

    /** The library's own, but for how an answer is waited for. */
    private static final class Bounded extends DefaultConnection {
        private final AtomicReference<@Nullable Instant> said;
        private final Duration patience;

        Bounded(HttpConnector connector, AtomicReference<@Nullable Instant> said, Duration patience) {
            super(connector);
            this.said = said;
            this.patience = patience;
        }

        @Override
        protected void sendRequest(Session session, URL url, Consumer<HttpRequest.Builder> body) throws IOException {
            HttpRequest.Builder request =
                    httpConnector.createRequestBuilder(url).header("Accept-Language", session.getLanguageHeader());
            body.accept(request);
            CompletableFuture<HttpResponse<InputStream>> answer = httpClient.sendAsync(
                    request.build(),
                    _ -> BodySubscribers.mapping(
                            BodySubscribers.limiting(BodySubscribers.ofByteArray(), MOST_BYTES),
                            ByteArrayInputStream::new));
            try {
                lastResponse = answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                answer.cancel(true);
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            } catch (TimeoutException e) {
                answer.cancel(true);
                throw new IOException("no answer within " + patience.toSeconds() + " s", e);
            } catch (ExecutionException e) {
                throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
            }
            date(lastResponse).ifPresent(said::set);
        }

        private static Optional<Instant> date(HttpResponse<?> answer) {
            try {
                return answer.headers()
                        .firstValue("Date")
                        .map(text -> ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                                .toInstant());
            } catch (DateTimeParseException malformed) {
                return Optional.empty();
            }
        }
    }
}
