// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.https.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import live.millrace.platform.https.Trouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What directories say, word for word, and what is made of it. */
class TroubleFinderTest {
    private static final String PREFIX = "urn:ietf:params:acme:error:";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            dns | DNS problem: NXDOMAIN looking up A for a.example - check that a DNS record exists for this domain; DNS problem: NXDOMAIN looking up AAAA for a.example | NO_NAME
            dns | no valid A records found for a.example; no valid AAAA records found for a.example | NO_NAME
            dns | DNS problem: SERVFAIL looking up A for a.example - the domain's nameservers may be malfunctioning | DNS
            dns | During secondary validation: DNS problem: query timed out looking up A for a.example | DNS
            connection | 203.0.113.7: Fetching http://a.example/.well-known/acme-challenge/x: Connection refused | CLOSED
            connection | 203.0.113.7: Fetching http://a.example/.well-known/acme-challenge/x: Timeout during connect (likely firewall problem) | CLOSED
            connection | Get "http://a.example:5002/x": dial tcp 127.0.0.1:5002: connect: connection refused | CLOSED
            connection | Error looking up a.example: lookup a.example on 127.0.0.1:8053: no such host | NO_NAME
            connection | Get "http://a.example/x": could not resolve URL "http://a.example/x" | NO_NAME
            unauthorized | 203.0.113.7: Invalid response from http://a.example/.well-known/acme-challenge/x: 404 | ELSEWHERE
            unauthorized | The key authorization file from the server did not match this challenge. | ELSEWHERE
            tls | 203.0.113.7: remote error: tls: no application protocol | ELSEWHERE
            incorrectResponse | Cannot negotiate ALPN protocol "acme-tls/1" for tls-alpn-01 challenge | ELSEWHERE
            caa | CAA record for a.example prevents issuance | CAA
            rateLimited | too many failed authorizations (5) for "a.example" in the last 1h0m0s, retry after 2026-11-28 12:34:56 UTC: see https://letsencrypt.org/docs/rate-limits/ | RATE
            rejectedIdentifier | Cannot issue for "a.local": Domain name does not end with a valid public suffix (TLD) | REJECTED
            externalAccountRequired | the directory wants more | EXTERNAL
            userActionRequired | Terms of service have changed | TERMS_CHANGED
            accountDoesNotExist | Account "https://x" not found | ACCOUNT
            serverInternal | The service is down for maintenance | AWAY
            badCSR | anything | OTHER
            madeUp | anything | OTHER
            """)
    void whatTheySayIsOfAKind(String type, String detail, Trouble trouble) {
        assertThat(TroubleFinder.of(PREFIX + type, detail)).isEqualTo(trouble);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            203.0.113.7: Fetching http://a.example/x: Connection refused | 203.0.113.7
            2001:db8::7: Fetching http://a.example/x: Connection refused | 2001:db8::7
            Get "http://a.example:5002/x": dial tcp 127.0.0.1:5002: connect: connection refused | 127.0.0.1
            dial tcp [2001:db8::7]:443: i/o timeout | 2001:db8::7
            Invalid response from http://a.example [198.51.100.2]: 404 | 198.51.100.2
            999.1.1.1: nothing | -
            version 1.2.3.4.5 and 300.1.1.1 | -
            12:34: nothing | -
            no address at all | -
            """)
    void theAddressThatWasAskedIsFound(String detail, String address) {
        assertThat(TroubleFinder.seen(detail).orElse(null)).isEqualTo(address);
    }

    @Test
    void theEndOfALimitIsFound() {
        assertThat(TroubleFinder.until("too many, retry after 2026-11-28 12:34:56 UTC: see https://x"))
                .contains(Instant.parse("2026-11-28T12:34:56Z"));
        assertThat(TroubleFinder.until("too many, retry after 2026-11-28T12:34:56Z"))
                .contains(Instant.parse("2026-11-28T12:34:56Z"));
        assertThat(TroubleFinder.until("retry after 2026-13-45 99:99:99")).isEmpty();
        assertThat(TroubleFinder.until("retry after a while")).isEmpty();
    }

    @Test
    void whatIsForeignIsCutAndHasNoControls() {
        HttpsFailure failure =
                new HttpsFailure(Trouble.OTHER, "t".repeat(5_000), "a\u0000b\nc" + "x".repeat(90_000), null, false);
        assertThat(failure.detail()).hasSize(1_000).startsWith("a b c");
        assertThat(failure.type()).hasSize(200);
    }

    @FuzzTest
    void anyWordsAreReadInTime(byte[] bytes) {
        String words = new String(bytes, StandardCharsets.UTF_8);
        assertThat(TroubleFinder.of(words, words)).isNotNull();
        TroubleFinder.seen(words).ifPresent(address -> assertThat(address).hasSizeLessThan(46));
        TroubleFinder.until(words);
        assertThat(HttpsFailure.of(Trouble.OTHER, words).detail()).hasSizeLessThanOrEqualTo(1_000);
    }
}
