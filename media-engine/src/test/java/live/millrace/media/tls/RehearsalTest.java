// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What a certificate is looked at for before anybody meets it, and what not. */
class RehearsalTest {
    private static SslContext of(Instant from, Instant until) throws Exception {
        return SslContextBuilder.forServer(new CertificateBuilder()
                        .subject("CN=localhost")
                        .addSanDnsName("localhost")
                        .notBefore(from)
                        .notAfter(until)
                        .setIsCertificateAuthority(true)
                        .buildSelfSigned()
                        .toKeyManagerFactory())
                .build();
    }

    /** By a clock that is wrong, perhaps. */
    @Test
    void aCertificateThatHasEndedOrNotBegunIsServed() throws Exception {
        Instant now = Instant.now();
        Duration year = Duration.ofDays(365);
        SslContext ended = of(now.minus(year.multipliedBy(2)), now.minus(year));
        SslContext early = of(now.plus(year), now.plus(year.multipliedBy(2)));
        assertThatCode(() -> Rehearsal.of(ended)).doesNotThrowAnyException();
        assertThatCode(() -> Rehearsal.of(early)).doesNotThrowAnyException();
    }

    /** A start on a busy machine failed of Netty's ten seconds, and was told that the key is another certificate's. */
    @Test
    void aSlowMachineIsNoReasonToRefuse() throws Exception {
        Instant now = Instant.now();
        EmbeddedChannel channel = new EmbeddedChannel();
        SslHandler handler = Rehearsal.handler(of(now.minusSeconds(60), now.plusSeconds(600)), channel);
        assertThat(handler.getHandshakeTimeoutMillis()).isZero();
        ReferenceCountUtil.release(handler.engine());
        channel.finishAndReleaseAll();
    }
}
