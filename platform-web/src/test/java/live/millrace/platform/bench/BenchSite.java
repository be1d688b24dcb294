// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.bench;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import live.millrace.media.testing.FreePort;

/** The packaged site as a process of its own, with accounts that a bench needs. */
final class BenchSite implements AutoCloseable {
    private static final Pattern TOKEN = Pattern.compile("name=\"_csrf\" value=\"([^\"]+)\"");
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

    final int port;
    final int rtmpPort;
    private final Path directory;
    private final Process process;

    BenchSite(String heap) throws Exception {
        port = FreePort.next();
        rtmpPort = FreePort.next();
        directory = Files.createTempDirectory("millrace-bench");
        Path log = directory.resolve("site.log");
        process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx" + heap,
                        "-jar",
                        "target/millrace.jar",
                        "--server.port=" + port,
                        "--millrace.rtmp.port=" + rtmpPort,
                        "--millrace.rtsp.port=0",
                        "--millrace.srt.port=0",
                        "--millrace.webrtc.port=0",
                        "--millrace.http.port=" + FreePort.next(),
                        "--millrace.ffmpeg.path=",
                        "--millrace.data-dir=" + directory.resolve("data"))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        long deadline = System.nanoTime() + Duration.ofMinutes(4).toNanos();
        while (!Files.readString(log).contains("Millrace is ready")) {
            if (System.nanoTime() > deadline || !process.isAlive()) {
                throw new IllegalStateException("the site did not start: " + Files.readString(log));
            }
            Thread.sleep(100);
        }
    }

    String url(String path) {
        return "http://localhost:" + port + path;
    }

    /** Signs somebody up, each from another address as a proxy would say; answers the session cookie. */
    String signUp(int number, String name) throws Exception {
        try (HttpClient client =
                HttpClient.newBuilder().cookieHandler(new CookieManager()).build()) {
            String token = token(client, "/signup");
            HttpResponse<Void> answer = client.send(
                    form(
                                    "/signup",
                                    Map.of(
                                            "username",
                                            name,
                                            "email",
                                            name + "@example.org",
                                            "password",
                                            "three quiet herons",
                                            "_csrf",
                                            token))
                            .header("X-Forwarded-For", "198.18." + (number >> 8) + "." + (number & 0xff))
                            .build(),
                    HttpResponse.BodyHandlers.discarding());
            return answer.headers().allValues("Set-Cookie").stream()
                    .filter(cookie -> cookie.startsWith("SESSION="))
                    .map(cookie -> cookie.substring(0, cookie.indexOf(';')))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException(name + ": " + answer.statusCode()));
        }
    }

    /** Logs in anew; answers the session cookie. */
    String logIn(String name, String session) throws Exception {
        try (HttpClient client =
                HttpClient.newBuilder().cookieHandler(new CookieManager()).build()) {
            HttpResponse<Void> answer = client.send(
                    form(
                                    "/login",
                                    Map.of(
                                            "username",
                                            name,
                                            "password",
                                            "three quiet herons",
                                            "_csrf",
                                            token(client, "/login")))
                            .build(),
                    HttpResponse.BodyHandlers.discarding());
            return answer.headers().allValues("Set-Cookie").stream()
                    .filter(cookie -> cookie.startsWith("SESSION="))
                    .map(cookie -> cookie.substring(0, cookie.indexOf(';')))
                    .findFirst()
                    .orElse(session);
        }
    }

    /** The site's own database, to fill it. */
    Connection database() throws Exception {
        try (Stream<Path> files = Files.walk(directory.resolve("data"))) {
            Path pid = files.filter(file -> file.endsWith("postmaster.pid"))
                    .findFirst()
                    .orElseThrow();
            String databasePort = Files.readAllLines(pid).get(3);
            String password = Files.readString(
                            directory.resolve("data").resolve("postgres").resolve("password"))
                    .strip();
            return DriverManager.getConnection(
                    "jdbc:postgresql://127.0.0.1:" + databasePort + "/millrace", "millrace", password);
        }
    }

    /** Makes a stream key for whoever has this session. */
    String streamKey(String session) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> page = client.send(
                    HttpRequest.newBuilder(URI.create(url("/studio/connect?new")))
                            .header("Cookie", session)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            String cookies = session + "; "
                    + page.headers().allValues("Set-Cookie").stream()
                            .map(cookie -> cookie.substring(0, cookie.indexOf(';')))
                            .collect(Collectors.joining("; "));
            Matcher token = TOKEN.matcher(page.body());
            if (!token.find()) {
                throw new IllegalStateException("no form");
            }
            client.send(
                    form("/studio/keys", Map.of("name", "bench", "_csrf", token.group(1)))
                            .header("Cookie", cookies)
                            .build(),
                    HttpResponse.BodyHandlers.discarding());
            String made = client.send(
                            HttpRequest.newBuilder(URI.create(url("/studio/connect?made")))
                                    .header("Cookie", cookies)
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
            Matcher key = Pattern.compile("mr_[a-z2-7]{34}").matcher(made);
            if (!key.find()) {
                throw new IllegalStateException("no key");
            }
            return key.group();
        }
    }

    String token(HttpClient client, String path) throws Exception {
        Matcher token = TOKEN.matcher(
                client.send(HttpRequest.newBuilder(URI.create(url(path))).build(), HttpResponse.BodyHandlers.ofString())
                        .body());
        if (!token.find()) {
            throw new IllegalStateException("no form at " + path);
        }
        return token.group(1);
    }

    HttpRequest.Builder form(String path, Map<String, String> fields) {
        return HttpRequest.newBuilder(URI.create(url(path)))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(fields.entrySet().stream()
                        .map(field ->
                                field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&"))));
    }

    /** Resident memory of the site's process, in bytes; its database is another process. */
    long resident() throws IOException {
        Matcher matcher = RESIDENT.matcher(Files.readString(Path.of("/proc/" + process.pid() + "/status")));
        return matcher.find() ? Long.parseLong(matcher.group(1)) << 10 : 0;
    }

    /** Processor time that the site has used so far. */
    Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    static String percentiles(long[] sortedNanos) {
        return Arrays.stream(new double[] {0.5, 0.95, 0.99, 1})
                .mapToObj(part -> "p%s %.1f ms"
                        .formatted(
                                part == 1 ? "100" : Math.round(part * 100),
                                sortedNanos[(int) Math.min(sortedNanos.length - 1, part * sortedNanos.length)] / 1e6))
                .collect(Collectors.joining(", "));
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        process.onExit().join();
        try (var files = Files.walk(directory)) {
            files.sorted(java.util.Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }
}
