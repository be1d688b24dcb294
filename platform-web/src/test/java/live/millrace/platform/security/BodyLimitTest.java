// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class BodyLimitTest {
    private final MockHttpServletResponse response = new MockHttpServletResponse();
    private final AtomicLong read = new AtomicLong(-1);

    /** A body of so many bytes, whose length is said or not. */
    private void send(int bytes, String type, boolean said) throws Exception {
        MockHttpServletRequest request = new MockHttpServletRequest("POST", "/api/v1/reports") {
            @Override
            public long getContentLengthLong() {
                return said ? bytes : -1;
            }
        };
        request.setContentType(type);
        request.setContent(new byte[bytes]);
        new BodyLimit().doFilter(request, response, new MockFilterChain(new jakarta.servlet.http.HttpServlet() {
            @Override
            protected void service(
                    jakarta.servlet.http.HttpServletRequest asked, jakarta.servlet.http.HttpServletResponse answer)
                    throws IOException {
                read.set(asked.getInputStream().readAllBytes().length);
            }
        }));
    }

    @Test
    void aBodyOfUsualLengthIsRead() throws Exception {
        send(BodyLimit.MOST_BYTES, "application/json", true);
        assertThat(read).hasValue(BodyLimit.MOST_BYTES);
    }

    @Test
    void oneThatSaysThatItIsTooLargeIsRefusedUnread() throws Exception {
        send(BodyLimit.MOST_BYTES + 1, "application/json", true);
        assertThat(response.getStatus()).isEqualTo(413);
        assertThat(read).hasValue(-1);
    }

    @Test
    void oneThatSaysNothingIsCutOff() throws Exception {
        send(BodyLimit.MOST_BYTES, "application/json", false);
        assertThat(read).hasValue(BodyLimit.MOST_BYTES);
        assertThatThrownBy(() -> send(BodyLimit.MOST_BYTES + 1, "application/json", false))
                .isInstanceOf(IOException.class);
    }

    @Test
    void uploadsHaveALimitOfTheirOwn() throws Exception {
        send(BodyLimit.MOST_BYTES * 2, "multipart/form-data; boundary=x", true);
        assertThat(read).hasValue(BodyLimit.MOST_BYTES * 2L);
    }
}
