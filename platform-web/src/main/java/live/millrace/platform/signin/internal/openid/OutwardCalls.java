// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.signin.internal.openid;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import live.millrace.platform.shared.OutwardPlaces;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpRequest;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.ClientHttpRequestExecution;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestTemplate;

/** Calls to services: each with a deadline and a bound on its answer, to allowed places alone, and never sent on to another one. */
@Component
class OutwardCalls {
    static final Duration CONNECT = Duration.ofSeconds(3);

    /** For the whole answer. */
    static final Duration ANSWER = Duration.ofSeconds(8);

    private static final long MOST_BYTES = 512 << 10;

    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    /** For the service of an issuer. */
    RestTemplate of(URI issuer) {
        JdkClientHttpRequestFactory requests = new JdkClientHttpRequestFactory(client);
        requests.setReadTimeout(ANSWER);
        RestTemplate calls = new RestTemplate(requests);
        calls.setInterceptors(List.of(new Border(issuer)));
        return calls;
    }

    private record Border(URI issuer) implements ClientHttpRequestInterceptor {
        @Override
        public ClientHttpResponse intercept(HttpRequest request, byte[] body, ClientHttpRequestExecution execution)
                throws IOException {
            OutwardPlaces.check(request.getURI(), issuer);
            return new Bounded(execution.execute(request, body));
        }
    }

    private record Bounded(ClientHttpResponse answer) implements ClientHttpResponse {
        @Override
        public HttpStatusCode getStatusCode() throws IOException {
            return answer.getStatusCode();
        }

        @Override
        public String getStatusText() throws IOException {
            return answer.getStatusText();
        }

        @Override
        public HttpHeaders getHeaders() {
            return answer.getHeaders();
        }

        @Override
        public InputStream getBody() throws IOException {
            return new BoundedStream(answer.getBody());
        }

        @Override
        public void close() {
            answer.close();
        }
    }

    private static final class BoundedStream extends FilterInputStream {
        private long left = MOST_BYTES;

        BoundedStream(InputStream in) {
            super(in);
        }

        private int counted(int read) throws IOException {
            left -= Math.max(read, 0);
            if (left < 0) {
                throw new IOException("an answer of more than " + MOST_BYTES + " bytes");
            }
            return read;
        }

        @Override
        public int read() throws IOException {
            int octet = super.read();
            counted(octet < 0 ? 0 : 1);
            return octet;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            return counted(super.read(into, offset, length));
        }
    }
}
