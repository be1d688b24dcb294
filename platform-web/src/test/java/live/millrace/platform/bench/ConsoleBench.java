// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.bench;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The console's tables on a large site: so many users and so many comments, each list asked for its first page, for a page deep inside,
 * and with filters.
 *
 * <p>Arguments: users, comments, times each. {@code bench.sh console} runs it.
 */
public final class ConsoleBench {
    private static final Pattern NEXT = Pattern.compile("rel=\"next\" href=\"([^\"]+)\"");

    private ConsoleBench() {}

    public static void main(String[] arguments) throws Exception {
        int users = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100_000;
        int comments = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1_000_000;
        int times = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 40;
        try (BenchSite site = new BenchSite("700m");
                HttpClient client = HttpClient.newHttpClient()) {
            String session = site.signUp(1, "console-desk");
            try (Connection database = site.database();
                    Statement statement = database.createStatement()) {
                fill(statement, users, comments);
            }
            // The role came after the log-in: another one brings it.
            session = site.logIn("console-desk", session);
            Map<String, String> pages = new LinkedHashMap<>();
            pages.put("overview", "/admin");
            pages.put("users", "/admin/users");
            pages.put("users, 50 pages on", deep(client, site, session, "/admin/users", 50));
            pages.put("users by name", "/admin/users?q=bench77");
            pages.put("users suspended", "/admin/users?state=suspended");
            pages.put("channels", "/admin/channels");
            pages.put("comments", "/admin/comments");
            pages.put("comments, 50 pages on", deep(client, site, session, "/admin/comments", 50));
            pages.put("comments of one author", "/admin/comments?author=bench123");
            pages.put("comments of one channel", "/admin/comments?channel=bench5");
            pages.put("comments with a rare word", "/admin/comments?q=needle77");
            pages.put("comments with a common word", "/admin/comments?q=comment");
            pages.put("reports", "/admin/reports");
            pages.put("audit log", "/admin/audit");
            System.out.printf("%d users, %d comments, %d times each%n", users, comments, times);
            for (Map.Entry<String, String> page : pages.entrySet()) {
                long[] nanos = new long[times];
                for (int i = -5; i < times; i++) {
                    long start = System.nanoTime();
                    ask(client, site, session, page.getValue());
                    if (i >= 0) {
                        nanos[i] = System.nanoTime() - start;
                    }
                }
                Arrays.sort(nanos);
                System.out.printf("%-28s %s%n", page.getKey(), BenchSite.percentiles(nanos));
            }
        }
        System.exit(0);
    }

    private static void fill(Statement statement, int users, int comments) throws Exception {
        statement.execute("update account set role = 'OWNER' where username = 'console-desk'");
        statement.execute("""
                insert into account (username, username_skeleton, email, password_hash, created_at, suspended_at)
                select 'bench' || i, 'bench' || i, 'bench' || i || '@example.org', '', now() - i * interval '1 minute',
                    case when i %% 500 = 0 then now() end
                from generate_series(1, %d) i
                """.formatted(users));
        statement.execute(
                "insert into channel (account_id, name) select id, username from account where username like 'bench%'");
        statement.execute("""
                insert into chat_message (channel_id, seq, account_id, client_id, text, written_at)
                select c.id, i, a.id, gen_random_uuid(),
                    'comment number ' || i || case when i %% 50000 = 0 then ' needle77' else '' end,
                    now() - i * interval '1 second'
                from generate_series(1, %d) i
                join account a on a.username = 'bench' || (i %% 1000 + 1)
                join channel c on c.name = 'bench' || (i %% 200 + 1)
                """.formatted(comments));
        statement.execute("""
                insert into audit_entry (at, actor, action, subject)
                select now() - i * interval '1 minute', 'staff' || i % 20, 'look.case', '#' || i from generate_series(1, 100000) i
                """);
        statement.execute("analyze");
    }

    private static String deep(HttpClient client, BenchSite site, String session, String path, int pages)
            throws Exception {
        String at = path;
        for (int i = 0; i < pages; i++) {
            Matcher next = NEXT.matcher(ask(client, site, session, at));
            if (!next.find()) {
                return at;
            }
            at = next.group(1).replace("&amp;", "&");
        }
        return at;
    }

    private static String ask(HttpClient client, BenchSite site, String session, String path) throws Exception {
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(URI.create(site.url(path)))
                        .header("Cookie", session)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(path + ": " + answer.statusCode());
        }
        return answer.body();
    }
}
