// SPDX-License-Identifier: Apache-2.0
package live.millrace.bench.load;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Finds a segment that can be fetched for as long as a row lasts. */
final class SegmentAddress {
    private SegmentAddress() {}

    /** The address of the newest whole video segment, after a few of them were cut. */
    static String of(String base, String channel, int seconds) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI playlist = URI.create(base + "/live/" + channel + "/v0.m3u8");
            String segment = "";
            for (int i = 0; i < 20 && segment.isEmpty(); i++) {
                Thread.sleep(TimeUnit.SECONDS.toMillis(1));
                HttpResponse<String> answer =
                        client.send(HttpRequest.newBuilder(playlist).build(), HttpResponse.BodyHandlers.ofString());
                List<String> segments = answer.body()
                        .lines()
                        .filter(line -> line.endsWith(".m4s"))
                        .toList();
                segment = segments.size() > 2 ? segments.getLast() : "";
            }
            if (segment.isEmpty()) {
                throw new IOException("no segment to fetch for " + seconds + " s");
            }
            return playlist.resolve(segment).toString();
        }
    }
}
