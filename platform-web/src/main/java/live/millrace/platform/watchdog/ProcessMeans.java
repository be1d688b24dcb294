// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.watchdog;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import live.millrace.platform.shared.DataDirectory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * What the watchdog does with the process. Uses the JDK's own classes alone and things made at the start: a site that is stuck may be
 * stuck over loading classes.
 */
@Component
class ProcessMeans implements SiteWatchdog.Means {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessMeans.class);

    /** A page without a database: a template, and a cookie. Closed behind, so that no connection is kept for it. */
    private static final byte[] REQUEST =
            "GET /login HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final int CONNECT_MILLIS = 5_000;

    /** Longer than a second look takes: who stops waiting would be counted as answered. */
    private static final int ANSWER_MILLIS =
            (int) SiteWatchdog.SECOND_LOOK.multipliedBy(2).toMillis();

    private static final int DUMPS_KEPT = 5;

    private static final int KILLED_BY_TERM = 128 + 15;

    private final Path folder;
    private final HotSpotDiagnosticMXBean diagnostics =
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    private final SSLSocketFactory trustful = trustful();
    private volatile InetSocketAddress site = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private volatile boolean encrypted;
    private volatile boolean asked;

    ProcessMeans(DataDirectory data) {
        this.folder = data.resolve("dumps");
    }

    /**
     * Where the site listens.
     *
     * @param address null or a wildcard for every one of this machine
     */
    void listensOn(@Nullable InetAddress address, int port, boolean withTls) {
        encrypted = withTls;
        site = new InetSocketAddress(
                address == null || address.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address, port);
    }

    /** Takes any certificate: it is spoken to on this machine alone, and told and believed nothing. */
    private static SSLSocketFactory trustful() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
            return context.getSocketFactory();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a JDK without TLS", e);
        }
    }

    @Override
    public boolean asked() {
        return asked;
    }

    @Override
    public void askForAPage() {
        asked = false;
        Thread.ofPlatform().name("site-watchdog-page").daemon().start(this::ask);
    }

    /** What comes back does not matter: the answer is counted where all are. */
    private void ask() {
        try (Socket plain = new Socket()) {
            plain.setSoTimeout(ANSWER_MILLIS);
            plain.connect(site, CONNECT_MILLIS);
            Socket socket = encrypted ? trustful.createSocket(plain, "localhost", site.getPort(), true) : plain;
            OutputStream out = socket.getOutputStream();
            out.write(REQUEST);
            out.flush();
            asked = true;
            socket.getInputStream().readAllBytes();
        } catch (IOException noAnswer) {
            LOG.debug("The site did not answer its own watchdog", noAnswer);
        }
    }

    @Override
    public String dumpThreads() {
        Path file = folder.resolve("threads-" + Instant.now().toString().replace(':', '-') + ".txt");
        try {
            Files.createDirectories(folder);
            prune();
            diagnostics.dumpThreads(file.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.TEXT_PLAIN);
            return file.toString();
        } catch (IOException e) {
            return "not kept, " + e;
        }
    }

    private void prune() throws IOException {
        List<Path> dumps;
        try (Stream<Path> files = Files.list(folder)) {
            dumps = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path old : dumps.subList(Math.min(dumps.size(), DUMPS_KEPT - 1), dumps.size())) {
            Files.delete(old);
        }
    }

    @Override
    public void endProcess() {
        // Not by an orderly end, which would wait for whatever the site waits for.
        Runtime.getRuntime().halt(KILLED_BY_TERM);
    }
}
