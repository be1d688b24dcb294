// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.bench;

import java.net.CookieManager;
import java.net.CookieStore;
import java.net.HttpCookie;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * How long an honest person's log-in takes while others guess: one address, one network, a thousand addresses in as many networks; with a
 * browser that is known and with one that is not.
 *
 * <p>Arguments: log-ins of each row, guessers at once. {@code bench.sh guess} runs it.
 */
public final class GuessBench {
    private static final String PASSWORD = "three quiet herons";

    private GuessBench() {}

    public static void main(String[] arguments) throws Exception {
        int times = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 60;
        int guessers = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 16;
        try (BenchSite site = new BenchSite("400m")) {
            for (int i = 0; i < 8; i++) {
                site.signUp(i, "guessed" + i);
            }
            Map<String, @Nullable IntFunction<String>> rows = new LinkedHashMap<>();
            rows.put("nobody", null);
            rows.put("one address", _ -> "198.51.100.7");
            rows.put("one network", i -> "203.0.113." + i % 254);
            rows.put("1,000 addresses", i -> "100." + (1 + i % 1000 / 250) + "." + i % 250 + ".9");
            for (Map.Entry<String, @Nullable IntFunction<String>> row : rows.entrySet()) {
                measure(site, row.getKey(), row.getValue(), times, guessers);
            }
        }
    }

    private static void measure(
            BenchSite site, String name, @Nullable IntFunction<String> from, int times, int guessers) throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger tries = new AtomicInteger();
        Map<Integer, AtomicInteger> answers = new ConcurrentHashMap<>();
        List<Thread> attack = new ArrayList<>();
        for (int i = 0; from != null && i < guessers; i++) {
            Thread guesser = new Thread(() -> {
                try (HttpClient client = client()) {
                    String token = site.token(client, "/login");
                    while (!over.get()) {
                        int number = tries.incrementAndGet();
                        answers.computeIfAbsent(
                                        logIn(
                                                site,
                                                client,
                                                token,
                                                number % 2 == 0 ? "guessed" + number % 8 : "nobody" + number,
                                                "wrong " + number,
                                                from.apply(number)),
                                        _ -> new AtomicInteger())
                                .incrementAndGet();
                    }
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            guesser.start();
            attack.add(guesser);
        }
        try (HttpClient known = client();
                HttpClient once = client()) {
            // Made before anybody guessed at it, from where nobody else is.
            logIn(site, known, site.token(known, "/login"), "guessed0", PASSWORD, "192.0.2.1");
            System.out.println(name + ", known browser: " + rowOf(site, known, "guessed0", times, true));
            String owner = "fresh" + Integer.toHexString(name.hashCode());
            site.signUp(200 + Math.abs(name.hashCode() % 50), owner);
            System.out.println(name + ", unknown browser, of somebody whom nobody guesses at: "
                    + rowOf(site, once, owner, times, false));
        }
        over.set(true);
        for (Thread guesser : attack) {
            guesser.join();
        }
        System.out.println(name + ": " + tries + " guesses, answers " + new TreeMap<>(answers));
    }

    private static String rowOf(BenchSite site, HttpClient client, String who, int times, boolean known)
            throws Exception {
        long[] nanos = new long[times];
        int refused = 0;
        for (int i = 0; i < times; i++) {
            // Without a browser that is known each comes from elsewhere.
            String from = known ? "192.0.2.1" : "192.88." + i % 200 + "." + (1 + i / 200);
            forget(client, known);
            String token = site.token(client, "/login");
            long start = System.nanoTime();
            refused += logIn(site, client, token, who, PASSWORD, from) == 302 ? 0 : 1;
            nanos[i] = System.nanoTime() - start;
        }
        Arrays.sort(nanos);
        return BenchSite.percentiles(nanos) + ", " + refused + " of " + times + " refused";
    }

    private static void forget(HttpClient client, boolean butDevice) {
        CookieStore cookies = ((CookieManager) client.cookieHandler().orElseThrow()).getCookieStore();
        for (HttpCookie cookie : List.copyOf(cookies.getCookies())) {
            if (!butDevice || !cookie.getName().equals("device")) {
                cookies.remove(null, cookie);
            }
        }
    }

    private static HttpClient client() {
        return HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
    }

    private static int logIn(BenchSite site, HttpClient client, String token, String name, String password, String from)
            throws Exception {
        return client.send(
                        site.form("/login", Map.of("username", name, "password", password, "_csrf", token))
                                .uri(URI.create(site.url("/login")))
                                .header("X-Forwarded-For", from)
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}
