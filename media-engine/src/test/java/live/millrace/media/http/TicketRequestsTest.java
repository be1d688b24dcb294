// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests behind a ticket as bytes, and answers to those who are sent away meanwhile. */
class TicketRequestsTest {
    private static final Subject STREAM = new Subject.Stream(Subject.Use.PLAYLIST, "hls");
    private static final String LIVE = "GET /t/secret/live/anna.m3u8 HTTP/1.1\r\nHost: x\r\n\r\n";

    /** Lets pass, until it does not. */
    private static final class Pass implements Gate.Passage.Held {
        final Set<Runnable> held = new HashSet<>();
        boolean over;

        @Override
        public Optional<HttpAnswer> revoked() {
            return over ? Optional.of(HttpAnswer.refusal(HttpResponseStatus.NOT_FOUND, "no more")) : Optional.empty();
        }

        @Override
        public void unused() {}

        @Override
        public void hold(Runnable end) {
            held.add(end);
        }

        @Override
        public void release(Runnable end) {
            held.remove(end);
        }

        @Override
        public boolean exclusive() {
            return true;
        }

        void end() {
            over = true;
            List.copyOf(held).forEach(Runnable::run);
        }
    }

    private final Pass pass = new Pass();
    private final List<String> asked = new ArrayList<>();
    private final CompletableFuture<HttpAnswer> later = new CompletableFuture<>();
    private final HttpRouter router = new HttpRouter((_, request, _) -> {
        asked.add(request.names() + " " + request.ticket().map(PathTicket::text).orElse("-"));
        return CompletableFuture.completedStage(pass);
    });

    TicketRequestsTest() {
        router.get(
                "/live/{channel}.m3u8",
                STREAM,
                query -> CompletableFuture.completedStage(HttpAnswer.text(
                        HttpResponseStatus.OK,
                        "text/plain",
                        query.name("channel") + " " + query.parameter("v").orElse("-"))));
        router.get("/late", STREAM, _ -> later);
        router.get("/open", new Subject.None("a test"), _ -> CompletableFuture.completedStage(HttpAnswer.notFound()));
        router.route(
                HttpMethod.POST,
                "/body",
                STREAM,
                10,
                query -> CompletableFuture.completedStage(HttpAnswer.text(
                        HttpResponseStatus.OK, "text/plain", query.body().toString(StandardCharsets.UTF_8))));
        router.route(
                HttpMethod.POST,
                "/management",
                new Subject.None("a test"),
                1_000_000,
                _ -> CompletableFuture.completedStage(HttpAnswer.notFound()));
    }

    private EmbeddedChannel connection() {
        EmbeddedChannel channel = new EmbeddedChannel() {
            @Override
            protected SocketAddress remoteAddress0() {
                return new InetSocketAddress("192.0.2.1", 40_000);
            }
        };
        HttpConfig config = HttpConfig.defaults();
        channel.pipeline()
                .addLast(HttpServer.CODEC, new HttpServerCodec())
                .addLast(HttpServer.BODIES, new RequestBodies(router))
                .addLast(new HttpConnection(
                        new HttpConnection.Context(
                                router, config, new ClientLimits(config), HttpTallies.fresh(), new SharedFiles()),
                        false));
        return channel;
    }

    private static void say(EmbeddedChannel channel, String text) {
        channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
    }

    private static String heard(EmbeddedChannel channel) {
        channel.runPendingTasks();
        StringBuilder all = new StringBuilder();
        for (ByteBuf bytes = channel.readOutbound(); bytes != null; bytes = channel.readOutbound()) {
            all.append(bytes.toString(StandardCharsets.ISO_8859_1));
            bytes.release();
        }
        return all.toString();
    }

