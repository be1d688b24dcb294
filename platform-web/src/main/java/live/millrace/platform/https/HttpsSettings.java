// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.https;

import java.io.IOException;
import java.io.InputStream;
import java.net.IDN;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import live.millrace.platform.shared.StartupException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the site gets its certificate, under {@code millrace.https}.
 *
 * @param domain what it is for; null where the console says it, or nobody
 * @param redirectPort where plain HTTP is sent on to HTTPS; 0 or nothing: nowhere
 * @param directory of an ACME server: {@code production} and {@code staging} are Let's Encrypt's, else an address
 * @param directoryCa a PEM file that vouches for the directory itself, for one in the house
 * @param termsAgreed the operator has read the directory's terms and agrees
 * @param contact a mail address that the directory is told; null for none
 * @param eabKid for directories that want to know an account beforehand: its number (RFC 8555 §7.3.4)
 * @param eabHmac and its key, in base64url
 */
@ConfigurationProperties("millrace.https")
public record HttpsSettings(
        @Nullable String domain,
        @DefaultValue("80") String redirectPort,
        @DefaultValue("production") String directory,
        @Nullable String directoryCa,
        @DefaultValue("false") boolean termsAgreed,
        @Nullable String contact,
        @Nullable String eabKid,
        @Nullable String eabHmac) {
    private static final int MOST_NAME = 253;
    private static final int MOST_ADDRESS = 500;
    private static final int MOST_PORT = 65_535;
    private static final Pattern NAME =
            Pattern.compile("(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)*[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?");

    public HttpsSettings {
        if (domain != null && domain.isBlank()) {
            domain = null;
        }
        if (domain != null) {
            String written = domain;
            domain = name(domain)
                    .orElseThrow(() -> new StartupException(
                            "millrace.https.domain is no name of a site: \"" + written + "\".",
                            "Write it like live.example.org, without https:// and without a port."));
        }
        if (!redirectPort.isBlank() && port(redirectPort) < 0) {
            throw new StartupException(
                    "millrace.https.redirect-port is no port: \"" + redirectPort + "\".",
                    "It is 80 for the world; 0 for none.");
        }
        if (address(directory).isEmpty()) {
            throw new StartupException(
                    "millrace.https.directory is no directory: \"" + directory + "\".",
                    "Write production, staging, or the https:// address of another ACME directory.");
        }
        if (directoryCa != null && !directoryCa.isBlank()) {
            vouching(directoryCa.strip());
        }
        if ((eabKid == null) != (eabHmac == null)) {
            throw new StartupException(
                    "Of millrace.https.eab-kid and millrace.https.eab-hmac there is only one.",
                    "Set both, or neither.");
        }
    }

    /** A name as certificates have it, in small letters and ASCII; empty for what is none. Addresses in numbers are none. */
    public static Optional<String> name(String written) {
        try {
            String ascii =
                    IDN.toASCII(written.strip(), IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT);
            return ascii.length() <= MOST_NAME && NAME.matcher(ascii).matches() ? Optional.of(ascii) : Optional.empty();
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    private static int port(String written) {
        try {
            int port = Integer.parseInt(written.strip());
            return port > MOST_PORT ? -1 : port;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** Read anew for each order: a file may be replaced. Here it is looked at whether there is anything in it. */
    private static void vouching(String path) {
        try (InputStream in = Files.newInputStream(Path.of(path))) {
            if (CertificateFactory.getInstance("X.509").generateCertificates(in).isEmpty()) {
                throw unreadable(path, "there is no certificate in it");
            }
        } catch (IOException | InvalidPathException e) {
            throw unreadable(path, e.toString());
        } catch (CertificateException e) {
            throw unreadable(path, "it is no PEM file of certificates");
        }
    }

    private static StartupException unreadable(String path, String why) {
        return new StartupException(
                "millrace.https.directory-ca cannot be read: \"" + path + "\", " + why + ".",
                "Name a PEM file with the root certificate of the directory, which Millrace may read; or take the setting away.");
    }

    /** Where plain HTTP is sent on; empty for nowhere. */
    public OptionalInt redirect() {
        int port = redirectPort.isBlank() ? 0 : port(redirectPort);
        return port == 0 ? OptionalInt.empty() : OptionalInt.of(port);
    }

    private static Optional<URI> address(String directory) {
        return switch (directory.strip()) {
            case "production" -> Optional.of(URI.create("https://acme-v02.api.letsencrypt.org/directory"));
            case "staging" -> Optional.of(URI.create("https://acme-staging-v02.api.letsencrypt.org/directory"));
            default -> {
                try {
                    URI address = URI.create(directory.strip());
                    yield "https".equals(address.getScheme())
                                    && address.getHost() != null
                                    && address.getUserInfo() == null
                                    && directory.length() <= MOST_ADDRESS
                            ? Optional.of(address)
                            : Optional.empty();
                } catch (IllegalArgumentException malformed) {
                    yield Optional.empty();
                }
            }
        };
    }

    /** The directory's address. */
    public URI address() {
        return address(directory).orElseThrow();
    }

    /** Nobody trusts what this directory issues: it is there to be tried out. */
    public boolean rehearsal() {
        return address().getHost().startsWith("acme-staging-");
    }

    /** What vouches for the directory, where it is not what everybody trusts. */
    public Optional<Path> authority() {
        return Optional.ofNullable(directoryCa)
                .filter(path -> !path.isBlank())
                .map(String::strip)
                .map(Path::of);
    }

    /** A secret stands here. */
    @Override
    public String toString() {
        return "HttpsSettings[" + domain + " by " + directory + "]";
    }
}
