// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.bucket;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One bucket. Objects are private and stay so: no access list is ever sent. Every method blocks, for as long as its deadline at most; none
 * tries again. Thread-safe.
 */
public final class Bucket implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofSeconds(30);

    /** A transfer may take so long, and a second more for each so many bytes. */
    private static final Duration TRANSFER = Duration.ofSeconds(60);

    private static final long SLOWEST_BYTES_PER_SECOND = 64 * 1024;

    /** An error is a line or two of XML. */
    private static final int MOST_OF_ERROR = 8_192;

    private static final Pattern CODE = Pattern.compile("<Code>([A-Za-z0-9.]{1,64})</Code>");
    private static final int BUFFER = 1 << 16;
    private static final int NOT_FOUND = 404;

    private final BucketConfig config;
    private final RequestSignature signature;
    private final InstantSource clock;
    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .version(HttpClient.Version.HTTP_1_1)
            .build();

    public Bucket(BucketConfig config, InstantSource clock) {
        this.config = config;
        this.clock = clock;
        this.signature = new RequestSignature(config.region(), config.accessKey(), config.secretKey());
    }

    /**
     * Puts a file that does not change.
     *
     * @return its SHA-256 in hexadecimal digits, which the service was told as well
     * @throws BucketException when it is not taken
     */
    public String put(String name, Path file) throws IOException {
        String hash = hash(file);
        long length = Files.size(file);
        expect("PUT", name, Map.of("content-type", "video/mp4"), hash, BodyPublishers.ofFile(file), length);
        return hash;
    }

    /** Puts a small object. */
    public void put(String name, byte[] bytes) throws IOException {
        String hash = RequestSignature.sha256(bytes);
        expect("PUT", name, Map.of(), hash, BodyPublishers.ofByteArray(bytes), bytes.length);
    }

    /** How long an object is in bytes; empty when there is none. */
    public OptionalLong length(String name) throws IOException {
        HttpResponse<InputStream> answer =
                send("HEAD", name, Map.of(), RequestSignature.NO_BODY, BodyPublishers.noBody(), SHORT);
        try (InputStream body = answer.body()) {
            if (answer.statusCode() == NOT_FOUND) {
                return OptionalLong.empty();
            }
            check("HEAD", answer, body);
            return answer.headers().firstValueAsLong("content-length");
        }
    }

    /**
     * Reads a stretch of an object.
     *
     * @return exactly so many bytes
     * @throws BucketException when there is no such object
     * @throws IOException when it is shorter
     */
    public byte[] read(String name, long offset, int length) throws IOException {
        Map<String, String> range = Map.of("range", "bytes=" + offset + "-" + (offset + length - 1));
        HttpResponse<InputStream> answer =
                send("GET", name, range, RequestSignature.NO_BODY, BodyPublishers.noBody(), transfer(length));
        try (InputStream body = answer.body()) {
            check("GET", answer, body);
            if (answer.statusCode() != 206 && offset > 0) {
                throw new IOException("the service gives no ranges");
            }
            byte[] bytes = body.readNBytes(length);
            if (bytes.length != length) {
                throw new IOException("the object is shorter than it was");
            }
            return bytes;
        }
    }

    /** Deletes an object; nothing happens when there is none. */
    public void delete(String name) throws IOException {
        HttpResponse<InputStream> answer =
                send("DELETE", name, Map.of(), RequestSignature.NO_BODY, BodyPublishers.noBody(), SHORT);
        try (InputStream body = answer.body()) {
            if (answer.statusCode() != NOT_FOUND) {
                check("DELETE", answer, body);
            }
        }
    }

    /**
     * An address under which whoever has it reads an object for a while.
     *
     * @param fileName what a browser saves it as
     */
    public URI signed(String name, Duration time, String fileName) {
        String path = path(name);
        Map<String, String> further =
                Map.of("response-content-disposition", "attachment; filename=\"" + fileName.replace("\"", "") + "\"");
        String query = signature.query(path, authority(), further, time.toSeconds(), clock.instant());
        return URI.create(base() + path + "?" + query);
    }

    // ---- requests ---------------------------------------------------------------------------------------------

    private void expect(
            String method, String name, Map<String, String> headers, String hash, BodyPublisher body, long length)
            throws IOException {
        HttpResponse<InputStream> answer = send(method, name, headers, hash, body, transfer(length));
        try (InputStream content = answer.body()) {
            check(method, answer, content);
        }
    }

    private HttpResponse<InputStream> send(
            String method, String name, Map<String, String> headers, String hash, BodyPublisher body, Duration deadline)
            throws IOException {
        String path = path(name);
        var now = clock.instant();
        TreeMap<String, String> signed = new TreeMap<>(headers);
        signed.put("x-amz-content-sha256", hash);
        signed.put("x-amz-date", RequestSignature.time(now));
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base() + path))
                .timeout(deadline)
                .method(method, body);
        signed.forEach(request::header);
        signed.put("host", authority());
        request.header("Authorization", signature.authorization(method, path, signed, hash, now));
        try {
            return client.send(request.build(), BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for " + config, e);
        }
    }

    private static void check(String method, HttpResponse<InputStream> answer, InputStream body) throws IOException {
        int status = answer.statusCode();
        if (status < 200 || status > 299) {
            String text = new String(body.readNBytes(MOST_OF_ERROR), StandardCharsets.UTF_8);
            Matcher code = CODE.matcher(text);
            throw new BucketException(method, status, code.find() ? code.group(1) : "");
        }
    }

    private static Duration transfer(long bytes) {
        return TRANSFER.plusSeconds(bytes / SLOWEST_BYTES_PER_SECOND);
    }

    private String base() {
        return config.endpoint().getScheme() + "://" + authority();
    }

    /** The host as the header says it. */
    private String authority() {
        String host = config.endpoint().getRawAuthority();
        return config.pathStyle() ? host : config.bucket() + "." + host;
    }

    private String path(String name) {
        String before = config.endpoint().getRawPath();
        String start = before == null || before.equals("/") ? "" : before.replaceAll("/+$", "");
        String bucket = config.pathStyle() ? "/" + config.bucket() : "";
        return start + bucket + "/" + RequestSignature.encode(config.prefix() + name, "/");
    }

    private static String hash(Path file) throws IOException {
        MessageDigest digest = RequestSignature.sha256();
        try (FilterInputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            byte[] buffer = new byte[BUFFER];
            while (in.read(buffer) >= 0) {
                // the digest reads along
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
