// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests as bytes, through the whole pipeline of a connection. */
class HttpConnectionTest {
    private static final Subject NOTHING = new Subject.None("a test");
    private static final HttpRouter ROUTER = new HttpRouter();

    static {
        ROUTER.get(
                "/live/{channel}.m3u8",
                NOTHING,
                query -> CompletableFuture.completedStage(HttpAnswer.text(
                        HttpResponseStatus.OK,
                        "text/plain",
                        query.name("channel") + " " + query.parameter("v").orElse("-"))));
        ROUTER.route(
                HttpMethod.DELETE,
                "/thing/{id}",
                NOTHING,
                query -> CompletableFuture.completedStage(
                        HttpAnswer.refusal(HttpResponseStatus.GONE, query.name("id"))));
        ROUTER.route(
                HttpMethod.POST,
                "/echo",
                NOTHING,
                10,
                query -> CompletableFuture.completedStage(HttpAnswer.text(
                        HttpResponseStatus.OK,
                        "text/plain",
                        query.method() + " " + query.body().toString(StandardCharsets.UTF_8))));
    }

    private static EmbeddedChannel connection(HttpRouter router) {
        EmbeddedChannel channel = new EmbeddedChannel() {
            @Override
            protected SocketAddress remoteAddress0() {
                return new InetSocketAddress("192.0.2.1", 40_000);
            }
        };
        HttpConfig config = HttpConfig.defaults();
        channel.pipeline()
                .addLast(new HttpConnection(
                        new HttpConnection.Context(
                                router, config, new ClientLimits(config), HttpTallies.fresh(), new SharedFiles()),
                        false));
        return channel;
    }

