// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.door;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that drip, or take every place, meet a time limit; others are answered meanwhile. */
@Timeout(60)
class SiteProtocolTest {
    private static final int PLACES = 60;
    private static final String FORM = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n";
    private static final String UNWANTED = "POST /unread HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n";

    @TempDir
    private Path directory;

    private final Tomcat tomcat = new Tomcat();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<Socket> sockets = new ArrayList<>();
    private Visits visits;
    private int port;

    /** Reads what it is sent, unless it does not care. */
    private static final class Reader extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            int length = request.getRequestURI().equals("/unread")
                    ? 0
                    : request.getInputStream().readAllBytes().length;
            response.getWriter().write("read " + length);
        }
    }

    @BeforeEach
    void start() throws Exception {
        start(new DoorSettings(Duration.ofSeconds(2), Duration.ofSeconds(2), 2_048, 2_000, 100), "");
    }

    private void start(DoorSettings settings, String proxies) throws Exception {
        Connector connector = new Connector(SiteProtocol.class.getName());
        connector.setPort(0);
        connector.setProperty("maxConnections", Integer.toString(PLACES));
        connector.setProperty("maxThreads", "20");
        visits = new Visits(settings, Duration.ofSeconds(2), proxies::equals, meters);
        ((SiteProtocol) connector.getProtocolHandler()).guard(visits);
        tomcat.setBaseDir(directory.toString());
        tomcat.setConnector(connector);
        Context context = tomcat.addContext("", directory.toString());
        Tomcat.addServlet(context, "reader", new Reader()).addMapping("/*");
        tomcat.start();
        port = connector.getLocalPort();
    }

    @AfterEach
    void stop() throws Exception {
        for (Socket socket : sockets) {
            socket.close();
        }
        tomcat.stop();
        tomcat.destroy();
    }

    private Socket open(String from) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(InetAddress.ofLiteral(from), 0));
        socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
        sockets.add(socket);
        return socket;
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Sends a byte each tenth of a second until the site has had enough; answers how long that took. */
    private static Duration drip(Socket socket, String begin, char drop) throws IOException {
        long began = System.nanoTime();
        say(socket, begin);
        socket.setSoTimeout(100);
        byte[] answer = new byte[4_096];
        try {
            while (System.nanoTime() - began < Duration.ofSeconds(20).toNanos()) {
                say(socket, String.valueOf(drop));
                try {
                    if (socket.getInputStream().read(answer) < 0) {
                        break;
                    }
                } catch (SocketTimeoutException nothing) {
                    // It listens still.
                }
            }
        } catch (IOException reset) {
            // As good an end as any.
        }
        return Duration.ofNanos(System.nanoTime() - began);
    }

    private String honest(String from) throws IOException {
        try (Socket socket = open(from)) {
            socket.setSoTimeout(5_000);
            say(socket, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\nX: ", "\r\n", "G"})
    void a_header_that_drips_ends(String begin) throws IOException {
        Socket socket = open("127.0.0.1");

        Duration held = drip(socket, begin, begin.isBlank() ? '\n' : 'a');

        assertThat(held).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(8));
    }

    @ParameterizedTest
    @ValueSource(strings = {FORM, UNWANTED})
    void a_body_that_drips_ends(String begin) throws IOException {
        Socket socket = open("127.0.0.1");

        Duration held = drip(socket, begin, 'a');

        assertThat(held).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(15));
    }

    @Test
    void the_next_header_of_a_kept_connection_has_its_time_as_well() throws IOException {
        Socket socket = open("127.0.0.1");
        say(socket, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(socket.getInputStream().read()).isPositive();

        assertThat(drip(socket, "GET / HTTP/1.1\r\nX: ", 'a')).isLessThan(Duration.ofSeconds(8));
    }

    /** Longer than the time for one that hardly begins: what counts is the pace. */
    @Test
    void a_slow_but_steady_body_arrives() throws Exception {
        Socket socket = open("127.0.0.1");
        int length = 60_000;
        say(socket, "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: " + length + "\r\n\r\n");
        String much = "a".repeat(length / 15);
        socket.setSoTimeout(300);
        for (int part = 0; part < 15; part++) {
            say(socket, much);
            if (part < 14) {
                try {
                    assertThat(socket.getInputStream().read()).isNegative();
                } catch (SocketTimeoutException listening) {
                    // The pause of a slow line.
                }
            }
        }
        socket.setSoTimeout(5_000);

        assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                .endsWith("read " + length);
    }

    /** All of one address, and all of them drip: whoever comes is answered. */
    @ParameterizedTest
    @ValueSource(strings = {"", "GET / HTTP/1.1\r\nX: ", FORM, UNWANTED})
    void one_client_never_takes_the_last_place(String begin) throws Exception {
        for (int each = 0; each < PLACES + 10; each++) {
            say(open("127.0.0.1"), begin);
        }

        for (int each = 0; each < 5; each++) {
            assertThat(honest("127.0.0.9")).contains("200");
        }
        assertThat(visits.size()).isLessThanOrEqualTo(PLACES);
    }

    @Test
    void an_address_has_half_of_all_places_at_most_and_gives_them_back() throws Exception {
        for (int each = 0; each < PLACES / 2 + 5; each++) {
            open("127.0.0.3");
        }
        Socket more = open("127.0.0.3");
        more.setSoTimeout(5_000);
        int end;
        try {
            end = more.getInputStream().read();
        } catch (IOException reset) {
            end = -1;
        }

        assertThat(end).isNegative();
        assertThat(honest("127.0.0.4")).contains("200");
        for (Socket socket : sockets) {
            socket.close();
        }
        long until = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (visits.size() > 0 && System.nanoTime() < until) {
            Thread.onSpinWait();
        }
        assertThat(visits.size()).isZero();
        assertThat(honest("127.0.0.3")).contains("200");
    }
}
