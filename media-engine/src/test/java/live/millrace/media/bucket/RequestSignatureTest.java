// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The examples of Amazon's "Signature Calculations for the Authorization Header" and of its chapter on query parameters. */
class RequestSignatureTest {
    private static final Instant DAY = Instant.parse("2013-05-24T00:00:00Z");
    private static final String HOST = "examplebucket.s3.amazonaws.com";
    private final RequestSignature signature =
            new RequestSignature("us-east-1", "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");

    private static SortedMap<String, String> headers(String payload, Map<String, String> further) {
        TreeMap<String, String> headers = new TreeMap<>(further);
        headers.put("host", HOST);
        headers.put("x-amz-date", "20130524T000000Z");
        headers.put("x-amz-content-sha256", payload);
        return headers;
    }

    @Test
    void anObjectIsReadInPart() {
        assertThat(signature.authorization(
                        "GET",
                        "/test.txt",
                        headers(RequestSignature.NO_BODY, Map.of("range", "bytes=0-9")),
                        RequestSignature.NO_BODY,
                        DAY))
                .isEqualTo("AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
                        + "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
                        + "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
    }

    @Test
    void anObjectIsPut() {
        String payload = RequestSignature.sha256("Welcome to Amazon S3.".getBytes(StandardCharsets.UTF_8));
        assertThat(payload).isEqualTo("44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072");
        assertThat(signature.authorization(
                        "PUT",
                        "/" + RequestSignature.encode("test$file.text", "/"),
                        headers(
                                payload,
                                Map.of(
                                        "date",
                                        "Fri, 24 May 2013 00:00:00 GMT",
                                        "x-amz-storage-class",
                                        "REDUCED_REDUNDANCY")),
                        payload,
                        DAY))
                .endsWith("Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
    }

    @Test
    void anAddressIsSigned() {
        assertThat(signature.query("/test.txt", HOST, Map.of(), 86_400, DAY))
                .isEqualTo("X-Amz-Algorithm=AWS4-HMAC-SHA256"
                        + "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
                        + "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
                        + "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
    }

    @Test
    void namesAreEncodedOnce() {
        assertThat(RequestSignature.encode("a b/ü~.m4s", "/")).isEqualTo("a%20b/%C3%BC~.m4s");
        assertThat(RequestSignature.encode("a/b", "")).isEqualTo("a%2Fb");
    }
}