    private static FullHttpRequest request(String path) {
        return new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1, HttpMethod.GET, path, Unpooled.buffer().writeByte(1));
    }

    @Test
    void aHandlerThatThrowsCostsTheConnectionAndNoMemory() {
        HttpRouter router = new HttpRouter();
        router.stream("/live/{channel}.flv", NOTHING, _ -> {
            throw new IllegalStateException("the handler fails");
        });
        EmbeddedChannel channel = connection(router);
        FullHttpRequest request = request("/live/anna.flv");
        channel.writeInbound(request);
        assertThat(channel.isOpen()).isFalse();
        assertThat(request.refCnt()).isZero();
        channel.finishAndReleaseAll();
    }

    @Test
    void anAnswerThatCannotBeTakenCostsTheConnectionAndNoMemory() {
        CompletableFuture<HttpStream> opening = new CompletableFuture<>();
        HttpRouter router = new HttpRouter();
        router.stream("/live/{channel}.flv", NOTHING, _ -> opening);
        EmbeddedChannel channel = connection(router);
        FullHttpRequest request = request("/live/anna.flv");
        FullHttpRequest behind = request("/live/anna.flv");
        channel.writeInbound(request, behind);
        opening.complete(new HttpStream.Accepted("video/x-flv", (_, _) -> {
            throw new IllegalStateException("the source fails");
        }));
        assertThat(channel.isOpen()).isFalse();
        assertThat(request.refCnt()).isZero();
        assertThat(behind.refCnt()).isZero();
        channel.finishAndReleaseAll();
    }

    @Test
    void aClientThatLeftBeforeTheAnswerGetsNoStream() {
        CompletableFuture<HttpStream> opening = new CompletableFuture<>();
        HttpRouter router = new HttpRouter();
        router.stream("/live/{channel}.flv", NOTHING, _ -> opening);
        EmbeddedChannel channel = connection(router);
        FullHttpRequest request = request("/live/anna.flv");
        channel.writeInbound(request);
        channel.close();
        boolean[] begun = new boolean[1];
        opening.complete(new HttpStream.Accepted("video/x-flv", (_, _) -> begun[0] = true));
        assertThat(begun[0]).isFalse();
        assertThat(request.refCnt()).isZero();
        channel.finishAndReleaseAll();
    }

    @Test
    void aRequestBehindAnotherThatFailsCostsTheConnection() {
        CompletableFuture<HttpAnswer> first = new CompletableFuture<>();
        HttpRouter router = new HttpRouter();
        router.get("/first", NOTHING, _ -> first);
        router.get("/second", NOTHING, _ -> {
            throw new IllegalStateException("the handler fails");
        });
        EmbeddedChannel channel = connection(router);
        FullHttpRequest behind = request("/second");
        channel.writeInbound(request("/first"), behind);
        first.complete(HttpAnswer.notFound());
        assertThat(channel.isOpen()).isFalse();
        assertThat(behind.refCnt()).isZero();
        channel.finishAndReleaseAll();
    }

    /** A channel that pretends to come from somewhere. */
    private static EmbeddedChannel connection(HttpConfig config) {
        return connection(config, ROUTER);
    }

    private static EmbeddedChannel connection(HttpConfig config, HttpRouter router) {
        EmbeddedChannel channel = new EmbeddedChannel() {
            @Override
            protected SocketAddress remoteAddress0() {
                return new InetSocketAddress("192.0.2.1", 40_000);
            }
        };
        channel.pipeline()
                .addLast(new HttpServerCodec(4_096, 8_192, 8_192))
                .addLast(new RequestBodies(router))
                .addLast(new HttpConnection(
                        new HttpConnection.Context(
                                router, config, new ClientLimits(config), HttpTallies.fresh(), new SharedFiles()),
                        false));
        return channel;
    }

    private static String answers(EmbeddedChannel channel) {
        StringBuilder all = new StringBuilder();
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            all.append(out.toString(StandardCharsets.UTF_8));
            out.release();
        }
        return all.toString();
    }

    private static String ask(String request) {
        EmbeddedChannel channel = connection(HttpConfig.defaults());
        try {
            channel.writeInbound(Unpooled.copiedBuffer(request, StandardCharsets.UTF_8));
            return answers(channel);
        } finally {
            channel.finishAndReleaseAll();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET /live/anna.m3u8 | 200 | anna -",
                "GET /live/anna.m3u8?v=%61b | 200 | anna ab",
                "GET http://x/live/anna.m3u8?v=1 | 200 | anna 1",
                "GET http://x | 404 | Nothing",
                "GET /live/anna.m3u8?v=1&v=2 | 200 | anna 1",
                "GET /live/anna.m3u8?%zz | 400 | broken",
                "GET /live/an/na.m3u8 | 404 | Nothing",
                "GET /live/%61nna.m3u8 | 404 | Nothing",
                "GET /live/.m3u8 | 404 | Nothing",
                "POST /live/anna.m3u8 | 405 | Not with this method",
                "GET /thing/7 | 405 | Not with this method",
                "DELETE /thing/7 | 410 | 7",
            })
    void routesByMethodAndPath(String request, int status, String body) {
        assertThat(ask(request + " HTTP/1.1\r\nHost: x\r\n\r\n"))
                .startsWith("HTTP/1.1 " + status + " ")
                .contains(body);
    }

    // ---- the gate ---------------------------------------------------------------------------------------------

    private static final Subject.Stream STREAM = new Subject.Stream(Subject.Use.PLAYLIST, "hls");

    @Test
    void nothingIsReachedBeforeTheGateHasDecided() {
        List<CompletableFuture<Gate.Passage>> deciding = new ArrayList<>();
        List<String> reached = new ArrayList<>();
        HttpRouter router = new HttpRouter((subject, request, _) -> {
            reached.add("asked about " + subject.protocol() + " " + request.name("channel"));
            deciding.add(new CompletableFuture<>());
            return deciding.getLast();
        });
        router.get("/live/{channel}.m3u8", STREAM, _ -> {
            reached.add("target");
            return CompletableFuture.completedStage(HttpAnswer.notFound());
        });
        router.stream("/live/{channel}.flv", STREAM, _ -> {
            reached.add("target");
            return CompletableFuture.completedStage(new HttpStream.Refused(HttpAnswer.notFound()));
        });
        for (String path : List.of("/live/anna.m3u8", "/live/anna.flv")) {
            EmbeddedChannel channel = connection(router);
            FullHttpRequest request = request(path);
            channel.writeInbound(request);
            assertThat(channel.<Object>readOutbound()).isNull();
            deciding.getLast()
                    .complete(new Gate.Passage.Refused(HttpAnswer.refusal(HttpResponseStatus.FORBIDDEN, "no")));
            FullHttpResponse answer = channel.readOutbound();
            assertThat(answer.status()).isEqualTo(HttpResponseStatus.FORBIDDEN);
            answer.release();
            assertThat(request.refCnt()).isZero();
            channel.finishAndReleaseAll();
            assertThat(reached).containsOnly("asked about hls anna");
            reached.clear();
        }
    }

    /** What a player waited for is not sent to one who was sent away in the meantime, and what holds it is given back. */
    @Test
    void anAnswerThatCameLaterIsForThoseWhoStillMay() {
        boolean[] revoked = new boolean[1];
        int[] unused = new int[1];
        Gate.Passage.Open open = new Gate.Passage.Loose() {
            @Override
            public Optional<HttpAnswer> revoked() {
                return revoked[0]
                        ? Optional.of(HttpAnswer.refusal(HttpResponseStatus.FORBIDDEN, "no more"))
                        : Optional.empty();
            }

            @Override
            public void unused() {
                unused[0]++;
            }
        };
        HttpRouter router = new HttpRouter((_, _, _) -> CompletableFuture.completedStage(open));
        CompletableFuture<HttpAnswer> later = new CompletableFuture<>();
        router.get("/live/{channel}.m3u8", STREAM, _ -> later);
        router.stream(
                "/live/{channel}.flv",
                STREAM,
                _ -> CompletableFuture.completedStage(new HttpStream.Refused(HttpAnswer.notFound())));
        EmbeddedChannel channel = connection(router);
        channel.writeInbound(request("/live/anna.m3u8"));
        revoked[0] = true;
        ByteBuf content = Unpooled.copiedBuffer("secret", StandardCharsets.UTF_8);
        later.complete(new HttpAnswer(
                HttpResponseStatus.OK,
                "text/plain",
                "no-store",
                new HttpAnswer.Content.Memory(content),
                Optional.empty(),
                Optional.empty(),
                false,
                Map.of()));
        FullHttpResponse answer = channel.readOutbound();
        assertThat(answer.status()).isEqualTo(HttpResponseStatus.FORBIDDEN);
        answer.release();
        assertThat(content.refCnt()).isZero();
        channel.writeInbound(request("/live/anna.flv"));
        assertThat(unused[0]).as("a place for a socket that came to nothing").isEqualTo(1);
        channel.finishAndReleaseAll();
    }

    @Test
    void aRouterWithoutAGateTakesNoRouteThatNeedsOne() {
        HttpRouter router = new HttpRouter();
        assertThatThrownBy(() -> router.get(
                        "/live/{channel}.m3u8", STREAM, _ -> CompletableFuture.completedStage(HttpAnswer.notFound())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("/live/{channel}.m3u8");
    }

    private static String post(String path, String headers, String body) {
        return "POST " + path + " HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n" + body;
    }

    @Test
    void aRouteGetsTheBodyThatItTakesAndNoLargerOne() {
        assertThat(ask(post("/echo", "Content-Length: 10\r\n", "0123456789"))).endsWith("POST 0123456789");
        assertThat(ask(post("/echo", "Transfer-Encoding: chunked\r\n", "2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n")))
                .endsWith("POST abcde");
        assertThat(ask(post("/echo", "", ""))).endsWith("POST ");
        assertThat(ask(post("/echo", "Content-Length: 11\r\n", ""))).startsWith("HTTP/1.1 413 ");
        assertThat(ask(post("/echo", "Transfer-Encoding: chunked\r\n", "b\r\n01234567890\r\n0\r\n\r\n")))
                .startsWith("HTTP/1.1 413 ");
    }

    @Test
    void aBodyThatNobodyWantsIsForgottenWhileItIsSmall() {
        String get = "GET /live/anna.m3u8 HTTP/1.1\r\nHost: x\r\n";
        String twice = ask(get + "Content-Length: 3\r\n\r\nabc" + get + "\r\n");
        assertThat(twice.split("HTTP/1.1 200 ", -1)).hasSize(3);
        String large = ask(get + "Content-Length: 4097\r\n\r\nabc" + get + "\r\n");
        assertThat(large).startsWith("HTTP/1.1 413 ").containsIgnoringCase("connection: close");
        assertThat(large.split("HTTP/1.1 ", -1))
                .as("and nothing comes after it")
                .hasSize(2);
    }

    @Test
    void aRefusedBodyIsAnsweredInItsTurn() {
        CompletableFuture<HttpAnswer> first = new CompletableFuture<>();
        HttpRouter router = new HttpRouter();
        router.get("/first", NOTHING, _ -> first);
        EmbeddedChannel channel = connection(HttpConfig.defaults(), router);
        channel.writeInbound(Unpooled.copiedBuffer(
                "GET /first HTTP/1.1\r\nHost: x\r\n\r\n" + post("/echo", "Content-Length: 99999\r\n", ""),
                StandardCharsets.UTF_8));
        assertThat(answers(channel)).isEmpty();
        first.complete(HttpAnswer.notFound());
        assertThat(answers(channel)).startsWith("HTTP/1.1 404 ").contains("HTTP/1.1 413 ");
        assertThat(channel.isOpen()).as("it has to read that first").isTrue();
        channel.advanceTimeBy(2, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isFalse();
        channel.finishAndReleaseAll();
    }

    @Test
    void whoeverAsksBeforeSendingIsToldToGoOn() {
        String expect = "Content-Length: 2\r\nExpect: 100-continue\r\n";
        assertThat(ask(post("/echo", expect, "ab"))).startsWith("HTTP/1.1 100 ").endsWith("POST ab");
        assertThat(ask(post("/echo", "Content-Length: 11\r\nExpect: 100-continue\r\n", "")))
                .startsWith("HTTP/1.1 413 ");
        assertThat(ask(post("/echo", "Expect: a-miracle\r\n", ""))).startsWith("HTTP/1.1 417 ");
    }

    @Test
    void pagesOfOtherOriginsReadMediaAndNoManagement() {
        String request = "GET /live/anna.m3u8 HTTP/1.1\r\nHost: x\r\nOrigin: https://evil.example\r\n\r\n";
        assertThat(ask(request)).containsIgnoringCase("access-control-allow-origin: *");
        HttpConfig d = HttpConfig.defaults();
        EmbeddedChannel closed =
                connection(new HttpConfig(d.host(), 0, d.requestTimeout(), d.writeTimeout(), 10, 10, 10, true, false));
        closed.writeInbound(Unpooled.copiedBuffer(request, StandardCharsets.UTF_8));
        assertThat(answers(closed)).startsWith("HTTP/1.1 200").doesNotContainIgnoringCase("access-control");
        closed.finishAndReleaseAll();
    }

    /** Whole, byte by byte, cut at random: the same answers. */
    @Test
    void requestsMayComeInAnyPieces() {
        String requests = String.join(
                " HTTP/1.1\r\nHost: x\r\n\r\n", "GET /live/anna.m3u8?v=1", "HEAD /live/b.m3u8", "GET /nothing", "");
        byte[] bytes = requests.getBytes(StandardCharsets.US_ASCII);
        String whole = ask(requests);
        assertThat(whole.split("HTTP/1.1 ", -1)).hasSize(4);
        for (int seed = 0; seed < 30; seed++) {
            Random random = new Random(seed);
            EmbeddedChannel channel = connection(HttpConfig.defaults());
            for (int at = 0; at < bytes.length; ) {
                int length = seed == 0 ? 1 : Math.min(bytes.length - at, 1 + random.nextInt(40));
                channel.writeInbound(Unpooled.copiedBuffer(bytes, at, length));
                at += length;
            }
            assertThat(answers(channel)).isEqualTo(whole);
            channel.finishAndReleaseAll();
        }
    }

    @FuzzTest(maxDuration = "60s")
    void anyBytesAreAnsweredOrRefused(byte[] bytes) {
        EmbeddedChannel channel = connection(HttpConfig.defaults());
        try {
            channel.writeInbound(Unpooled.copiedBuffer(bytes));
            String answers = answers(channel);
            assertThat(answers.isEmpty() || answers.startsWith("HTTP/1.")).isTrue();
            assertThat(answers).doesNotContain(" 500 ");
        } finally {
            channel.finishAndReleaseAll();
        }
    }
}
