// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.shared;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/**
 * How the world reaches the site. Mail needs it: the host of a request is whatever its sender says. Thread-safe; what the setting does not
 * say may be known later.
 */
@ConfigurationProperties("millrace")
public final class SiteAddress {
    private final @Nullable String publicUrl;
    private volatile @Nullable String certified;

    /** @param publicUrl scheme, host and port, for example {@code https://live.example.org}; null where the operator says nothing */
    public SiteAddress(@Nullable String publicUrl) {
        if (publicUrl == null || publicUrl.isBlank()) {
            this.publicUrl = null;
            return;
        }
        this.publicUrl = publicUrl.strip().replaceAll("/+$", "");
        URI uri = URI.create(this.publicUrl);
        if (uri.getHost() == null || uri.getScheme() == null || !uri.getScheme().startsWith("http")) {
            throw new StartupException(
                    "millrace.public-url is no address of a site: " + this.publicUrl,
                    "Give it like https://live.example.org.");
        }
    }

    /** What the operator says, or else where the site has a certificate. Asked each time: the latter comes while it runs. */
    public Optional<String> origin() {
        return Optional.ofNullable(publicUrl).or(() -> Optional.ofNullable(certified));
    }

    /** The site has a certificate for an address; null: it has none any more. Holds where the operator says nothing. */
    public void certified(@Nullable String origin) {
        this.certified = origin;
    }

    /** Where an address of this site begins: the setting decides, and where it says nothing, the request itself. */
    public String originFor(HttpServletRequest request) {
        return origin().orElseGet(() ->
                ServletUriComponentsBuilder.fromContextPath(request).build().toUriString());
    }

    /** Whether a Host header names the public address; a port that is the scheme's own may be left out. */
    public boolean isPublicHost(String host) {
        return origin().map(URI::create)
                .filter(url -> host.equalsIgnoreCase(url.getRawAuthority())
                        || host.equalsIgnoreCase(url.getHost() + ":" + port())
                        || (port() == usualPort() && host.equalsIgnoreCase(url.getHost())))
                .isPresent();
    }

    /** Whether the public address is one of HTTPS. */
    public boolean encrypted() {
        return origin().filter(url -> url.regionMatches(true, 0, "https:", 0, "https:".length()))
                .isPresent();
    }

    /** The public address's port, written or not. */
    public int port() {
        return origin().map(URI::create)
                .map(URI::getPort)
                .filter(port -> port > 0)
                .orElseGet(this::usualPort);
    }

    private int usualPort() {
        return encrypted() ? 443 : 80;
    }
}
