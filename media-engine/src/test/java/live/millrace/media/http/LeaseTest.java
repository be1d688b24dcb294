// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.HttpResponseStatus;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LeaseTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            200 | 60 | true  | no-cache                         | public, max-age=0, s-maxage=1
            304 | 60 | true  | no-cache                         | public, max-age=0, s-maxage=1
            200 | 60 | true  | no-store                         | public, max-age=0, s-maxage=1
            404 | 60 | true  | no-store                         | private, no-store
            503 | 60 | true  | no-store                         | private, no-store
            200 | 60 | false | no-store                         | private, no-store
            200 | 41 | false | public, max-age=3600, immutable  | public, max-age=41
            206 | 41 | false | public, max-age=604800, immutable| public, max-age=41
            200 | 41 | true  | public, max-age=10               | public, max-age=10
            200 | 1  | false | public, max-age=3600             | public, max-age=1
            200 | 0  | false | public, max-age=3600             | private, no-store
            200 | 0  | true  | no-cache                         | private, no-store
            200 | -3 | false | public, max-age=3600             | private, no-store
            """)
    void isNeverLongerThanTheAddress(int status, long left, boolean changes, String said, String directive) {
        assertThat(new Lease(() -> left, changes).cacheControl(HttpResponseStatus.valueOf(status), said))
                .isEqualTo(directive);
    }
}
