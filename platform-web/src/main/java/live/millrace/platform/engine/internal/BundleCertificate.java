// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine.internal;

import io.netty.handler.ssl.SslContextBuilder;
import java.util.concurrent.atomic.AtomicLong;
import live.millrace.media.tls.CertificateSource;
import org.springframework.boot.ssl.SslBundles;

/** The certificate of an SSL bundle; a bundle with {@code reload-on-update} is taken over as soon as its files change. */
final class BundleCertificate implements CertificateSource {
    private final SslBundles bundles;
    private final String name;
    private final AtomicLong version = new AtomicLong();

    /**
     * Follows a bundle.
     *
     * @param changed run after a change
     * @throws org.springframework.boot.ssl.NoSuchSslBundleException if there is none of that name
     */
    BundleCertificate(SslBundles bundles, String name, Runnable changed) {
        this.bundles = bundles;
        this.name = name;
        bundles.addBundleUpdateHandler(name, _ -> {
            version.incrementAndGet();
            changed.run();
        });
    }

    @Override
    public SslContextBuilder read() {
        try {
            return SslContextBuilder.forServer(
                    bundles.getBundle(name).getManagers().getKeyManagerFactory());
        } catch (IllegalStateException e) {
            throw new IllegalArgumentException("the SSL bundle " + name + " cannot be used: " + e.getMessage(), e);
        }
    }

    @Override
    public long version() {
        return version.get();
    }
}
