// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.tls;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import javax.net.ssl.SSLException;

/**
 * A handshake in memory, before anybody else has one: a private key that belongs to another certificate is noticed nowhere else, and
 * whoever renews both files leaves them so for a moment.
 */
final class Rehearsal {
    /** A handshake of TLS 1.2 or 1.3 takes three at most. */
    private static final int ROUNDS = 10;

    private Rehearsal() {}

    /** @throws SSLException if a client that trusts everybody cannot connect */
    static void of(SslContext server) throws SSLException {
        SslContext client = SslContextBuilder.forClient()
                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                .build();
        EmbeddedChannel there = new EmbeddedChannel();
        EmbeddedChannel here = new EmbeddedChannel();
        try {
            SslHandler accepts = handler(server, there);
            SslHandler connects = handler(client, here);
            there.pipeline().addLast(accepts);
            here.pipeline().addLast(connects);
            for (int i = 0; i < ROUNDS && !both(accepts, connects); i++) {
                pass(here, there);
                pass(there, here);
            }
            if (!both(accepts, connects)) {
                throw new SSLException("the certificate and its private key do not belong together");
            }
        } catch (SSLException e) {
            throw e;
        } catch (Exception e) {
            throw new SSLException("the certificate and its private key do not belong together", e);
        } finally {
            close(here);
            close(there);
        }
    }

    /** Its rounds are the limit, whatever time they take: a machine that starts everything at once may be slow, and nobody waits at the other end. */
    static SslHandler handler(SslContext context, EmbeddedChannel channel) {
        SslHandler handler = context.newHandler(channel.alloc());
        handler.setHandshakeTimeoutMillis(0);
        return handler;
    }

    private static boolean both(SslHandler accepts, SslHandler connects) {
        return accepts.handshakeFuture().isSuccess()
                && connects.handshakeFuture().isSuccess();
    }

    private static void pass(EmbeddedChannel from, EmbeddedChannel to) {
        from.runPendingTasks();
        for (Object bytes = from.readOutbound(); bytes != null; bytes = from.readOutbound()) {
            to.writeInbound(bytes);
        }
        to.runPendingTasks();
    }

    private static void close(EmbeddedChannel channel) {
        try {
            channel.finishAndReleaseAll();
        } catch (Exception ofTheHandshake) {
            channel.releaseInbound();
            channel.releaseOutbound();
        }
    }
}
