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
        int web = port(settings, "server.port", 8080);
        boolean runs = healthy(settings, web);
        if (runs) {
            findings.add(Finding.good("Site", "runs on port " + web + ", and says that it is well"));
        } else if (databaseRan) {
            findings.add(Finding.bad(
                    "Site",
                    "its database runs, and port " + web + " does not say that it is well. Is it starting, or is"
                            + " server.port another one? Restart it."));
        } else {
            findings.add(Finding.note("Site", "does not run"));
        }
        port(findings, "Web", web, runs);
        port(findings, "RTMP", port(settings, "millrace.rtmp.port", 1935), runs);
        port(findings, "Media", port(settings, "millrace.http.port", 8081), runs);
        findings.add(address(settings));
        certificates(settings, findings);
        findings.add(mail(settings));
        return findings;
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

    private static void port(List<Finding> findings, String subject, int port, boolean runs) {
        if (port == 0) {
            findings.add(Finding.note(subject, "takes any free port"));
            return;
        }
        boolean answers = connects("localhost", port);
        if (runs) {
            findings.add(
                    answers
                            ? Finding.good(subject, "port " + port + " answers")
                            : Finding.bad(
                                    subject, "port " + port + " does not answer though the site runs. See its log."));
        } else if (answers || !bindable(port)) {
            findings.add(Finding.bad(
                    subject,
                    "port " + port + " is taken by another program, or may not be opened by this user."
                            + " Choose another, or stop that one."));
        } else {
            findings.add(Finding.good(subject, "port " + port + " is free"));
        }
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
            return Finding.bad(
                    "Address",
                    why instanceof StartupException known
                            ? known.getMessage() + " " + known.action()
                            : "millrace.public-url is no address of a site. Give it like https://live.example.org.");
        }
        if (address.origin().isEmpty()) {
            return Finding.note(
                    "Address",
                    "millrace.public-url is not set: there are no mails, no passkeys but on localhost, and previews of"
                            + " links show no picture");
        }
        URI uri = URI.create(address.origin().get());
        try {
            InetAddress.getByName(uri.getHost());
        } catch (UnknownHostException e) {
            return Finding.bad("Address", uri.getHost() + " is known to no name server. Look at millrace.public-url.");
        }
        boolean safe = uri.getScheme().equals("https") || uri.getHost().equals("localhost");
        return safe
                ? Finding.good("Address", uri.toString())
                : Finding.note(
                        "Address",
                        uri + " is not encrypted: passwords can be read on the way, and passkeys do not work."
                                + " See docs/deployment.md.");
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
        String subject = "Certificate";
        try (InputStream in = new DefaultResourceLoader().getResource(place).getInputStream()) {
            X509Certificate certificate =
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
            Instant end = certificate.getNotAfter().toInstant();
            Instant now = Instant.now();
            String words = bundle + " holds until " + end;
            if (end.isBefore(now)) {
                return Finding.bad(subject, words + ": that is over. Renew it; a running site takes up the new file.");
            }
            return end.isBefore(now.plus(SOON))
                    ? Finding.note(subject, words + ": renew it soon")
                    : Finding.good(subject, words);
        } catch (IOException | CertificateException e) {
            return Finding.bad(subject, bundle + " cannot be read from " + place + ": " + e.getMessage());
        }
    }

    private static Finding mail(Environment settings) {
        String host = settings.getProperty("spring.mail.host", "");
        if (host.isEmpty()) {
            return Finding.note(
                    "Mail", "spring.mail.host is not set: whoever forgets a password asks an admin for a new one");
        }
        int port = port(settings, "spring.mail.port", 25);
        return connects(host, port)
                ? Finding.good("Mail", host + ":" + port + " takes connections")
                : Finding.bad(
                        "Mail", host + ":" + port + " takes no connection. See spring.mail.host and spring.mail.port.");
    }
}