    private String ask(String text) {
        EmbeddedChannel channel = connection();
        say(channel, text);
        String answer = heard(channel);
        channel.finishAndReleaseAll();
        return answer;
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /t/secret/live/anna.m3u8, 200, {channel=anna} secret",
        "GET, /t/secret/live/anna.m3u8?v=1&t=other, 200, {channel=anna} secret",
        "GET, http://host/t/secret/live/anna.m3u8, 200, {channel=anna} secret",
        "HEAD, /t/secret/live/anna.m3u8, 200, {channel=anna} secret",
        "GET, /t//live/anna.m3u8, 200, '{channel=anna} '",
        "GET, /live/anna.m3u8?t=secret, 200, {channel=anna} -",
        "GET, /t/secret/open, 404, ''",
        "GET, /t/a/t/b/live/anna.m3u8, 404, ''",
        "GET, /t/secret/, 404, ''",
        "GET, /t/secret, 404, ''",
        "DELETE, /t/secret/live/anna.m3u8, 405, ''",
        "POST, /t/secret/management, 404, ''",
    })
    void theTicketIsTakenFromBeforeThePath(String method, String target, int status, String expected) {
        String answer = ask(method + " " + target + " HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 " + status);
        assertThat(String.join("", asked)).isEqualTo(expected);
        boolean below = target.matches(".*/t/[^/]*/.*");
        assertThat(answer.contains("cache-control: private, no-store\r\nreferrer-policy: no-referrer")
                        || answer.toLowerCase(java.util.Locale.ROOT).contains("referrer-policy: no-referrer"))
                .isEqualTo(below || status == 200);
        assertThat(answer).doesNotContain("secret");
    }

    @Test
    void preflightsBelowATicketKnowWhatAGateDecidesAboutAndNothingElse() {
        assertThat(ask("OPTIONS /t/secret/live/anna.m3u8 HTTP/1.1\r\nHost: x\r\n\r\n"))
                .startsWith("HTTP/1.1 204")
                .containsIgnoringCase("allow: GET, HEAD, OPTIONS")
                .containsIgnoringCase("cache-control: private, no-store");
        assertThat(ask("OPTIONS /t/secret/management HTTP/1.1\r\nHost: x\r\n\r\n"))
                .isEqualTo(ask("OPTIONS /t/secret/nothing HTTP/1.1\r\nHost: x\r\n\r\n"));
        assertThat(asked).isEmpty();
    }

    @Test
    void aBodyIsAsLargeAsTheRouteBehindTheTicketTakesIt() {
        String head = " HTTP/1.1\r\nHost: x\r\nContent-Length: ";
        assertThat(ask("POST /t/secret/body" + head + "10\r\n\r\n0123456789")).endsWith("0123456789");
        assertThat(ask("POST /t/secret/body" + head + "11\r\n\r\n")).startsWith("HTTP/1.1 413");
        assertThat(ask("POST /t/secret/management" + head + "5000\r\n\r\n"))
                .as("a route that is not there below a ticket takes no body")
                .startsWith("HTTP/1.1 413");
    }

    /** Whole, byte by byte, cut at random: the same answers. */
    @Test
    void requestsMayComeInAnyPieces() {
        String requests = String.join(
                " HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /t/secret/live/anna.m3u8?v=1",
                "HEAD /t/secret/live/b.m3u8",
                "GET /t/x/y",
                "OPTIONS /t/secret/live/c.m3u8",
                "GET /t/" + "a".repeat(3_000) + "/live/d.m3u8",
                "");
        byte[] bytes = requests.getBytes(StandardCharsets.US_ASCII);
        String whole = ask(requests);
        assertThat(whole.split("HTTP/1.1 ", -1)).hasSize(6);
        List<String> questions = List.copyOf(asked);
        assertThat(questions).contains("{channel=d} ");
        for (int seed = 0; seed < 30; seed++) {
            asked.clear();
            Random random = new Random(seed);
            EmbeddedChannel channel = connection();
            for (int at = 0; at < bytes.length; ) {
                int length = seed == 0 ? 1 : Math.min(bytes.length - at, 1 + random.nextInt(40));
                channel.writeInbound(Unpooled.copiedBuffer(bytes, at, length));
                at += length;
            }
            assertThat(heard(channel)).isEqualTo(whole);
            assertThat(asked).isEqualTo(questions);
            channel.finishAndReleaseAll();
        }
    }

    // ---- who is sent away -------------------------------------------------------------------------------------

    private static HttpAnswer answer(ByteBuf content) {
        return new HttpAnswer(
                HttpResponseStatus.OK,
                "text/plain",
                "public, max-age=3600",
                new HttpAnswer.Content.Memory(content),
                Optional.empty(),
                Optional.empty(),
                false,
                Map.of());
    }

    @Test
    void whatIsWaitedForIsRefusedAtOnceAndTheConnectionGoesOn() {
        EmbeddedChannel channel = connection();
        say(channel, "GET /late HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(pass.held).hasSize(1);
        pass.end();
        assertThat(heard(channel)).startsWith("HTTP/1.1 404").endsWith("no more\n");
        assertThat(pass.held).isEmpty();
        ByteBuf content = Unpooled.copiedBuffer("secret", StandardCharsets.UTF_8);
        later.complete(answer(content));
        assertThat(content.refCnt()).as("what came too late is given back").isZero();
        assertThat(heard(channel)).isEmpty();
        pass.over = false;
        say(channel, LIVE);
        assertThat(heard(channel)).startsWith("HTTP/1.1 200");
        assertThat(pass.held).as("what has left is not held").isEmpty();
        channel.finishAndReleaseAll();
    }

    @Test
    void whatCameWhileSomebodyWasSentAwayIsNotSent() {
        EmbeddedChannel channel = connection();
        say(channel, "GET /late HTTP/1.1\r\nHost: x\r\n\r\n");
        pass.over = true; // and the news is on its way
        ByteBuf content = Unpooled.copiedBuffer("secret", StandardCharsets.UTF_8);
        later.complete(answer(content));
        assertThat(heard(channel)).startsWith("HTTP/1.1 404").endsWith("no more\n");
        assertThat(content.refCnt()).isZero();
        channel.finishAndReleaseAll();
    }

    @Test
    void whatIsBeingWrittenEndsInTheMiddle() {
        EmbeddedChannel channel = connection();
        CompletableFuture<ByteBuf> second = new CompletableFuture<>();
        later.complete(new HttpAnswer(
                HttpResponseStatus.OK,
                "video/mp4",
                "public, max-age=3600",
                new HttpAnswer.Content.Fetched(
                        2 << 20,
                        (from, length) -> from == 0
                                ? CompletableFuture.completedStage(
                                        Unpooled.buffer(length).writeZero(length))
                                : second),
                Optional.empty(),
                Optional.empty(),
                true,
                Map.of()));
        say(channel, "GET /late HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(heard(channel)).startsWith("HTTP/1.1 200").containsIgnoringCase("cache-control: private, no-store");
        assertThat(pass.held).hasSize(1);
        pass.end();
        channel.runPendingTasks();
        assertThat(channel.isOpen()).isFalse();
        assertThat(pass.held).isEmpty();
        second.complete(Unpooled.buffer(1 << 20).writeZero(1 << 20));
        channel.finishAndReleaseAll();
    }

    @Test
    void whoLeavesHoldsNothing() {
        EmbeddedChannel channel = connection();
        say(channel, "GET /late HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(pass.held).hasSize(1);
        channel.close();
        assertThat(pass.held).isEmpty();
        channel.finishAndReleaseAll();
    }
}
