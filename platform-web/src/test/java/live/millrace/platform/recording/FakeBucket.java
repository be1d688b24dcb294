// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Object storage in this process, as far as a site needs it. That signatures are right is tested against a real server, in the module
 * bucket-tests; here it is looked that there is one, and that the hash of a body is its own.
 */
public final class FakeBucket implements AutoCloseable {
    public static final String KEY = "AKIDTEST0123456789";
    public static final String SECRET = "never/to+be/seen";

    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d+)");

    /** What it does with requests of a method. */
    public enum Mood {
        WELL,
        /** 403. */
        REFUSES,
        /** The connection ends without an answer. */
        AWAY,
        /** It forgets the half of what it takes. */
        SHORT
    }

    private final HttpServer server;
    private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final Map<String, Mood> moods = new ConcurrentHashMap<>();

    public FakeBucket() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/recordings/", this::answer);
        server.start();
    }

    public String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** For all methods. */
    public void is(Mood mood) {
        for (String method : List.of("PUT", "GET", "HEAD", "DELETE")) {
            moods.put(method, mood);
        }
    }

    public void is(Mood mood, String method) {
        moods.put(method, mood);
    }

    /** By name below the prefix. */
    public Map<String, byte[]> objects() {
        return objects;
    }

    /** Methods and names, in order. */
    public List<String> asked() {
        return asked;
    }

    private void answer(HttpExchange exchange) throws IOException {
        String method = exchange.getRequestMethod();
        String name = exchange.getRequestURI().getPath().substring("/recordings/site/".length());
        byte[] body = exchange.getRequestBody().readAllBytes();
        asked.add(method + " " + name);
        Mood mood = moods.getOrDefault(method, Mood.WELL);
        try (exchange) {
            if (mood == Mood.AWAY) {
                return; // without a word
            }
            String signature = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
            if (mood == Mood.REFUSES || !signature.startsWith("AWS4-HMAC-SHA256 Credential=" + KEY + "/")) {
                say(exchange, 403, "<Error><Code>AccessDenied</Code></Error>".getBytes(StandardCharsets.UTF_8));
                return;
            }
            if (!sha256(body).equals(exchange.getRequestHeaders().getFirst("x-amz-content-sha256"))) {
                say(exchange, 400, "<Error><Code>BadDigest</Code></Error>".getBytes(StandardCharsets.UTF_8));
                return;
            }
            switch (method) {
                case "PUT" -> {
                    objects.put(name, mood == Mood.SHORT ? Arrays.copyOf(body, body.length / 2) : body);
                    say(exchange, 200, new byte[0]);
                }
                case "DELETE" -> {
                    objects.remove(name);
                    exchange.sendResponseHeaders(204, -1);
                }
                default -> give(exchange, objects.get(name));
            }
        }
    }

    private static void give(HttpExchange exchange, byte[] object) throws IOException {
        if (object == null) {
            exchange.sendResponseHeaders(404, -1);
            return;
        }
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(object.length));
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        Matcher range =
                RANGE.matcher(String.valueOf(exchange.getRequestHeaders().getFirst("Range")));
        if (!range.matches()) {
            say(exchange, 200, object);
            return;
        }
        int from = Integer.parseInt(range.group(1));
        int to = Math.min(object.length, Integer.parseInt(range.group(2)) + 1);
        say(exchange, 206, Arrays.copyOfRange(object, from, to));
    }

    private static void say(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    public static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Nothing that was asked is the secret. */
    public void keptTheSecret() {
        assertThat(asked).noneMatch(line -> line.contains(SECRET));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
