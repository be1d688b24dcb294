// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.bucket;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpTimeoutException;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
        Map<String, String> type = Map.of("content-type", "video/mp4");
        Body body = new Body(BodyPublishers.ofFile(file), hash);
        check("PUT", send("PUT", name, type, body, MOST_OF_ERROR, transfer(length)));
        return hash;
    }

    /** Puts a small object. */
    public void put(String name, byte[] bytes) throws IOException {
        Body body = new Body(BodyPublishers.ofByteArray(bytes), RequestSignature.sha256(bytes));
        check("PUT", send("PUT", name, Map.of(), body, MOST_OF_ERROR, transfer(bytes.length)));
    }

    /** How long an object is in bytes; empty when there is none. */
    public OptionalLong length(String name) throws IOException {
        HttpResponse<byte[]> answer = send("HEAD", name, Map.of(), NO_BODY, MOST_OF_ERROR, SHORT);
        if (answer.statusCode() == NOT_FOUND) {
            return OptionalLong.empty();
        }
        check("HEAD", answer);
        return answer.headers().firstValueAsLong("content-length");
    }

    /** Reads a stretch of an object, with the deadline of a transfer of its length. */
    public byte[] read(String name, long offset, int length) throws IOException {
        return read(name, offset, length, transfer(length));
    }

    /**
     * Reads a stretch of an object.
     *
     * @return exactly so many bytes
     * @throws BucketException when there is no such object
     * @throws IOException when it is shorter
     */
    public byte[] read(String name, long offset, int length, Duration deadline) throws IOException {
        Map<String, String> range = Map.of("range", "bytes=" + offset + "-" + (offset + length - 1));
        HttpResponse<byte[]> answer = send("GET", name, range, NO_BODY, Math.max(length, MOST_OF_ERROR), deadline);
        check("GET", answer);
        if (answer.statusCode() != 206 && (offset > 0 || answer.body().length > length)) {
            throw new IOException("the service gives no ranges");
        }
        if (answer.body().length != length) {
            throw new IOException("the object is shorter than it was");
        }
        return answer.body();
    }

    /**
     * Reads all of a small object.
     *
     * @param most bytes that are read
     * @throws BucketException when there is no such object
     * @throws IOException when it is larger
     */
    public byte[] readAll(String name, int most, Duration deadline) throws IOException {
        HttpResponse<byte[]> answer = send("GET", name, Map.of(), NO_BODY, Math.max(most, MOST_OF_ERROR), deadline);
        check("GET", answer);
        return answer.body();
    }

    /** Deletes an object; nothing happens when there is none. */
    public void delete(String name) throws IOException {
        HttpResponse<byte[]> answer = send("DELETE", name, Map.of(), NO_BODY, MOST_OF_ERROR, SHORT);
        if (answer.statusCode() != NOT_FOUND) {
            check("DELETE", answer);
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

    /** What a request carries. */
    private record Body(BodyPublisher bytes, String hash) {}

    private static final Body NO_BODY = new Body(BodyPublishers.noBody(), RequestSignature.NO_BODY);

    /** @param most bytes that are taken of what comes back: more of what was asked for is an error, more of an error is left */
    private HttpResponse<byte[]> send(
            String method, String name, Map<String, String> headers, Body body, int most, Duration deadline)
            throws IOException {
        String path = path(name);
        var now = clock.instant();
        TreeMap<String, String> signed = new TreeMap<>(headers);
        signed.put("x-amz-content-sha256", body.hash());
        signed.put("x-amz-date", RequestSignature.time(now));
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base() + path)).method(method, body.bytes());
        signed.forEach(request::header);
        signed.put("host", authority());
        request.header("Authorization", signature.authorization(method, path, signed, body.hash(), now));
        // The client's own time limit ends with the head of an answer: a body may come for ever.
        CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(
                request.build(),
                head -> head.statusCode() / 100 == 2
                        ? BodySubscribers.limiting(BodySubscribers.ofByteArray(), most)
                        : new FirstBytes(MOST_OF_ERROR));
        try {
            return answer.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for " + config);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new HttpTimeoutException(method + " took longer than " + deadline.toSeconds() + " s");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failed ? failed : new IOException(e.getCause());
        }
    }

    private static void check(String method, HttpResponse<byte[]> answer) throws IOException {
        int status = answer.statusCode();
        if (status < 200 || status > 299) {
            String text = new String(answer.body(), StandardCharsets.UTF_8);
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
