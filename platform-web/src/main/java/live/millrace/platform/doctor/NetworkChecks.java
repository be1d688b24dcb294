// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import live.millrace.platform.doctor.Finding.State;
import live.millrace.platform.doctor.Finding.Subject;
import live.millrace.platform.engine.EngineSettings;
import live.millrace.platform.https.HttpsSettings;
import live.millrace.platform.shared.SiteAddress;
import live.millrace.platform.shared.StartupException;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.env.Environment;
import org.springframework.core.io.DefaultResourceLoader;

/** Ports, addresses, certificates and mail. */
final class NetworkChecks {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration SOON = Duration.ofDays(14);

    private NetworkChecks() {}

    static List<Finding> examine(Environment settings, boolean databaseRan) {
        List<Finding> findings = new ArrayList<>();
        // Whoever asks from within knows which free one it took.
        int web = port(settings, "local.server.port", port(settings, "server.port", 8080));
        boolean runs = healthy(settings, web);
        if (runs) {
            findings.add(Finding.good(Subject.SITE, "well", port(web)));
        } else {
            findings.add(
                    databaseRan ? Finding.bad(Subject.SITE, "unwell", port(web)) : Finding.note(Subject.SITE, "away"));
        }
        port(findings, Subject.WEB, web, runs);
        port(findings, Subject.RTMP, port(settings, "millrace.rtmp.port", 1935), runs);
        port(findings, Subject.MEDIA, port(settings, "millrace.http.port", 8081), runs);
        https(settings, findings, runs);
        findings.add(address(settings));
        certificates(settings, findings);
        findings.add(mail(settings));
        return findings;
    }

    /** A number that is a name: it has no thousands. */
    private static String port(int number) {
        return Integer.toString(number);
    }

    private static void https(Environment settings, List<Finding> findings, boolean runs) {
        try {
            EngineSettings engine = Binder.get(settings).bindOrCreate("millrace", EngineSettings.class);
            if (engine.https().port() == 0) {
                return;
            }
            port(findings, Subject.HTTPS, engine.https().port(), runs);
            if (engine.tls().bundle() == null) {
                Binder.get(settings)
                        .bindOrCreate("millrace.https", HttpsSettings.class)
                        .redirect()
                        .ifPresent(port -> port(findings, Subject.HTTP, port, runs));
            }
        } catch (BindException e) {
            // What is wrong with the settings is said elsewhere.
            return;
        }
    }

    private static int port(Environment settings, String name, int otherwise) {
        return settings.getProperty(name, Integer.class, otherwise);
    }

    private static boolean healthy(Environment settings, int port) {
        String scheme = settings.getProperty("server.ssl.bundle") == null ? "http" : "https";
        try (HttpClient client =
                HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
            return client.send(
                                    HttpRequest.newBuilder(
                                                    URI.create(scheme + "://localhost:" + port + "/actuator/health"))
                                            .timeout(PATIENCE)
                                            .build(),
                                    HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void port(List<Finding> findings, Subject subject, int port, boolean runs) {
        if (port == 0) {
            findings.add(new Finding(State.NOTE, subject, "doctor.port.any", List.of()));
            return;
        }
        boolean answers = connects("localhost", port);
        State state;
        String words;
        if (runs) {
            state = answers ? State.GOOD : State.BAD;
            words = answers ? "answers" : "silent";
        } else {
            boolean taken = answers || !bindable(port);
            state = taken ? State.BAD : State.GOOD;
            words = taken ? "taken" : "free";
        }
        findings.add(new Finding(state, subject, "doctor.port." + words, List.of(port(port))));
    }

    private static boolean connects(String host, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), (int) PATIENCE.toMillis());
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean bindable(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static Finding address(Environment settings) {
        SiteAddress address;
        try {
            address = Binder.get(settings).bindOrCreate("millrace", SiteAddress.class);
        } catch (BindException e) {
            Throwable why = NestedExceptionUtils.getRootCause(e);
            return why instanceof StartupException known
                    ? Finding.bad(Subject.ADDRESS, "said", known.getMessage() + " " + known.action())
                    : Finding.bad(Subject.ADDRESS, "malformed");
        }
        String domain = settings.getProperty("millrace.https.domain", "");
        if (address.origin().isEmpty() && !domain.isBlank()) {
            String shared = settings.getProperty("millrace.https.port", "443");
            return Finding.good(
                    Subject.ADDRESS, "coming", "https://" + domain + (shared.equals("443") ? "" : ":" + shared));
        }
        if (address.origin().isEmpty()) {
            return Finding.note(Subject.ADDRESS, "none");
        }
        URI uri = URI.create(address.origin().get());
        try {
            InetAddress.getByName(uri.getHost());
        } catch (UnknownHostException e) {
            return Finding.bad(Subject.ADDRESS, "unknown", uri.getHost());
        }
        boolean safe = uri.getScheme().equals("https") || uri.getHost().equals("localhost");
        return safe
                ? Finding.good(Subject.ADDRESS, "good", uri.toString())
                : Finding.note(Subject.ADDRESS, "plain", uri.toString());
    }

    private static void certificates(Environment settings, List<Finding> findings) {
        Map<String, PemBundle> bundles = Binder.get(settings)
                .bind("spring.ssl.bundle.pem", Bindable.mapOf(String.class, PemBundle.class))
                .orElse(Map.of());
        bundles.forEach((name, bundle) -> {
            if (bundle.keystore() != null && bundle.keystore().certificate() != null) {
                findings.add(certificate(name, bundle.keystore().certificate()));
            }
        });
    }

    /** As Spring names it. */
    record PemBundle(@org.jspecify.annotations.Nullable Store keystore) {}

    /** The same. */
    record Store(@org.jspecify.annotations.Nullable String certificate) {}

    private static Finding certificate(String bundle, String place) {
        try (InputStream in = new DefaultResourceLoader().getResource(place).getInputStream()) {
            X509Certificate certificate =
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
            Instant end = certificate.getNotAfter().toInstant();
            Instant now = Instant.now();
            if (end.isBefore(now)) {
                return Finding.bad(Subject.CERTIFICATE, "over", bundle, end.toString());
            }
            return end.isBefore(now.plus(SOON))
                    ? Finding.note(Subject.CERTIFICATE, "soon", bundle, end.toString())
                    : Finding.good(Subject.CERTIFICATE, "good", bundle, end.toString());
        } catch (IOException | CertificateException e) {
            return Finding.bad(Subject.CERTIFICATE, "unreadable", bundle, place, String.valueOf(e.getMessage()));
        }
    }

    private static Finding mail(Environment settings) {
        String host = settings.getProperty("spring.mail.host", "");
        if (host.isEmpty()) {
            return Finding.note(Subject.MAIL, "none");
        }
        int port = port(settings, "spring.mail.port", 25);
        return connects(host, port)
                ? Finding.good(Subject.MAIL, "answers", host, port(port))
                : Finding.bad(Subject.MAIL, "silent", host, port(port));
    }
}
