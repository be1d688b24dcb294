// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.survival;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import live.millrace.media.endpoint.http.HttpEndpoint;
import live.millrace.media.http.HttpTallies;
import live.millrace.media.testing.HlsReader;
import live.millrace.media.testing.MediaScript;
import live.millrace.media.testing.RtmpScript;
import live.millrace.media.testing.SampleMedia;
import live.millrace.media.testing.Wait;

/** What clients of the HLS side do. The reference stream is there to be asked for. */
final class HttpCases {
    private static final String AREA = "http";
    private static final String PLAYLIST = "/live/" + ReferenceStream.CHANNEL + ".ts.m3u8";

    private HttpCases() {}

    static List<SurvivalCase> all() {
        List<SurvivalCase> cases = new ArrayList<>();
        for (String path : new String[] {
            "/live/../../../etc/passwd",
            "/live/%2e%2e/%2e%2e/etc/passwd",
            "/live/..%2f..%2fetc%2fpasswd",
            "/live/..\\..\\etc\\passwd",
            "/live/%252e%252e/x.m3u8",
            "/live/" + ReferenceStream.CHANNEL + "/../x/1.ts",
            "/live/" + ReferenceStream.CHANNEL + "/%00/1.ts",
            "//etc/passwd",
            "/live/.m3u8",
            "/live/a b.m3u8",
            "http://elsewhere/live/x.m3u8"
        }) {
            answers(
                    cases,
                    "GET " + path,
                    "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                    "404",
                    "400");
        }
        answers(
                cases,
                "a query of 6,000 characters",
                "GET /live/x.m3u8?" + "a".repeat(6_000) + " HTTP/1.1\r\nHost: x\r\n\r\n",
                "414");
        answers(
                cases,
                "headers of 20 KB",
                "GET " + PLAYLIST + " HTTP/1.1\r\nHost: x\r\nX: " + "a".repeat(20_000) + "\r\n\r\n",
                "431");
        answers(
                cases,
                "a body of 1 MB",
                "POST " + PLAYLIST + " HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n",
                "413");
        answers(cases, "no HTTP at all", "\u0016\u0003\u0001\u0002\r\n\r\n", "400");
        answers(
                cases,
                "1,000 parameters",
                "GET " + PLAYLIST + "?" + "a=1&".repeat(900) + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                "200");
        answers(
                cases,
                "a broken escape in the query",
                "GET " + PLAYLIST + "?v=%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                "400");
        answers(
                cases,
                "a channel that nobody has",
                "GET /live/nobody-here.m3u8 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                "404");
        for (String method : new String[] {"POST", "PUT", "DELETE", "PATCH", "TRACE"}) {
            cases.add(new SurvivalCase(AREA, method, scene -> {
                HttpResponse<byte[]> answer = scene.hls().send(method, PLAYLIST);
                assertThat(answer.statusCode()).isEqualTo(405);
                assertThat(answer.headers().firstValue("allow")).hasValue("GET, HEAD, OPTIONS");
                return "405 with Allow";
            }));
        }
        cases.add(new SurvivalCase(AREA, "OPTIONS from another origin", scene -> {
            HttpResponse<byte[]> answer = scene.hls().send("OPTIONS", PLAYLIST);
            assertThat(answer.statusCode()).isEqualTo(204);
            assertThat(answer.headers().firstValue("access-control-allow-origin"))
                    .hasValue("*");
            assertThat(answer.headers().firstValue("access-control-allow-credentials"))
                    .isEmpty();
            return "204, any origin, no credentials";
        }));
        cases.add(new SurvivalCase(AREA, "HEAD", scene -> {
            HttpResponse<byte[]> answer = scene.hls().send("HEAD", PLAYLIST);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEmpty();
            assertThat(answer.headers().firstValueAsLong("content-length").orElse(0))
                    .isPositive();
            return "the length and no body";
        }));
        ranges(cases);
        sockets(cases);
        crowds(cases);
        return cases;
    }

    private static void ranges(List<SurvivalCase> cases) {
        cases.add(new SurvivalCase(AREA, "ranges", scene -> {
            String segment = "/live/"
                    + scene.hls().playlist(ReferenceStream.CHANNEL).segments().getLast();
            int size = scene.hls().get(segment).body().length;
            record Asked(String range, int status, int length) {}
            for (Asked asked : List.of(
                    new Asked("bytes=0-187", 206, 188),
                    new Asked("bytes=-188", 206, 188),
                    new Asked("bytes=188-", 206, size - 188),
                    new Asked("bytes=0-99999999", 206, size),
                    new Asked("bytes=99999999-", 416, 0),
                    new Asked("bytes=-0", 416, 0),
                    new Asked("bytes=5-1", 200, size),
                    new Asked("bytes=0-1,3-4", 200, size),
                    new Asked("lines=1-2", 200, size),
                    new Asked("bytes=99999999999999999999-", 200, size))) {
                HttpResponse<byte[]> answer = scene.hls().get(segment, "Range", asked.range());
                assertThat(answer.statusCode()).as(asked.range()).isEqualTo(asked.status());
                assertThat(answer.body()).as(asked.range()).hasSize(asked.length());
            }
            return "206, 416 or all of it";
        }));
        cases.add(new SurvivalCase(AREA, "conditional requests", scene -> {
            String segment = "/live/"
                    + scene.hls().playlist(ReferenceStream.CHANNEL).segments().getLast();
            String tag = scene.hls().get(segment).headers().firstValue("etag").orElseThrow();
            assertThat(scene.hls().get(segment, "If-None-Match", tag).statusCode())
                    .isEqualTo(304);
            assertThat(scene.hls()
                            .get(segment, "If-None-Match", "\"x\", " + tag)
                            .statusCode())
                    .isEqualTo(304);
            assertThat(scene.hls().get(segment, "If-None-Match", "\"x\"").statusCode())
                    .isEqualTo(200);
            return "304 or all of it";
        }));
        cases.add(new SurvivalCase(AREA, "a segment that left the playlist", scene -> {
            String segment =
                    scene.hls().playlist(ReferenceStream.CHANNEL).segments().getFirst();
            Wait.until(
                    "it left",
                    () -> !scene.hls().playlist(ReferenceStream.CHANNEL).text().contains(segment));
            assertThat(scene.hls().get("/live/" + segment).statusCode()).isEqualTo(200);
            return "can still be fetched (RFC 8216 §6.2.2)";
        }));
    }

    private static void sockets(List<SurvivalCase> cases) {
        cases.add(new SurvivalCase(AREA, "a request that drips byte by byte", scene -> {
            long start = System.nanoTime();
            try (Socket socket = scene.hls().socket()) {
                socket.setSoTimeout(50);
                OutputStream out = socket.getOutputStream();
                boolean open = true;
                out.write("GET ".getBytes(StandardCharsets.US_ASCII));
                while (open) {
                    try {
                        open = socket.getInputStream().read() >= 0;
                    } catch (java.net.SocketTimeoutException quiet) {
                        out.write('a');
                    }
                }
            } catch (java.io.IOException reset) {
                assertThat(reset).isNotNull();
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
            return "closed at the deadline, drips or not";
        }));
        cases.add(new SurvivalCase(AREA, "five requests in one packet", scene -> {
            String answers = scene.hls()
                    .raw(("GET " + PLAYLIST + " HTTP/1.1\r\nHost: x\r\n\r\n").repeat(4)
                            + "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            assertThat(answers.split("HTTP/1.1 200", -1)).hasSize(5);
            assertThat(answers).contains("HTTP/1.1 404");
            return "answered in turn";
        }));
        cases.add(new SurvivalCase(AREA, "10,000 requests in one go", scene -> {
            String answers = scene.hls().raw(("GET " + PLAYLIST + " HTTP/1.1\r\nHost: x\r\n\r\n").repeat(10_000));
            assertThat(answers.split("HTTP/1.1 200", -1).length).isLessThan(10_001);
            return "bounded, then closed";
        }));
        cases.add(new SurvivalCase(AREA, "a half-closed socket", scene -> {
            try (Socket socket = scene.hls().socket()) {
                socket.getOutputStream()
                        .write(("GET " + PLAYLIST + " HTTP/1.1\r\nHost: x\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                socket.shutdownOutput();
                assertThat(HlsReader.readAll(socket.getInputStream()))
                        .startsWith("HTTP/1.1 200")
                        .contains("#EXTM3U");
            }
            return "gets its answer";
        }));
        cases.add(new SurvivalCase(AREA, "a viewer that does not read", scene -> {
            String channel = scene.channel();
            try (RtmpScript script = scene.publisher(channel)) {
                script.send(4, 9, 1, 0, SampleMedia.videoHeader());
                script.send(2, 1, 0, 0, io.netty.buffer.Unpooled.buffer().writeInt(128));
                script.chunked(4, 9, 1, 0, SampleMedia.picture(true, 7 << 20), true);
                new MediaScript(script).clock(at -> at + 2_000).headers().both(6);
                String segment = scene.after(script, channel).segments().getFirst();
                long before = scene.engine()
                        .endpoint(HttpEndpoint.class)
                        .tallies()
                        .answers()
                        .of(HttpTallies.Answer.NOT_READING);
                List<Socket> slow = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    Socket socket = scene.hls().socket();
                    socket.setReceiveBufferSize(4_096);
                    socket.getOutputStream()
                            .write(("GET /live/" + segment + " HTTP/1.1\r\nHost: x\r\n\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
                    slow.add(socket);
                }
                Wait.until(
                        "they were closed",
                        () -> scene.engine()
                                        .endpoint(HttpEndpoint.class)
                                        .tallies()
                                        .answers()
                                        .of(HttpTallies.Answer.NOT_READING)
                                >= before + 20);
                for (Socket socket : slow) {
                    socket.close();
                }
            }
            return "closed after the write time";
        }));
    }

    private static void crowds(List<SurvivalCase> cases) {
        cases.add(new SurvivalCase(AREA, "a poll storm of one viewer", scene -> {
            int tooMany = 0;
            for (int i = 0; i < 200; i++) {
                HttpResponse<byte[]> answer = scene.hls().get(PLAYLIST + "?v=stormy-viewer");
                if (answer.statusCode() == 429) {
                    assertThat(answer.headers().firstValue("retry-after")).hasValue("1");
                    tooMany++;
                }
            }
            assertThat(tooMany).isGreaterThan(50);
            return "429 with Retry-After beyond 20 a second";
        }));
        cases.add(new SurvivalCase(AREA, "2,000 viewers in five seconds", scene -> {
            // No more at a time than what a busy machine gets to within the time for a request.
            ExecutorService viewers = Executors.newFixedThreadPool(200);
            List<Future<Integer>> all = new ArrayList<>();
            long start = System.nanoTime();
            for (int i = 0; i < 2_000; i++) {
                int id = i;
                all.add(viewers.submit(() -> {
                    try (Socket socket = scene.hls().socket()) {
                        String master =
                                ask(socket, "/live/" + ReferenceStream.CHANNEL + ".m3u8?v=crowd-" + (10_000 + id));
                        String media = ask(socket, PLAYLIST + "?v=crowd-" + (10_000 + id));
                        return master.contains("#EXT-X-STREAM-INF") && media.contains("#EXTINF") ? 200 : 500;
                    }
                }));
            }
            for (Future<Integer> viewer : all) {
                assertThat(viewer.get()).isEqualTo(200);
            }
            long millis = (System.nanoTime() - start) / 1_000_000;
            viewers.shutdownNow();
            assertThat(scene.engine().control().stream(ReferenceStream.CHANNEL)
                            .orElseThrow()
                            .viewers())
                    .isGreaterThanOrEqualTo(2_000);
            return "all served in " + millis + " ms, and counted";
        }));
        cases.add(new SurvivalCase(AREA, "10,000 names that nobody publishes", scene -> {
            long before = Resources.now().directMemory();
            int streams = scene.engine().control().streams().size();
            for (int i = 0; i < 10_000; i++) {
                try {
                    scene.hls().get("/live/name-" + i + ".m3u8");
                } catch (java.io.IOException e) {
                    throw new AssertionError(e);
                }
            }
            assertThat(scene.engine().control().streams()).hasSizeLessThanOrEqualTo(streams);
            assertThat(Resources.now().directMemory() - before).isLessThan(16L << 20);
            return "404, nothing kept";
        }));
    }

    /** One request on a socket that stays open; reads as much as the answer says. */
    private static String ask(Socket socket, String path) throws java.io.IOException {
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                return head.toString();
            }
            head.append((char) next);
        }
        java.util.regex.Matcher length =
                java.util.regex.Pattern.compile("content-length: (\\d+)").matcher(head);
        return length.find()
                ? new String(
                        socket.getInputStream().readNBytes(Integer.parseInt(length.group(1))), StandardCharsets.UTF_8)
                : "";
    }

    private static void answers(List<SurvivalCase> cases, String name, String request, String... statuses) {
        cases.add(new SurvivalCase(AREA, name, scene -> {
            String answer = scene.hls().raw(request);
            assertThat(statuses)
                    .as(answer.lines().findFirst().orElse("nothing"))
                    .anyMatch(status -> answer.startsWith("HTTP/1.1 " + status));
            assertThat(answer).doesNotContain("root:");
            return answer.substring(9, 12);
        }));
    }
}
