// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.tls;

import io.netty.handler.ssl.SslContextBuilder;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Where a certificate and its private key come from. */
public interface CertificateSource {
    /**
     * Reads both.
     *
     * @throws IllegalArgumentException if they cannot be read or do not belong together
     */
    SslContextBuilder read();

    /** Tells one version from the next; cheap, since it is asked often. */
    long version();

    /**
     * Application protocols (RFC 7301) that ports which negotiate any offer beside theirs, and after whose handshake the connection ends:
     * the handshake is all that is wanted (RFC 8737 §3). When they change the version does.
     */
    default List<String> proofs() {
        return List.of();
    }

    /** Two PEM files, the certificate's with its chain. They may be replaced at any time. */
    static CertificateSource pem(Path certificate, Path privateKey) {
        return new CertificateSource() {
            @Override
            public SslContextBuilder read() {
                try {
                    return SslContextBuilder.forServer(file(certificate), file(privateKey));
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException(
                            "The certificate " + certificate + " and the key " + privateKey + " cannot be used: "
                                    + e.getMessage(),
                            e);
                }
            }

            @Override
            public long version() {
                return modified(certificate) * 31 + modified(privateKey);
            }
        };
    }

    private static File file(Path path) {
        if (!Files.isReadable(path)) {
            throw new IllegalArgumentException("there is no readable file " + path);
        }
        return path.toFile();
    }

    private static long modified(Path path) {
        try {
            return Files.getLastModifiedTime(path).toMillis();
        } catch (IOException gone) {
            return 0;
        }
    }
}
