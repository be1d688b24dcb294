// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramSocket;
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
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Consumer;
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

    /** Of the site that looks at itself. */
    static final String OWN_PORT = "local.server.port";

    private final Environment settings;
    private final Consumer<Finding> found;
    private final LastStart last;
    private boolean runs;

    private NetworkChecks(Environment settings, LastStart last, Consumer<Finding> found) {
        this.settings = settings;
        this.last = last;
        this.found = found;
    }

    /**
     * Looks at all of them.
     *
     * @param last what this installation said of itself at its last start
     * @param databaseRan the server inside runs, whoever started it
     */
    static void examine(Environment settings, LastStart last, boolean databaseRan, Consumer<Finding> found) {
        new NetworkChecks(settings, last, found).examine(databaseRan);
    }

    private void examine(boolean databaseRan) {
        // Whoever asks from within knows which free one it took.
        boolean within = settings.containsProperty(OWN_PORT);
        int web = within ? number(OWN_PORT, 0) : used("server.port", 8080);
        // What answers there may be another installation: this one is asked only if it lives, as far as that is known.
        boolean lives = within || last.lives() || !last.known();
        boolean well = lives && healthy(web);
        runs = well || last.lives();
        if (well) {
            found.accept(Finding.good(Subject.SITE, "well", port(web)));
        } else {
            found.accept(
                    last.lives() || databaseRan
                            ? Finding.bad(Subject.SITE, "unwell", port(web))
                            : Finding.note(Subject.SITE, "away"));
        }
        tcp(Subject.WEB, web);
        tcp(Subject.RTMP, used("millrace.rtmp.port", 1935));
        tcp(Subject.MEDIA, used("millrace.http.port", 8081));
        engine();
        found.accept(address(settings));
        certificates();
        found.accept(mail());
    }

    /** The ports that not every installation has. */
    private void engine() {
        EngineSettings engine;
        HttpsSettings own;
        try {
            engine = Binder.get(settings).bindOrCreate("millrace", EngineSettings.class);
            own = Binder.get(settings).bindOrCreate("millrace.https", HttpsSettings.class);
        } catch (BindException e) {
            // What is wrong with the settings is said elsewhere.
            return;
        }
        int rtsp = used("millrace.rtsp.port", 8554);
        if (rtsp != 0) {
            tcp(Subject.RTSP, rtsp);
            if (running(LastStart.RTSP_UDP, engine.rtsp().udp() ? 1 : 0) != 0) {
                // The next even one, and the one behind it, as the engine takes them.
                int first = rtsp + rtsp % 2;
                udp(Subject.RTSP, first);
                udp(Subject.RTSP, first + 1);
            }
        }
        int srt = used("millrace.srt.port", 8890);
        if (srt != 0) {
            udp(Subject.SRT, srt);
        }
        int webrtc = used("millrace.webrtc.port", 8189);
        if (webrtc != 0) {
            udp(Subject.WEBRTC, webrtc);
            tcp(Subject.WEBRTC, webrtc);
        }
        int https = running("millrace.https.port", engine.https().port());
        if (https != 0) {
            tcp(Subject.HTTPS, https);
            int redirect = running(
                    LastStart.REDIRECT,
                    engine.tls().bundle() == null ? own.redirect().orElse(0) : 0);
            if (redirect != 0) {
                tcp(Subject.HTTP, redirect);
            }
        }
    }

    /** What the site that runs said of itself; where none does, what the settings say. */
    private int running(String name, int otherwise) {
        return last.lives() ? last.port(name).orElse(otherwise) : otherwise;
    }

    /**
     * Of the site that runs, where it listens; else what the settings say. Where that is no more than the usual, it is what this installation
     * had at its last start: the usual stands in the program's own settings, and says nothing.
     */
    private int used(String name, int usual) {
        OptionalInt before = last.port(name);
        int said = number(name, usual);
        return last.lives() || said == usual ? before.orElse(said) : said;
    }

    private int number(String name, int otherwise) {
        return settings.getProperty(name, Integer.class, otherwise);
    }

    /** A number that is a name: it has no thousands. */
    private static String port(int number) {
        return Integer.toString(number);
    }

    private boolean healthy(int port) {
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

    private void tcp(Subject subject, int port) {
        if (port == 0) {
            found.accept(new Finding(State.NOTE, subject, "doctor.port.any", List.of()));
            return;
        }
        boolean answers = connects("localhost", port);
        if (runs) {
            port(subject, answers ? "answers" : "silent", answers, port);
        } else {
            boolean free = !answers && bindable(port);
            port(subject, free ? "free" : "taken", free, port);
        }
    }

    /** One of UDP, which answers nobody whom it does not know: whoever has it open is all that can be told. */
    private void udp(Subject subject, int port) {
        boolean free = bindableForUdp(port);
        if (runs) {
            port(subject, free ? "unheard" : "open", !free, port);
        } else {
            port(subject, free ? "free.udp" : "taken.udp", free, port);
        }
    }

    private void port(Subject subject, String words, boolean good, int port) {
        found.accept(new Finding(good ? State.GOOD : State.BAD, subject, "doctor.port." + words, List.of(port(port))));
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

    private static boolean bindableForUdp(int port) {
        try (DatagramSocket socket = new DatagramSocket(null)) {
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

    private void certificates() {
        Map<String, PemBundle> bundles = Binder.get(settings)
                .bind("spring.ssl.bundle.pem", Bindable.mapOf(String.class, PemBundle.class))
                .orElse(Map.of());
        bundles.forEach((name, bundle) -> {
            if (bundle.keystore() != null && bundle.keystore().certificate() != null) {
                found.accept(certificate(name, bundle.keystore().certificate()));
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

    private Finding mail() {
        String host = settings.getProperty("spring.mail.host", "");
        if (host.isEmpty()) {
            return Finding.note(Subject.MAIL, "none");
        }
        int port = number("spring.mail.port", 25);
        return connects(host, port)
                ? Finding.good(Subject.MAIL, "answers", host, port(port))
                : Finding.bad(Subject.MAIL, "silent", host, port(port));
    }
}
