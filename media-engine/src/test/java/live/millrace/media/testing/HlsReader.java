// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.testing;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An HTTP client that knows playlists. */
public final class HlsReader implements AutoCloseable {
    private final HttpClient http = HttpClient.newHttpClient();
    private final int port;

    public HlsReader(int port) {
        this.port = port;
    }

    /** A media playlist as text, with what tests ask of it. */
    public record Playlist(int status, String text) {
        public List<String> segments() {
            return text.lines().filter(line -> !line.startsWith("#")).toList();
        }

        public long number(String tag) {
            Matcher matcher = Pattern.compile("#EXT-X-" + tag + ":(\\d+)").matcher(text);
            if (!matcher.find()) {
                throw new AssertionError("no " + tag + " in\n" + text);
            }
            return Long.parseLong(matcher.group(1));
        }

        /** Of the segments that are listed, in seconds. */
        public List<Double> durations() {
            return Pattern.compile("#EXTINF:([0-9.]+)")
                    .matcher(text)
                    .results()
                    .map(result -> Double.parseDouble(result.group(1)))
                    .toList();
        }

        /** Discontinuities since numbers are counted. */
        public long discontinuities() {
            return number("DISCONTINUITY-SEQUENCE")
                    + text.lines().filter("#EXT-X-DISCONTINUITY"::equals).count();
        }

        /** The media sequence number behind the last. */
        public long next() {
            return number("MEDIA-SEQUENCE") + segments().size();
        }

        public boolean isLive() {
            return status == 200;
        }
    }

    public Playlist playlist(String channel) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = get("/live/" + channel + ".ts.m3u8");
        return new Playlist(answer.statusCode(), new String(answer.body(), StandardCharsets.UTF_8));
    }

    public HttpResponse<byte[]> get(String path, String... headers) throws IOException, InterruptedException {
        return send("GET", path, headers);
    }

    public HttpResponse<byte[]> send(String method, String path, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(method, HttpRequest.BodyPublishers.noBody());
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    /** Opens a socket to the same server. */
    public Socket socket() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        return socket;
    }

    /** Sends characters as they are and reads until the server closes. */
    public String raw(String request) throws IOException {
        try (Socket socket = socket()) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return readAll(socket.getInputStream());
        }
    }

    /** Reads to the end, whichever way it comes. */
    public static String readAll(InputStream in) {
        StringBuilder all = new StringBuilder();
        byte[] buffer = new byte[8192];
        try {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                all.append(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
            }
        } catch (IOException reset) {
            // an end as well
        }
        return all.toString();
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
