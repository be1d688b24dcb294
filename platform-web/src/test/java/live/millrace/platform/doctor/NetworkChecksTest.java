// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import live.millrace.media.testing.FreePort;
import live.millrace.platform.doctor.Finding.State;
import live.millrace.platform.doctor.Finding.Subject;
import live.millrace.platform.shared.DataDirectory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.mock.env.MockEnvironment;

/** Ports are looked at where the installation has them, and what answers there is not taken for it. */
class NetworkChecksTest {
    @TempDir
    private Path folder;

    private final MockEnvironment settings = new MockEnvironment();
    private HttpServer site;
    private DataDirectory data;

    @BeforeEach
    void serve() throws IOException {
        data = new DataDirectory(folder.toString());
        site = HttpServer.create(new InetSocketAddress(0), 0);
        site.createContext("/actuator/health", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        site.start();
        for (String none : List.of("rtmp", "http", "rtsp", "srt", "webrtc")) {
            settings.setProperty("millrace." + none + ".port", "0");
        }
    }

    @AfterEach
    void stop() {
        site.stop(0);
    }

    private int web() {
        return site.getAddress().getPort();
    }

    private List<Finding> look() {
        List<Finding> found = new ArrayList<>();
        NetworkChecks.examine(settings, LastStart.read(data), false, found::add);
        return found;
    }

    private static List<String> about(List<Finding> found, Subject subject) {
        return found.stream()
                .filter(each -> each.subject() == subject)
                .map(each -> each.state() + " " + each.key() + " " + each.about())
                .toList();
    }

    @Test
    void theFolderSaysWhereItsSiteListens() throws Exception {
        try (Closeable _ = LastStart.write(data, Map.of("server.port", web(), "millrace.rtmp.port", 0))) {
            settings.setProperty("server.port", "1");
            List<Finding> found = look();
            assertThat(about(found, Subject.SITE)).containsExactly("GOOD doctor.site.well [" + web() + "]");
            assertThat(about(found, Subject.WEB)).containsExactly("GOOD doctor.port.answers [" + web() + "]");
            assertThatThrownBy(() -> LastStart.write(data, Map.of())).isInstanceOf(IOException.class);
        }
    }

    /** What a running site was told on its command line alone is known too. */
    @Test
    void whatTheRunningSiteHasNotIsNotMissed() throws Exception {
        try (Closeable _ = LastStart.write(
                data,
                Map.of(
                        "server.port",
                        web(),
                        "millrace.https.port",
                        web(),
                        LastStart.REDIRECT,
                        0,
                        LastStart.RTSP_UDP,
                        0,
                        "millrace.rtsp.port",
                        web()))) {
            List<Finding> found = look();
            assertThat(about(found, Subject.HTTPS)).containsExactly("GOOD doctor.port.answers [" + web() + "]");
            assertThat(about(found, Subject.HTTP)).isEmpty();
            assertThat(about(found, Subject.RTSP)).containsExactly("GOOD doctor.port.answers [" + web() + "]");
        }
    }

    /** Another one has the usual port: this one does not run, and had another. */
    @Test
    void anotherInstallationIsNotThisOne() throws Exception {
        int own = FreePort.next();
        LastStart.write(data, Map.of("server.port", own)).close();
        settings.setProperty("server.port", "8080");
        List<Finding> found = look();
        assertThat(about(found, Subject.SITE)).containsExactly("NOTE doctor.site.away []");
        assertThat(about(found, Subject.WEB)).containsExactly("GOOD doctor.port.free [" + own + "]");
        settings.setProperty("server.port", Integer.toString(web()));
        found = look();
        assertThat(about(found, Subject.SITE)).containsExactly("NOTE doctor.site.away []");
        assertThat(about(found, Subject.WEB)).containsExactly("BAD doctor.port.taken [" + web() + "]");
    }

    @Test
    void whatIsWrittenDownByNobodyIsNothing() throws Exception {
        settings.setProperty("server.port", Integer.toString(web()));
        assertThat(about(look(), Subject.SITE))
                .describedAs("from before there was such a file")
                .containsExactly("GOOD doctor.site.well [" + web() + "]");
        Files.writeString(folder.resolve("last-start"), "server.port=70000\nmillrace.rtmp.port=\\u00");
        assertThat(LastStart.read(data).known()).isFalse();
        Files.writeString(folder.resolve("last-start"), "server.port=70000\nmillrace.rtmp.port=x");
        assertThat(LastStart.read(data).port("server.port")).isEmpty();
        assertThat(LastStart.read(data).port("millrace.rtmp.port")).isEmpty();
        Files.writeString(folder.resolve("last-start"), "x".repeat(5_000));
        assertThat(LastStart.read(data).known()).isFalse();
    }

    @Test
    void portsOfUdpAreLookedAtToo() throws Exception {
        settings.setProperty("server.port", Integer.toString(FreePort.next()));
        try (DatagramSocket taken = new DatagramSocket(0)) {
            int port = taken.getLocalPort();
            settings.setProperty("millrace.srt.port", Integer.toString(port));
            assertThat(about(look(), Subject.SRT)).containsExactly("BAD doctor.port.taken.udp [" + port + "]");
            try (Closeable _ = LastStart.write(data, Map.of("server.port", web(), "millrace.srt.port", port))) {
                assertThat(about(look(), Subject.SRT)).containsExactly("GOOD doctor.port.open [" + port + "]");
            }
        }
        try (DatagramSocket taken = new DatagramSocket(0)) {
            int port = taken.getLocalPort();
            settings.setProperty("millrace.webrtc.port", Integer.toString(port));
            assertThat(about(look(), Subject.WEBRTC))
                    .contains("BAD doctor.port.taken.udp [" + port + "]")
                    .hasSize(2); // of TCP as well
            settings.setProperty("millrace.webrtc.port", "0");
            assertThat(about(look(), Subject.WEBRTC)).isEmpty();
        }
        int rtsp = FreePort.next();
        LastStart.write(data, Map.of("server.port", 0)).close();
        settings.setProperty("millrace.srt.port", "0");
        settings.setProperty("millrace.rtsp.port", Integer.toString(rtsp));
        List<Finding> found = look();
        assertThat(about(found, Subject.SRT)).isEmpty();
        assertThat(about(found, Subject.RTSP)).hasSize(3);
        assertThat(about(found, Subject.RTSP).getFirst()).isEqualTo("GOOD doctor.port.free [" + rtsp + "]");
        assertThat(about(found, Subject.RTSP).get(1)).contains("[" + (rtsp + rtsp % 2) + "]");
        settings.setProperty("millrace.rtsp.udp", "false");
        assertThat(about(look(), Subject.RTSP)).hasSize(1);
        try (Closeable _ = LastStart.write(data, Map.of("server.port", web(), "millrace.rtsp.port", rtsp))) {
            assertThat(about(look(), Subject.RTSP)).containsExactly("BAD doctor.port.silent [" + rtsp + "]");
        }
        assertThat(look()).noneMatch(each -> each.state() == State.BAD);
    }
}
