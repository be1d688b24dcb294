// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.source.rtsp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.source.ScriptedCamera;
import live.millrace.media.source.SourceAddress;
import live.millrace.media.source.SourceFailure;
import live.millrace.media.source.SourceProtocol;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** RTSPS: whose certificate is taken. */
class EncryptedCameraTest {
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final AtomicInteger frames = new AtomicInteger();
    private final AtomicReference<SourceFailure> failure = new AtomicReference<>();
    private X509Bundle certificate;
    private ScriptedCamera camera;

    @BeforeEach
    void start() throws Exception {
        certificate = new CertificateBuilder()
                .subject("CN=localhost")
                .addSanDnsName("localhost")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(certificate.toKeyManagerFactory().getKeyManagers(), null, null);
        camera = new ScriptedCamera(context.getServerSocketFactory().createServerSocket(), 0);
    }

    @AfterEach
    void stop() throws Exception {
        camera.close();
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
    }

    private SslContext trusting() {
        try {
            return SslContextBuilder.forClient()
                    .trustManager(certificate.getCertificate())
                    .endpointIdentificationAlgorithm("HTTPS")
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void fetch(RtspSource source, String host) {
        EventLoop loop = loops.next();
        URI uri = URI.create("rtsps://" + host + ":" + camera.port() + "/live");
        source.prepare("rtsps");
        SourceProtocol.Request request = new SourceProtocol.Request(
                new SourceAddress(uri, "", "", false, SourceAddress.Reach.PUBLIC, SourceAddress.USUAL_PATIENCE),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), camera.port()),
                false,
                loop,
                new SourceProtocol.Sockets(NioSocketChannel.class, NioDatagramChannel.class));
        var _ = loop.submit(() -> source.begin(request, new SourceProtocol.Listener() {
                    @Override
                    public void described(String peer, boolean pictures, boolean sound) {}

                    @Override
                    public void track(Track track) {}

                    @Override
                    public void frame(MediaFrame frame) {
                        frames.incrementAndGet();
                    }

                    @Override
                    public void failed(SourceFailure why, String words) {
                        failure.set(why);
                    }
                }))
                .syncUninterruptibly();
    }

    @Test
    void aCertificateThatIsTrustedAndForTheHost() throws Exception {
        fetch(new RtspSource(this::trusting), "localhost");
        Wait.until("pictures come", () -> frames.get() > 5);
        assertThat(failure).hasValue(null);
    }

    @Test
    void notOfAnotherHost() throws Exception {
        fetch(new RtspSource(this::trusting), "127.0.0.1");
        Wait.until("it fails", () -> failure.get() != null);
        assertThat(failure).hasValue(SourceFailure.PROTOCOL);
        assertThat(camera.asked()).isEmpty();
    }

    @Test
    void notOneThatNobodyTrusts() throws Exception {
        fetch(new RtspSource(), "localhost");
        Wait.until("it fails", () -> failure.get() != null);
        assertThat(failure).hasValue(SourceFailure.PROTOCOL);
        assertThat(camera.asked()).isEmpty();
    }
}
