// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.concurrent.atomic.LongAdder;
import live.millrace.media.tally.Tally;

/**
 * What HTTP counts from its start on, for metrics.
 *
 * @param answers by their kind
 * @param sent bytes of content
 */
public record HttpTallies(Tally<Answer> answers, LongAdder sent) {
    /** What a request, or a socket, was answered. */
    public enum Answer {
        /** 2xx */
        SUCCESS,
        /** 3xx: what is there already, or elsewhere */
        NOT_MODIFIED,
        /** 4xx but for 429 */
        CLIENT_ERROR,
        /** 429 */
        TOO_MANY,
        /** 5xx */
        SERVER_ERROR,
        /** The socket was turned away: no room for another. */
        FULL,
        /** The client took no answer in time. */
        NOT_READING,
        /** The client's request did not arrive in time. */
        TOO_SLOW,
        /** The client broke the protocol. */
        MALFORMED
    }

    static HttpTallies fresh() {
        return new HttpTallies(new Tally<>(Answer.class), new LongAdder());
    }

    void answered(HttpResponseStatus status, long bytes) {
        sent.add(bytes);
        answers.count(
                switch (status.codeClass()) {
                    case CLIENT_ERROR ->
                        status.equals(HttpResponseStatus.TOO_MANY_REQUESTS) ? Answer.TOO_MANY : Answer.CLIENT_ERROR;
                    case SERVER_ERROR -> Answer.SERVER_ERROR;
                    case REDIRECTION -> Answer.NOT_MODIFIED;
                    default -> Answer.SUCCESS;
                });
    }
}
