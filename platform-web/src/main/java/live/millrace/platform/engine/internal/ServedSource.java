// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine.internal;

import io.netty.handler.ssl.SslContextBuilder;
import java.util.List;
import live.millrace.media.tls.CertificateSource;
import live.millrace.platform.engine.ServedCertificate;

/** The certificate that the site got by itself, in the engine's words. */
record ServedSource(ServedCertificate certificate) implements CertificateSource {
    @Override
    public SslContextBuilder read() {
        return SslContextBuilder.forServer(certificate.keys());
    }

    @Override
    public long version() {
        return certificate.version();
    }

    @Override
    public List<String> proofs() {
        return certificate.proofs();
    }
}
