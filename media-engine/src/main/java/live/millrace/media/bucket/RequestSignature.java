// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.bucket;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs requests as Amazon's "Authenticating Requests (AWS Signature Version 4)" says, in the form that S3 wants: each part of the path is
 * encoded once.
 */
final class RequestSignature {
    static final String UNSIGNED = "UNSIGNED-PAYLOAD";
    static final String NO_BODY = sha256(new byte[0]);

    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyyyMMdd").withZone(ZoneOffset.UTC);
    private static final String UNRESERVED = "-._~";

    private final String region;
    private final String accessKey;
    private final String secretKey;

    RequestSignature(String region, String accessKey, String secretKey) {
        this.region = region;
        this.accessKey = accessKey;
        this.secretKey = secretKey;
    }

    /** A moment as the header x-amz-date says it. */
    static String time(Instant at) {
        return TIME.format(at);
    }

    /**
     * The value of the header Authorization.
     *
     * @param path encoded by {@link #encode}
     * @param headers all that are signed, their names in lower case, {@code host} among them
     * @param payload hash of the body
     */
    String authorization(String method, String path, SortedMap<String, String> headers, String payload, Instant at) {
        String names = String.join(";", headers.keySet());
        String canonical = canonical(method, path, "", headers, payload);
        return ALGORITHM + " Credential=" + accessKey + "/" + scope(at) + ",SignedHeaders=" + names + ",Signature="
                + signature(canonical, at);
    }

    /**
     * The query that lets whoever has it read an object.
     *
     * @param host with the port, if it is not the scheme's own
     * @param further other parameters, which are signed as well
     */
    String query(String path, String host, Map<String, String> further, long seconds, Instant at) {
        TreeMap<String, String> all = new TreeMap<>(further);
        all.put("X-Amz-Algorithm", ALGORITHM);
        all.put("X-Amz-Credential", accessKey + "/" + scope(at));
        all.put("X-Amz-Date", time(at));
        all.put("X-Amz-Expires", Long.toString(seconds));
        all.put("X-Amz-SignedHeaders", "host");
        String query = all.entrySet().stream()
                .map(each -> encode(each.getKey(), "") + "=" + encode(each.getValue(), ""))
                .collect(Collectors.joining("&"));
        TreeMap<String, String> headers = new TreeMap<>(Map.of("host", host));
        return query + "&X-Amz-Signature=" + signature(canonical("GET", path, query, headers, UNSIGNED), at);
    }

    private String scope(Instant at) {
        return DAY.format(at) + "/" + region + "/s3/aws4_request";
    }

    private static String canonical(
            String method, String path, String query, SortedMap<String, String> headers, String payload) {
        StringBuilder text = new StringBuilder(512);
        text.append(method).append('\n').append(path).append('\n').append(query).append('\n');
        headers.forEach((name, value) ->
                text.append(name).append(':').append(value.strip()).append('\n'));
        text.append('\n').append(String.join(";", headers.keySet())).append('\n');
        return text.append(payload).toString();
    }

    private String signature(String canonical, Instant at) {
        String toSign = ALGORITHM + "\n" + time(at) + "\n" + scope(at) + "\n"
                + sha256(canonical.getBytes(StandardCharsets.UTF_8));
        byte[] key = hmac(("AWS4" + secretKey).getBytes(StandardCharsets.UTF_8), DAY.format(at));
        key = hmac(hmac(hmac(key, region), "s3"), "aws4_request");
        return HexFormat.of().formatHex(hmac(key, toSign));
    }

    /** Percent-encodes what RFC 3986 §2.3 does not leave alone, and what else is said. */
    static String encode(String text, String alone) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (each & 0xFF);
            boolean plain = (c >= 'A' && c <= 'Z')
                    || (c >= 'a' && c <= 'z')
                    || (c >= '0' && c <= '9')
                    || UNRESERVED.indexOf(c) >= 0
                    || alone.indexOf(c) >= 0;
            if (plain) {
                out.append(c);
            } else {
                out.append('%').append(HexFormat.of().withUpperCase().toHexDigits(each));
            }
        }
        return out.toString();
    }

    static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(sha256().digest(bytes));
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HMAC-SHA256", e);
        }
    }
}
